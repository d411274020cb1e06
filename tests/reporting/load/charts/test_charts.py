"""Charts of all kinds of runs: a description, and a picture or a reason."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree as ET

import pytest

from invitelab.formats.results import (
    Bin,
    CurvePoint,
    Distribution,
    Estimate,
    Objective,
    ObjectiveVerdict,
    Results,
)
from invitelab.formats.several_results import Comparison, Difference, Sweep, SweepPoint
from invitelab.reporting.load.charts import (
    delays,
    differences,
    expiry,
    objectives,
    outcomes,
    percentiles,
    relay,
    replications,
    signed_expiry,
    sweep_curve,
    traces,
    versions,
)
from invitelab.reporting.load.charts.base import Chart, runs_above
from invitelab.reporting.load.plotting.axes_view import AxesView, Gaps
from invitelab.reporting.load.plotting.canvas import house_style

MakeResults = Callable[[str], Results]
Make = Callable[[Results], Chart]

MAKERS: Mapping[str, Make] = {
    "delays": delays.chart,
    "expiry": expiry.chart,
    "lives": traces.chart,
    "objectives": objectives.chart,
    "outcomes": outcomes.chart,
    "percentiles": percentiles.chart,
    "relay": relay.chart,
    "replications": replications.chart,
    "versions": versions.chart,
}


def made(make: Make, results: Results) -> Chart:
    """Make a chart in the style of a report."""
    with house_style():
        return make(results)


def plain(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words(chart: Chart) -> list[str]:
    """Give the words of a picture."""
    assert chart.picture is not None
    root = ET.fromstring(chart.picture.svg)  # noqa: S314 - our own document
    return [plain(e.text or "") for e in root.iter() if e.tag.endswith("}text")]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("run", ["nothing", "short"])
def test_every_chart_is_whole_or_says_why_not(
    make_results: MakeResults, run: str, name: str
) -> None:
    """It always has a sentence; a picture has no NaN or infinity."""
    chart = made(MAKERS[name], make_results(run))
    assert chart.description.endswith(".")
    assert not re.search(r"\b(nan|inf|None)\b", chart.description)
    assert name == chart.name
    if chart.picture is not None:
        assert chart.picture.png.startswith(b"\x89PNG")
        assert not re.search(r"\b(nan|inf)\b", chart.picture.svg)
        assert chart.title in words(chart)


# Expiry


def test_expiries_on_time_have_a_sentence_and_no_histogram(steady: Results) -> None:
    """There is no empty histogram."""
    chart = made(expiry.chart, steady)
    assert chart.healthy
    assert chart.picture is None
    assert (
        "All 2 295 expiries came at the very microsecond of the deadline:"
        " none early, none late." == plain(chart.description)
    )


def test_an_early_expiry_is_called_a_defect(steady: Results) -> None:
    """Also when nothing is late."""
    lag = Distribution(
        metric="expiry_lag",
        count=10,
        negative=2,
        maximum_us=0,
        bins=(Bin(lower=0, upper=1, count=8),),
    )
    chart = made(expiry.chart, steady.model_copy(update={"distributions": (lag,)}))
    assert not chart.healthy
    assert "2 came EARLY, which is a defect; 80 % came exactly" in plain(
        chart.description
    )


EARLY = Distribution(
    metric="expiry_lag",
    count=20,
    negative=15,
    minimum_us=-402_000,
    maximum_us=31_000,
    curve=(CurvePoint(probability=0.5, value=Estimate(mean=-310_000)),),
    bins=(Bin(lower=0, upper=1, count=1), Bin(lower=30_976, upper=31_104, count=4)),
    early=(
        Bin(lower=309_248, upper=310_272, count=10),
        Bin(lower=401_408, upper=402_432, count=5),
    ),
)


def test_a_measured_timer_may_be_early(steady: Results) -> None:
    """It is told and drawn around the deadline, and is no defect of ours."""
    update = {"source": "import", "distributions": (EARLY,)}
    chart = made(expiry.chart, steady.model_copy(update=update))
    assert chart.picture is not None
    assert (
        "Of 20 expiries, 15 came early, by at most 402 ms, 1 exactly at the deadline,"
        " 4 late, by at most 31 ms. Half came at least 310 ms before the deadline."
        == plain(chart.description)
    )
    for text in ("deadline", "75 % early, 20 % late", "p50 \N{MINUS SIGN}310 ms"):
        assert text in plain(chart.picture.svg)


def test_the_bars_around_the_deadline_hold_every_expiry() -> None:
    """Each where it belongs; one of them begins at the deadline."""
    found = signed_expiry.bars(EARLY)
    assert 20 == sum(number for _, _, number in found)
    assert 15 == sum(number for _, high, number in found if high <= 0)
    assert 0 in [low for low, _, _ in found]
    assert len(found) <= signed_expiry.MOST_BARS + 2


def test_an_early_expiry_of_our_own_world_stays_a_defect(steady: Results) -> None:
    """However well it could be drawn."""
    chart = made(expiry.chart, steady.model_copy(update={"distributions": (EARLY,)}))
    assert "15 came EARLY, which is a defect" in plain(chart.description)


def test_the_bars_hold_every_late_expiry(make_results: MakeResults) -> None:
    """Rebinning loses none."""
    results = make_results("spike")
    lag = results.distribution("expiry_lag")
    assert lag is not None
    rows = made(expiry.chart, results).table.rows
    assert lag.count == sum(int(plain(row[1]).replace(" ", "")) for row in rows)


# The relay


def test_the_description_has_the_time_in_which_the_relay_was_full(
    make_results: MakeResults,
) -> None:
    """From the first full window to the end of the last."""
    description = plain(made(relay.chart, make_results("spike")).description)
    assert "The relay was full from 3 min 30 s to 6 min 30 s." in description


def test_the_description_of_a_relay_that_was_never_full(steady: Results) -> None:
    """With its busiest moment."""
    description = made(relay.chart, steady).description
    assert description.startswith("The relay was never full: at most ")


def test_a_pool_has_both_ends_of_its_interval(steady: Results) -> None:
    """They are not as far from the mean to one side as to the other."""
    first, *others = steady.pools
    busy = first.model_copy(
        update={"utilisation": Estimate(mean=0.9, low=0.7, high=0.97)}
    )
    changed = steady.model_copy(update={"pools": (busy, *others)})
    assert "90 % (70 % to 97 %)" in words(made(relay.chart, changed))


def test_full_windows_in_a_row_are_one_stretch(steady: Results) -> None:
    """A gap divides two of them."""
    busy = [0.2, 1.0, 1.0, 0.4, 1.0]
    windows = [
        window.model_copy(update={"relay_utilisation": value})
        for window, value in zip(steady.windows, busy, strict=False)
    ]
    assert [(1, 2), (4, 4)] == runs_above(windows, 0.98)


# Objectives


def test_every_objective_has_its_verdict_in_the_picture(steady: Results) -> None:
    """With its sign and its estimate."""
    found = words(made(objectives.chart, steady))
    assert {"✓ met", "✗ missed", "? undecided", "329 ms", "not measured"} <= set(found)


@pytest.mark.parametrize(
    ("value", "bound", "ratio"),
    [(50, 100, 0.5), (0, 0, 1.0), (5, 0, math.inf), (-1, 2, 0)],
)
def test_a_bound_of_zero_can_be_met_and_missed(
    value: float, bound: float, ratio: float
) -> None:
    """Though nothing is a multiple of it."""
    assert ratio == objectives.ratio(value, bound)


def test_a_bound_of_zero_can_be_drawn(steady: Results) -> None:
    """At the bound, and as an arrow beyond it."""
    promises = tuple(
        Objective(
            metric="x" * 200,
            quantile=None,
            at_most=True,
            bound=0,
            unit="us",
            verdict=ObjectiveVerdict.UNDECIDED,
            figure_verdict=ObjectiveVerdict.UNDECIDED,
            estimate=Estimate(mean=mean, low=0, high=mean),
            samples=1,
        )
        for mean in (0.0, 5.0)
    )
    chart = made(objectives.chart, steady.model_copy(update={"objectives": promises}))
    assert max(map(len, words(chart))) < 120


# Percentiles


def test_the_objectives_are_named_in_the_percentile_plot(steady: Results) -> None:
    """Each with its bound and its verdict."""
    found = words(made(percentiles.chart, steady))
    assert {"p99 ≤ 400 ms", "met: 329 ms", "p99.9 ≤ 700 ms"} <= set(found)


def test_a_figure_of_some_replications_is_no_dot_beside_the_curve(
    steady: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curve is over all of them; the label says what the figure is of."""
    dots: list[float] = []

    def dotted(
        _axes: AxesView,
        _x: Sequence[float],
        y: Sequence[float],
        *_: object,
        **__: object,
    ) -> None:
        dots.extend(y)

    monkeypatch.setattr(AxesView, "dots", dotted)
    objective = steady.objectives[0]
    some = objective.model_copy(update={"silent": 2})
    for one in (objective, some):
        drawn = made(
            percentiles.chart, steady.model_copy(update={"objectives": (one,)})
        )
        assert (one is some) == ("met: 329 ms in some runs" in words(drawn))
    assert objective.estimate is not None
    assert [objective.estimate.mean] == dots


