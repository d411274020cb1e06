"""Open arrivals: the instants at which users attempt to send an invitation.

They are a Poisson process whose rate may change, made by inversion of the cumulative
rate (E. Cinlar, "Introduction to Stochastic Processes", 1975, chapter 4): the n-th
attempt is where the integral of the rate reaches the sum of the first n gaps of a
process of unit rate. So the same gaps are drawn for every shape of the rate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from invitelab.protocol.values import US_PER_S
from invitelab.world.load.distributions import Durations
from invitelab.world.load.portable_math import log
from invitelab.world.load.rng import CHUNK, CounterRng, Floats, Purpose
from invitelab.world.scenario.schema import Poisson, Stages


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A stretch of time with a linear rate per second, from `first` to `last`.

    `before` attempts are expected before it.
    """

    begin_us: int
    lasts_us: float
    before: float
    first: float
    last: float

    @property
    def expected(self) -> float:
        """The expected number of attempts within the segment."""
        return (self.first + self.last) / 2 * self.lasts_us / US_PER_S


def instants(
    arrivals: Poisson | Stages, duration_us: int, rng: CounterRng
) -> Iterator[int]:
    """The instants of attempts in microseconds, in order, each below `duration_us`."""
    for some_us in instants_by_chunk(arrivals, duration_us, rng):
        yield from some_us.tolist()


def instants_by_chunk(
    arrivals: Poisson | Stages, duration_us: int, rng: CounterRng
) -> Iterator[Durations]:
    """The same as arrays."""
    segments = _segments(arrivals, duration_us)
    end = segments[-1].before + segments[-1].expected
    total = 0.0
    for chunk in count():  # ends: every chunk adds about CHUNK to the total
        gaps = -log(rng.uniforms(Purpose.ARRIVAL, chunk)[0])
        units = total + np.cumsum(gaps)
        total = float(units[-1])
        at_us = _when(units[units < end], segments)
        yield at_us[at_us < duration_us]
        if total >= end:
            return
        assert chunk * CHUNK <= 10 * end + 10 * CHUNK, "unit gaps are about one"


def _segments(arrivals: Poisson | Stages, duration_us: int) -> Sequence[_Segment]:
    """The segments of the stages; the last rate holds to the end."""
    stages = arrivals.stages if isinstance(arrivals, Stages) else ()
    parts = [(stage.lasts, *stage.rates) for stage in stages]
    rate = arrivals.rate if isinstance(arrivals, Poisson) else parts[-1][2]
    parts.append((duration_us - sum(part[0] for part in parts), rate, rate))
    segments: list[_Segment] = []
    begin_us, before = 0, 0.0
    for lasts_us, first, last in parts:
        segment = _Segment(
            begin_us=begin_us,
            lasts_us=lasts_us,
            before=before,
            first=first,
            last=last,
        )
        segments.append(segment)
        begin_us += lasts_us
        before += segment.expected
    return segments


def _when(units: Floats, segments: Sequence[_Segment]) -> Durations:
    """The instants, in microseconds, at which the integral of the rate is `units`."""
    befores = [segment.before for segment in segments]
    # A segment of rate 0 has no width in the integral, so no attempt is in it.
    places = np.searchsorted(befores, units, side="right") - 1
    at_us = np.zeros(units.shape)
    for place, segment in enumerate(segments):
        here = places == place
        wanted = units[here] - segment.before
        at_us[here] = segment.begin_us + _into(segment, wanted)
    return at_us.astype(np.int64)


def _into(segment: _Segment, wanted: Floats) -> Floats:
    """The time into a segment, in us, by which `wanted` attempts are expected."""
    first = segment.first / US_PER_S
    slope = (segment.last - segment.first) / US_PER_S / max(segment.lasts_us, 1)
    # The root of slope/2 x^2 + first x = wanted, in the form that keeps its digits.
    root = np.sqrt(np.maximum(first * first + 2 * slope * wanted, 0))
    return 2 * wanted / np.maximum(first + root, 1e-300)
