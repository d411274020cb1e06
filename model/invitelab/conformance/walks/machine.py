"""Hypothesis picks the moves, and finds the shortest walk that goes wrong."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from invitelab.adapters.messages import Capability
from invitelab.conformance.performance import Ready
from invitelab.conformance.walks.casting import Part, cast
from invitelab.conformance.walks.walker import Ended, Walker

SMALL = st.integers(0, 119)
PART = st.builds(
    Part,
    version=st.integers(0, 15),
    shape=st.integers(0, 25),
    contacts=st.integers(0, 15),
    extras=st.integers(0, 15),
)
PARTS = st.tuples(PART, PART, PART, PART)


class Machine(RuleBasedStateMachine):
    """A walk, as Hypothesis makes one; `machine` gives it a target and its rules."""

    ready: Ready
    begun = 0
    """How many walks were begun; each is a scenario of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.walker: Walker | None = None

    @initialize(company=st.integers(0, 3), parts=PARTS)
    def begin(self, company: int, parts: tuple[Part, ...]) -> None:
        """Somebody takes part."""
        kind = type(self)
        kind.begun += 1
        declared = set(self.ready.answer.capabilities)
        world = cast(
            company,
            parts,
            locks=Capability.SESSION_PERMISSIONS in declared,
            tiles=Capability.TILES in declared,
        )
        self.walker = Walker(self.ready, f"w{kind.begun:x}", world)
        self.walker.open()

    @rule(kind=SMALL, which=SMALL)
    def move(self, kind: int, which: int) -> None:
        """Somebody does something, or time passes."""
        assert self.walker is not None, "the walk has begun"
        move = self.walker.choose(kind, which)
        if move is not None:
            self.walker.make(move)

    def teardown(self) -> None:
        """Close the scenario; what has died needs no closing."""
        if self.walker is not None:
            with suppress(Ended):
                self.walker.close()


def machine(ready: Ready) -> type[Machine]:
    """The walks on this target."""
    return type("Walk", (Machine,), {"ready": ready})