def test_a_p99_that_is_never_is_not_unknown(
    steady: Results,
) -> None:
    """Its p99 is known to be longer than any time."""
    first, *rest = steady.replications
    update = {"notify_p99_us": None, "notify_p99_never": True}
    changed = (first.model_copy(update=update), *rest)
    chart = made(
        replications.chart, steady.model_copy(update={"replications": changed})
    )
    told = "Over 4 of 5 replications, where it is a time (never in 1), the notify delay"
    assert chart.description.startswith(told)


def test_delays_of_nothing_can_be_drawn(steady: Results) -> None:
    """In a world where nothing takes any time, an axis has no logarithm."""
    none = {"notify_p50_us": 0.0, "notify_p99_us": 0.0}
    still = tuple(one.model_copy(update=none) for one in steady.windows)
    changed = steady.model_copy(update={"windows": still, "objectives": ()})
    assert made(delays.chart, changed).picture is not None


def test_a_picture_of_the_warm_up_alone_is_not_said_to_be_none(
    steady: Results,
) -> None:
    """The words leave the warm-up out, the lines do not."""
    none = {"notify_p50_us": None, "notify_p99_us": None}
    rest = tuple(
        one if one.at_us < steady.warm_up_us else one.model_copy(update=none)
        for one in steady.windows
    )
    chart = made(delays.chart, steady.model_copy(update={"windows": rest}))
    assert chart.picture is not None
    assert chart.description == (
        "No window between warm-up and drain has enough samples for a percentile."
    )


