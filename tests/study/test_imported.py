"""An import measures as a simulation does: its events give the same results."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from invitelab.errors import UsageError
from invitelab.formats.results import ObjectiveVerdict, Outcome, Results
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec, State, Surface
from invitelab.study.assemble import Subject, assemble
from invitelab.study.events_table import OPTIONAL, REQUIRED, read_events
from invitelab.study.imported import Import, imported
from invitelab.study.replication import Job, replicate
from invitelab.world.load.instruments import Instrument
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario

Make = Callable[[Mapping[str, object]], Loaded]
Row = dict[str, str]
S = 1_000_000
MEASURED = ("notify_delay", "decision_delay", "session_delay", "expiry_lag")
ANSWERS = {True: "accept", False: "reject", None: "none"}
FAULTY = {
    "people.cancel": 0.1,
    "network.loss": 0.2,
    "faults": [
        {"kind": "crash", "at": "8s", "for": "200s", "share": 0.3},
        {"kind": "suspend", "at": "9s", "for": "125s", "share": 0.3},
    ],
    "objectives": [
        {"metric": "notify_delay", "quantile": 0.5, "at_most": "100ms"},
        {"metric": "relay_wait", "quantile": 0.5, "at_most": "100ms"},
        {"metric": "accepted", "at_least": 0.9},
    ],
}


class Table(Instrument):
    """Writes a row for each invitation of a simulation, as somebody else would."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._versions: Row = {}

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Keep the versions for the row."""
        del at_us
        self._versions = {
            "inviter_version": str(sender.version),
            "recipient_version": str(recipient.version),
        }

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - a hook
        """Keep the intended answer."""
        del at_us
        self.rows[invitation]["answer"] = ANSWERS[accepts]

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Write a row for what was refused."""
        del sender, recipient, reason
        row = {"sent": str(at_us), "outcome": "refused", **self._versions}
        self.rows[f"refused {len(self.rows)}"] = row

    def happened(self, at_us: int, fact: Fact) -> None:
        """Write the instants."""
        if fact.kind is FactKind.SENT:
            self.rows[fact.invitation] = {"sent": str(at_us), **self._versions}
        row = self.rows[fact.invitation]
        if fact.kind is FactKind.SHOWN and fact.surface is Surface.POPUP:
            row.setdefault("shown", str(at_us))
        elif fact.kind is FactKind.ENDED and fact.state is not None:
            row |= {"ended": str(at_us), "outcome": fact.state.value}
            if fact.state is not State.EXPIRED:
                row["decided"] = str(at_us)
        elif fact.kind is FactKind.JOINED:
            row["session"] = str(at_us)


def text(rows: Mapping[str, Row]) -> str:
    """The rows as CSV."""
    stream = io.StringIO()
    columns: list[str] = [*REQUIRED, *OPTIONAL]
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows({"invitation": id_, **row} for id_, row in rows.items())
    return stream.getvalue()


def import_text(
    folder: Path, content: str, scenario: Scenario | None = None, time: str = "us"
) -> Results:
    """The results of a table with that content."""
    path = folder / "events.csv"
    path.write_text(content, encoding="utf-8")
    return imported(
        Import(
            events=read_events(path, time=time),
            file=path.name,
            name="events",
            scenario=scenario,
        )
    )


def table(*rows: str, columns: Sequence[str] = REQUIRED) -> str:
    """A table with those columns and rows."""
    return "\n".join([",".join(columns), *rows]) + "\n"


# The circle: a simulation, its events, and their import


@pytest.fixture(scope="module", params=["sound", "faulty"])
def circle(
    tiny: Make, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Results, Results]:
    """Give the results of a simulation, and those of its events."""
    changes = FAULTY if request.param == "faulty" else {"people.cancel": 0.1}
    scenario = tiny({**changes, "arrivals.rate": "8/s"}).scenario
    rows = Table()
    one = replicate(Job(scenario=scenario, seed=3, number=0), instruments=(rows,))
    subject = Subject(scenario=scenario, name="tiny", digest="0")
    folder = tmp_path_factory.mktemp("circle")
    # Rows may be in any order.
    shuffled = dict(sorted(rows.rows.items()))
    return (
        assemble(subject, [one]),
        import_text(folder, text(shuffled), scenario),
    )


def test_the_events_of_a_simulation_give_its_delays(
    circle: tuple[Results, Results],
) -> None:
    """Every sample, every never and every point of the curve."""
    simulated, again = circle
    for metric in MEASURED:
        expected = simulated.distribution(metric)
        assert expected is not None
        assert expected.count > 0
        assert expected == again.distribution(metric)


