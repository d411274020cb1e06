"""The metrics of invitations from arrays: the same integers as `metrics`, at once."""

from dataclasses import dataclass

import numpy as np

from invitelab.formats.observed import Outcome
from invitelab.protocol.policy import LIFETIME_US
from invitelab.study.arrays import (
    PAIR,
    Overlaps,
    add_to,
    count_pairs,
    counts_of,
    record,
    windows_of,
)
from invitelab.study.measurement import Measurement
from invitelab.study.spent import SPENT_OF
from invitelab.world.cohorts.attempts import REASONS, UNREFUSED, Attempts
from invitelab.world.cohorts.piece import Piece
from invitelab.world.cohorts.timelines import (
    FAR,
    End,
    Flags,
    Integers,
    Intents,
    Spent,
    Timelines,
)
from invitelab.world.load.time_spent import Parts
from invitelab.world.scenario.schema import Scenario

OUTCOMES = (
    Outcome.ACCEPTED,
    Outcome.REJECTED,
    Outcome.CANCELLED,
    Outcome.EXPIRED,
)
"""The outcomes in the order of `End`."""

ACCEPTS, IGNORES = 0, 2

PLACES = {part: Parts._fields.index(f"{part.name.lower()}_us") for part in Spent}
"""The place in `Parts` of each part that a timeline has."""


