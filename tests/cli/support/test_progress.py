"""Progress on stderr: bars on a terminal, lines elsewhere, or nothing."""

import pytest

from invitelab.cli.support import progress
from invitelab.cli.support.progress import count_progress, simulation_progress
from invitelab.study.workers import Reached

HALF = Reached(done_us=90_000_000, all_us=180_000_000, replications=1, planned=3)


@pytest.mark.parametrize(
    ("expected", "quiet"), [("simulating x: much\n", False), ("", True)]
)
def test_a_simulation_has_a_line_without_a_terminal(
    capsys: pytest.CaptureFixture[str], *, expected: str, quiet: bool
) -> None:
    """On stderr; none if quiet."""
    with simulation_progress("simulating x", "much", quiet=quiet) as report:
        report(HALF)
    assert ("", expected) == capsys.readouterr()


@pytest.mark.parametrize("quiet", [False, True])
def test_a_long_simulation_has_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, quiet: bool
) -> None:
    """A log without any would look as if it stood still."""
    now_s = iter([0.0, 1.0, 31.0, 32.0, 59.0, 61.5])
    monkeypatch.setattr(progress, "monotonic_s", lambda: next(now_s))
    with simulation_progress("simulating x", "much", quiet=quiet) as report:
        for _ in range(5):
            report(HALF)
    out, err = capsys.readouterr()
    line = "simulating x: 1 min 30 s of 3 min, 1 of 3 replications"
    lines = [] if quiet else ["simulating x: much", line, line]
    assert ("", lines) == (out, err.replace("\u00a0", " ").splitlines())


@pytest.mark.parametrize(
    ("expected", "quiet"), [("checking a\nchecking b\n", False), ("", True)]
)
def test_each_task_has_a_line_without_a_terminal(
    capsys: pytest.CaptureFixture[str], *, expected: str, quiet: bool
) -> None:
    """On stderr; none if quiet."""
    with count_progress(["checking a", "checking b"], 9, quiet=quiet) as report:
        report(1, 3)
    assert ("", expected) == capsys.readouterr()


def test_each_task_has_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number of units that are done."""
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "150"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    labels = ["checking a", "checking b"]
    with count_progress(labels, 9, lines=["not printed"], quiet=False) as report:
        report(1, 3)
    out, err = capsys.readouterr()
    assert "" == out
    assert all(label in err for label in [*labels, "0/9", "3/9"])
    assert "not printed" not in err


def test_a_simulation_has_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With virtual time and replications that are done."""
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "150"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    with simulation_progress("simulating x", "much", quiet=False) as report:
        report(HALF)
    out, err = capsys.readouterr()
    assert "" == out
    assert "simulating x" in err
    assert "1 min 30 s of 3 min, 1 of 3 replications" in err.replace("\xa0", " ")
