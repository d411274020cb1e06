"""Memory stays bounded, whatever a target writes or allocates."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.base import Limits

LIMITS = Limits(call_s=1.0, grace_s=0.05)
MOST_MEGABYTES = 40
"""What a run may take beside what is there: lines at the limit, read and checked."""

PEAK = Path("/proc/self/clear_refs")
RESET_PEAK = "5"


def megabytes(field: str) -> float:
    """Read how much memory this process has (VmRSS), or has had at most (VmHWM)."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in text.splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) / 1024


def taken(work: Callable[[], object]) -> float:
    """Do the work; how many megabytes it took at most beside what was there."""
    PEAK.write_text(RESET_PEAK, encoding="ascii")
    before = megabytes("VmRSS")
    work()
    return megabytes("VmHWM") - before


needs_peak = pytest.mark.skipif(not PEAK.exists(), reason="needs /proc/self/clear_refs")


@needs_peak
@pytest.mark.parametrize(
    "defect",
    [
        "long_line",
        "rows_of_nothing",
        pytest.param("flood", marks=pytest.mark.slow),
        pytest.param("fill_stderr", marks=pytest.mark.slow),
        pytest.param("hog", marks=pytest.mark.slow),
    ],
)
def test_our_memory_is_bounded(
    judge_defect: Callable[..., object], defect: str
) -> None:
    """A hundred megabytes, a line of mistakes, lines without end, a growing target."""
    judge_defect("none", LIMITS)
    assert taken(lambda: judge_defect(defect, LIMITS)) < MOST_MEGABYTES


@needs_peak
def test_memory_is_measured() -> None:
    """As a control: what is taken and given back is seen."""
    assert taken(lambda: len(b"x" * (100 << 20))) > MOST_MEGABYTES
