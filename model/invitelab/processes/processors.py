"""How many worker processes this machine is good for."""

import os
import sys

MOST_WORKERS = 61
"""Limit of a process pool on Windows, and so everywhere."""


def processors() -> int:
    """The processors that this process may use, at most MOST_WORKERS."""
    count = os.cpu_count() or 1
    if sys.platform == "linux":
        count = len(os.sched_getaffinity(0))
    return min(count, MOST_WORKERS)
