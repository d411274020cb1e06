"""A move of a walk, its checks, and the context that decides which are possible."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import MARGIN_MS, ModelState
from invitelab.conformance.random_walks.model_values import Invited

Choice = TypeVar("Choice")

SUCCEEDS = "the attempt succeeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A Then that must hold, and the clause that requires it."""

    clause: str
    text: str


WAITING = "EXPIRY-1"
"""The clause that a walk checks while time passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An operation of a participant, or a wait."""

    lines: tuple[str, ...]
    """The steps, each a When."""
    effect: Callable[[bool], None]
    """Updates the model; called with whether the attempt succeeded."""
    checks: tuple[Check, ...] = ()
    """Checks after the move, in addition to those of all views."""
    given: str | None = None
    """The Given of a move that is known to have succeeded."""
    arrives: str | None = None
    """The Then that the Given includes."""
    interpretation: str | None = None
    """The clause of the interpretation, if the specification is silent on the move."""
    default_clause: str = WAITING
    """The clause of the move, unless a check or an interpretation names one."""
    settles: tuple[Invited, ...] = ()
    """Invitations that the move may have ended, as the views of both sides show."""
    menu_of: str | None = None
    """The participant whose menu is checked; the move has no steps then."""

    @property
    def clause(self) -> str:
        """The clause that the move checks."""
        return (
            self.checks[0].clause
            if self.checks
            else self.interpretation or self.default_clause
        )

    @property
    def name(self) -> str:
        """Name that is unique among the moves possible at the same time."""
        return " and ".join(self.lines) or f"{self.menu_of}'s menu"


class Pick:
    """A drawn number, which picks one of several choices, again and again."""

    def __init__(self, number: int) -> None:
        self._left = number

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """Pick one; what is left of the number picks the next."""
        self._left, place = divmod(self._left, len(choices))
        return choices[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveContext:
    """State of the model, and the capabilities of the target."""

    state: ModelState
    capabilities: frozenset[Capability]
    blur_ms: int = 0
    """How near to a deadline the target cannot be judged; 0: to the millisecond."""
    pick: Pick | None = None
    """What picks the one move to make; None where all possible moves are wanted."""

    def has(self, *needed: Capability) -> bool:
        """Whether the target has declared all of them."""
        return self.capabilities.issuperset(needed)

    def is_clear(self, at_ms: int) -> bool:
        """Whether no deadline is near a time, nor while a move then takes effect."""
        return self.state.no_deadline_near(at_ms, max(MARGIN_MS, 2 * self.blur_ms))

    def some(self, choices: Sequence[Choice]) -> Sequence[Choice]:
        """All of the choices, or the one to make a move of; none if there is none.

        So that of hundreds of possible moves only a few have to be made up.
        """
        if self.pick is None or len(choices) < 2:  # noqa: PLR2004 - nothing to pick
            return choices
        return (self.pick.one_of(choices),)


Kind: TypeAlias = Callable[[MoveContext], Iterator[Move]]
"""A kind of moves: those that are possible now."""


def nothing(_succeeded: bool) -> None:  # noqa: FBT001 - an effect
    """Change nothing."""
