"""Typed access to the fields of a JSON object of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeGuard

JsonObject = dict[str, object]


class BadFieldsError(Exception):
    """A field is missing or is not what it has to be."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object; every getter raises BadFieldsError for what does not fit."""

    values: Mapping[str, object]

    @classmethod
    def of(cls, value: object) -> Self:
        """Take a value that has to be an object."""
        if not is_object(value):
            raise BadFieldsError("an object is needed")
        return cls(value)

    def text(self, name: str) -> str:
        """Give a string."""
        return _text(self._get(name), name)

    def text_or_none(self, name: str) -> str | None:
        """Give a string, or None for null or a field that is not there."""
        value = self.values.get(name)
        return None if value is None else _text(value, name)

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Give a truth value; with a default the field may be missing."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise BadFieldsError(f"{name} has to be true or false")
        return value

    def texts(self, name: str) -> list[str]:
        """Give a list of strings."""
        return [_text(item, name) for item in self._list(name)]

    def objects(self, name: str) -> list["Fields"]:
        """Give a list of objects."""
        return [Fields.of(item) for item in self._list(name)]

    def part(self, name: str) -> "Fields":
        """Give an object; a field that is not there is an empty one."""
        return Fields.of(self.values.get(name, {}))

    def _list(self, name: str) -> list[object]:
        value = self._get(name)
        if not _is_list(value):
            raise BadFieldsError(f"{name} has to be a list")
        return value

    def _get(self, name: str) -> object:
        if name not in self.values:
            raise BadFieldsError(f"{name} is missing")
        return self.values[name]


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadFieldsError(f"{name} has to be a string")
    return value


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Say whether a value is an object; the keys of JSON are always strings."""
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
