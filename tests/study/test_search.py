"""The search for the smallest value: what it tries, and when it does not know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.formats.several_results import Search, SearchEnd, Sweep
from invitelab.study.looks import Looks
from invitelab.study.run import simulate
from invitelab.study.search import Seeker, most_tests, search
from invitelab.study.search import ended as search_end
from invitelab.study.sweep import Setting, ascends
from invitelab.world.scenario.file import Loaded

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED
Make = Callable[[Mapping[str, object]], Loaded]


@dataclass
class Judged:
    """Stands for the results at a value: complete, with a verdict that is given."""

    verdict: ObjectiveVerdict
    complete: bool = True


def ended(verdicts: Sequence[ObjectiveVerdict]) -> tuple[Search, int]:
    """Search values with these verdicts; what was found, and how many were tried."""
    values = [str(number) for number in range(1, len(verdicts) + 1)]

    def make(text: str) -> Setting:
        return Setting(text=text, value=int(text), loaded=None)  # type: ignore[arg-type] # not run

    def run(setting: Setting) -> Results | None:
        return Judged(verdicts[int(setting.text) - 1])  # type: ignore[return-value] # all that is asked

    seeker = Seeker(values, make, run)
    found = search_end(seeker, values, most_tests(len(values)))
    return found, len(seeker.tried)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_it_knows_what_can_be_known(missed: int, open_: int, met: int) -> None:
    """Of values that miss, are undecided and meet, in this order."""
    verdicts = [MISSED] * missed + [UNDECIDED] * open_ + [MET] * met
    if len(verdicts) < 2:
        return
    found, tried = ended(verdicts)
    assert tried <= most_tests(len(verdicts))
    assert found.smallest == (str(missed + open_ + 1) if met else "")
    assert found.missing == (str(missed) if missed else "")
    expected = SearchEnd.FOUND if met else SearchEnd.NONE
    assert found.end is (SearchEnd.UNDECIDED if open_ else expected)
    assert (found.first, found.last) == ("1", str(len(verdicts)))


def test_sixty_four_values_take_eight_verdicts() -> None:
    """Where all are decided; the error is divided among the most that may be needed."""
    assert 8 == ended([MISSED] * 20 + [MET] * 44)[1]
    assert 14 == most_tests(64)


def test_nothing_larger_is_tried_where_the_smallest_meets_all() -> None:
    """A larger value is never worse."""
    found, tried = ended([MET] * 64)
    assert (SearchEnd.FOUND, "1", "") == (found.end, found.smallest, found.missing)
    assert 1 == tried


def test_the_error_of_all_verdicts_is_five_percent() -> None:
    """Whatever the number of looks at each."""
    for first, most in ((5, 5), (5, 21)):
        looks = Looks(first, most, tests=14)
        counts = [first]
        while looks.after(counts[-1]) > counts[-1]:
            counts.append(looks.after(counts[-1]))
        assert sum(map(looks.error, counts)) * 14 == pytest.approx(0.05)


PROMISE = {"metric": "relay_utilisation", "at_most": 0.4}
SIZED: Mapping[str, object] = {
    "objectives": [PROMISE],
    "arrivals.rate": "20/s",
    "replications": 6,
    "relay.service": {"distribution": "constant", "value": "300ms"},
}


def sized(tiny: Make, text: str) -> Setting:
    """Make a point of a relay that is too small with few workers."""
    loaded = tiny({**SIZED, "relay.servers": int(text)})
    return Setting(text=text, value=int(text), loaded=loaded)


@pytest.mark.slow
def test_a_search_finds_what_a_sweep_shows(tiny: Make) -> None:
    """The value before it misses; only some of all values are simulated."""
    # Each has a quarter of the load of the one before, so that few runs decide.
    values = [str(4**power) for power in range(5)]
    found = search("relay.servers", values, lambda text: sized(tiny, text))
    assert found.search is not None
    assert SearchEnd.FOUND is found.search.end
    place = values.index(found.search.smallest)
    assert 0 < place < 4
    assert values[place - 1] == found.search.missing
    assert len(found.points) <= 4
    for text, verdict in ((values[place - 1], MISSED), (values[place], MET)):
        assert verdict is simulate(sized(tiny, text).loaded).verdict
    verdicts = [point.results.verdict for point in found.points]
    assert sorted(verdicts, key=[MISSED, MET].index) == verdicts
    confidences = {o.confidence for p in found.points for o in p.results.objectives}
    assert [pytest.approx(1 - 0.05 / most_tests(5))] == list(confidences)
    assert Sweep.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (True, [1, 2, 8]),
        (True, ["10/s", "600.5/min", "20/s"]),
        (True, ["900ms", "1s", "2min"]),
        (False, [1, 1]),
        (False, [2, 1]),
        (False, ["1s", "2/s"]),
        (False, ["poisson", "stages"]),
    ],
    ids=str,
)
def test_only_what_ascends_can_be_searched(
    expected: object, values: Sequence[object]
) -> None:
    """Numbers, rates or times, which are not mixed."""
    assert expected is ascends(values)