def test_the_events_of_a_simulation_give_its_outcomes(
    circle: tuple[Results, Results],
) -> None:
    """In all, by window and as shares."""
    simulated, again = circle
    assert simulated.outcomes == again.outcomes
    assert simulated.outcome_shares == again.outcome_shares
    assert len(simulated.windows) == len(again.windows)
    for a, b in zip(simulated.windows, again.windows, strict=True):
        assert a.ended == b.ended
        assert (a.notify_p50_us, a.notify_p50_never) == (
            b.notify_p50_us,
            b.notify_p50_never,
        )


def test_the_events_of_a_simulation_give_the_pending_ones(
    circle: tuple[Results, Results],
) -> None:
    """Their mean, their peak and their number over time."""
    simulated, again = circle
    assert simulated.pending_peak == again.pending_peak
    assert simulated.pending_mean == again.pending_mean
    pending = [[one.pending for one in results.windows] for results in circle]
    assert pending[0] == pending[1]


def test_what_was_faulty_has_what_never_happened(tiny: Make, tmp_path: Path) -> None:
    """So that the circle has something to close."""
    scenario = tiny({**FAULTY, "arrivals.rate": "8/s"}).scenario
    rows = Table()
    replicate(Job(scenario=scenario, seed=3, number=0), instruments=(rows,))
    again = import_text(tmp_path, text(rows.rows), scenario)
    never = [one.metric for one in again.distributions if one.never]
    assert {"notify_delay", "decision_delay", "session_delay"} <= set(never)
    lag = again.distribution("expiry_lag")
    assert lag is not None
    assert (lag.maximum_us or 0) > 0


def test_objectives_are_judged_where_they_apply(
    circle: tuple[Results, Results],
) -> None:
    """Those about the relay do not; the others say what they said before."""
    simulated, again = circle
    for a, b in zip(simulated.objectives, again.objectives, strict=True):
        if a.metric.startswith("relay"):
            assert ObjectiveVerdict.NOT_APPLICABLE is b.verdict
        else:
            assert (a.verdict, a.estimate) == (b.verdict, b.estimate)


def test_an_import_says_what_it_is(circle: tuple[Results, Results]) -> None:
    """And has nothing of our own world, but the versions that the table tells."""
    simulated, again = circle
    assert ("import", "events.csv") == (again.source, again.subject)
    assert ((), {}, ()) == (again.pools, again.messages, again.faults)
    assert (again.complete, again.cut_off) == (True, False)
    direct = {
        (one.sender, one.recipient): one.direct
        for one in simulated.versions
        if one.direct
    }
    assert direct == {
        (one.sender, one.recipient): one.direct for one in again.versions if one.direct
    }


# By hand


def test_every_delay_is_counted_from_sending(tmp_path: Path) -> None:
    """But the lag of an expiry from its deadline, which may be before it."""
    results = import_text(
        tmp_path,
        table(
            "a,0,70,4000,4100,4000",
            "b,1000,1080,,,120700",
            "c,2000,2090,,,122500",
            "d,3000,,,,",
        ),
        time="ms",
    )
    spans = {
        one.metric: (one.count, one.never, one.minimum_us, one.maximum_us)
        for one in results.distributions
        if one.metric in MEASURED
    }
    assert {
        "notify_delay": (3, 1, 70_000, 90_000),
        "decision_delay": (1, 0, 4 * S, 4 * S),
        "session_delay": (1, 0, 4_100_000, 4_100_000),
        "expiry_lag": (2, 0, -300_000, 500_000),
    } == spans
    lag = results.distribution("expiry_lag")
    assert lag is not None
    assert (1, 1) == (lag.negative, sum(one.count for one in lag.early))
    assert {
        Outcome.ACCEPTED: 1,
        Outcome.EXPIRED: 2,
        Outcome.PENDING: 1,
    } == {kind: number for kind, number in results.outcomes.items() if number}


def test_a_proxy_that_ends_early_has_a_curve_of_its_lags(tmp_path: Path) -> None:
    """With quantiles below zero, as exact as others."""
    lags = [-400_000 + 1_000 * n for n in range(101)]
    rows = [
        f"i{n},{n * S},{n * S + 5},,,{n * S + LIFETIME_US + lag}"
        for n, lag in enumerate(lags)
    ]
    lag = import_text(tmp_path, table(*rows)).distribution("expiry_lag")
    assert lag is not None
    (half,) = [one.value.mean for one in lag.curve if one.probability == 0.5]
    assert abs(half - np.median(lags)) <= 400_000 / 256
    assert (-400_000, -300_000) == (lag.minimum_us, lag.maximum_us)


