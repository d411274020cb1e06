"""Percentile files, parsed as a plotter of HdrHistogram does."""

from invitelab.formats.results import Bin, Distribution, Estimate, Results
from invitelab.reporting.load.hgrm import hgrm


def points(text: str) -> list[tuple[float, float, int]]:
    """Read value, percentile and count of each line."""
    lines = [line for line in text.splitlines()[1:] if line and line[0] != "#"]
    return [
        (float(line.split()[0]), float(line.split()[1]), int(line.split()[2]))
        for line in lines
    ]


def test_the_lines_rise_to_the_whole(steady: Results) -> None:
    """Values, percentiles and counts never fall; the last is 100 % of all samples."""
    for one in steady.distributions:
        found = points(hgrm(one))
        assert found == sorted(found)
        assert (1.0, one.count) == found[-1][1:]


def test_a_line_counts_what_lies_at_or_below_its_value() -> None:
    """For samples of 1 to 1000 ms."""
    bins = tuple(
        Bin(lower=ms * 1000, upper=ms * 1000 + 1, count=1) for ms in range(1, 1001)
    )
    one = Distribution(
        metric="m",
        count=1000,
        maximum_us=1_000_000,
        bins=bins,
        mean_us=Estimate(mean=500_500),
    )
    text = hgrm(one)
    for value, percentile, total in points(text):
        assert total == round(value)
        assert total / 1000 >= percentile - 1e-12
    assert (500.0, 0.5, 500) in points(text)
    assert "#[Mean    =      500.500, StdDeviation   =      288.675]" in text
    assert "#[Max     =     1000.000, Total count    =         1000]" in text


def test_what_is_early_counts_below_everything() -> None:
    """A negative value has no bin of its own."""
    one = Distribution(
        metric="expiry_lag",
        count=4,
        negative=3,
        bins=(Bin(lower=0, upper=1, count=1),),
    )
    assert [(0.0, 1.0, 4)] == points(hgrm(one))


def test_an_empty_distribution_has_its_footer() -> None:
    """It has no other lines."""
    text = hgrm(Distribution(metric="m", count=0))
    assert [] == points(text)
    assert "Total count    =            0" in text
