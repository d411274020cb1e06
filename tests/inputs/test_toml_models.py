"""A TOML file becomes a model, or every mistake in it is told at its place."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake
from invitelab.inputs.toml_models import as_list, as_table, read_model
from invitelab.inputs.toml_positions import KeyPath


class Pet(Part):
    """A table."""

    name: str
    legs: int = 4


def refusal(folder: Path, text: str, **options: object) -> str:
    """Read a text that is wrong."""
    path = folder / "pet.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_model(path, Pet, hint="a hint", **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert "a hint" == error.value.hint
    return str(error.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    """With the defaults of the model."""
    path = tmp_path / "pet.toml"
    path.write_text('name = "Rex"\n', encoding="utf-8")
    assert Pet(name="Rex", legs=4) == read_model(path, Pet, hint="")


def test_every_mistake_has_its_place(tmp_path: Path) -> None:
    """From the top of the file, with the line and a caret."""
    told = refusal(tmp_path, 'legs = "four"\ntail = 1\n')
    first, line, caret, *rest = told.splitlines()
    assert first.endswith("pet.toml:1:1: name is missing")
    assert ['legs = "four"', "^"] == [line.strip(), caret.strip()]
    assert 'pet.toml:1:8: legs has to be a whole number, not "four"' in told
    assert "pet.toml:2:1: tail is not a key: known: name, legs" in "\n".join(rest)


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    """As is what the caller doubts, beside what the model finds."""
    assert "not TOML" in refusal(tmp_path, "name = \n")

    def doubts(document: Mapping[str, object]) -> Iterator[tuple[KeyPath, Mistake]]:
        if document.get("name") == "Cat":
            yield ("name",), Mistake(sentence="name is a kind")

    told = refusal(tmp_path, 'name = "Cat"\nlegs = "x"\n', doubts=doubts)
    assert "pet.toml:1:8: name is a kind" in told
    assert "legs has to be a whole number" in told


def test_a_document_is_taken_as_it_should_be() -> None:
    """Empty where it is something else."""
    assert {"a": 1} == as_table({"a": 1})
    assert {} == as_table([1])
    assert [1] == as_list([1])
    assert () == as_list({"a": 1})
