"""Wall time, out of reach of a target that replaces the clock of this process.

freezegun looks through every module for the functions of `time` and puts its own in
their place. It does not look into a `partial`.
"""

import time
from functools import partial

monotonic_s = partial(time.monotonic)
"""Seconds since some instant, as in time.monotonic."""
