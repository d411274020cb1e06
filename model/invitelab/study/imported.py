"""Results of what was measured elsewhere, as if it were a replication of a scenario.

The delays and their populations are those of a simulation (scenarios/README.md). What
recipients intended is known only where the table has a column `answer`; without it a
decision is waited for by those alone that were decided, and a session by those that
were accepted. What our own world has besides (relay, network, invariants) is absent.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from invitelab.errors import UsageError
from invitelab.formats.observed import Outcome
from invitelab.formats.results import Results
from invitelab.inputs.units import DURATION_UNITS_US, duration_text
from invitelab.protocol.policy import LIFETIME_US
from invitelab.study.assemble import Subject, assemble
from invitelab.study.events_table import (
    ANSWERS,
    ENDS,
    NEVER,
    OUTCOMES,
    UNKNOWN,
    Events,
)
from invitelab.study.measurement import Measurement
from invitelab.study.windows import Windows
from invitelab.world.scenario.schema import (
    LONGEST_DRAIN_US,
    LONGEST_DURATION_US,
    Scenario,
)

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LONGEST_US: Final = LONGEST_DURATION_US + LONGEST_DRAIN_US
DATES_FROM_US: Final = 366 * 24 * DURATION_UNITS_US["h"]
"""Instants from here on are dates: nothing takes a year from its beginning."""

SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What is imported. `scenario` is the one that was played, None if none is named.

    `file` is the name of the table and `measured` what was measured, if that is told.
    `arguments` are those of the command line, and `begin_us` is the beginning of the
    run: None for zero, or for the first invitation where instants are dates.
    """

    events: Events
    file: str
    measured: str = ""
    scenario: Scenario | None = None
    name: str
    digest: str = ""
    arguments: tuple[str, ...] = ()
    begin_us: int | None = None


def imported(one: Import) -> Results:
    """The results of a table.

    Raises UsageError where an invitation was sent before the beginning, and where the
    table is longer than a run can be.
    """
    table = _Table(one.events, one.begin_us)
    scenario = one.scenario or _unknown(one.measured or one.file, table)
    # One run was measured, however many would be simulated.
    update = {"replications": 1, "max_replications": None}
    scenario = scenario.model_copy(update=update)
    subject = Subject(
        scenario=scenario,
        name=one.name,
        digest=one.digest,
        arguments=one.arguments,
        source="import",
        measured=f"{one.file} ({one.measured})" if one.measured else one.file,
    )
    results = assemble(subject, [table.measurement(scenario)])
    if one.scenario is None:
        results = results.model_copy(update={"scenario": {}})
    return results


def _unknown(title: str, table: "_Table") -> Scenario:
    """A scenario for a table without one: as long as the table, and nothing else."""
    duration_us = max(int(table.sent.max()) + 1, SECOND_US)
    drain_us = min(max(table.latest_us + 1 - duration_us, 0), LONGEST_DRAIN_US)
    return Scenario.model_validate(
        {
            "title": title[:200],
            "duration": f"{duration_us}us",
            "drain": f"{drain_us}us",
            "population": {"clients": 2, "versions": {"7.0.0": 1.0}},
            "arrivals": {"kind": "trace", "file": "events.csv"},
            "people": {
                "answer": {"accept": 0.0, "reject": 0.0, "ignore": 1.0},
                "think": {"distribution": "constant", "value": "1s"},
            },
            "network": {"latency": {"distribution": "constant", "value": "0s"}},
            "relay": {
                "servers": 1,
                "service": {"distribution": "constant", "value": "1ms"},
            },
        }
    )


