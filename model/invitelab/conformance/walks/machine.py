"""Hypothesis picks the moves."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from invitelab.adapters.messages import Capability
from invitelab.conformance.performance import Ready
from invitelab.conformance.walks.casting import NEW, VERSIONS, Part, cast
from invitelab.conformance.walks.walker import Ended, Found, Walker
from invitelab.errors import LostError

EVENLY = st.integers(0, 63)
"""Of a wider range, Hypothesis mostly draws what is near to zero."""


def _number(high: int, low: int) -> int:
    return 64 * high + low


NUMBER = st.builds(_number, EVENLY, EVENLY)


def _parts(versions: int) -> st.SearchStrategy[tuple[Part, ...]]:
    """Everybody's part, with one of the first so many versions."""
    part = st.builds(
        Part,
        version=st.integers(0, versions - 1),
        shape=st.integers(0, 63),
        contacts=st.integers(0, 15),
        extras=st.integers(0, 15),
    )
    return st.tuples(part, part, part, part)


PARTS = {False: _parts(len(VERSIONS)), True: _parts(len(NEW))}
"""By whether they walk freely: of too old a client the page says it all."""


class Machine(RuleBasedStateMachine):
    """A walk, as Hypothesis makes one; `machine` gives it a target and its rules."""

    ready: Ready
    freely: bool
    """Whether they go where the page is silent, too."""
    begun = 0
    """How many walks were begun."""
    found: Found | None = None
    """What went wrong, rather something demanded; it need not go wrong again."""
    tell: Callable[[int], None]
    """Is told how many walks were begun."""
    scenarios = 0
    """How many scenarios they have taken: a walk that is over sets out once more."""

    def __init__(self) -> None:
        super().__init__()
        self.walker: Walker | None = None
        self.company = 0
        self.parts: tuple[Part, ...] = ()

    @initialize(company=st.integers(0, 3), data=st.data())
    def begin(self, company: int, data: st.DataObject) -> None:
        """Somebody takes part."""
        self.company, self.parts = company, data.draw(PARTS[self.freely])
        kind = type(self)
        kind.begun += 1
        kind.tell(kind.begun)
        with self._noted():
            self._set_out()

    def _set_out(self) -> None:
        """A scenario of its own, with everybody as they were cast."""
        kind = type(self)
        kind.scenarios += 1
        declared = set(self.ready.answer.capabilities)
        casting = cast(
            self.company,
            self.parts,
            locks=Capability.SESSION_PERMISSIONS in declared,
            tiles=Capability.TILES in declared,
        )
        token = f"{'f' if self.freely else 'w'}{kind.scenarios:x}"
        self.walker = Walker(self.ready, token, casting, freely=self.freely)
        self.walker.open()

    @rule(kind=NUMBER, which=NUMBER)
    def move(self, kind: int, which: int) -> None:
        """Somebody does something, or time passes."""
        assert self.walker is not None, "the walk has begun"
        with self._noted():
            if self.walker.is_over:
                self.walker.close()
                self._set_out()
            move = self.walker.choose(kind, which)
            if move is not None:
                self.walker.make(move)

    @contextmanager
    def _noted(self) -> Generator[None]:
        """Keep what is found: Hypothesis drops it where it is not found again.

        What only deviates ends no walk: something that is demanded may follow.
        """
        kind = type(self)
        try:
            yield
        except Found as found:
            if not found.required:
                kind.found = kind.found or found
                return
            kind.found = found
            raise

    def teardown(self) -> None:
        """Close the scenario; what has died needs no closing."""
        if self.walker is not None:
            with suppress(Ended, LostError):
                self.walker.close()


def machine(
    ready: Ready, *, freely: bool, tell: Callable[[int], None]
) -> type[Machine]:
    """The walks on this target."""
    own = {"ready": ready, "freely": freely, "tell": staticmethod(tell)}
    return type("Walk", (Machine,), own)
