"""Where the time of an invitation goes: in people, on wires, in the relay, in repeats.

Each delay of an invitation is a chain. The offer goes to its recipient, who thinks and
answers; the answer goes to the host, whose verdict goes back. The parts of a delay are
disjoint, and add up to it to the microsecond.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.messages import Answer, Message, Offer, Started
from invitelab.protocol.values import State, Surface
from invitelab.world.load.instruments import Instrument, Way


class Stage(IntEnum):
    """What a delay ends with, in the order of an invitation's life."""

    SHOWN = 0
    DECIDED = 1
    JOINED = 2


class Parts(NamedTuple):
    """The parts of a delay, in microseconds.

    `think_us` is the time of people: from the pop-up to the click, or from the sending
    to a cancel. `network_us` is on the way to the relay and from it, `queue_us` and
    `service_us` in it. `repeats_us` passed until the copy that arrived was sent, as
    none before it had an effect.
    """

    think_us: int = 0
    network_us: int = 0
    queue_us: int = 0
    service_us: int = 0
    repeats_us: int = 0

    def plus(self, other: "Parts") -> "Parts":
        """The sum, part by part."""
        return Parts(
            self[0] + other[0],
            self[1] + other[1],
            self[2] + other[2],
            self[3] + other[3],
            self[4] + other[4],
        )


NOTHING = Parts()

STAGE_OF: Mapping[type[Message], Stage] = {
    Offer: Stage.SHOWN,
    Answer: Stage.DECIDED,
    Started: Stage.JOINED,
}
"""The stage that a message leads to."""

Came = Callable[[Stage, str, int, int, Parts], None]
"""Called with stage, invitation, when it was sent, when that came, and the parts."""


Copy = tuple[int, Way]
"""When a copy of a message came to a client, in microseconds, and by which way."""


class _Open:
    """An invitation, as far as it has come; `parts` are those until `at_us`.

    Of the copies of a message that came to a client, it has the last one.
    """

    __slots__ = ("at_us", "clicks_us", "last", "parts", "sent_us", "shown")

    def __init__(self, sent_us: int) -> None:
        self.sent_us = self.at_us = sent_us
        self.parts = NOTHING
        self.shown = False
        self.clicks_us: list[int] = []
        self.last: list[Copy | None] = [None, None, None]

    def spend(self, parts: Parts, at_us: int) -> None:
        """Go on to an instant by these parts."""
        self.parts, self.at_us = self.parts.plus(parts), at_us


class TimeSpent(Instrument):
    """Splits the delays of all invitations, and hands each one over when it came."""

    wants = frozenset(
        {
            *(FactKind.SENT, FactKind.SHOWN, FactKind.CLICKED),
            *(FactKind.ENDED, FactKind.JOINED),
        }
    )

    def __init__(self, came: Came) -> None:
        self._came = came
        self._open: dict[str, _Open] = {}

    def delivered(self, at_us: int, message: Message, way: Way) -> None:
        """Keep by which way a message has come."""
        stage = STAGE_OF.get(message.__class__)
        one = self._open.get(getattr(message, "invitation", ""))
        if stage is not None and one is not None:
            one.last[stage] = at_us, way

    def happened(self, at_us: int, fact: Fact) -> None:
        """Process the facts that a stage begins or ends with."""
        kind = fact.kind
        if kind is FactKind.SENT:
            self._open[fact.invitation] = _Open(at_us)
            return
        one = self._open.get(fact.invitation)
        if one is None:
            return
        if kind is FactKind.SHOWN:
            if fact.surface is Surface.POPUP and not one.shown:
                one.shown = True
                self._reach(Stage.SHOWN, fact.invitation, one, at_us)
        elif kind is FactKind.CLICKED:
            one.clicks_us.append(at_us)
        elif kind is FactKind.ENDED:
            self._end(at_us, fact, one)
        elif kind is FactKind.JOINED:
            self._reach(Stage.JOINED, fact.invitation, one, at_us)
            del self._open[fact.invitation]

    def _end(self, at_us: int, fact: Fact, one: _Open) -> None:
        if fact.state is State.CANCELLED:
            one.parts = Parts(think_us=at_us - one.sent_us)
            self._came(Stage.DECIDED, fact.invitation, one.sent_us, at_us, one.parts)
        elif fact.state is not State.EXPIRED:
            _think(one)
            self._reach(Stage.DECIDED, fact.invitation, one, at_us)
        if fact.state is not State.ACCEPTED:
            del self._open[fact.invitation]

    def _reach(self, stage: Stage, id_: str, one: _Open, at_us: int) -> None:
        one.spend(_way(one, stage, at_us), at_us)
        self._came(stage, id_, one.sent_us, at_us, one.parts)


def _think(one: _Open) -> None:
    """Spend the time from the pop-up to the click whose answer has come."""
    came = one.last[Stage.DECIDED]
    if came is None:
        return
    posted_us = came[1].posted_us
    clicks = [click for click in one.clicks_us if one.at_us <= click <= posted_us]
    if clicks:
        one.spend(Parts(think_us=clicks[-1] - one.at_us), clicks[-1])


def _way(one: _Open, stage: Stage, at_us: int) -> Parts:
    """The parts of a message's way, with the copies of it that were in vain.

    A message has its effect when it comes: a device that sleeps takes none.
    """
    begin_us, came = one.at_us, one.last[stage]
    if came is None or came[0] != at_us or came[1].posted_us < begin_us:
        return Parts(repeats_us=at_us - begin_us)
    posted_us, queue_us, service_us = came[1]
    return Parts(
        network_us=at_us - posted_us - queue_us - service_us,
        queue_us=queue_us,
        service_us=service_us,
        repeats_us=posted_us - begin_us,
    )
