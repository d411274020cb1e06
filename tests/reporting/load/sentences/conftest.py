"""Small simulated worlds of many shapes, for the sentences of reports."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from invitelab.formats.results import Results
from invitelab.study.assemble import Subject, assemble
from invitelab.study.interruption import StoppedError
from invitelab.study.replication import Job, replicate
from invitelab.study.run import simulate
from invitelab.world.scenario.file import Loaded, loads

WORLD = """
title = "A minute"
duration = "60s"
warm_up = "5s"
drain = "125s"
seed = 3
replications = 2
[population]
clients = 60
versions = { "7.1.4" = 1.0 }
[arrivals]
kind = "poisson"
rate = "6/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "5s", sigma = 0.9 }
cancel = 0.1
[network]
latency = { distribution = "lognormal", median = "40ms", sigma = 0.5 }
[relay]
servers = 2
service = { distribution = "exponential", mean = "10ms" }
[[objectives]]
metric = "notify_delay"
quantile = 0.5
at_most = "1s"
[[objectives]]
metric = "accepted"
at_least = 0.5
"""

CROWDED: Mapping[str, object] = MappingProxyType(
    {"relay.servers": 1, "relay.service": {"distribution": "constant", "value": "2s"}}
)
CANCELLING: Mapping[str, object] = MappingProxyType(
    {
        "people.answer": {"accept": 0.1, "reject": 0.0, "ignore": 0.9},
        "people.cancel": 0.7,
    }
)
CUT_US = 40_000_000

SHAPES: Mapping[str, Mapping[str, object]] = {
    "steady": {},
    "single": {"replications": 1},
    "many": {"replications": 5, "warm_up": "0s", "arrivals.rate": "2/s"},
    "ramp": {
        "arrivals": {
            "kind": "stages",
            "stages": [{"for": "60s", "from": "1/s", "to": "20/s"}],
        }
    },
    "burst": {
        "arrivals": {
            "kind": "stages",
            "stages": [
                {"for": "20s", "rate": "2/s"},
                {"for": "5s", "rate": "80/s"},
                {"for": "35s", "rate": "2/s"},
            ],
        },
        "relay.servers": 1,
        "relay.service": {"distribution": "constant", "value": "30ms"},
        "relay.queue": 60,
    },
    "memory full": {**CANCELLING, "relay.memory": 30},
    "memory full, and promises": {
        **CANCELLING,
        "relay.memory": 30,
        "objectives": [
            {"metric": "gone_delay", "quantile": 0.95, "at_most": "5s"},
            {"metric": "accepted", "at_least": 0.5},
            {"metric": "expiry_lag", "statistic": "max", "at_most": "1ms"},
        ],
    },
    "memory full to the end": {**CANCELLING, "relay.memory": 30, "drain": "10s"},
    "interrupted with its memory full": {**CANCELLING, "relay.memory": 30},
    "memory to spare": {**CANCELLING, "relay.memory": 100_000},
    "memory of nobody": {"arrivals.rate": "1/h", "relay.memory": 1},
    "empty": {"arrivals.rate": "1/h"},
    "all in the warm-up": {
        "warm_up": "58s",
        "arrivals": {
            "kind": "stages",
            "stages": [{"for": "30s", "rate": "5/s"}, {"for": "30s", "rate": "1/h"}],
        },
    },
    "asleep": {
        "replications": 1,
        "faults": [{"kind": "suspend", "at": "20s", "for": "60s", "share": 0.7}],
    },
    "without objectives": {"objectives": []},
    "all refused": {"population.offline": 1.0},
    "by email": {"population.versions": {"7.1.4": 0.5, "6.3.2": 0.5}},
    "given up": {
        "population.versions": {"7.1.4": 0.5, "6.3.2": 0.5},
        "people.email_fallback": 0.4,
    },
    "nothing accepted": {"people.answer": {"accept": 0, "reject": 0, "ignore": 1}},
    "never shown": CROWDED,
    "hardly dropped": {"network.loss": 0.3, "drain": "10s"},
    "interrupted": {},
    "interrupted and crowded": CROWDED,
    "faulty": {
        "faults": [
            {"kind": "partition", "at": "10s", "for": "10s", "share": 0.5},
            {"kind": "crash", "at": "25s", "for": "10s", "share": 0.3},
            {"kind": "relay-restart", "at": "40s", "for": "5s"},
            {"kind": "suspend", "at": "50s", "for": "3min", "share": 0.3},
        ],
        "drain": "80s",
    },
}


@pytest.fixture(scope="session", params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    """Name a shape of run."""
    return str(request.param)


@pytest.fixture(scope="session")
def simulated(shape: str) -> Results:
    """Simulate the world of that name; the interrupted ones end after 40 seconds."""
    interrupted = "interrupted" in shape
    # The events engine can be interrupted at any second.
    engine = {"engine": "events"} if interrupted else {}
    loaded = loads(WORLD, {**SHAPES[shape], **engine}, source=Path("minute.toml"))
    return cut_off(loaded) if interrupted else simulate(loaded)


def cut_off(loaded: Loaded) -> Results:
    """The first replication until it was stopped."""

    def watch(reached_us: int) -> None:
        if reached_us >= CUT_US:
            raise StoppedError

    job = Job(scenario=loaded.scenario, seed=3, number=0)
    subject = Subject(scenario=loaded.scenario, name="minute", digest="0" * 12)
    return assemble(subject, [replicate(job, watch)], complete=False)
