"""Parts of results.json: frozen, with numbers that are finite and can be drawn."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

# No run comes near; beyond, no axis can be drawn.
MOST: Final = 10**15

# Whole numbers, and times in microseconds.
Count = Annotated[int, Field(ge=0, le=MOST)]
Positive = Annotated[int, Field(ge=1, le=MOST)]
Instant = Annotated[int, Field(ge=-MOST, le=MOST)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]

# Figures: finite, and amounts (a rate, a level, a wait) not negative.
Number = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Confidence = Annotated[float, Field(gt=0, lt=1)]


class Value(BaseModel):
    """What all parts have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")
