"""The base of the tables that users write: a scenario, factors, known failures.

Every table is a frozen pydantic model that accepts only its own keys.
"""

from typing import ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from invitelab.inputs.validation import retold

_MOST_MISTAKES = 1_000
"""The most mistakes told of one table, as finding the closest key takes time."""


class Part(BaseModel):
    """The base of all tables: frozen, strict, and without unknown keys."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        defer_build=True,  # a worker process validates nothing
    )

    @model_validator(mode="wrap")
    @classmethod
    def _retell(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Reword each mistake here, where the keys of the table are known."""
        try:
            return handler(data)
        except ValidationError as error:
            fields = cls.model_fields.items()
            keys = [field.alias or name for name, field in fields]
            mistakes = error.errors()[:_MOST_MISTAKES]
            raise ValidationError.from_exception_data(
                cls.__name__, [retold(one, keys) for one in mistakes]
            ) from None
