"""Random parameter sets, the scenario of each, and what is exactly so in it.

A set is either of invitations, with a relay so wide that nobody waits, or of queues,
with invitations that are four messages each. Latency is constant. In a set of
invitations a service lasts 1,000 to 1,200 us, because constant delays would let the
withdrawal of every expired invitation arrive at the instant at which its pop-up ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import theory

from invitelab.world.scenario.file import loads
from invitelab.world.scenario.schema import Scenario
from invitelab.world.scenario.values import Distribution

SEED = 20_261_130
"""The seed of the drawing of sets; the scenario of a set has its number as its seed."""

LIFETIME_S = 120
DURATION_S, DRAIN_S = 480, 130
"""Of sets of invitations: four lifetimes, and one for the last to end."""
QUEUE_DURATION_S, QUEUE_DRAIN_S = 100, 20
CLIENTS = 100_000
"""So many that hardly an attempt meets a pending one of the same pair."""

LEAST_SERVICE_US, MOST_SERVICE_US = 1_000, 1_200
WIDE = 50
"""Workers of a pool in which at most half a message is in service on average."""

Table = Mapping[str, object]

TEMPLATE = f"""
title = "Known truths"
duration = "{DURATION_S}s"
drain = "{DRAIN_S}s"
[population]
clients = {CLIENTS}
versions = {{ "7.1.4" = 1.0 }}
[arrivals]
kind = "poisson"
rate = "1/s"
[people]
answer = {{ accept = 0.0, reject = 1.0, ignore = 0.0 }}
think = {{ distribution = "uniform", low = "1s", high = "5s" }}
by_tile = 0.0
[network]
latency = {{ distribution = "constant", value = "1ms" }}
[relay]
servers = {WIDE}
service = {{ distribution = "constant", value = "1ms" }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSet:
    """Invitations that are answered, cancelled or expire; nobody waits in the relay."""

    number: int
    scenario: Scenario

    @property
    def text(self) -> str:
        """The parameters in a line."""
        people, network = self.scenario.people, self.scenario.network
        answer = people.answer
        return (
            f"{_rate(self.scenario)}; accept {answer.accept}, reject {answer.reject}, "
            f"think {shown(people.think)}; cancel {people.cancel}, "
            f"after {shown(people.cancel_after)}; latency {shown(network.latency)}"
        )

    @property
    def rate_per_s(self) -> float:
        """Attempts a second."""
        return rate_per_s(self.scenario)

    def fates(self) -> theory.Fates:
        """What becomes of an invitation."""
        width_us = MOST_SERVICE_US - LEAST_SERVICE_US
        return theory.mixed(
            [
                (weight, self._risks(offset_us).fates())
                for offset_us, weight in theory.two_uniforms(width_us)
            ]
        )

    @property
    def way_us(self) -> float:
        """The mean delay of a message, from client to client."""
        services_us = LEAST_SERVICE_US + MOST_SERVICE_US
        return 2 * self.scenario.network.latency.mean_us + services_us / 2

    def _risks(self, offset_us: float) -> theory.Risks:
        people = self.scenario.people
        return theory.Risks(
            accept=people.answer.accept,
            reject=people.answer.reject,
            think=people.think,
            cancel=people.cancel,
            cancel_after=people.cancel_after,
            delay_us=2 * self.way_us + offset_us,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSet:
    """A narrow relay: an offer, its receipt, a rejection and its verdict, no others."""

    number: int
    scenario: Scenario
    load: float
    exponential: bool

    @property
    def text(self) -> str:
        """The parameters in a line."""
        relay = self.scenario.relay
        name = "M/M" if self.exponential else "M/D"
        return (
            f"{name}/{relay.servers} at a load of {self.load}; {_rate(self.scenario)}; "
            f"service {shown(relay.service)}; "
            f"latency {shown(self.scenario.network.latency)}"
        )

    @property
    def rate_per_s(self) -> float:
        """Attempts a second."""
        return rate_per_s(self.scenario)

    @property
    def wait_us(self) -> float:
        """The mean wait of an offer, and of every message if services are exponential.

        For then the departures of a pool are Poisson, too (P. J. Burke, "The output of
        a queuing system", Operations Research 4 (1956), page 699), and they still are
        where each has been delayed by a time of its own.
        """
        relay = self.scenario.relay
        wait = theory.exponential_wait if self.exponential else theory.constant_wait
        services = wait(relay.servers, self.rate_per_s * self._offered_s)
        return services * relay.service.mean_us

    @property
    def _offered_s(self) -> float:
        relay = self.scenario.relay
        return relay.service.mean_us / 1e6 / relay.servers


ParameterSet = InvitationSet | QueueSet


def drawn(count: int, seed: int = SEED) -> Sequence[ParameterSet]:
    """So many sets: of five, three are of invitations, one M/M/c and one M/D/c."""
    random = Random(seed)  # noqa: S311 - samples, not secrets
    return [_draw(number, random) for number in range(1, count + 1)]


def _draw(number: int, random: Random) -> ParameterSet:
    kind = number % 5
    if kind in {1, 2, 3}:
        return _invitations(number, random)
    return _queues(number, random, exponential=kind == 4)  # noqa: PLR2004 - of five


def _invitations(number: int, random: Random) -> InvitationSet:
    accept = round(random.uniform(0.2, 0.6), 3)
    reject = round(random.uniform(0.05, 0.3), 3)
    changes = {
        "arrivals.rate": f"{random.uniform(5, 25):.2f}/s",
        "people.answer": {
            "accept": accept,
            "reject": reject,
            "ignore": round(1 - accept - reject, 3),
        },
        "people.think": _distribution(random, 60),
        "people.cancel": round(random.uniform(0.1, 0.6), 3),
        "people.cancel_after": _distribution(random, 90),
        "network.latency": _constant(random.uniform(0.005, 0.060)),
        "relay.service": {
            "distribution": "uniform",
            "low": f"{LEAST_SERVICE_US}us",
            "high": f"{MOST_SERVICE_US}us",
        },
    }
    return InvitationSet(number=number, scenario=_scenario(number, changes))


def _distribution(random: Random, longest_s: float) -> Table:
    """A distribution of any kind, with a middle of a twelfth of that or more."""
    middle_s = random.uniform(longest_s / 12, longest_s)
    match random.choice(("constant", "uniform", "exponential", "lognormal")):
        case "constant":
            return _constant(middle_s)
        case "uniform":
            low_s = middle_s * random.uniform(0.05, 0.8)
            kind = {"low": _ms(low_s), "high": _ms(2 * middle_s - low_s)}
            return {"distribution": "uniform", **kind}
        case "exponential":
            return {"distribution": "exponential", "mean": _ms(middle_s)}
        case _:
            sigma = round(random.uniform(0.3, 1.2), 2)
            return {
                "distribution": "lognormal",
                "median": _ms(middle_s),
                "sigma": sigma,
            }


def _queues(number: int, random: Random, *, exponential: bool) -> QueueSet:
    servers = random.choice((1, 2, 3, 5, 8))
    load = round(random.uniform(0.4, 0.8), 3)
    # So short that a receipt later than two seconds is one in many millions: then the
    # offer would be repeated, which is another arrival.
    most_s = 0.070 * min(1, servers * (1 - load))
    service = _constant(random.uniform(0.7, 1) * most_s)
    service_s = float(str(service["value"]).removesuffix("ms")) / 1e3
    if exponential:
        service = {"distribution": "exponential", "mean": service["value"]}
    changes = {
        "duration": f"{QUEUE_DURATION_S}s",
        "drain": f"{QUEUE_DRAIN_S}s",
        "arrivals.rate": f"{load * servers / service_s:.6f}/s",
        "network.latency": _constant(random.uniform(0.005, 0.060)),
        "relay.servers": servers,
        "relay.service": service,
    }
    scenario = _scenario(number, changes)
    return QueueSet(
        number=number, scenario=scenario, load=load, exponential=exponential
    )


def _scenario(number: int, changes: Table) -> Scenario:
    return loads(TEMPLATE, {"seed": number, **changes}).scenario


def _constant(seconds: float) -> Table:
    return {"distribution": "constant", "value": _ms(seconds)}


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f}ms"


# Texts.


def rate_per_s(scenario: Scenario) -> float:
    """The constant rate of a scenario."""
    assert scenario.arrivals.kind == "poisson"
    return scenario.arrivals.rate


def _rate(scenario: Scenario) -> str:
    return f"{rate_per_s(scenario):.2f}/s"


def shown(of: Distribution) -> str:
    """A distribution in a few words."""
    table = of.model_dump(mode="json")
    name = table.pop("distribution")
    return f"{name} {', '.join(str(one) for one in table.values())}"