def test_shown_after_the_end_is_never_shown(tmp_path: Path) -> None:
    """It was not shown while it was pending."""
    results = import_text(tmp_path, table(f"a,0,{121 * S},,,{120 * S}"))
    notify = results.distribution("notify_delay")
    assert notify is not None
    assert (0, 1) == (notify.count, notify.never)


def test_dates_count_from_the_first_invitation(tmp_path: Path) -> None:
    """And time zones do not matter."""
    results = import_text(
        tmp_path,
        table(
            "a,2026-11-30T13:00:00Z,2026-11-30T13:00:00.250Z,,,",
            "b,2026-11-30T14:00:10+01:00,2026-11-30T13:00:10.5Z,,,",
        ),
        time="iso",
    )
    notify = results.distribution("notify_delay")
    assert notify is not None
    assert (250_000, 500_000) == (notify.minimum_us, notify.maximum_us)
    assert 10 * S + 1 == results.duration_us


def test_a_column_may_name_its_unit(tmp_path: Path) -> None:
    """Others keep that of the option."""
    columns = ("invitation", "sent_s", "shown_us", "decided", "session", "ended_ms")
    content = table("a,1.5,1600000,2000,2500,2000", columns=columns)
    results = import_text(tmp_path, content, time="ms")
    found = [one.minimum_us for one in results.distributions if one.metric in MEASURED]
    assert [100_000, 500_000, S, None] == found


def test_the_end_of_an_answer_is_its_decision(tmp_path: Path) -> None:
    """Where only one of the two is told."""
    columns = (*REQUIRED, "outcome")
    rows = ("a,0,1,9,,,rejected", "b,0,1,,,8,cancelled", "c,0,1,,7,,accepted")
    results = import_text(tmp_path, table(*rows, columns=columns))
    decided = results.distribution("decision_delay")
    assert decided is not None
    assert (3, 7, 9) == (decided.count, decided.minimum_us, decided.maximum_us)
    assert not results.outcomes[Outcome.PENDING]


def test_an_accept_without_a_session_waits_for_it_forever(tmp_path: Path) -> None:
    """Whoever accepted wanted a session; who meant to answer, and did not, is known."""
    columns = (*REQUIRED, "outcome", "answer")
    rows = (
        "a,0,1,5,,,accepted,",
        "b,0,1,5,6,,accepted,",
        "c,0,1,,,120000000,expired,accept",
        "d,0,1,,,120000000,expired,none",
    )
    results = import_text(tmp_path, table(*rows, columns=columns))
    found = {one.metric: (one.count, one.never) for one in results.distributions}
    assert (1, 2) == found["session_delay"]
    assert (2, 1) == found["decision_delay"]


def test_one_that_begins_as_another_ends_joins_it(tmp_path: Path) -> None:
    """For an instant, both are pending."""
    results = import_text(tmp_path, table("a,0,,,,5", "b,5,,,,9", "c,10,,,,12"))
    assert 2 == results.pending_peak


def test_what_was_pending_is_counted_over_time(tmp_path: Path) -> None:
    """Its peak and its mean."""
    rows = (f"a,0,1,,,{8 * S}", f"b,{2 * S},{2 * S + 1},,,{6 * S}")
    results = import_text(tmp_path, table(*rows, f"c,{4 * S},,,,{4 * S + 1}"))
    assert 3 == results.pending_peak
    # a for all, b for half, and c for a microsecond of four seconds and one.
    assert results.pending_mean.mean == pytest.approx(1.5, rel=1e-5)


def test_without_a_scenario_there_is_none(tmp_path: Path) -> None:
    """Neither objectives nor a scenario nor advice about it."""
    results = import_text(tmp_path, table("a,0,1,2,3,2"))
    assert ({}, (), ()) == (
        results.scenario,
        results.objectives,
        results.warm_up_advice,
    )
    assert results == Results.model_validate_json(results.model_dump_json())


# What is no run


def test_an_invitation_before_the_beginning_is_refused(tmp_path: Path) -> None:
    """With its line, and with what says when the run began."""
    path = tmp_path / "events.csv"
    path.write_text(table("a,5,,,,", "b,3,,,,"), encoding="utf-8")
    one = Import(events=read_events(path), file="f", name="f", begin_us=4_000)
    with pytest.raises(UsageError, match="line 3 was sent before") as caught:
        imported(one)
    assert "--begin" in caught.value.hint


def test_a_table_longer_than_a_run_is_refused(tmp_path: Path) -> None:
    """It is probably in another unit."""
    with pytest.raises(UsageError, match="ends 200h after the beginning"):
        import_text(tmp_path, table("a,0,,,,", f"b,{720_000 * S},,,,"))