class CohortMetrics:
    """Fills a measurement from the pieces of a run, as `InvitationMetrics` does."""

    def __init__(self, into: Measurement, scenario: Scenario, majors: Integers) -> None:
        self._into = into
        self._windows = into.windows
        self._scenario = scenario
        self._majors = majors.astype(np.int64)
        self._value = 0
        self._pending = Overlaps(into.windows)
        self._open = 0

    def add(self, piece: Piece) -> None:
        """Count what is final."""
        self._count_attempts(piece)
        add_to(self._into.repeated, windows_of(self._windows, piece.repeats_us))
        self._count_peak(piece)
        self._count_over(piece.intents, piece.timelines, piece.until_us - 1)

    def close(self, reached_us: int, intents: Intents, timelines: Timelines) -> None:
        """Count what is still open: to the end of a run, or to an interruption."""
        self._count_over(intents, timelines, reached_us)
        self._into.pending = self._pending.totals_us()

    # Attempts.

    def _count_attempts(self, piece: Piece) -> None:
        into, attempts = self._into, piece.attempts
        window = windows_of(self._windows, attempts.at_us)
        add_to(into.offered, window)
        counted = attempts.at_us >= self._scenario.warm_up
        pairs = self._pairs(attempts)
        into.attempts += int(counted.sum())
        count_pairs(into.tried, pairs[counted])
        emailed = attempts.emailed & counted
        into.emailed += int(emailed.sum())
        add_to(into.emails_alone, window[attempts.emailed & ~attempts.direct])
        count_pairs(into.mailed, pairs[emailed])
        refused = attempts.direct & (attempts.reason != UNREFUSED)
        add_to(into.ended[Outcome.REFUSED], window[refused])
        refused &= counted
        if refused.any():
            into.outcomes[Outcome.REFUSED] += int(refused.sum())
        for place, count in counts_of(attempts.reason[refused]):
            into.refusals[REASONS[place].value] += count
        sent = np.zeros(len(attempts), np.bool_)
        sent[piece.sent] = True
        count_pairs(into.direct, pairs[sent & counted])

    def _pairs(self, attempts: Attempts) -> Integers:
        first = self._majors[attempts.inviter]
        return first * PAIR + self._majors[attempts.recipient]

    def _count_peak(self, piece: Piece) -> None:
        """The most that were pending; at one instant sending comes first."""
        sent_us = piece.attempts.at_us[piece.sent]
        at_us = np.concatenate((sent_us, piece.ended_us))
        change = np.ones(len(at_us), np.int64)
        change[len(sent_us) :] = -1
        order = np.argsort(at_us, kind="stable")
        values = self._value + np.cumsum(change[order])
        if len(values):
            self._into.pending_peak = max(self._into.pending_peak, int(values.max()))
            self._value = int(values[-1])

    # Timelines.

    def _count_over(
        self, intents: Intents, timelines: Timelines, until_us: int
    ) -> None:
        """Count timelines, as far as they have come by `until_us`."""
        seen = _Seen(
            intents=intents,
            timelines=timelines,
            counted=intents.sent_us >= self._scenario.warm_up,
            ended=timelines.ended_us <= until_us,
            until_us=until_us,
            whole=until_us >= self._windows.end_us,
        )
        self._count_pending(seen)
        self._count_ends(seen)
        self._count_delays(seen)
        self._count_lags(seen)

    def _count_pending(self, seen: "_Seen") -> None:
        sent_us = seen.intents.sent_us
        self._pending.add(sent_us, seen.end_us)
        begin_us, last_us = self._scenario.warm_up, self._scenario.duration
        within = np.minimum(seen.end_us, last_us) - np.maximum(sent_us, begin_us)
        self._into.pending_counted += int(np.maximum(within, 0).sum())

    def _count_ends(self, seen: "_Seen") -> None:
        into = self._into
        window = windows_of(self._windows, seen.end_us)
        for code, outcome in enumerate(OUTCOMES):
            mine = seen.ended & (seen.timelines.state == code)
            add_to(into.ended[outcome], window[mine])
            into.outcomes[outcome] += int((mine & seen.counted).sum())
        into.outcomes[Outcome.PENDING] += int((seen.counted & ~seen.ended).sum())

    def _count_delays(self, seen: "_Seen") -> None:
        intents, timelines = seen.intents, seen.timelines
        everybody = np.ones(len(intents), np.bool_)
        unaccepted = seen.ended & (timelines.state != End.ACCEPTED)
        decided_us = np.where(timelines.state == End.EXPIRED, FAR, timelines.ended_us)
        self._count_notify(seen)
        self._count_delay(
            "notify_delay", seen, everybody, timelines.shown_us, seen.ended
        )
        self._count_delay(
            "decision_delay", seen, intents.choice != IGNORES, decided_us, seen.ended
        )
        self._count_delay(
            "session_delay",
            seen,
            intents.choice == ACCEPTS,
            timelines.joined_us,
            unaccepted,
        )

    def _count_delay(
        self,
        metric: str,
        seen: "_Seen",
        wanted: Flags,
        at_us: Integers,
        over: Flags,
    ) -> None:
        """Count a delay of those that want it; it cannot come where they are over."""
        happened = at_us <= seen.until_us
        sent_us = seen.intents.sent_us
        counts = happened & seen.counted
        delays_us = (at_us - sent_us)[counts]
        record(self._into.delays[metric], delays_us)
        spent_us = seen.timelines.spent_us[counts, SPENT_OF[metric]]
        self._into.spent[metric].record_all(delays_us, _parts_us(delays_us, spent_us))
        missing = wanted & ~happened & seen.counted
        never = missing & (over | seen.whole)
        self._into.delays[metric].never += int(never.sum())
        still = missing & ~never
        record(self._into.still_open[metric], seen.until_us - sent_us[still])

    def _count_notify(self, seen: "_Seen") -> None:
        """The delays by window, those of the warm-up, too."""
        sent_us, shown_us = seen.intents.sent_us, seen.timelines.shown_us
        window = windows_of(self._windows, sent_us)
        happened = shown_us <= seen.until_us
        places: list[int] = np.unique(window[happened]).tolist()
        for place in places:
            mine = happened & (window == place)
            record(self._into.notify[place], (shown_us - sent_us)[mine])
        never = ~happened & (seen.ended | seen.whole)
        for place, count in counts_of(window[never]):
            self._into.notify[place].never += count

    def _count_lags(self, seen: "_Seen") -> None:
        """How late they expire, on the clock of the host, which is the world's."""
        into, timelines = self._into, seen.timelines
        deadline_us = seen.intents.sent_us + LIFETIME_US
        expired = seen.ended & (timelines.state == End.EXPIRED) & seen.counted
        record(into.delays["expiry_lag"], (timelines.ended_us - deadline_us)[expired])
        waited_us = (seen.until_us - deadline_us)[~seen.ended & seen.counted]
        if seen.whole:
            into.delays["expiry_lag"].never += int((waited_us > 0).sum())
        else:
            record(into.still_open["expiry_lag"], np.maximum(waited_us, 0))


def _parts_us(delays_us: Integers, spent_us: Integers) -> Integers:
    """The parts in the order of `Parts`; the network's is what is left."""
    parts_us = np.zeros((len(delays_us), len(Parts._fields)), np.int64)
    for part, place in PLACES.items():
        parts_us[:, place] = spent_us[:, part]
    network = Parts._fields.index("network_us")
    parts_us[:, network] = delays_us - spent_us.sum(axis=1)
    return parts_us


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Timelines as far as they have come by `until_us`; `whole` if that is the end.

    `counted` were sent after the warm-up, `ended` have ended by then.
    """

    intents: Intents
    timelines: Timelines
    counted: Flags
    ended: Flags
    until_us: int
    whole: bool

    @property
    def end_us(self) -> Integers:
        """When each ended, or the end of what is seen."""
        return np.minimum(self.timelines.ended_us, self.until_us)
