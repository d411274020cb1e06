"""How often the objectives are looked at, and what error each look may make.

Whoever looks at a 95 % interval again after every few replications, and stops when it
leaves the bound, finds in the end that it does: the more looks, the more often. So the
error is spent over the looks, each of which has an interval of its own, wider than
95 %. By the union bound (Bonferroni's inequality) a run with a look that misses the
truth happens 5 times in 100 at most, whatever successive looks have in common. Such
intervals are the repeated confidence intervals of C. Jennison and B. W. Turnbull,
"Interim analyses: the repeated confidence interval approach", Journal of the Royal
Statistical Society B 51 (1989), page 305.

How much is spent by when is the function of K. K. G. Lan and D. L. DeMets, "Discrete
sequential boundaries for clinical trials", Biometrika 70 (1983), page 659, that is like
Pocock's test: with the part t of all replications, `error * log(1 + (e - 1) * t)`. It
spends early, as short runs are what a sequence of looks is for. It needs no looks at
fixed times, so that one after an interruption is as honest as the others.
"""

import math
from dataclasses import dataclass

from invitelab.study.intervals import ERROR

MORE_AT_ONCE = 2
"""Replications that follow while an objective is undecided; no matter how many run."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks after `first` replications and every MORE_AT_ONCE more, up to `most`.

    Where there is no more than the first, that look has the whole error.
    """

    first: int
    most: int

    def after(self, replications: int) -> int:
        """How many replications the look after this one is at; the same at the end."""
        return max(replications, min(self.most, replications + MORE_AT_ONCE))

    def error(self, replications: int) -> float:
        """What a look at so many may make: spent by now, less spent by the last one."""
        if self.most <= self.first:
            return ERROR
        return self._spent(replications) - self._spent(self._before(replications))

    def _before(self, replications: int) -> int:
        """How many there were at the planned look before; 0 where there was none."""
        if replications <= self.first:
            return 0
        steps = (replications - self.first - 1) // MORE_AT_ONCE
        return self.first + steps * MORE_AT_ONCE

    def _spent(self, replications: int) -> float:
        part = min(replications / self.most, 1.0)
        return ERROR * math.log1p((math.e - 1) * part)
