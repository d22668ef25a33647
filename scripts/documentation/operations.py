"""An OpenAPI operation as a section of Markdown: parameters, body, a real exchange, what it answers with."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.documentation.schemas import ANYTHING, anchor, cell, field_rows, title, words_of

JSON = "application/json"
LONGEST_TEXT = 100
"""Characters of a text in an example; a picture in base64 would fill the page."""

MOST_ITEMS = 4
"""Items of a list in an example; a picture in numbers would fill several."""

PLAIN_LIST = re.compile(r"\[([^][{}]*)\]")
"""A list of plain values, as it was written over several lines."""

FIRST_ERROR = 400

Operation = Mapping[str, Any]


def operation_section(method: str, path: str, operation: Operation, answer: Any = None) -> str:
    """One way to ask; `answer` is what the server really gave to the first example, None where nothing was asked."""
    parts = [f"### `{method.upper()} {path}`", operation.get("summary", "") + ".", operation.get("description", "")]
    parts += [_parameters(operation), _body(operation), _exchange(operation, answer), _responses(operation)]
    return "\n\n".join(part for part in parts if part.strip("."))


def schema_section(name: str, schema: Mapping[str, Any]) -> str:
    """A named schema, where links find it."""
    parts = [f"### {title(name)} {{ #{anchor(name)} }}", schema.get("description", "")]
    rows = field_rows(schema)
    if rows:
        parts.append("\n".join(["| field | is | |", "|---|---|---|", *rows]))
    return "\n\n".join(part for part in parts if part)


def first_example(operation: Operation) -> Any:
    """The first example of a JSON body, None where there is none."""
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return next((example["value"] for example in content.get("examples", {}).values()), None)


def shortened(value: Any) -> Any:
    """A JSON value that fits on a page; `…` stands where something was left out."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    if isinstance(value, Mapping):
        return {name: shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        kept = [shortened(each) for each in value[:MOST_ITEMS]]
        return kept if len(value) <= MOST_ITEMS else [*kept, "…"]
    return value


def _parameters(operation: Operation) -> str:
    """The table of what may stand in path, query and headers."""
    rows = []
    for each in operation.get("parameters", ()):
        is_words, meaning = words_of(each.get("schema", {})), cell(each.get("description", ""))
        rows.append(f"| `{each['name']}` | {each['in']} | {is_words} | {meaning} |")
    return "\n".join(["| parameter | in | is | |", "|---|---|---|---|", *rows]) if rows else ""


def _body(operation: Operation) -> str:
    """What may be sent, by media type."""
    content = operation.get("requestBody", {}).get("content", {})
    lines = [f"- `{media}`: {words_of(each.get('schema', {}))}" for media, each in content.items()]
    return "\n".join(["Body:", "", *lines]) if lines else ""


def _exchange(operation: Operation, answer: Any) -> str:
    """An example of the body, and what came back."""
    blocks = [("sent", first_example(operation)), ("answered", answer)]
    return "\n\n".join(_json_block(name, value) for name, value in blocks if value is not None)


def _json_block(name: str, value: Any) -> str:
    """A titled block of JSON, each list of plain values on one line."""
    text = json.dumps(shortened(value), ensure_ascii=False, indent=2)
    text = PLAIN_LIST.sub(lambda match: f"[{' '.join(match[1].split())}]", text)
    return f'``` json title="{name}"\n{text}\n```'


def _responses(operation: Operation) -> str:
    """The statuses and what comes with them; errors of one shape share a line."""
    statuses: dict[str, list[str]] = {}
    lines = ["Answers:", ""]
    for status, response in operation.get("responses", {}).items():
        body = " or ".join(_contents(response)) or "no body"
        if int(status) < FIRST_ERROR:
            lines.append(f"- {status}: {response.get('description', '')}: {body}")
        else:
            statuses.setdefault(body, []).append(status)
    lines += [f"- {', '.join(some)}: {body}; [what each means](errors.md)" for body, some in statuses.items()]
    return "\n".join(lines)


def _contents(response: Mapping[str, Any]) -> Iterator[str]:
    """What a response's body may be."""
    for media, each in response.get("content", {}).items():
        words = words_of(each.get("schema", {}))
        yield f"`{media}`" if words == ANYTHING else words
