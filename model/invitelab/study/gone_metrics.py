"""How long recipients see an invitation that has ended.

The instrument is there where `relay.memory` is set: only such a relay tells some ends
much later than others. scenarios/README.md defines the population of the delay.
"""

from dataclasses import dataclass

from invitelab.protocol.history import Fact, FactKind
from invitelab.study.measurement import GONE_DELAY, Measurement
from invitelab.world.load.instruments import Instrument


@dataclass(slots=True)
class _Seen:
    """One invitation: when it was sent and ended, and on how many surfaces it is."""

    sent_us: int
    ended_us: int | None = None
    surfaces: int = 0
    shown: bool = False


class GoneMetrics(Instrument):
    """The delay from an invitation's end to its being on no surface of its recipient.

    Those that their recipient never saw are kept to the end of the run, as a late offer
    may still show them.
    """

    wants = frozenset({FactKind.SENT, FactKind.SHOWN, FactKind.CLEARED, FactKind.ENDED})

    def __init__(self, into: Measurement, warm_up_us: int) -> None:
        self._into = into
        self._warm_up_us = warm_up_us
        self._known: dict[str, _Seen] = {}

    def happened(self, at_us: int, fact: Fact) -> None:
        """Process a fact that shows or hides an invitation, or ends it."""
        if fact.kind is FactKind.SENT:
            self._known[fact.invitation] = _Seen(at_us)
        seen = self._known.get(fact.invitation)
        if seen is None:
            return
        if fact.kind is FactKind.ENDED:
            seen.ended_us = at_us
            if seen.shown and not seen.surfaces:
                del self._known[fact.invitation]
        elif fact.kind is FactKind.SHOWN:
            seen.shown = True
            seen.surfaces += 1
        elif fact.kind is FactKind.CLEARED:
            seen.surfaces -= 1
            if seen.ended_us is not None and not seen.surfaces:
                self._gone(at_us, seen.sent_us, seen.ended_us)
                del self._known[fact.invitation]

    def close(self, at_us: int) -> None:
        """End the measurement, complete or not.

        What has ended and is seen at the end of the run is never gone. After an
        interruption it is not gone yet, and what is pending may have a delay, too.
        """
        whole = at_us >= self._into.windows.end_us
        for seen in self._known.values():
            if seen.sent_us < self._warm_up_us:
                continue
            over = seen.ended_us is not None and seen.surfaces > 0
            if whole:
                self._into.delays[GONE_DELAY].never += over
            elif over or seen.ended_us is None:
                begin_us = at_us if seen.ended_us is None else seen.ended_us
                self._into.still_open[GONE_DELAY].record(at_us - begin_us)

    def _gone(self, at_us: int, sent_us: int, ended_us: int) -> None:
        if sent_us >= self._warm_up_us:
            self._into.delays[GONE_DELAY].record(at_us - ended_us)
