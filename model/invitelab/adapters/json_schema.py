"""The adapter protocol as one JSON Schema document, generated from its types."""

from typing import Any, Literal

from pydantic import TypeAdapter

from invitelab.adapters.messages import METHODS


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of every method's params and result."""
    mode: Literal["validation"] = "validation"
    models: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = []
    for name, method in METHODS.items():
        models.append((f"{name}/params", mode, TypeAdapter(method.params)))
        models.append((f"{name}/result", mode, TypeAdapter(method.result)))
    keyed, document = TypeAdapter.json_schemas(
        models, title="invitelab adapter protocol 1"
    )
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["methods"] = {
        name: {
            "capability": method.capability.value if method.capability else None,
            "params": keyed[f"{name}/params", "validation"],
            "result": keyed[f"{name}/result", "validation"],
        }
        for name, method in METHODS.items()
    }
    return document
