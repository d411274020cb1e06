"""A seed and a number determine a walk, on every Python and with any other package.

The expected numbers are computed here from the published Mersenne Twister, seeded as
Python documents it for a text (followed by its SHA-512, as one number).
"""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks import walk
from invitelab.conformance.random_walks.drawing import Draws, draw
from invitelab.conformance.random_walks.executor import WalkExecutor

WORD = 2**32 - 1
STATE = 624

Asked = tuple[str, dict[str, Json]]


class Calls(Reference):
    """Reference that records its calls, without the name of the scenario."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Record the call."""
        rest = {name: value for name, value in params.items() if name != "scenario"}
        self.asked.append((method, rest))
        return super().request(method, params)


def ready_on(calls: Calls) -> Ready:
    """Complete the handshake with the target, which records the calls after it."""
    ready = Engine(DirectTarget(calls), None).shared()
    assert ready is not None
    calls.asked.clear()
    return ready


# The twister


def state_of(key: Sequence[int]) -> list[int]:
    """Seed by an array, as in init_by_array of 2002."""
    state = [19650218]
    for place in range(1, STATE):
        last = state[-1] ^ state[-1] >> 30
        state.append(1812433253 * last + place & WORD)
    place = 1
    for turn in range(max(STATE, len(key))):
        spot = turn % len(key)
        last = state[place - 1] ^ state[place - 1] >> 30
        state[place] = (state[place] ^ last * 1664525) + key[spot] + spot & WORD
        place = _next(state, place)
    for _ in range(STATE - 1):
        last = state[place - 1] ^ state[place - 1] >> 30
        state[place] = (state[place] ^ last * 1566083941) - place & WORD
        place = _next(state, place)
    state[0] = 2**31
    return state


def _next(state: list[int], place: int) -> int:
    if place + 1 < STATE:
        return place + 1
    state[0] = state[-1]
    return 1


def words(state: list[int]) -> Iterator[int]:
    """Generate numbers of 32 bits from that state."""
    for place in count():
        spot, after = place % STATE, (place + 1) % STATE
        both = state[spot] & 2**31 | state[after] & 2**31 - 1
        twisted = both >> 1 ^ (0x9908B0DF if both & 1 else 0)
        word = state[spot] = state[(spot + 397) % STATE] ^ twisted
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C5680
        word ^= word << 15 & 0xEFC60000
        yield word ^ word >> 18


def shares(seed: int, number: int) -> Iterator[float]:
    """Draw numbers of 53 bits, from 0 to 1."""
    text = f"{seed}:{number}".encode()
    whole = int.from_bytes(text + hashlib.sha512(text).digest(), "big")
    key = [whole >> 32 * place & WORD for place in range(-(-whole.bit_length() // 32))]
    drawn = words(state_of(key))
    while True:
        yield ((next(drawn) >> 5) * 2**26 + (next(drawn) >> 6)) / 2**53


@pytest.mark.parametrize(("seed", "number"), [(0, 0), (0, 1), (7, 199), (-3, 12)])
def test_the_numbers_are_those_of_the_published_generator(
    seed: int, number: int
) -> None:
    """For more numbers than the generator has words of state."""
    bounds = [2, 4, 11, 64, 4096] * 300
    draws, again = Draws(seed, number), shares(seed, number)
    expected = [int(share * bound) for bound, share in zip(bounds, again, strict=False)]
    assert expected == [draws.below(bound) for bound in bounds]


# The walks


class Published(Draws):
    """Numbers of the published generator."""

    def __init__(self, seed: int, number: int) -> None:
        super().__init__(seed, number)
        self.shares = shares(seed, number)

    def random(self) -> float:
        """Draw the next number."""
        return next(self.shares)


def walked_again(calls: Calls, seed: int, number: int) -> None:
    """Walk by hand: the participants, a name, then two numbers for each move."""
    with_interpretations = number % 2 == 1
    draws = Published(seed, number)
    participants = draw(draws, with_interpretations=with_interpretations).participants
    assert draws.below(4096) >= 0
    ready = ready_on(calls)
    executor = WalkExecutor(
        ready, "a", participants, with_interpretations=with_interpretations
    )
    executor.open()
    for turn in range(29 if with_interpretations else 25):
        kind, which = draws.below(4096), draws.below(4096)
        if executor.is_over:
            executor.close()
            executor = WalkExecutor(
                ready,
                f"a{turn}",
                participants,
                with_interpretations=with_interpretations,
            )
            executor.open(menus=False)
        drawn = executor.choose(kind, which)
        if drawn is not None:
            executor.make(drawn[1])
    executor.close()


def test_a_walk_makes_the_moves_that_its_numbers_say() -> None:
    """Call by call, for the first four walks."""
    calls, expected = Calls(), list[Asked]()
    walk(ready_on(calls), examples=4, seed=5)
    for number in range(4):
        alone = Calls()
        walked_again(alone, 5, number)
        expected += alone.asked
    assert expected == calls.asked


def test_a_walk_does_not_depend_on_the_number_of_walks() -> None:
    """The first walks of many are those of fewer."""
    few, many = Calls(), Calls()
    walk(ready_on(few), examples=6, seed=0)
    walk(ready_on(many), examples=12, seed=0)
    assert len(few.asked) < len(many.asked)
    assert few.asked == many.asked[: len(few.asked)]


def test_a_walk_does_not_depend_on_what_was_drawn_before() -> None:
    """Only on its seed and number, also where two have the same sum or digits."""
    keys = [(0, 0), (0, 1), (1, 0), (1, 11), (11, 1), (-1, 0), (10, 0)]
    drawn = {
        key: tuple(draws.below(4096) for _ in range(20))
        for key in keys
        for draws in [Draws(*key)]
    }
    assert len(keys) == len(set(drawn.values()))
    used = Draws(0, 0)
    assert drawn[0, 0] == tuple(used.below(4096) for _ in range(20))


def test_numbers_are_drawn_evenly() -> None:
    """A quarter of them in every quarter, within four standard errors."""
    amount = 4000
    walks = [Draws(0, number) for number in range(100)]
    drawn = Counter(draws.below(4096) // 1024 for draws in walks for _ in range(40))
    assert all(abs(drawn[spec] - amount / 4) < 4 * 27.4 for spec in range(4))


# The process


DIGEST = """\
import hashlib
import sys

sys.modules["hypothesis"] = None  # as where it is not installed

from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.random_walks import walk

digest = hashlib.sha256()


class Calls(Reference):
    def request(self, method, params):
        digest.update(repr((method, params)).encode())
        return super().request(method, params)


ready = Engine(DirectTarget(Calls()), None).shared()
walk(ready, examples=6, seed=0)
print(digest.hexdigest())
"""


def digest(hash_seed: str, zone: str, locale: str) -> str:
    """Walk in a process of its own, and give the digest of the calls."""
    environment = {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale}
    result = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


@pytest.mark.slow
def test_the_process_makes_no_difference() -> None:
    """Neither the order of sets, the time zone, the locale nor another package."""
    first = digest("0", "UTC", "C")
    assert first
    assert first == digest("1", "Asia/Tokyo", "C.UTF-8")
