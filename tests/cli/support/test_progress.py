"""How far a simulation is: a bar on a terminal, a line elsewhere, or nothing."""

import pytest

from invitelab.cli.support.progress import progress
from invitelab.study.workers import Reached

HALF = Reached(done_us=90_000_000, all_us=180_000_000, replications=1, planned=3)


@pytest.mark.parametrize(
    ("expected", "quiet"), [("simulating x: much\n", False), ("", True)]
)
def test_elsewhere_it_is_one_line(
    capsys: pytest.CaptureFixture[str], *, expected: str, quiet: bool
) -> None:
    """On stderr, or none when it shall be quiet."""
    with progress("simulating x", "much", quiet=quiet) as tell:
        tell(HALF)
    assert ("", expected) == capsys.readouterr()


def test_on_a_terminal_it_is_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the time and the replications that are done."""
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "150"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    with progress("simulating x", "much", quiet=False) as tell:
        tell(HALF)
    out, err = capsys.readouterr()
    assert "" == out
    assert "simulating x" in err
    assert "1 min 30 s of 3 min, 1 of 3 replications" in err.replace("\xa0", " ")
