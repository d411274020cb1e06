"""Sequential looks at the objectives, and the error that each look may make.

A 95 % interval that is looked at after every few replications until it excludes the
bound does so too often, the more looks the more often. So the error is spent over the
looks, each of which has a wider interval. By Bonferroni's inequality a run has a look
that misses the truth in 5 of 100 cases at most, however correlated the looks are. The
intervals are the repeated confidence intervals of C. Jennison and B. W. Turnbull,
"Interim analyses: the repeated confidence interval approach", Journal of the Royal
Statistical Society B 51 (1989), page 305.

The error is spent by the function of K. K. G. Lan and D. L. DeMets, "Discrete
sequential boundaries for clinical trials", Biometrika 70 (1983), page 659, that
resembles Pocock's test: at the part t of all replications, `error * log(1 + (e - 1) *
t)`. It spends early, which allows short runs, and does not need looks at fixed times,
so that a look after an interruption is valid, too.
"""

import math
from dataclasses import dataclass

from invitelab.study.intervals import ERROR

MORE_AT_ONCE = 2
"""Replications added at a time while an objective is undecided, for any workers."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks after `first` replications and every MORE_AT_ONCE more, up to `most`.

    A single look has the whole error. Of `tests` verdicts that all have to be right,
    each has its part of it, also by Bonferroni's inequality.
    """

    first: int
    most: int
    tests: int = 1

    def after(self, replications: int) -> int:
        """The number of replications at the next look; the same at the last one."""
        return max(replications, min(self.most, replications + MORE_AT_ONCE))

    def error(self, replications: int) -> float:
        """The error of a look after so many replications: spent since the last one."""
        if self.most <= self.first:
            return ERROR / self.tests
        return self._spent(replications) - self._spent(self._before(replications))

    def _before(self, replications: int) -> int:
        """The number of replications at the planned look before; 0 before the first."""
        if replications <= self.first:
            return 0
        steps = (replications - self.first - 1) // MORE_AT_ONCE
        return self.first + steps * MORE_AT_ONCE

    def _spent(self, replications: int) -> float:
        part = min(replications / self.most, 1.0)
        return ERROR / self.tests * math.log1p((math.e - 1) * part)
