"""The factors and their values, as `factors.toml` has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.clauses import load
from invitelab.inputs.part import Part
from invitelab.inputs.toml_errors import Mistake, parsed, read_text, refusal
from invitelab.inputs.toml_positions import KeyPath, Place, places
from invitelab.inputs.validation import KEY, shown
from invitelab.resources import features_dir

LEAST_VALUES = 2
"""One value alone is no choice."""

_HINT = "the head of features/factors.toml tells what a factor may have"
_TOP = Place(line=1, key_column=1, value_column=1)


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a factor; there is one object for each, and no other is equal."""

    factor: str
    name: str
    leans: str | None = None
    """The interpretation that this value leans on."""
    strict: bool = False
    """Whether leaning excuses refusals only: another failure is one in any reading."""
    needs: Capability | None = None
    """The capability without which a target cannot be given this value."""
    virtual: bool = False
    """Whether it is for virtual time only: in real time it would take too long."""
    areas: tuple[str, ...] = ()
    """The areas of clauses that it can matter to; none: to all."""

    def matters_to(self, clause: str) -> bool:
        """Whether each scenario of this clause should meet the value."""
        return not self.areas or clause in self.areas or _area(clause) in self.areas

    def __str__(self) -> str:
        return f"{self.factor}: {self.name}"


def _area(clause: str) -> str:
    return clause.partition("-")[0]


class _Value(Part):
    """The keys of a value that is more than its name."""

    name: str
    leans: str | None = None
    excuses: Literal["everything", "refusals"] = "everything"
    needs: Annotated[Capability | None, Field(strict=False)] = None
    virtual: bool = False


def _spelled_out(value: object) -> object:
    """A value that is no more than its name, as a table."""
    return {"name": value} if isinstance(value, str) else value


class _Factor(Part):
    """The keys of a factor."""

    name: str
    values: Annotated[
        tuple[Annotated[_Value, BeforeValidator(_spelled_out)], ...],
        Field(strict=False),
    ]
    needs: Annotated[Capability | None, Field(strict=False)] = None
    virtual: bool = False
    matters_to: Annotated[tuple[str, ...], Field(strict=False)] = ()


class _File(Part):
    """The keys of the file."""

    factor: Annotated[tuple[_Factor, ...], Field(strict=False)]


@cache
def factors() -> Mapping[str, tuple[Value, ...]]:
    """The values of every factor by its name, in the order of the file that ships."""
    return read(features_dir() / "factors.toml")


def read(path: Path) -> Mapping[str, tuple[Value, ...]]:
    """Read a file of factors. Raises UsageError with every mistake and its place.

    The first value of a factor is what a story has that says nothing of it. What a
    factor needs, its other values need.
    """
    text = read_text(path, hint=_HINT)
    document = parsed(text)
    if isinstance(document, Mistake):
        raise refusal(path, text, [document], hint=_HINT)
    where = places(text)
    try:
        file = _File.model_validate(document)
    except ValidationError as error:
        raise refusal(path, text, list(_shape(error, where)), hint=_HINT) from error
    mistakes = list(_doubts(file, where))
    if mistakes:
        raise refusal(path, text, mistakes, hint=_HINT)
    return {entry.name: tuple(_values(entry)) for entry in file.factor}


def _values(entry: _Factor) -> Iterator[Value]:
    for place, value in enumerate(entry.values):
        yield Value(
            factor=entry.name,
            name=value.name,
            leans=value.leans,
            strict=value.excuses == "refusals",
            needs=(value.needs or entry.needs) if place else value.needs,
            virtual=value.virtual or (entry.virtual and place > 0),
            areas=entry.matters_to,
        )


def _shape(error: ValidationError, where: Mapping[KeyPath, Place]) -> Iterator[Mistake]:
    for one in error.errors(include_url=False):
        is_key = one["loc"][-1:] == (KEY,)
        path = one["loc"][:-1] if is_key else one["loc"]
        words = str(one["ctx"]["error"]) if "ctx" in one else one["msg"]
        keys = [key for key in path if isinstance(key, str)]
        yield _mistake(where, path, f"{keys[-1]} {words}")


def _doubts(file: _File, where: Mapping[KeyPath, Place]) -> Iterator[Mistake]:
    """Mistakes in the meaning of a file of the right form."""
    known: set[str] = set()
    areas = {*load(), *map(_area, load())}
    for number, entry in enumerate(file.factor):
        path = ("factor", number)
        if entry.name in known:
            yield _mistake(where, (*path, "name"), "name is that of another factor")
        known.add(entry.name)
        for area in entry.matters_to:
            if area not in areas:
                words = f"matters_to has {shown(area)}, which is no clause and no area"
                yield _mistake(where, (*path, "matters_to"), words)
        names = [one.name for one in entry.values]
        if len(names) < LEAST_VALUES:
            words = f"values needs {LEAST_VALUES} at least, and has {len(names)}"
            yield _mistake(where, (*path, "values"), words)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            words = f"values has {shown(twice[0])} twice"
            yield _mistake(where, (*path, "values"), words)
        for one in entry.values:
            if one.leans is not None and one.leans not in load():
                words = f"values lean on {shown(one.leans)}, which is no clause"
                yield _mistake(where, (*path, "values"), words)


def _mistake(where: Mapping[KeyPath, Place], path: KeyPath, words: str) -> Mistake:
    """A mistake at the value of a key, or of the nearest table around it."""
    known = [path[:length] for length in range(len(path), 0, -1)]
    place = next((where[prefix] for prefix in known if prefix in where), _TOP)
    return Mistake(sentence=words, line=place.line, column=place.value_column)
