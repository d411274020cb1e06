"""Causes in words: what is broken, how often it is seen, and what fails with it."""

from collections.abc import Callable

from invitelab.errors import Blame
from invitelab.formats.run import Exchange, Run, ScenarioRecord, Verdict
from invitelab.formats.specification import shipped_clauses
from invitelab.reporting.conformance.cause_text import (
    MOST_NAMED,
    REST,
    beyond_causes,
    broken_words,
    cause_words,
    extent,
    named,
)
from invitelab.reporting.conformance.causes import Cause, causes
from invitelab.reporting.conformance.summary import TROUBLE

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]


def test_a_broken_clause_is_told_in_its_own_words(record: Record, mixed: Run) -> None:
    """With its ID; one of another suite by the ID alone."""
    words = shipped_clauses()["EXPIRY-2"].broken
    assert f"{words} (EXPIRY-2)" == broken_words("EXPIRY-2", [record()], mixed)
    assert "OTHER-1 does not hold" == broken_words("OTHER-1", [record()], mixed)


def test_what_worked_before_is_not_always_broken(
    make_run: MakeRun, record: Record, exchange: Callable[..., Exchange]
) -> None:
    """The picture of the failure shows it."""

    def told(*outcomes: str) -> str:
        calls = tuple(
            exchange(0, "Ada", "invitation.modify", outcome=one) for one in outcomes
        )
        failed = record("PENDING-1")
        last = failed.steps[-1].model_copy(update={"exchanges": calls})
        failed = failed.model_copy(update={"steps": (last,)})
        return broken_words("PENDING-1", [failed], make_run([failed]))

    words = "changing a pending invitation does not{} work (PENDING-1)"
    assert words.format("") == told("refused")
    assert words.format("") == told("refused", "refused")
    assert words.format(" always") == told("ok", "refused")


def test_a_clause_that_never_came_to_an_end_is_told_by_its_trouble(
    record: Record,
    mixed: Run,
) -> None:
    """The adapter may be the one that crashed."""
    crash = record("EXPIRY-2", Verdict.ERROR)
    told = "the implementation crashes where EXPIRY-2 is tried"
    assert told == broken_words("EXPIRY-2", [crash], mixed)
    either = crash.model_copy(update={"blame": Blame.EITHER})
    assert broken_words("EXPIRY-2", [either], mixed).startswith(
        "the adapter or implementation"
    )
    assert broken_words("EXPIRY-2", [crash, record()], mixed).endswith(
        "session (EXPIRY-2)"
    )


def test_the_extent_says_what_fails_with_it(record: Record, mixed: Run) -> None:
    """And whether all of it is known."""
    one = Cause(clause="EXPIRY-2", records=(record(),))
    assert "seen in 1 scenario" == extent(one)
    assert cause_words(one, mixed).endswith("(EXPIRY-2)")
    two = Cause(clause="EXPIRY-2", records=(record(), record("EXPIRY-3")))
    assert "seen in 2 scenarios; with it fails EXPIRY-3" == extent(two)
    known = record().model_copy(update={"known": "https://x/1"})
    old = Cause(clause="EXPIRY-2", records=(known,))
    assert "seen in 1 scenario; known" == extent(old)


def test_of_many_clauses_the_first_are_named() -> None:
    """The others are counted."""
    ids = [f"TILE-{number}" for number in range(MOST_NAMED + 2)]
    assert named(ids).endswith(f"{ids[MOST_NAMED - 1]}, and 2 more")
    assert "TILE-0" == named(ids[:1])


def test_what_no_cause_is_about_is_left(mixed: Run) -> None:
    """A deviation and what is open; together nothing is lost."""
    found = causes(mixed)
    beyond = beyond_causes(mixed, found)
    assert [Verdict.DEVIATION, Verdict.INCONCLUSIVE] == [one.verdict for one in beyond]
    assert beyond == beyond_causes(mixed)
    explained = [record for one in found for record in one.records]
    troubled = [one for one in mixed.scenarios if one.verdict in TROUBLE]
    assert len(troubled) == len(explained) + len(beyond)


def test_every_verdict_that_may_be_left_has_words() -> None:
    """The title of its group."""
    assert {*TROUBLE, Verdict.BLOCKED} == set(REST)
