"""`invitelab probe`: what it finds out about a target, and what to do next."""

import pytest

from invitelab.cli import main
from invitelab.formats.run import Header
from invitelab.reporting.conformance.probe import Ends, report


def test_the_reference_can_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """The next command is printed."""
    assert 0 == main(["probe", "reference"])
    out = capsys.readouterr().out.splitlines()
    assert "clock        virtual (proven)" in out
    assert "next         invitelab check reference" == out[-1]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["probe", "acme"], 2, "'acme' is not a target"),
        (["probe", "cmd:false"], 3, "the target did not start"),
        (["probe", "cmd:no-such-program"], 3, "no-such-program"),
        (["probe", "reference", "--clock", "jump"], 2, "--clock jump needs a process"),
        (["probe", "reference", "--clock", "real"], 3, "declares a virtual one"),
    ],
)
def test_a_target_that_cannot_be_checked_gives_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    """With the exit code that `check` would give."""
    assert code == main(words)
    assert sentence in capsys.readouterr().err


def settling(
    settle_ms: int, *, safe_settle_ms: int | None = 480, ends: Ends | None = None
) -> list[str]:
    """The report on a target that settles after so many milliseconds."""
    header = Header(
        harness="h",
        suite="s",
        target="t",
        implementation="acme 1",
        clock="real",
        settle_ms=settle_ms,
        resolution_ms=10,
        declined={"tiles": "no lists"},
    )
    return list(
        report(
            header,
            capabilities=["menu"],
            call_ms=1.234,
            shown_ms=7,
            safe_settle_ms=safe_settle_ms,
            ends=ends,
        )
    )


def test_a_target_that_settles_too_late_is_reported() -> None:
    """119 and 121 seconds could not be told from the deadline."""
    said = 'declare a "settle_ms" of 480 at most'
    assert any(said in line for line in settling(2000))
    assert any(said in line for line in settling(481))
    assert not any("declare a" in line for line in settling(480))


def test_a_target_that_nothing_can_help_is_told_why() -> None:
    """No settling is short enough."""
    assert any(
        "119 and 121 seconds cannot be told from 120" in line
        for line in settling(100, safe_settle_ms=0)
    )


def test_measured_lifetimes_end_in_what_to_declare() -> None:
    """In two lines; what had not ended has one of its own."""
    ends = Ends(
        ended=7,
        unended=1,
        shortest_ms=119_640,
        longest_ms=119_962,
        early_ms=420,
        late_ms=20,
    )
    assert [
        "lifetime     7 invitations ended 119.640 s to 119.962 s after the sending",
        '             declare "early_ms": 420, "late_ms": 20',
        "lifetime     1 of 8 were still there 15 s after two minutes",
    ] == settling(100, ends=ends)[4:7]


def test_every_fact_is_printed() -> None:
    """One per line."""
    assert [
        "target       t",
        "answers      acme 1",
        "clock        real",
        "settles      within 100 ms, as it says; an invitation showed after 7 ms",
        "declares     menu",
        "declines     tiles: no lists",
        "a call       takes 1.23 ms",
    ] == settling(100)