class _Table:
    """The invitations as arrays, in microseconds from the beginning of the run."""

    def __init__(self, events: Events, begin_us: int | None) -> None:
        columns = {
            name: np.frombuffer(column, np.int64)
            for name, column in events.instants.items()
        }
        first_us = int(columns["sent"].min())
        if begin_us is None:
            begin_us = first_us if first_us >= DATES_FROM_US else 0
        self._at = {
            name: np.where(column == NEVER, NEVER, column - begin_us)
            for name, column in columns.items()
        }
        self.sent = self._at["sent"]
        self.outcome = np.frombuffer(events.outcome, np.int8)
        self._answer = np.frombuffer(events.answer, np.int8)
        self._versions = [np.frombuffer(one, np.int32) for one in events.versions]
        self.ended = np.full(len(events), NEVER)
        for name in reversed(ENDS):
            here = self._at[name] != NEVER
            self.ended[here] = self._at[name][here]
        self.latest_us = max(int(column.max()) for column in self._at.values())
        self._refuse_impossible(events)

    def _refuse_impossible(self, events: Events) -> None:
        early = int(np.argmin(self.sent))
        if self.sent[early] < 0:
            raise UsageError(
                f"the invitation of line {events.lines[early]} was sent before the"
                " beginning of the run",
                hint="--begin says when the run began; without it, at the first"
                " invitation if instants are dates, else at 0",
            )
        if self.latest_us >= LONGEST_US:
            late = duration_text(self.latest_us)
            raise UsageError(
                f"the table ends {late} after the beginning of the run, and a run has"
                f" at most {duration_text(LONGEST_US)}",
                hint="--begin says when the run began, --time the unit of instants",
            )

    def measurement(self, scenario: Scenario) -> Measurement:
        """The measurement, counted from the warm-up of the scenario on."""
        end_us = max(scenario.end_us, self.latest_us + 1)
        windows = Windows.for_run(end_us)
        into = Measurement.blank(0, windows)
        into.reached_us = end_us
        counted = self.sent >= scenario.warm_up
        self._count(into, counted)
        self._delays(into, counted)
        self._over_time(into, scenario)
        return into

    def _is(self, *outcomes: Outcome) -> Flags:
        return np.isin(self.outcome, [OUTCOMES.index(one) for one in outcomes])

    def _count(self, into: Measurement, counted: Flags) -> None:
        into.attempts = int(counted.sum())
        for place, outcome in enumerate(OUTCOMES):
            into.outcomes[outcome] = int((self.outcome[counted] == place).sum())
        refused = self._is(Outcome.REFUSED)
        if into.outcomes[Outcome.REFUSED]:
            into.refusals["not told"] = into.outcomes[Outcome.REFUSED]
        inviter, recipient = self._versions
        if (inviter == UNKNOWN).any() or (recipient == UNKNOWN).any():
            return  # they are of use only where they are of all
        pairs = inviter.astype(np.int64) * SECOND_US + recipient
        for which, counter in (
            (counted, into.tried),
            (counted & ~refused, into.direct),
        ):
            codes, numbers = np.unique(pairs[which], return_counts=True)
            for code, number in zip(codes.tolist(), numbers.tolist(), strict=True):
                counter[code // SECOND_US, code % SECOND_US] = number

    def _delays(self, into: Measurement, counted: Flags) -> None:
        sent, shown, session = self.sent, self._at["shown"], self._at["session"]
        was_sent = ~self._is(Outcome.REFUSED)
        # Shown after its end is too late: it was never shown while it was pending.
        seen = (shown != NEVER) & ((self.ended == NEVER) | (shown <= self.ended))
        _record(into, "notify_delay", (shown - sent)[counted & seen])
        _never(into, "notify_delay", counted & was_sent & ~seen)
        self._notify_over_time(into, seen, was_sent & ~seen)

        decided = self._is(Outcome.ACCEPTED, Outcome.REJECTED, Outcome.CANCELLED)
        when = np.where(self._at["decided"] == NEVER, self.ended, self._at["decided"])
        _record(into, "decision_delay", (when - sent)[counted & decided])
        meant = self._meant("accept") | self._meant("reject")
        _never(into, "decision_delay", counted & was_sent & meant & ~decided)

        joined = session != NEVER
        _record(into, "session_delay", (session - sent)[counted & joined])
        wanted = self._is(Outcome.ACCEPTED) | self._meant("accept")
        _never(into, "session_delay", counted & was_sent & wanted & ~joined)

        deadline = sent + LIFETIME_US
        expired = self._is(Outcome.EXPIRED)
        _record(into, "expiry_lag", (self.ended - deadline)[counted & expired])
        overdue = self._is(Outcome.PENDING) & (deadline < into.reached_us)
        _never(into, "expiry_lag", counted & overdue)

    def _meant(self, answer: str) -> Flags:
        return np.equal(self._answer, ANSWERS.index(answer))

    def _notify_over_time(self, into: Measurement, seen: Flags, never: Flags) -> None:
        place = _windows_of(into.windows, self.sent)
        delay = self._at["shown"] - self.sent
        order = np.argsort(place[seen], kind="stable")
        starts = np.searchsorted(place[seen][order], np.arange(len(into.windows) + 1))
        in_order = delay[seen][order]
        for index, histogram in enumerate(into.notify):
            part = in_order[starts[index] : starts[index + 1]]
            if len(part):
                histogram.record_all(part)
            histogram.never += int((place[never] == index).sum())

    def _over_time(self, into: Measurement, scenario: Scenario) -> None:
        into.offered = _by_window(into.windows, self.sent)
        for place, outcome in enumerate(OUTCOMES):
            here = self.outcome == place
            if outcome is Outcome.REFUSED:
                into.ended[outcome] = _by_window(into.windows, self.sent[here])
            elif outcome is not Outcome.PENDING:
                into.ended[outcome] = _by_window(into.windows, self.ended[here])
        pending = self._is(*(one for one in OUTCOMES if one is not Outcome.REFUSED))
        begins = np.sort(self.sent[pending])
        ends = np.sort(self.ended[pending & (self.ended != NEVER)])
        into.pending_peak = _peak(begins, ends)
        width_us, end_us = into.windows.width_us, into.reached_us
        edges = [*(n * width_us for n in range(len(into.windows))), end_us]
        time = [_up_to(begins, at_us) - _up_to(ends, at_us) for at_us in edges]
        into.pending = [after - before for before, after in pairwise(time)]
        counted = (scenario.warm_up, scenario.duration)
        before, after = (_up_to(begins, at) - _up_to(ends, at) for at in counted)
        into.pending_counted = after - before


def _record(into: Measurement, metric: str, delays_us: Integers) -> None:
    if len(delays_us):
        into.delays[metric].record_all(delays_us)


def _never(into: Measurement, metric: str, which: Flags) -> None:
    into.delays[metric].never += int(which.sum())


def _windows_of(windows: Windows, at_us: Integers) -> Integers:
    """The index of the window of each instant, as `Windows.of`."""
    return np.minimum(at_us // windows.width_us, len(windows) - 1)


def _by_window(windows: Windows, at_us: Integers) -> list[int]:
    places = _windows_of(windows, at_us)
    return [int(number) for number in np.bincount(places, minlength=len(windows))]


def _peak(begins: Integers, ends: Integers) -> int:
    """The most that are open at once; one that begins as another ends joins it."""
    over = np.searchsorted(ends, begins, side="left")
    return int((np.arange(1, len(begins) + 1) - over).max(initial=0))


def _up_to(instants: Integers, at_us: int) -> int:
    """The time since each of the sorted instants until `at_us`, in all."""
    number = int(np.searchsorted(instants, at_us, side="right"))
    return number * at_us - int(instants[:number].sum())
