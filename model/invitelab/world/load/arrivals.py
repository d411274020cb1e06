"""When somebody wishes to invite: open arrivals as a stream of instants.

A Poisson stream of any shape is one of unit rate, seen through the integral of its rate
(the time change of a Poisson process): the n-th wish comes when that integral passes
the sum of the first n unit gaps. So the gaps stay the same when the shape changes.
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
    """A stage in the integral: `before` wishes are expected ahead of it."""

    begin_us: int
    lasts_us: float
    before: float
    first: float
    last: float

    @property
    def expected(self) -> float:
        """How many wishes are expected within it."""
        return (self.first + self.last) / 2 * self.lasts_us / US_PER_S


def instants(
    arrivals: Poisson | Stages, duration_us: int, rng: CounterRng
) -> Iterator[int]:
    """Microseconds from the beginning, in order, each below `duration_us`."""
    segments = _segments(arrivals, duration_us)
    end = segments[-1].before + segments[-1].expected
    total = 0.0
    for chunk in count():  # ends: every chunk adds about CHUNK to the total
        gaps = -log(rng.uniforms(Purpose.ARRIVAL, chunk)[0])
        units = total + np.cumsum(gaps)
        total = float(units[-1])
        for at_us in _when(units[units < end], segments).tolist():
            if at_us < duration_us:
                yield at_us
        if total >= end:
            return
        assert chunk * CHUNK <= 10 * end + 10 * CHUNK, "unit gaps are about one"


def _segments(arrivals: Poisson | Stages, duration_us: int) -> Sequence[_Segment]:
    """The stages, and the last rate held to the end."""
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
    """The instants at which the integral of the rate passes `units`."""
    befores = [segment.before for segment in segments]
    # Stages with a rate of 0 have no width in the integral and are never found.
    places = np.searchsorted(befores, units, side="right") - 1
    at_us = np.zeros(units.shape)
    for place, segment in enumerate(segments):
        here = places == place
        wanted = units[here] - segment.before
        at_us[here] = segment.begin_us + _into(segment, wanted)
    return at_us.astype(np.int64)


def _into(segment: _Segment, wanted: Floats) -> Floats:
    """How far into a stretch so many wishes are expected, in microseconds."""
    first = segment.first / US_PER_S
    slope = (segment.last - segment.first) / US_PER_S / max(segment.lasts_us, 1)
    # The root of slope/2 x^2 + first x = wanted, in the form that keeps its digits.
    root = np.sqrt(np.maximum(first * first + 2 * slope * wanted, 0))
    return 2 * wanted / np.maximum(first + root, 1e-300)
