"""Failures grouped by their causes: one cause, not all that follows from it."""

from collections.abc import Callable, Sequence

import pytest

from invitelab.formats.run import Exchange, Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import clauses_of
from invitelab.reporting.conformance.causes import causes

Call = Callable[..., Exchange]
Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]
Failing = Callable[..., ScenarioRecord]


@pytest.fixture
def after(record: Record, exchange: Call) -> Failing:
    """Make a failure of a clause at a step, after these operations of Ada's."""

    def make(
        clause: str,
        text: str = "it holds",
        message: str = "it does not",
        calls: Sequence[tuple[int, str]] = (),
        **fields: object,
    ) -> ScenarioRecord:
        one = record(clause, title=f"{clause} {text}", message=message)
        exchanges = tuple(
            exchange(
                at_ms,
                "Ada",
                method.removesuffix("!"),
                outcome="refused" if method.endswith("!") else "ok",
                params={"entry": "invitation-icon", "to": "123456789"},
            )
            for at_ms, method in calls
        )
        last = one.steps[-1].model_copy(
            update={"text": text, "exchanges": exchanges, "at_ms": 0}
        )
        return one.model_copy(update={"steps": (last,), **fields})

    return make


def named(run: Run) -> list[str]:
    """Give the clauses that are causes."""
    return [one.clause for one in causes(run)]


SENT = (0, "invitation.send")
NOTHING = "found nothing"


def test_nothing_has_no_cause(make_run: MakeRun, record: Record) -> None:
    """A deviation has none either."""
    passed = record("EXPIRY-1", Verdict.PASS)
    assert () == causes(make_run([passed, record("EXPIRY-6", Verdict.DEVIATION)]))


def test_what_follows_is_a_part_of_its_cause(make_run: MakeRun, after: Failing) -> None:
    """What was never shown lacks the inviter and the buttons as well."""
    buttons = after("NOTIFY-5", "the notification lets Bob", NOTHING, [SENT])
    alias = after("NOTIFY-4", "the notification shows Bob", NOTHING, [SENT])
    shown = after("NOTIFY-1", "Bob sees the invitation from Ada", NOTHING, [SENT])
    (cause,) = causes(make_run([buttons, alias, shown]))
    assert "NOTIFY-1" == cause.clause
    assert ("NOTIFY-5", "NOTIFY-4") == cause.also
    assert [shown, buttons, alias] == list(cause.records)


def test_what_is_not_broken_itself_is_no_cause(
    make_run: MakeRun, after: Failing
) -> None:
    """The clause that was seen first has to fail in a scenario of its own."""
    buttons = after("NOTIFY-5", "the notification lets Bob", NOTHING, [SENT])
    assert ["NOTIFY-5"] == named(make_run([buttons]))


def test_mistakes_that_have_nothing_in_common_are_two_causes(
    make_run: MakeRun, after: Failing
) -> None:
    """The one that takes less to be seen comes first."""
    lock = after("SESSION-6", calls=[SENT, (0, "invitation.accept")])
    link = after("EMAIL-3")
    assert ["EMAIL-3", "SESSION-6"] == named(make_run([lock, link]))


def test_special_values_are_further_from_a_mistake(
    make_run: MakeRun, after: Failing
) -> None:
    """Unless all failures need them."""
    zero = {"needed": ("recipient's ID: leading zero",)}
    short = after("EMAIL-3", **zero)
    long = after("SESSION-6", calls=[SENT, (0, "invitation.accept")])
    assert ["SESSION-6", "EMAIL-3"] == named(make_run([short, long]))
    long = long.model_copy(update=zero)
    assert ["EMAIL-3", "SESSION-6"] == named(make_run([short, long]))


def test_several_ways_that_fail_are_one_cause(
    make_run: MakeRun, after: Failing
) -> None:
    """It is in none of the ways alone; one way that fails is one."""
    refused = [(0, "invitation.send!")]
    told = ("the attempt succeeds", "it was refused (x)", refused)
    by_id = after("DIRECT-5", *told)
    general = after("DIRECT-1", *told)
    assert ["DIRECT-5"] == named(make_run([by_id, general]))
    tiles = [after(f"TILE-{n}", "Ada is offered Invite", "lacks") for n in (1, 2)]
    assert ["TILE-1"] == named(make_run(tiles))
    assert ["DIRECT-1"] == named(make_run([*tiles, by_id, general]))


