"""A measurement beside its model: sentences, tables, pictures and pages."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.formats.beside import (
    Beside,
    Calibration,
    OutcomePair,
    Overlay,
    OverlayPoint,
    explained_up_to,
)
from invitelab.formats.results import Estimate, Outcome
from invitelab.formats.several_results import Comparison
from invitelab.reporting.load.beside_text import (
    calibration_lines,
    conclusion,
    near_percentile,
    overlay_text,
    setting,
)
from invitelab.reporting.load.charts import outcome_pairs, overlay
from invitelab.reporting.load.comparison_text import comparison_summary
from invitelab.reporting.load.files import write_comparison
from invitelab.reporting.load.plotting.canvas import house_style
from invitelab.reporting.load.terminal import print_comparison

PROBABILITIES = (0.108749062, 0.5, 0.9, 0.99, 0.998221721)
CALIBRATION = Calibration(
    latency={"distribution": "lognormal", "median": "41.2ms", "sigma": 0.5},
    service={"distribution": "exponential", "mean": "1.5ms"},
    measured_p50_us=90_000,
    measured_p99_us=290_000,
    fitted_p50_us=90_000,
    fitted_p99_us=290_000,
    exact=True,
)


def plain(text: str) -> str:
    """Every kind of space as an ordinary one."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def overlaid(metric: str, factors: Sequence[float], *, never: int = 0) -> Overlay:
    """A delay that is measured so many times as long as in the model."""
    points = tuple(
        OverlayPoint(
            probability=probability,
            model_us=80_000 * (place + 1),
            measured_us=80_000 * (place + 1) * factor,
            low_us=70_000 * (place + 1),
            high_us=90_000 * (place + 1),
            tested=probability != 0.5,
        )
        for place, (probability, factor) in enumerate(
            zip(PROBABILITIES, factors, strict=False)
        )
    )
    return Overlay(
        metric=metric,
        model_count=5_000,
        model_never=0,
        measured_count=1_000,
        measured_never=never,
        points=points,
        explained=explained_up_to(points),
    )


ALL = overlaid("notify_delay", (1, 1, 1, 1, 1))
PART = overlaid("decision_delay", (1, 2, 1, 1.5, 1), never=7)
NONE = overlaid("session_delay", (3, 1, 1, 1, 1))
FEW = overlaid("session_delay", ())


def pair(outcome: Outcome, *, different: bool) -> OutcomePair:
    """An outcome whose share is half in the model."""
    mean = 0.4 if different else 0.49
    return OutcomePair(
        outcome=outcome,
        model=Estimate(mean=0.5, low=0.48, high=0.52),
        measured=Estimate(mean=mean, low=mean - 0.03, high=mean + 0.03),
        different=different,
    )


def of(
    *overlays: Overlay, different: bool = False, calibration: Calibration | None = None
) -> Beside:
    """A measurement beside its model."""
    return Beside(
        model="a",
        source="target",
        measured="acme 2.3.1",
        replications=5,
        overlays=overlays,
        shares=(
            pair(Outcome.ACCEPTED, different=different),
            pair(Outcome.EXPIRED, different=False),
        ),
        calibration=calibration,
    )


def comparison(found: Beside) -> Comparison:
    """The comparison with it."""
    return Comparison(
        a="support_desk",
        b="acme 2.3.1",
        seed_a=1,
        seed_b=2,
        paired=False,
        changed={},
        differences=(),
        beside=found,
    )


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (
            (
                "The model explains the notify delay up to p99.82 (the last tested)."
                " No difference shown in the shares of 2 outcomes."
            ),
            of(ALL),
        ),
        (
            (
                "The model explains the notify delay up to p99.82 (the last tested) and"
                " the decision delay up to p90; not the session delay (3 of 4"
                " percentiles are as simulated). The share differs in 1 of 2 outcomes:"
                " accepted."
            ),
            of(ALL, PART, NONE, different=True),
        ),
        (
            (
                "The model does not explain the session delay (3 of 4 percentiles are"
                " as simulated). No difference shown in the shares of 2 outcomes."
            ),
            of(NONE),
        ),
        (
            (
                "There is no delay that both have enough samples of."
                " No difference shown in the shares of 2 outcomes."
            ),
            of(FEW),
        ),
    ],
)
def test_the_conclusion_names_each_delay(expected: str, found: Beside) -> None:
    """And the outcomes that differ."""
    assert expected == conclusion(found) == comparison_summary(comparison(found))


