"""Faults in our own words; what pydantic says that we have none for stays as it is."""

import pytest
from pydantic import BaseModel, Field

from app.errors import BodyMalformed, InputInvalid, MediaUnsupported
from app.http.bodies.inputs import expect_one_of, read_json
from app.http.body import Body


class Sample(BaseModel):
    """A schema with a constraint that no route has yet."""

    size: int = Field(gt=3)
    name: str | None = None


def body(text: str, media_type: str = "application/json") -> Body:
    return Body(text.encode(), media_type, media_type)


def test_a_fault_without_words_of_ours_keeps_pydantic_s() -> None:
    with pytest.raises(InputInvalid, match="/size: expected Input should be greater than 3; received a number"):
        read_json(body('{"size": 2}'), Sample)


def test_a_missing_field_is_nothing() -> None:
    with pytest.raises(InputInvalid, match="/size: expected this field; received nothing"):
        read_json(body("{}"), Sample)


def test_what_is_not_json_is_malformed_and_another_type_unsupported() -> None:
    with pytest.raises(BodyMalformed, match="expected JSON; EOF while parsing"):
        read_json(body("{"), Sample)
    with pytest.raises(MediaUnsupported, match="expected the content type application/json; received text/plain"):
        read_json(body("{}", "text/plain"), Sample)


def test_exactly_one_field_is_expected() -> None:
    assert expect_one_of(Sample(size=4), "size", "name") == "size"
    with pytest.raises(InputInvalid, match="exactly one of size, name; received size, name"):
        expect_one_of(Sample(size=4, name="a"), "size", "name")