def test_a_profile_that_no_way_can_send_is_the_cause(
    make_run: MakeRun, after: Failing
) -> None:
    """Where all failures need it."""
    refused = [(0, "invitation.send!")]
    told = ("the attempt succeeds", "it was refused (x)", refused)
    needed = {"needed": ("profile: custom",)}
    records = [after(id_, *told, **needed) for id_ in ("DIRECT-5", "DIRECT-7")]
    tile = after("TILE-1", "the attempt succeeds", **needed)
    assert ["DIRECT-7"] == named(make_run([*records, tile]))


def test_sides_of_one_end_are_one_cause(make_run: MakeRun, after: Failing) -> None:
    """And what is refused because the earlier invitation is still there."""
    late = [SENT, (121_000, "client.view")]
    again = [*late, (121_000, "invitation.send!")]
    sides = [
        after("EXPIRY-4", "Ada no longer sees it", "still", late),
        after("EXPIRY-3", "Bob sees no invitation", "sees one", late),
    ]
    follows = after("DIRECT-1", "the attempt succeeds", "was refused (x)", again)
    (cause,) = causes(make_run([follows, *sides]))
    assert "EXPIRY-3" == cause.clause
    assert {"EXPIRY-4", "DIRECT-1"} == set(cause.also)
    other = after("DIRECT-1", "the attempt succeeds", "was refused (x)", again[2:])
    assert ["DIRECT-1", "EXPIRY-3"] == named(make_run([*sides, follows, other]))


def test_a_short_consequence_does_not_come_before_its_cause(
    make_run: MakeRun, after: Failing
) -> None:
    """If more scenarios show the cause, however long they are."""
    late = [SENT, (121_000, "client.view")]
    again = [*late, (121_000, "invitation.send!")]
    accepted = [SENT, (0, "invitation.modify"), (121_000, "invitation.accept")]
    follows = after("DIRECT-1", "the attempt succeeds", "was refused (x)", again)
    longer = [
        after("EXPIRY-2", "no session has started", "found one", calls)
        for calls in (accepted, [*accepted, (121_000, "invitation.reject!")])
    ]
    unlike = after("EMAIL-3")
    short = make_run([follows, *longer, unlike])
    assert ["EMAIL-3", "EXPIRY-2"] == named(short)
    assert ["EMAIL-3", "DIRECT-1", "EXPIRY-2"] == named(
        make_run([follows, longer[0], unlike])
    )


def test_what_fails_after_a_wait_alone_has_ended_too_early(
    make_run: MakeRun, after: Failing
) -> None:
    """Not if it fails at once, too."""
    waited = [SENT, (60_000, "invitation.accept!")]
    told = ("the attempt succeeds", "it was refused (not-pending)")
    early = after("EXPIRY-1", *told, waited)
    start = after("SESSION-1", *told, waited)
    assert ["EXPIRY-1"] == named(make_run([start, early]))
    at_once = after("SESSION-1", *told, [SENT, (0, "invitation.accept!")])
    assert ["SESSION-1"] == named(make_run([start, early, at_once]))


def test_one_call_that_crashes_is_one_cause(make_run: MakeRun, after: Failing) -> None:
    """However many clauses need it; another call is another cause."""
    crash = {"verdict": Verdict.ERROR, "kind": "crash"}
    accept = [SENT, (0, "invitation.accept")]
    records = [after(id_, calls=accept, **crash) for id_ in ("SESSION-1", "SESSION-4")]
    assert ["SESSION-1"] == named(make_run(records))
    cancel = after("PENDING-2", calls=[SENT, (0, "invitation.cancel")], **crash)
    assert 2 == len(named(make_run([*records, cancel])))


def test_what_keeps_clauses_from_being_tried_comes_first(
    make_run: MakeRun, after: Failing
) -> None:
    """Although it is only seen in scenarios of others."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "DIRECT-5"}
    blocked = after("SESSION-1", calls=[(0, "invitation.send!")], **fields)
    assert ("DIRECT-5",) == clauses_of(blocked)
    assert ["DIRECT-5", "EMAIL-3"] == named(make_run([after("EMAIL-3"), blocked]))


def test_known_failures_come_last(make_run: MakeRun, after: Failing) -> None:
    """What is new is what is looked for."""
    known = after("EMAIL-3", known="https://x/1")
    new = after("SESSION-6", calls=[SENT])
    run = make_run([known, new])
    assert [("SESSION-6", False), ("EMAIL-3", True)] == [
        (one.clause, one.known) for one in causes(run)
    ]


def test_equal_runs_have_equal_causes(late: Run) -> None:
    """In the same order, whichever scenario was run first."""
    turned = late.model_copy(update={"scenarios": late.scenarios[::-1]})
    assert named(late) == named(turned)
    assert ["EXPIRY-2"] == named(late)