@pytest.mark.parametrize(
    ("expected", "one"),
    [
        ("Notify delay: explained up to p99.82, the last tested.", ALL),
        (
            (
                "Decision delay: explained up to p90; at p99 it measured 480 ms, and"
                " the model says 280 ms to 360 ms. It never came for 7 of 1 007"
                " measured and 0 of 5 000 simulated."
            ),
            PART,
        ),
        (
            (
                "Session delay: not explained (3 of 4 percentiles are as simulated); at"
                " p11 it measured 240 ms, and the model says 70 ms to 90 ms."
            ),
            NONE,
        ),
        ("Session delay: too few samples in one of them for a curve.", FEW),
    ],
)
def test_each_delay_is_told_with_what_breaks_it(expected: str, one: Overlay) -> None:
    """The first tested percentile that lies outside."""
    assert expected == plain(
        overlay_text(one).replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


@pytest.mark.parametrize(
    ("expected", "probability"),
    [
        ("p50", 0.5),
        ("p11", 0.108749062),
        ("p94.4", 0.943765867),
        ("p99", 0.99),
        ("p99.82", 0.998221721),
        ("p99.9", 0.999),
        ("p99.9944", 0.999943766),
    ],
)
def test_a_percentile_has_two_digits_of_what_is_beyond(
    expected: str, probability: float
) -> None:
    """More would be noise."""
    assert expected == near_percentile(probability)


def test_the_calibration_can_be_pasted() -> None:
    """As options of a simulation."""
    lines = list(calibration_lines(CALIBRATION))
    latency = '{ distribution = "lognormal", median = "41.2ms", sigma = 0.5 }'
    assert f"  --set 'network.latency={latency}'" in lines
    assert "p50 90 ms and p99 290 ms" in plain(lines[0])
    assert 'relay.service={ mean = "1.5ms" }' == setting(
        "relay.service", {"mean": "1.5ms"}
    )


def test_a_calibration_that_does_not_fit_says_so() -> None:
    """And one that cannot be made."""
    update = {"exact": False, "fitted_p99_us": 200_000}
    rough = CALIBRATION.model_copy(update=update)
    assert "the nearest gives 200 ms" in plain(list(calibration_lines(rough))[-1])
    (none,) = calibration_lines(None)
    assert "no p99" in none


def test_the_overlay_says_where_the_model_ends() -> None:
    """In its picture and its table."""
    with house_style():
        chart = overlay.chart(of(ALL, PART, NONE))
    assert chart.picture is not None
    for text in ("explained up to p90", "not explained", "measured", "model"):
        assert text in plain(chart.picture.svg)
    assert 12 == len(chart.table.rows)
    assert ["yes"] * 6 + ["no"] == [row[-1] for row in chart.table.rows[:7]]


def test_an_overlay_without_points_is_not_drawn() -> None:
    """It has a sentence."""
    with house_style():
        chart = overlay.chart(of(FEW))
    assert chart.picture is None
    assert "too few samples" in chart.description


def test_outcomes_are_drawn_with_what_differs() -> None:
    """Both shares of each."""
    with house_style():
        chart = outcome_pairs.chart(of(ALL, different=True))
    assert chart.picture is not None
    assert "different" in chart.picture.svg
    assert "1 of 2 outcomes differ: accepted (measured 40 %, the model says 50 %)." == (
        plain(chart.description)
    )


def test_the_comparison_is_written_and_printed(tmp_path: Path) -> None:
    """With the calibration, and nothing about pairs of replications."""
    found = comparison(of(ALL, PART, calibration=CALIBRATION))
    page = write_comparison(tmp_path, found, {}).read_text("utf-8")
    report = (tmp_path / "report.md").read_text("utf-8")
    file = io.StringIO()
    print_comparison(Console(file=file, width=200), found, None)
    for text in (page, report, file.getvalue()):
        assert "Measured: acme 2.3.1" in text
        assert "network.latency" in text
        assert "aired" not in text
    names = {path.name for path in (tmp_path / "charts").iterdir()}
    charts = ("overlay", "outcome-shares")
    assert {f"{name}.{kind}" for name in charts for kind in ("png", "svg")} == names
    assert "![Measured beside the model](charts/overlay.png)" in report
    assert found == Comparison.model_validate_json(
        (tmp_path / "comparison.json").read_bytes()
    )
    assert file.getvalue().endswith(f"{conclusion(of(ALL, PART))}\n")
