"""The factors and their values, as `factors.toml` has them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from invitelab.conformance.features.clauses import load
from invitelab.errors import HarnessError
from invitelab.resources import features_dir


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a factor; `leans` is the interpretation that it leans on."""

    factor: str
    name: str
    leans: str | None = None

    def __str__(self) -> str:
        return f"{self.factor}: {self.name}"


@cache
def factors() -> Mapping[str, tuple[Value, ...]]:
    """The values of every factor by its name, in the order of the file.

    Raises HarnessError where a factor is named twice or has fewer than two values, and
    where a value is named twice or leans on a clause that does not exist.
    """
    path = features_dir() / "factors.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["factor"]
    found: dict[str, tuple[Value, ...]] = {}
    for table in tables:
        name = table["name"]
        values = tuple(_value(name, entry) for entry in table["values"])
        if name in found or len(values) < 2:  # noqa: PLR2004 - one is no choice
            raise HarnessError(
                f"the factor {name!r} needs two values and a name of its own"
            )
        if len({value.name for value in values}) < len(values):
            raise HarnessError(f"the factor {name!r} has a value twice")
        found[name] = values
    return found


def _value(factor: str, entry: str | Mapping[str, str]) -> Value:
    if isinstance(entry, str):
        return Value(factor, entry)
    leans = entry["leans"]
    if leans not in load():
        raise HarnessError(
            f"the factor {factor!r} leans on {leans}, which is no clause"
        )
    return Value(factor, entry["name"], leans)
