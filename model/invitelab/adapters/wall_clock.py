"""Wall-clock time that freezegun does not replace.

freezegun replaces the functions of `time` in every loaded module. It does not look into
a `partial`.
"""

import time
from functools import partial

monotonic_s = partial(time.monotonic)
"""time.monotonic(), in seconds, also while the clock of this process is frozen."""

utc_s = partial(time.time)
"""time.time(), in seconds since 1970, likewise."""
