"""Intervals have about their nominal coverage, for all kinds of figures."""

import importlib.util
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "coverage.py"
STUDIES = 250


def script() -> ModuleType:
    """Load the benchmark, which is in no package."""
    spec = importlib.util.spec_from_file_location("coverage_of_intervals", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCHMARK = script()


QUICK = [name for name in BENCHMARK.ROWS if "1,000 samples" not in name]


@pytest.mark.parametrize("name", QUICK)
def test_an_interval_holds_the_truth_in_95_of_100_studies(name: str) -> None:
    """93 to 97 % of 250 studies, within three standard errors."""
    scatter = (0.95 * 0.05 / STUDIES) ** 0.5
    low, high = 0.93 - 3 * scatter, min(0.97 + 3 * scatter, 0.996)
    assert low <= BENCHMARK.coverage(name, STUDIES) <= high


def test_a_delay_within_one_bin_is_held_at_least_as_often() -> None:
    """All samples are in one or two bins, so only their width is known."""
    random = Random(1)
    studies = [
        BENCHMARK.quantile(random, of=0.5, spread=0.0003, samples=60)
        for _ in range(STUDIES)
    ]
    held = sum(found.low <= truth <= found.high for truth, found in studies)
    assert held / STUDIES >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARK.ROWS)
def test_an_interval_holds_the_truth_in_92_to_98_of_100_studies(name: str) -> None:
    """Over a thousand studies, for all published rows."""
    assert 0.92 <= BENCHMARK.coverage(name, 1_000) <= 0.98
