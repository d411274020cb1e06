"""Gates as text: what was found, the limit, and the last line."""

import pytest

from invitelab.formats.gates import Gate, GateDoubt, GateVerdict
from invitelab.formats.results import Estimate
from invitelab.formats.several_results import Comparison
from invitelab.reporting.load.gate_text import gate_rows, gate_text, gates_summary
from invitelab.reporting.load.markdown import comparison_markdown
from invitelab.reporting.load.pages import comparison_page

HOLDS, FAILS, UNDECIDED = GateVerdict
P99 = {"metric": "notify_delay", "statistic": "p99", "unit": "us", "confidence": 0.95}


def delay(verdict: GateVerdict, low_ms: float, high_ms: float) -> Gate:
    """A gate of 110 ms, that much beyond."""
    mean_us = (low_ms + high_ms) / 2 * 1000
    return Gate.model_validate(
        {
            **P99,
            "gate": "notify_delay p99 +10%",
            "verdict": verdict,
            "a": 100_000,
            "b": 110_000 + mean_us,
            "limit": 110_000,
            "beyond": Estimate(mean=mean_us, low=low_ms * 1000, high=high_ms * 1000),
        }
    )


@pytest.mark.parametrize(
    ("gate", "text"),
    [
        (
            delay(FAILS, 10, 30),
            "130 ms, limit 110 ms; beyond it by 10 ms to 30 ms (95 % interval)",
        ),
        (
            delay(HOLDS, -30, -10),
            "90 ms, limit 110 ms; within it by 10 ms to 30 ms (95 % interval)",
        ),
        (
            Gate(gate="missed", verdict=FAILS, objectives=("accepted", "expired")),
            "2 objectives of b not met: accepted and expired.",
        ),
        (Gate(gate="missed", verdict=HOLDS), "All objectives of b are met."),
        (
            Gate(gate="missed", verdict=UNDECIDED, doubt=GateDoubt.UNMEASURED),
            "b has no objectives that apply.",
        ),
        (
            Gate.model_validate(
                P99 | {"gate": "g", "verdict": UNDECIDED, "doubt": GateDoubt.FEW}
            ),
            (
                "Fewer than three replications with the figure tell no difference from"
                " chance"
            ),
        ),
    ],
)
def test_what_was_found_is_in_words(gate: Gate, text: str) -> None:
    """The figure of the second run, its limit, and by how much."""
    assert text == gate_text(gate).replace("\N{NO-BREAK SPACE}", " ")


def test_an_undecided_gate_says_what_would_decide_it() -> None:
    """The limit is inside of its interval."""
    assert gate_text(delay(UNDECIDED, -10, 10)).endswith(
        ": more replications would tell"
    )


def test_what_is_endless_has_no_figure() -> None:
    """It never happens often enough."""
    never = {"gate": "g", "verdict": FAILS, "doubt": GateDoubt.NEVER, "a": 100_000}
    text = gate_text(Gate.model_validate(P99 | never))
    assert "100 ms in a; in b it never happens" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def comparison(*gates: Gate) -> Comparison:
    """A comparison with these gates and nothing else."""
    return Comparison(
        a="a",
        b="b",
        seed_a=1,
        seed_b=1,
        paired=True,
        changed={},
        differences=(),
        gates=gates,
    )


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([HOLDS], "PASSED - 1 of 1 gate holds"),
        ([HOLDS, HOLDS], "PASSED - 2 of 2 gates hold"),
        ([HOLDS, UNDECIDED], "UNDECIDED - 1 of 2 gates undecided: 1"),
        ([FAILS, UNDECIDED], "FAILED - 1 of 2 gates fails: 0; undecided: 1"),
        ([FAILS, FAILS, HOLDS], "FAILED - 2 of 3 gates fail: 0 and 1"),
    ],
)
def test_the_last_line_names_the_worst(verdicts: list[GateVerdict], line: str) -> None:
    """How many of all, and which."""
    gates = [Gate(gate=str(n), verdict=one) for n, one in enumerate(verdicts)]
    found = comparison(*gates)
    assert line == gates_summary(found)
    assert [str(n) for n in range(len(gates))] == [
        gate for _, gate, _ in gate_rows(found)
    ]


def test_gates_stand_first_on_the_page_and_in_markdown() -> None:
    """Above all figures, with what was found at each."""
    found = comparison(delay(FAILS, 10, 30), Gate(gate="missed", verdict=HOLDS))
    page, text = comparison_page(found, ()), comparison_markdown(found, ())
    assert '<div class="verdict missed" id="gates"><b>✗ FAILED</b>' in page
    assert "**FAILED - 1 of 2 gates fails" in text
    for view in (page, text):
        first = view.index("1 of 2 gates fails")
        assert first < view.index("beyond it by") < view.index("All objectives of b")
    assert "gates" not in comparison_page(comparison(), ())
