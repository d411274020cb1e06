"""Gates and objectives of a comparison on a terminal."""

import io

import pytest
from rich.console import Console

from invitelab.formats.gates import ComparedObjective, Gate, GateVerdict
from invitelab.formats.results import Results
from invitelab.formats.several_results import Comparison
from invitelab.reporting.load.gate_terminal import gates_style
from invitelab.reporting.load.terminal import print_comparison

HOLDS, FAILS, UNDECIDED = GateVerdict


def comparison(
    *gates: Gate, objectives: tuple[ComparedObjective, ...] = ()
) -> Comparison:
    """A comparison with these gates and objectives, and nothing else."""
    return Comparison(
        a="a",
        b="b",
        seed_a=1,
        seed_b=1,
        paired=True,
        changed={},
        differences=(),
        gates=gates,
        objectives=objectives,
    )


def printed(found: Comparison, *, quiet: bool = False) -> list[str]:
    """What is printed, line by line."""
    stream = io.StringIO()
    print_comparison(Console(file=stream, width=150), found, None, quiet=quiet)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_gate_has_a_line_and_the_last_one_is_for_all() -> None:
    """Quiet leaves the conclusion and that line."""
    found = comparison(
        Gate(gate="[bold]missed", verdict=HOLDS),
        Gate(gate="missed", verdict=FAILS, objectives=("accepted",)),
    )
    lines = printed(found)
    assert "gates" in lines
    assert any(line.startswith("✓ holds   [bold]missed") for line in lines)
    assert "FAILED - 1 of 2 gates fails: missed" == lines[-1]
    assert 2 == len(printed(found, quiet=True))


def test_without_gates_nothing_is_said_of_them() -> None:
    """The conclusion is the last line."""
    lines = printed(comparison())
    assert "gates" not in lines
    assert lines[-1].startswith("There is nothing to compare")


def test_an_objective_with_another_verdict_is_marked(steady: Results) -> None:
    """And one that only a run has is absent in the other."""
    first, second, *_ = steady.objectives
    others = {one.verdict: one for one in steady.objectives}
    other = next(one for verdict, one in others.items() if verdict != first.verdict)
    lines = printed(
        comparison(
            objectives=(
                ComparedObjective(a=first, b=other),
                ComparedObjective(a=second, b=None),
            )
        )
    )
    assert any(line.endswith(f"now {other.verdict.value}") for line in lines)
    assert any(line.endswith("(absent)") for line in lines)


@pytest.mark.parametrize(
    ("verdicts", "style"),
    [
        ([HOLDS, UNDECIDED, FAILS], "bold red"),
        ([HOLDS, UNDECIDED], "yellow"),
        ([HOLDS], "green"),
    ],
)
def test_the_worst_gate_gives_the_colour(
    verdicts: list[GateVerdict], style: str
) -> None:
    """Red, yellow and green."""
    gates = [Gate(gate=str(n), verdict=one) for n, one in enumerate(verdicts)]
    assert style == gates_style(comparison(*gates))
