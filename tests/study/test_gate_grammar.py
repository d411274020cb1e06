"""Gates as they are written."""

import pytest

from invitelab.errors import UsageError
from invitelab.study.gate_grammar import Asked, figures, parse_gate, parse_gates


@pytest.mark.parametrize(
    ("text", "figure", "sign", "factor", "amount"),
    [
        ("notify_delay p99 +10%", "notify_delay p99", 1, 1.1, 0),
        ("decision_delay p99.9 +200ms", "decision_delay p99.9", 1, 1, 200_000),
        ("session_delay mean +1min30s", "session_delay mean", 1, 1, 90_000_000),
        ("accepted -5%", "accepted share", -1, 0.95, 0),
        ("accepted share -0.02", "accepted share", -1, 1, -0.02),
        ("pending peak +500", "pending peak", 1, 1, 500),
        ("refused count +3", "refused count", 1, 1, 3),
        ("accepted rate -30/min", "accepted rate", -1, 1, -0.5),
        ("messages rate + 10 %", "messages rate", 1, 1.1, 0),
        ("  expired   +1% ", "expired share", 1, 1.01, 0),
    ],
)
def test_a_gate_is_a_figure_and_a_change(
    text: str, figure: str, sign: int, factor: float, amount: float
) -> None:
    """The limit is so many times the first run, and so much more."""
    found = parse_gate(text)
    assert (figure, sign) == (found.figure, found.sign)
    assert factor == pytest.approx(found.factor)
    assert amount == pytest.approx(found.amount)
    assert not found.is_missed


def test_missed_is_a_gate_by_itself() -> None:
    """It is about the objectives."""
    assert parse_gate(" missed ").is_missed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has to be a figure and a change with its sign"),
        ("notify_delay p99", "has to be a figure and a change with its sign"),
        ("notify_delay p99 10%", "has to be a figure and a change with its sign"),
        ("+10%", "has to be a figure and a change with its sign"),
        ("notify_delay p99 +", "has no amount behind its sign"),
        ("notify_delay p99 +fast", "has a change that is not a duration"),
        ("notify_delay p99 +200", "has a change that is missing a unit"),
        ("accepted rate +3", "has a change that is missing a unit"),
        ("accepted +2s", 'has to change by a number or by %, not by "2s"'),
        ("accepted -101%", "asks for a loss of more than all"),
        ("accepted -2", "changes a share by more than 1, which is all"),
        ("notify_delay p100 +1%", 'names no figure with "notify_delay p100"'),
        ("notify_delay p0 +1%", 'names no figure with "notify_delay p0"'),
        ("a b c +1%", 'names no figure with "a b c"'),
        ("missed +1%", 'names no figure with "missed"'),
    ],
)
def test_what_is_no_gate_is_refused(text: str, sentence: str) -> None:
    """With the gate, a sentence and a hint."""
    with pytest.raises(UsageError) as caught:
        parse_gate(text)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("--fail-if ")
    assert caught.value.hint


def test_a_similar_figure_is_proposed() -> None:
    """Its name is in the hint, and that any percentile can be asked for."""
    with pytest.raises(UsageError) as caught:
        parse_gate("notify_dely p99 +10%")
    assert 'did you mean "notify_delay p99"?' in caught.value.hint
    assert "p99.9" in caught.value.hint


def test_every_figure_that_has_a_name_can_be_asked_for() -> None:
    """By that name."""
    for figure in figures():
        assert figure == parse_gate(f"{figure} +1%").figure


def test_the_same_gate_is_tested_once() -> None:
    """Twice would make the intervals wider."""
    found = parse_gates(("accepted -5%", "accepted   -5%", "missed"))
    assert ["accepted -5%", "missed"] == [one.text for one in found]
    assert Asked(text="missed") == found[1]
