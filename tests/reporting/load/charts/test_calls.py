"""The chart of calls over time, of runs on implementations."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from invitelab.formats.results import Results
from invitelab.formats.target_run import OperationWindow, TargetRun
from invitelab.reporting.load.charts import calls
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.canvas import house_style

SECOND_US = 1_000_000
WIDTH_US = 20 * SECOND_US
MakeRun = Callable[..., Results]


def window(
    method: str,
    place: int,
    *,
    count: int = 2_000,
    p50_us: int | None = 400,
    p99_us: int | None = 900,
) -> OperationWindow:
    """Give one window of an operation with enough calls."""
    return OperationWindow(
        method=method,
        at_us=place * WIDTH_US,
        count=count,
        p50_us=p50_us,
        p99_us=p99_us,
        max_us=5_000,
    )


@pytest.fixture
def at_target(steady: Results) -> MakeRun:
    """Give a function that makes results of a target with some windows."""

    def make(*over_time: OperationWindow) -> Results:
        run = TargetRun(
            implementation="acme",
            version="2",
            clock="real",
            settle_us=100_000,
            poll_us=50_000,
            rooms=1,
            room_clients=2,
            connections=1,
            invitations=5,
            judged=5,
            lost=0,
            restarts=0,
            not_applied=("network",),
            operations=(),
            findings=(),
            over_time=over_time,
            over_time_us=WIDTH_US,
        )
        return steady.model_copy(update={"target": run})

    return make


def drawn(results: Results) -> Chart:
    """Make the chart in the style of a report."""
    with house_style():
        return calls.chart(results)


def words(chart: Chart) -> set[str]:
    """Give the words of a picture."""
    assert chart.picture is not None
    root = ET.fromstring(chart.picture.svg)  # noqa: S314 - our own document
    return {e.text or "" for e in root.iter() if e.tag.endswith("}text")}


def test_a_target_that_becomes_slower_is_seen(at_target: MakeRun) -> None:
    """The description has the range of p50, and when p99 was highest."""
    views = [
        window("client.view", place, p50_us=half_us)
        for place, half_us in enumerate((2_000, 8_000))
    ]
    slow = window("client.view", 2, p50_us=7_000, p99_us=90_000)
    chart = drawn(at_target(*views, slow))
    told = re.sub(r"\s", " ", chart.description)
    assert "Of client.view, p50 was 2 ms to 8 ms" in told
    assert "p99 at most 90 ms, from 40 s on." in told
    assert "client.view" in words(chart)
    assert ("client.view", "40 s", "2 000", "7 ms", "90 ms", "5 ms") == tuple(
        re.sub(r"\s", " ", cell) for cell in chart.table.rows[-1]
    )


def test_the_operations_called_most_are_drawn(at_target: MakeRun) -> None:
    """Five lines would be hard to tell apart; the table has all of them."""
    names = [f"operation.{letter}" for letter in "abcde"]
    some = [
        window(name, place, count=100 * (rank + 1))
        for rank, name in enumerate(names)
        for place in (0, 1)
    ]
    chart = drawn(at_target(*some))
    assert set(names[1:]) == words(chart) & set(names)
    assert 10 == len(chart.table.rows)


@pytest.mark.parametrize(
    "some",
    [
        (),
        (window("client.view", 0),),
        (window("client.view", 0), window("client.view", 1, p50_us=None, p99_us=None)),
    ],
    ids=["none", "one window", "one with a percentile"],
)
def test_there_may_be_nothing_to_draw(
    at_target: MakeRun, some: tuple[OperationWindow, ...]
) -> None:
    """A reason stands instead; an older file has no windows at all."""
    chart = drawn(at_target(*some))
    assert chart.picture is None
    assert chart.description.startswith("There is nothing to draw: no operation has")
