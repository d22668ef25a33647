"""JSON schemas in words: what a value is, and a table of an object's fields."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

ANYTHING = "anything"
"""What a schema without a type lets through."""

PLAIN = {"number": "number", "integer": "whole number", "string": "text", "boolean": "true or false", "null": "null"}
"""What JSON schema calls a type, and what we do."""


def words_of(schema: Schema) -> str:
    """What a value is, in Markdown that may stand in a table's cell; a named schema is linked to its place."""
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(words_of(each) for each in schema[key]))
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return ", ".join(f"`{value}`" for value in values if value != "")
    return _typed_words(schema)


def _typed_words(schema: Schema) -> str:
    """What a value is by its type alone."""
    if schema.get("type") == "array":
        return _array_words(schema)
    if schema.get("type") == "object" or "properties" in schema:
        return _object_words(schema)
    if schema.get("format") == "binary":
        return "a file's bytes"
    return PLAIN.get(schema.get("type", ""), ANYTHING) + _bounds(schema)


def field_rows(schema: Schema) -> list[str]:
    """The rows of a table of an object's fields: name, what it is and whether it must be there, what it means."""
    required = schema.get("required", ())
    rows = []
    for name, field in schema.get("properties", {}).items():
        if field.get("type") == "null":
            continue
        must = ", required" if name in required else _default(field)
        rows.append(f"| `{name}` | {words_of(field)}{must} | {cell(field.get('description', ''))} |")
    return rows


def cell(text: str) -> str:
    """A text as it may stand in a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def anchor(name: str) -> str:
    """Where a named schema stands on its page."""
    return "schema-" + title(name).lower().replace(" ", "-")


def title(name: str) -> str:
    """A schema's name as it is read: generics lose the underscores that the framework makes of brackets."""
    return name.strip("_").replace("_", " ")


def _link(name: str) -> str:
    """A link to a named schema."""
    return f"[{title(name)}](#{anchor(name)})"


def _array_words(schema: Schema) -> str:
    """Arrays in arrays of fixed length are a tensor; any other is a list."""
    sizes: list[str] = []
    inner: Schema = schema
    while inner.get("type") == "array":
        least, most = inner.get("minItems"), inner.get("maxItems")
        sizes.append(str(least) if least is not None and least == most else "n")
        inner = inner.get("items", {})
    what = words_of(inner)
    if sizes == ["n"]:
        return f"list of at least one {what}" if schema.get("minItems") == 1 else f"list of {what}"
    return f"list of {'×'.join(sizes)} {what}"


def _object_words(schema: Schema) -> str:
    """An object by the names of its fields, or by what it maps to."""
    names = [f"`{name}`" for name in schema.get("properties", {})]
    if names:
        return f"object with {', '.join(names)}"
    values = schema.get("additionalProperties")
    return f"object of {words_of(values)} by name" if isinstance(values, Mapping) and values else "object"


def _bounds(schema: Schema) -> str:
    """The least and the most, where they say something; a float's own range says nothing."""
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(most, float) and abs(most) > 1e30:
        return ""
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f", at least {least}"
    return f", at most {most}" if most is not None else ""


def _default(field: Schema) -> str:
    """What stands in for a field that is not there."""
    default = field.get("default")
    return f", without it `{default}`" if default not in (None, "", [], {}) else ""
