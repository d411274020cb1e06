"""Fields that a format got later, which its JSON leaves out while they say nothing.

So documents without them keep their bytes, and their number of the format.
"""

from typing import Any, ClassVar, cast

from pydantic import (
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from invitelab.formats.ranges import Value


class Extended(Value):
    """A part of a document; fields named in `ADDED` are left out at their default."""

    ADDED: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_defaults(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        """All fields as JSON, without those that were added and are not used."""
        fields: dict[str, Any] = handler(self)
        for name in self.ADDED:
            if getattr(self, name) == type(self).model_fields[name].default:
                fields.pop(name, None)
        return fields

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """The schema of the fields, which that of the serializer would hide."""
        return handler(_unserialized(core_schema))


def _unserialized(schema: CoreSchema) -> CoreSchema:
    """The schema without the serializer, which is below those of the validators."""
    plain = cast("dict[str, Any]", schema).copy()
    plain.pop("serialization", None)
    if plain["type"] == "function-after":
        plain["schema"] = _unserialized(plain["schema"])
    return cast("CoreSchema", plain)