def test_the_band_ends_where_the_intervals_do(
    monkeypatch: pytest.MonkeyPatch, steady: Results
) -> None:
    """It is not drawn down to the axis for points without an interval."""
    bands: list[Gaps] = []

    def band(_axes: AxesView, _x: object, low: Gaps, *_: object, **__: object) -> None:
        bands.append(low)

    (notify, *others) = steady.distributions
    *curve, last = notify.curve
    bare = last.model_copy(update={"value": Estimate(mean=last.value.mean)})
    notify = notify.model_copy(update={"curve": (*curve, bare)})
    changed = steady.model_copy(update={"distributions": (notify, *others)})
    monkeypatch.setattr(AxesView, "band", band)
    made(percentiles.chart, changed)
    ends = next(low for low in bands if len(low) > 2 and low[-1] is None)
    assert None not in ends[:-1]


def test_neither_end_of_a_band_falls() -> None:
    """The interval of a rare quantile bounds all that are less rare."""
    ends = [(4, 900, 10), (18, 22, 20), (1, 41, 21), (None, None, 22)]
    curve = [
        CurvePoint(
            probability=place / 10, value=Estimate(mean=mean, low=low, high=high)
        )
        for place, (low, high, mean) in enumerate(ends)
    ]
    assert [(4, 22), (18, 22), (18, 41), (None, None)] == percentiles.band(curve)


def test_too_few_samples_draw_no_curve(make_results: MakeResults) -> None:
    """A curve that ends before the median is not drawn."""
    chart = made(percentiles.chart, make_results("short"))
    assert chart.picture is None
    assert "too few" in chart.description


# The others


def test_one_replication_has_no_interval_and_says_so(make_results: MakeResults) -> None:
    """In place of a single dot."""
    chart = made(replications.chart, make_results("one"))
    assert chart.picture is None
    assert chart.description.startswith(
        "1 replication cannot show how much runs differ"
    )


def test_the_sampled_traces_are_of_many_outcomes(steady: Results) -> None:
    """At most a dozen, in the order they began."""
    found = traces.chosen(steady.traces * 3)
    begins = [trace.moments[0].at_us for trace in found]
    assert 12 == len(found)
    assert 6 == len({trace.outcome for trace in found})
    assert sorted(begins) == begins


