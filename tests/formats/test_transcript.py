"""A scenario's record as lines: what was done, when, and what was expected."""

import shlex

import pytest

from invitelab.errors import Blame
from invitelab.formats.product import ProductRecord
from invitelab.formats.run import (
    Exchange,
    Header,
    Level,
    ScenarioRecord,
    StepRecord,
    Verdict,
)
from invitelab.formats.transcript import (
    GLYPHS,
    clock_words,
    headline,
    repro,
    seconds,
    transcript,
)
from invitelab.formats.walk_text import WALK, walk_options

HEADER = Header(
    harness="invitelab 0",
    suite="0",
    target="cmd:'./my adapter' --stdio",
    clock="virtual",
    proven=True,
)
SENT = Exchange(
    at_ms=0,
    method="invitation.send",
    client="Ada",
    params={"to": "400500600"},
    result={"invitation": "i1"},
)
LOOKED = Exchange(at_ms=121_000, method="client.view", client="Ada")
STEPS = (
    StepRecord(
        keyword="Given",
        text="Ada has invited Bob",
        line=30,
        at_ms=0,
        status="passed",
        exchanges=(SENT,),
    ),
    StepRecord(
        keyword="Then",
        text="no session has started",
        line=31,
        at_ms=120_999,
        status="failed",
        exchanges=(LOOKED,),
    ),
    StepRecord(
        keyword="And",
        text="Bob sees no invitation",
        line=32,
        at_ms=0,
        status="not-reached",
    ),
)
FAILED = ScenarioRecord(
    feature="features/expiry.feature",
    line=29,
    title="It can't be accepted",
    example="by ID",
    clauses=("EXPIRY-2",),
    level=Level.REQUIRED,
    verdict=Verdict.FAIL,
    message="expected no session",
    steps=STEPS,
)


def changed(**fields: object) -> ScenarioRecord:
    """Give the record with other values."""
    return FAILED.model_copy(update=fields)


def test_a_failure_is_shown_step_by_step() -> None:
    """Up to the one that did not hold, with what was exchanged and expected."""
    assert [
        headline(FAILED),
        "  t=    0.000 s  Given Ada has invited Bob",
        "                  . invitation.send client=Ada to=400500600 -> ok i1",
        "  t=  120.999 s  Then no session has started",
        "                  . client.view client=Ada -> nothing",
        "  t=  121.000 s  x    expected no session      clock: virtual (proven)",
    ] == list(transcript(FAILED, HEADER))[:-1]


def test_an_error_names_its_kind_and_who_is_to_blame() -> None:
    """Beside what happened."""
    error = changed(
        verdict=Verdict.ERROR, kind="hang", blame=Blame.IMPLEMENTATION, message="late"
    )
    expected = "!    hang: late (blame: implementation)      clock: virtual (proven)"
    assert f"  t=  121.000 s  {expected}" in list(transcript(error, HEADER))


def test_what_failed_in_no_step_is_shown_at_the_end() -> None:
    """A scenario may fail to be closed."""
    late = changed(steps=STEPS[:1], message="it cannot be closed")
    assert "  it cannot be closed" == list(transcript(late, HEADER))[-2]


def test_the_last_lines_of_stderr_are_shown() -> None:
    """Five of them."""
    lines = list(transcript(changed(stderr="\n".join("abcdefg")), HEADER))
    assert [f"  stderr  {letter}" for letter in "cdefg"] == lines[-6:-1]


def test_a_traceback_that_says_who_is_to_blame_is_shown() -> None:
    """Whole, where an adapter runs another program."""
    stderr = "\n".join("abcdefghijklmnopq")
    lines = list(transcript(changed(stderr=stderr, blame=Blame.EITHER), HEADER))
    assert [f"  stderr  {letter}" for letter in "cdefghijklmnopq"] == lines[-16:-1]


def test_the_last_line_repeats_the_scenario() -> None:
    """A shell reads the words that were meant."""
    last = list(transcript(FAILED, HEADER))[-1]
    assert f"  repro   {repro(FAILED, HEADER)}" == last
    words = ["invitelab", "check", HEADER.target, "--scenario", FAILED.title]
    assert [*words, "--seed", "0"] == shlex.split(repro(FAILED, HEADER))


def test_repro_keeps_the_name_of_the_target() -> None:
    """Without it, the command would write to another folder."""
    header = HEADER.model_copy(update={"name": "perly", "target": "cmd:perl a.pl"})
    words = shlex.split(repro(FAILED, header))
    assert ["invitelab", "check", "perly=cmd:perl a.pl"] == words[:3]


