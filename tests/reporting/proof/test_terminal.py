"""A proof on a terminal: figures, survivors, what is wrong, and the verdict last."""

import io
from pathlib import Path

from rich.console import Console

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.summary import lines
from invitelab.reporting.proof.terminal import MOST_COMPLAINTS, print_proof


def printed(proof: Proof, *, quiet: bool = False) -> list[str]:
    """Give the lines."""
    stream = io.StringIO()
    console = Console(file=stream, width=80)
    print_proof(console, proof, stored=Path("there/report.html"), quiet=quiet)
    return stream.getvalue().splitlines()


def test_a_proof_ends_with_its_verdict(proven: Proof) -> None:
    """Behind every figure and whoever was excused."""
    shown = printed(proven)
    assert "report  there/report.html" == shown[1]
    assert [
        *lines(proven),
        "alive   saint (PLATFORM-1) excused: nobody can see it",
        "PROVEN",
    ] == shown[3:]


def test_what_is_wrong_stands_before_the_verdict(doubtful: Proof) -> None:
    """Every complaint, behind the survivors."""
    shown = printed(doubtful)
    count = len(doubtful.complaints)
    wrong = [f"wrong   {complaint}" for complaint in doubtful.complaints]
    assert [*wrong, f"NOT PROVEN ({count} complaints)"] == shown[-count - 1 :]
    assert shown[-count - 2].startswith("alive   saint")


def test_one_complaint_is_one(unproven: tuple[Proof, str]) -> None:
    """Whatever it is about."""
    proof, says = unproven
    assert [f"wrong   {says}", "NOT PROVEN (1 complaint)"] == printed(proof)[-2:]


def test_quiet_leaves_what_is_wrong_and_the_verdict(
    proven: Proof, doubtful: Proof
) -> None:
    """Where nothing is, one word."""
    assert ["PROVEN"] == printed(proven, quiet=True)
    assert len(doubtful.complaints) + 1 == len(printed(doubtful, quiet=True))


def test_a_hundred_complaints_do_not_fill_the_screen(doubtful: Proof) -> None:
    """How many are left out is said."""
    many = tuple(f"complaint {n}" for n in range(MOST_COMPLAINTS + 2))
    shown = printed(doubtful.model_copy(update={"complaints": many}), quiet=True)
    assert "... and 2 more: report.md has them all" == shown[-2]
    assert MOST_COMPLAINTS + 2 == len(shown)


def test_words_are_no_markup(doubtful: Proof) -> None:
    """They are printed as they are; control characters were escaped in the records."""
    proof = doubtful.model_copy(update={"complaints": ("[bold]x",)})
    assert "wrong   [bold]x" == printed(proof, quiet=True)[0]
