"""Which network and relay would give a measured notify delay, by two quantiles.

An invitation is shown after two legs of the network and a service of the relay; waits
are left out, so it is a calibration for a relay with capacity to spare. The shapes of
both distributions are those of the simulated scenario, and their scales are unknown:
two unknowns for the measured p50 and p99 (the method of quantiles; A. M. Law,
"Simulation Modeling and Analysis", McGraw-Hill 2015, section 6.5, for its use and
limits). The ratio of the two quantiles depends only on the ratio of the scales, which
is found first; then the p50 gives the scale. Of several solutions it is the one that is
nearest to the scenario, and where no ratio of scales gives the measured one, the
nearest of all.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invitelab.formats.beside import Calibration
from invitelab.formats.results import Results
from invitelab.inputs.units import duration_text
from invitelab.study.assemble import PROBABILITIES
from invitelab.world.load.distributions import sample
from invitelab.world.load.rng import CHUNK, CounterRng
from invitelab.world.scenario.schema import Distribution, Scenario

HALF, RARE = 0.5, 0.99
CHUNKS = 4
"""Chunks of draws: enough for a p99 that is right to half a percent."""

UNIT_US = 10_000_000
"""The mean of a distribution of scale 1: rounding to microseconds does not matter."""

WIDEST = 1e3
POWERS = tuple(n / 15 - 1 for n in range(31))
"""Ratios of service to latency from 1/WIDEST to WIDEST times the scenario's."""

HALVINGS = 30
CLOSE = 0.01
"""Fitted quantiles that are nearer to the measured ones than this part are equal."""

Floats = NDArray[np.float64]


class _Quantiles(NamedTuple):
    half: float
    rare: float

    @property
    def ratio(self) -> float:
        """The p99 as a multiple of the p50."""
        return self.rare / self.half if self.half else math.inf


def calibrate(model: Results, measured: Results) -> Calibration | None:
    """The calibration of the model's scenario; None without a measured p50 and p99."""
    target = _measured(measured)
    if target is None or not target.half:
        return None
    scenario = Scenario.model_validate(model.scenario)
    latency, service = scenario.network.latency, scenario.relay.service
    delays = _Delays(latency, service)
    ratio = delays.nearest(target.ratio, _start(latency, service))
    found = delays.quantiles(ratio)
    scale = target.half / found.half
    fitted = _Quantiles(target.half, found.rare * scale)
    return Calibration(
        latency=_scaled(latency, scale),
        service=_scaled(service, scale * ratio),
        measured_p50_us=target.half,
        measured_p99_us=target.rare,
        fitted_p50_us=fitted.half,
        fitted_p99_us=fitted.rare,
        exact=abs(fitted.rare - target.rare) <= CLOSE * target.rare,
    )


def _measured(results: Results) -> _Quantiles | None:
    notify = results.distribution("notify_delay")
    if notify is None:
        return None
    known = {one.probability: one.value.mean for one in notify.curve}
    if HALF not in known or RARE not in known:
        return None
    return _Quantiles(known[HALF], known[RARE])


assert {HALF, RARE} <= {*PROBABILITIES}, "a curve has the points that are fitted"


class _Delays:
    """Draws of two legs and of a service, each of scale 1, to be put together."""

    def __init__(self, latency: Distribution, service: Distribution) -> None:
        rng = CounterRng(0, 0)
        legs = [_unit(latency, rng, purpose) for purpose in (0, 1)]
        self._legs = legs[0] + legs[1]
        self._service = _unit(service, rng, 2)

    def quantiles(self, ratio: float) -> _Quantiles:
        """Those of latency of scale 1 and service of scale `ratio`."""
        total = self._legs + ratio * self._service
        places = [math.ceil(p * len(total)) - 1 for p in (HALF, RARE)]
        parted = np.partition(total, places)
        return _Quantiles(float(parted[places[0]]), float(parted[places[1]]))

    def nearest(self, wanted: float, start: float) -> float:
        """The ratio of scales whose quantiles have the wanted ratio.

        The solution nearest to `start`, or else the ratio that comes nearest to it.
        """
        tries = [0.0, *(start * math.pow(WIDEST, power) for power in POWERS)]
        misses = [self.quantiles(one).ratio - wanted for one in tries]
        roots: list[float] = [
            self._root(low, high, wanted)
            for (low, miss), (high, next_miss) in pairwise(
                zip(tries, misses, strict=True)
            )
            if miss * next_miss <= 0 and miss != next_miss
        ]
        if roots:
            return min(roots, key=lambda one: abs(math.log((one or 1e-9) / start)))
        return tries[_least(misses)]

    def _root(self, low: float, high: float, wanted: float) -> float:
        """By halving; the miss has another sign at either end."""
        below = self.quantiles(low).ratio < wanted
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if (self.quantiles(middle).ratio < wanted) is below:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def _least(misses: Sequence[float]) -> int:
    return min(range(len(misses)), key=lambda place: abs(misses[place]))


def _unit(distribution: Distribution, rng: CounterRng, purpose: int) -> Floats:
    """Draws of the distribution with a mean of 1, or of 0 if it is always 0."""
    mean_us = distribution.mean_us
    if not mean_us:
        return np.zeros(CHUNKS * CHUNK)
    wide = type(distribution).model_validate(_scaled(distribution, UNIT_US))
    drawn = [rng.uniforms(purpose, chunk) for chunk in range(CHUNKS)]
    parts = [sample(wide, one[0], one[1]) for one in drawn]
    return np.concatenate(parts) / UNIT_US


def _start(latency: Distribution, service: Distribution) -> float:
    """The ratio of the scales in the scenario."""
    if not latency.mean_us or not service.mean_us:
        return 1.0
    return service.mean_us / latency.mean_us


def _scaled(distribution: Distribution, mean_us: float) -> dict[str, str | float]:
    """The distribution with another mean, as values of a scenario."""
    factor = mean_us / distribution.mean_us if distribution.mean_us else 0.0
    fields: dict[str, str | float] = {}
    for name, value in distribution:
        # Durations are whole numbers; some may not be zero.
        scales = isinstance(value, int) and value > 0
        fields[name] = duration_text(max(1, round(value * factor))) if scales else value
    return fields | {name: "0s" for name, value in fields.items() if value == 0}