@pytest.mark.parametrize(
    ("depth", "option"),
    [
        (None, ""),
        ("standard", ""),
        ("quick", " --depth quick"),
        ("deep", " --depth deep"),
    ],
)
def test_what_was_drawn_is_drawn_again(depth: str | None, option: str) -> None:
    """By the seed of the run, and by its depth where that is not the usual one."""
    header = HEADER.model_copy(update={"seed": 7, "depth": depth})
    assert repro(FAILED, header).endswith(f" --seed 7{option}")


def test_every_verdict_has_a_sign_of_its_own() -> None:
    """Readable without colour."""
    assert set(Verdict) == set(GLYPHS)
    assert len(Verdict) == len(set(GLYPHS.values()))


def test_a_headline_says_what_is_broken_and_where() -> None:
    """Sign, clause, level, place, title and row; a scenario without rows has none."""
    place = "features/expiry.feature:29"
    expected = f"x EXPIRY-2 required   {place}   It can't be accepted [by ID]"
    assert expected == headline(FAILED)
    assert headline(changed(example=None)).endswith("   It can't be accepted")
    blocked = changed(verdict=Verdict.BLOCKED, blocked_by="EXPIRY-6")
    expected = f"/ EXPIRY-6, needed by EXPIRY-2 interpretation   {place}   It can't"
    assert headline(blocked).startswith(expected)


@pytest.mark.parametrize(
    ("at_ms", "expected"),
    [(0, "0.000 s"), (119_999, "119.999 s"), (3_600_000, "3600.000 s")],
)
def test_time_is_in_seconds(at_ms: int, expected: str) -> None:
    """To the millisecond."""
    assert expected == seconds(at_ms)


@pytest.mark.parametrize(
    ("clock", "proven", "expected"),
    [
        ("virtual", True, "virtual (proven)"),
        ("virtual", False, "virtual (not proven)"),
        (None, False, "unknown"),
    ],
)
def test_a_clock_is_shown_with_its_proof(
    *, clock: str | None, proven: bool, expected: str
) -> None:
    """Or that there was none."""
    header = HEADER.model_copy(update={"clock": clock, "proven": proven})
    assert expected == clock_words(header)


def test_walks_are_repeated_by_the_profile_of_the_run() -> None:
    """With another lifetime they may find something else, or nothing."""
    product = ProductRecord(
        name="Five", file="five.toml", lifetime_ms=300_000, otherwise={}
    )
    header = HEADER.model_copy(update={"profile": product})
    fields = {"feature": WALK, "example": walk_options(20, 7)}
    walked = FAILED.model_copy(update=fields)
    options = f"--profile five.toml --clause {FAILED.clauses[0]} --walks 20 --seed 7"
    assert repro(walked, header).endswith(f" {options}")


@pytest.mark.parametrize(
    ("clock", "option"),
    [
        ("virtual", ""),
        ("real", ""),
        ("system", " --clock system"),
        ("jump", " --clock jump"),
    ],
)
def test_a_clock_that_was_chosen_is_chosen_again(clock: str, option: str) -> None:
    """One that was declared needs no option."""
    header = HEADER.model_copy(update={"clock": clock})
    command = f"{shlex.quote(FAILED.title)} --seed 0{option}"
    assert repro(FAILED, header).endswith(command)


def test_a_drawn_step_is_marked() -> None:
    """The feature does not have it; with its clock it stays as wide."""
    drawn = STEPS[0].model_copy(update={"drawn": True})
    lines = list(transcript(changed(steps=(drawn,)), HEADER))
    assert "  t=    0.000 s +Given Ada has invited Bob" == lines[1]


def test_what_was_drawn_is_told_below_the_steps() -> None:
    """Who took part, what the failure needs, and how many rows have failed."""
    record = changed(
        cast={"Ada": "7.1.0, 123456789, no alias"},
        needed=("profile: custom", "locks: both"),
        runs=9,
        failed_runs=4,
    )
    assert [
        "  cast    Ada: 7.1.0, 123456789, no alias",
        "  only with profile: custom; locks: both",
        "  rows    4 of 9 failed",
    ] == list(transcript(record, HEADER))[-4:-1]


def test_the_data_of_a_step_is_shown_below_it() -> None:
    """Row by row, before what was exchanged."""
    table = (("name", "enabled"), ("Helpdesk", "no"))
    given = STEPS[0].model_copy(update={"table": table})
    lines = list(transcript(FAILED.model_copy(update={"steps": (given,)}), HEADER))
    at = next(n for n, line in enumerate(lines) if line.endswith("Ada has invited Bob"))
    assert ["| name | enabled |", "| Helpdesk | no |"] == [
        line.strip() for line in lines[at + 1 : at + 3]
    ]
