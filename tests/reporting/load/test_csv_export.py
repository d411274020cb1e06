"""Comma-separated values: all figures, and no formulas."""

import csv
import io
from collections.abc import Callable

import pytest

from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.load.csv_export import (
    distributions_csv,
    metrics_csv,
    sweep_csv,
)


def rows(text: str) -> list[dict[str, str]]:
    """Read what was written."""
    return list(csv.DictReader(io.StringIO(text)))


def test_every_figure_of_every_window_has_a_row(steady: Results) -> None:
    """Those that were not measured have none."""
    found = rows(metrics_csv(steady))
    pending = [row for row in found if row["metric"] == "pending"]
    waits = [row for row in found if row["metric"] == "relay_wait"]
    assert [window.pending for window in steady.windows] == [
        float(row["value"]) for row in pending
    ]
    measured = [one.at_us for one in steady.windows if one.relay_wait_us is not None]
    assert measured == [int(row["begins_us"]) for row in waits]
    assert len(measured) < len(steady.windows)


def test_the_bins_are_those_of_the_results(steady: Results) -> None:
    """All of them, so that the counts add up."""
    found = rows(distributions_csv(steady))
    for one in steady.distributions:
        mine = [int(row["count"]) for row in found if row["metric"] == one.metric]
        assert one.count - one.negative == sum(mine)


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\x1b=", "\t+", "\u202e@"])
def test_text_is_never_a_formula(
    make_results: Callable[[str], Results], lead: str
) -> None:
    """Not even behind characters that are not shown."""
    results = make_results("one")
    point = SweepPoint(value=f"{lead}cmd|'/c calc'!A0", number=None, results=results)
    found = rows(
        sweep_csv(Sweep(title="", path="x", points_planned=1, points=(point,)))
    )
    assert len(results.objectives) == len(found)
    assert all(row["value"].startswith("'") for row in found)


def test_a_negative_number_stays_a_number(steady: Results) -> None:
    """Only text is escaped."""
    window = steady.windows[0].model_copy(update={"pending": -1.5})
    changed = steady.model_copy(update={"windows": (window,)})
    (row,) = (one for one in rows(metrics_csv(changed)) if one["metric"] == "pending")
    assert "-1.5" == row["value"]