def test_refusals_are_ranked_by_how_many(steady: Results) -> None:
    """The description names the most frequent one."""
    description = plain(made(versions.chart, steady).description)
    total = sum(steady.refusals.values())
    assert f"{total:,} refusals of a direct invitation".replace(",", " ") in description
    assert description.endswith("; most (3 354): cannot be invited directly.")


def test_a_sweep_marks_its_verdicts(steady: Results) -> None:
    """One sign a point; values that are no numbers are evenly spaced."""
    points = tuple(
        SweepPoint(value=value, number=None, results=steady) for value in "abc"
    )
    sweep = Sweep(
        title="t", path="network.kind", points_planned=len(points), points=points
    )
    with house_style():
        chart = sweep_curve.chart(sweep)
    assert [0.0, 1.0, 2.0] == sweep_curve.places(points)
    assert 3 == words(chart).count("✗")
    assert "at most 400 ms" in words(chart)  # the bound of the delay that is drawn


def test_a_sweep_draws_what_bounds_the_relay(steady: Results) -> None:
    """In the panel of the relay, where the point that misses it is marked."""
    missed = steady.objectives[-1].model_copy(
        update={
            "metric": "relay_utilisation",
            "quantile": None,
            "bound": 0.25,
            "unit": "1",
        }
    )
    one = steady.model_copy(update={"objectives": (missed,)})
    point = SweepPoint(value="1", number=1, results=one)
    with house_style():
        chart = sweep_curve.chart(
            Sweep(title="t", path="p", points_planned=1, points=(point,))
        )
    assert ["at most 25 %"] == [word for word in words(chart) if "at most" in word]


def test_nothing_beside_nothing_has_no_interval() -> None:
    """It would be as long as the picture, and make all others small."""
    same = Difference(
        metric="pending",
        statistic="share",
        unit="1",
        a=0,
        b=0,
        difference=Estimate(mean=0, low=-0.001, high=0.001),
        significant=False,
    )
    small = same.model_copy(
        update={"a": 100, "b": 101, "difference": Estimate(mean=1, low=0, high=2)}
    )
    both = Comparison(
        a="x",
        b="y",
        seed_a=1,
        seed_b=1,
        paired=True,
        changed={},
        differences=(same, small),
    )
    with house_style():
        drawn = words(differences.chart(both))
    assert not any("100 %" in word for word in drawn)


def test_a_difference_of_nothing_can_be_drawn() -> None:
    """A figure that was zero in the first run has no relative difference."""
    one = Difference(
        metric="pending",
        statistic="peak",
        unit="1",
        a=0,
        b=5,
        difference=Estimate(mean=5),
        significant=None,
    )
    both = Comparison(
        a="x", b="y", seed_a=1, seed_b=2, paired=False, changed={}, differences=(one,)
    )
    with house_style():
        chart = differences.chart(both)
    assert "+5" in words(chart)
    assert math.inf == differences.relative(5, one)


def bounds_of(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[float, float]]:
    """Draw the notify delay over time; where its bounds are drawn."""
    spans: list[tuple[float, float]] = []

    def line(
        _self: AxesView, x: Sequence[float], y: Gaps, *_: object, **how: object
    ) -> None:
        del y
        if how.get("dashed"):
            spans.append((x[0], x[-1]))

    monkeypatch.setattr(AxesView, "line", line)
    made(delays.chart, results)
    return spans


def test_a_bound_of_a_p99_is_drawn_where_there_is_a_p99(
    make_results: MakeResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would seem to bound the p50, which is drawn there alone."""
    results = make_results("steady")
    half = len(results.windows) // 2
    windows = [
        window.model_copy(update={"notify_p99_us": None}) if place < half else window
        for place, window in enumerate(results.windows)
    ]
    some = results.model_copy(update={"windows": tuple(windows)})
    whole = bounds_of(results, monkeypatch)
    assert 0 == min(begin for begin, _ in whole)
    assert {results.windows[half].at_us} == {
        begin for begin, _ in bounds_of(some, monkeypatch)
    }
    none = [w.model_copy(update={"notify_p99_us": None}) for w in results.windows]
    bare = results.model_copy(update={"windows": tuple(none)})
    assert [] == bounds_of(bare, monkeypatch)
    assert "p99 ≤" not in " ".join(words(made(delays.chart, bare)))
