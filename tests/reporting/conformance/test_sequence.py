"""What a picture shows, and in which order."""

from collections.abc import Callable

from invitelab.formats.run import Absent, Exchange, Run, ScenarioRecord
from invitelab.reporting.common.scene import MOST_MARKS, Kind
from invitelab.reporting.conformance.sequence import scene

Call = Callable[..., Exchange]
Make = Callable[..., ScenarioRecord]

SENT = {
    "other": "Bob",
    "params": {"profile": "Default"},
    "result": {"invitation": "i1"},
}


def test_an_operation_goes_from_one_person_to_another(
    exchange: Call, scenario_of: Make
) -> None:
    """And the failure stands at its instant."""
    sent = exchange(5, "Ada", "invitation.send", **SENT)
    shown = scene(scenario_of(sent))
    assert ("Ada", "Bob") == shown.people
    assert [(Kind.ACT, 5), (Kind.TROUBLE, 5)] == [
        (mark.kind, mark.at_ms) for mark in shown.marks
    ]
    assert ("Ada", "Bob", "invites (i1)") == (
        shown.marks[0].source,
        shown.marks[0].target,
        shown.marks[0].words,
    )


def test_the_same_look_again_is_one_look(exchange: Call, scenario_of: Make) -> None:
    """At its last instant; views of another person in between do not matter."""
    looks = [
        exchange(at_ms, who, "client.view")
        for at_ms, who in [(0, "Bob"), (0, "Ada"), (250, "Bob"), (500, "Bob")]
    ]
    marks = scene(scenario_of(*looks)).marks[:-1]
    assert [("Ada", 0, 1), ("Bob", 500, 3)] == [
        (mark.source, mark.at_ms, mark.times) for mark in marks
    ]


def test_a_look_after_something_happened_is_another(
    exchange: Call, scenario_of: Make
) -> None:
    """So is one that finds something else."""
    look = exchange(0, "Bob", "client.view")
    act = exchange(0, "Bob", "invitation.accept", params={"invitation": "i1"})
    other = exchange(0, "Bob", "client.view", result={"requests": [{"from": "Ada"}]})
    marks = scene(scenario_of(look, act, look, other)).marks[:-1]
    assert [1, 1, 1, 1] == [mark.times for mark in marks]


def test_the_end_of_an_invitation_comes_before_what_is_done_at_its_tick(
    exchange: Call, scenario_of: Make
) -> None:
    """For at the tick it has expired."""
    sent = exchange(1000, "Ada", "invitation.send", **SENT)
    accepted = exchange(121_000, "Bob", "invitation.accept", other="Ada")
    kinds = [mark.kind for mark in scene(scenario_of(sent, accepted)).marks]
    assert [Kind.ACT, Kind.DEADLINE, Kind.ACT, Kind.TROUBLE] == kinds


def test_an_end_far_after_the_last_mark_is_kept_apart(
    exchange: Call, scenario_of: Make
) -> None:
    """It would leave no room for what happened; the newest invitation's is shown."""
    first = exchange(0, "Ada", "invitation.send", **SENT)
    second = exchange(
        10, "Ada", "invitation.send", **{**SENT, "result": {"invitation": "i2"}}
    )
    shown = scene(scenario_of(first, second))
    assert Kind.DEADLINE not in {mark.kind for mark in shown.marks}
    assert shown.later is not None
    assert (120_010, "120 s since i2 was sent") == (
        shown.later.at_ms,
        shown.later.words,
    )


def test_what_was_refused_was_never_sent(exchange: Call, scenario_of: Make) -> None:
    """It has no end either; the reason stands beside it."""
    refused = exchange(
        0,
        "Ada",
        "invitation.send",
        params={"profile": "Default"},
        outcome="refused",
        reason="own-address",
        message="this is you",
    )
    shown = scene(scenario_of(refused))
    assert shown.later is None
    assert "invites: refused, own-address" == shown.marks[0].words


def test_what_did_not_come_comes_last_but_one(
    exchange: Call, scenario_of: Make
) -> None:
    """Before what it led to, and its people have lifelines."""
    record = scenario_of(exchange(7, "Bob", "client.view"))
    absent = Absent(source="Ada", target="Bob", what="pop-up")
    shown = scene(record.model_copy(update={"absent": absent}))
    assert ("Bob", "Ada") == shown.people
    mark = shown.marks[-2]
    assert (Kind.ABSENT, 7, "no pop-up") == (mark.kind, mark.at_ms, mark.words)


def test_of_many_marks_both_ends_are_shown(exchange: Call, scenario_of: Make) -> None:
    """What went wrong is always there."""
    looks = [
        exchange(n, "Ada", "client.view", result={"requests": [{"from": f"{n}"}]})
        for n in range(MOST_MARKS)
    ]
    marks = scene(scenario_of(*looks)).marks
    assert MOST_MARKS + 1 == len(marks)
    assert "1 more, listed below" == marks[MOST_MARKS // 2].words
    assert Kind.TROUBLE is marks[-1].kind


def test_without_exchanges_there_is_no_picture(scenario_of: Make) -> None:
    """A target may die before the first exchange."""
    assert () == scene(scenario_of()).marks


def test_a_judged_run_names_both_ends(late: Run) -> None:
    """Names come from what was seen, for the ids are the target's own."""
    record = next(one for one in late.scenarios if one.message)
    marks = scene(record).marks
    acts = [mark for mark in marks if mark.kind is Kind.ACT]
    assert [("Ada", "Bob"), ("Bob", "Ada")] == [
        (mark.source, mark.target) for mark in acts
    ]
    assert ["invites (i1)", "accepts i1"] == [mark.words for mark in acts]
    assert [120_000] == [m.at_ms for m in marks if m.kind is Kind.DEADLINE]
