"""The smallest value that meets all objectives, by bisection.

It is assumed that a value that meets them is followed by values that do, as more
workers do no harm; so the smallest is tried first, and ends the search if it meets them
all. Every verdict on the way has to be right for the answer to be right;
so the error of 5 % is divided among all verdicts that a search may need (Bonferroni),
and each verdict may take several looks (see `looks`). Where the intervals of a value
still include a bound after all its replications, the search says so instead of choosing
a side.
"""

from collections.abc import Callable, Sequence
from math import ceil, log2

from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.formats.several_results import Search, SearchEnd, Sweep
from invitelab.study.plan import plan
from invitelab.study.sweep import Setting, point_of
from invitelab.study.workers import HERE, Progress, Where, carry_out, no_progress

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED

Make = Callable[[str], Setting]
"""Makes the setting of a value by its text."""


def most_tests(values: int) -> int:
    """How many values a search among so many tries at most.

    The first and the last one, then one for each halving between them; where some are
    undecided, as many again for the largest value that misses.
    """
    return 2 + 2 * ceil(log2(max(values - 1, 1)))


class Seeker:
    """Tries values, each once; stops trying after an interruption."""

    def __init__(
        self,
        values: Sequence[str],
        make: Make,
        run: Callable[[Setting], Results | None],
    ) -> None:
        self._values = values
        self._make = make
        self._run = run
        self.tried: dict[int, tuple[Setting, Results]] = {}
        self.interrupted = False

    def verdict(self, place: int) -> ObjectiveVerdict:
        """The verdict on a value; UNDECIDED for one that was interrupted."""
        if place not in self.tried and not self.interrupted:
            setting = self._make(self._values[place])
            results = self._run(setting)
            self.interrupted = results is None or not results.complete
            if results is not None:
                self.tried[place] = setting, results
        if self.interrupted or place not in self.tried:
            return ObjectiveVerdict.UNDECIDED
        return self.tried[place][1].verdict

    def first(self, low: int, high: int, holds: Callable[[int], bool]) -> int:
        """The first place after `low`, up to `high`, from which on something holds."""
        while high - low > 1 and not self.interrupted:
            middle = (low + high) // 2
            if holds(middle):
                high = middle
            else:
                low = middle
        return high


def search(
    path: str,
    values: Sequence[str],
    make: Make,
    *,
    seed: int | None = None,
    replications: int | None = None,
    where: Where = HERE,
    progress: Progress = no_progress,
) -> Sweep:
    """Search the values, which ascend, for the first that meets all objectives.

    The points are the values that were tried, in order. A termination signal leaves
    them without a `search`. Raises what `simulate` raises.
    """
    tests = most_tests(len(values))

    def run(setting: Setting) -> Results | None:
        planned = plan(
            setting.loaded,
            seed=seed,
            replications=replications,
            arguments=setting.arguments,
            tests=tests,
        )
        carry_out([planned], where, progress)
        return planned.partial()

    seeker = Seeker(values, make, run)
    found = ended(seeker, values, tests)
    if not seeker.tried:
        raise KeyboardInterrupt
    points = tuple(point_of(*seeker.tried[place]) for place in sorted(seeker.tried))
    return Sweep(
        title=points[0].results.title,
        path=path,
        search=None if seeker.interrupted else found,
        points_planned=len(points) + seeker.interrupted,
        points=points,
    )


def ended(seeker: Seeker, values: Sequence[str], tests: int) -> Search:
    """Search; how it ended, and what is known."""
    last = len(values) - 1
    met = last + 1  # the first that is known to meet them
    if seeker.verdict(0) is MET:
        met = 0
    elif seeker.verdict(last) is MET:
        met = seeker.first(0, last, lambda place: seeker.verdict(place) is MET)
    low = met - 1  # the last that is known to miss one
    end = SearchEnd.NONE if met > last else SearchEnd.FOUND
    if low >= 0 and seeker.verdict(low) is not MISSED:
        # What is just below is undecided: from where on is it?
        end = SearchEnd.UNDECIDED
        known = [at for at in seeker.tried if seeker.verdict(at) is MISSED]
        begin = max((at for at in known if at < met), default=-1)
        low = seeker.first(begin, low, lambda at: seeker.verdict(at) is not MISSED) - 1
    return Search(
        end=end,
        values=len(values),
        first=values[0],
        last=values[last],
        smallest=values[met] if met <= last else "",
        missing=values[low] if low >= 0 else "",
        tests=tests,
    )
