"""What went wrong, as the page tells it."""

from collections.abc import Callable

from invitelab.formats.run import Exchange, Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.failures import (
    MOST_EXCHANGES,
    MOST_STDERR,
    MOST_STORIES,
    chapter,
    key,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]
Call = Callable[..., Exchange]
Told = Callable[..., ScenarioRecord]


def test_the_worst_comes_first(mixed: Run) -> None:
    """What passed has no story."""
    verdicts = [
        one.record.verdict for one in chapter(mixed, number=1, label="").stories
    ]
    assert [
        Verdict.FAIL,
        Verdict.ERROR,
        Verdict.DEVIATION,
        Verdict.INCONCLUSIVE,
    ] == verdicts


def test_a_step_says_how_it_ended_and_when(mixed: Run) -> None:
    """A time is told when it is another."""
    story = chapter(mixed, number=1, label="").stories[0]
    assert [
        ("✓", "held", "121.000 s", "Bob accepts the invitation"),
        ("✗", "did not hold", "", "no session has started"),
    ] == [(line.sign, line.word, line.time, line.text) for line in story.lines]
    assert story.repro.endswith("--scenario 'It cannot be accepted'")


def test_more_stories_than_anybody_reads_are_listed(
    make_run: MakeRun, record: Record
) -> None:
    """Each can be linked to all the same."""
    records = [record(title=f"Title {n}") for n in range(MOST_STORIES + 2)]
    found = chapter(make_run(records), number=2, label="")
    assert (MOST_STORIES, 2) == (len(found.stories), len(found.untold))
    assert len(records) == len(set(found.ids().values()))
    assert "run-2-story-1" == found.first_ids()["EXPIRY-2"]
    assert f"run-2-story-{MOST_STORIES + 2}" == found.ids()[key(records[-1])]


def test_more_messages_than_anybody_reads_are_counted(
    make_run: MakeRun, exchange: Call, scenario_of: Told
) -> None:
    """The records have them."""
    calls = [exchange(0, "Ada", "client.view")] * (MOST_EXCHANGES + 3)
    run = make_run([scenario_of(*calls)])
    (story,) = chapter(run, number=1, label="").stories
    assert (MOST_EXCHANGES, 3) == (len(story.said), story.unsaid)


def test_of_a_long_stderr_the_end_is_shown(make_run: MakeRun, record: Record) -> None:
    """Without what cannot be seen, and with how much is missing."""
    noisy = record().model_copy(
        update={"stderr": "x" * MOST_STDERR + "\n\x1b[31mlast\u202e words"}
    )
    (story,) = chapter(make_run([noisy]), number=1, label="").stories
    assert story.stderr.startswith("17 characters before this\nxxx")
    assert story.stderr.endswith("x\n[31mlast words")
