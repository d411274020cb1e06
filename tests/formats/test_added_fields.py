"""Fields that came later: absent while they say nothing, and part of the schema."""

from typing import ClassVar

from pydantic import model_validator

from invitelab.formats.added_fields import Extended


class Part(Extended):
    """A part with an old and two later fields."""

    ADDED: ClassVar[frozenset[str]] = frozenset({"later", "latest"})

    old: int
    later: str = "x"
    latest: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _checked(self) -> "Part":
        return self


def test_later_fields_are_left_out_at_their_default() -> None:
    """So an older document keeps its bytes."""
    assert '{"old":1}' == Part(old=1).model_dump_json()
    assert {"old": 1} == Part(old=1, later="x").model_dump()


def test_later_fields_are_written_where_they_are_used() -> None:
    """In the order of the model, and read again."""
    part = Part(old=1, later="y", latest=(2,))
    text = part.model_dump_json()
    assert '{"old":1,"later":"y","latest":[2]}' == text
    assert part == Part.model_validate_json(text)


def test_the_schema_has_all_fields() -> None:
    """Of what is written, too."""
    for mode in ("validation", "serialization"):
        schema = Part.model_json_schema(mode=mode)
        assert {"old", "later", "latest"} == set(schema["properties"])
        assert "old" in schema["required"]
