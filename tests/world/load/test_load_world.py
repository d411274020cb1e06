"""One scenario, seed and replication is one history, wherever and however often."""

import gc
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.protocol.history import Fact, FactKind, History
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.file import loads
from invitelab.world.scenario.schema import Scenario

MODEL = Path(__file__).parents[3] / "model"
SECOND_US = 1_000_000
Changed = Callable[[Mapping[str, object]], Scenario]
Lived = Callable[[Scenario, int], History]

ROUGH = """
title = "A rough half minute"
duration = "30s"
drain = "40s"
[population]
clients = 30
versions = { "6.3.2" = 0.2, "7.1.4" = 0.8 }
locked = 0.3
[arrivals]
kind = "poisson"
rate = "6/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "5s", sigma = 0.9 }
cancel = 0.2
modify = 0.2
[network]
latency = { distribution = "lognormal", median = "40ms", sigma = 0.9 }
loss = 0.1
duplication = 0.1
reordering = 0.1
[relay]
servers = 2
service = { distribution = "exponential", mean = "5ms" }
[[faults]]
kind = "crash"
at = "5s"
for = "9s"
share = 0.4
[[faults]]
kind = "suspend"
at = "9s"
for = "9s"
share = 0.4
[[faults]]
kind = "skew"
at = "1s"
for = "20s"
by = "3s"
share = 0.4
[[faults]]
kind = "partition"
at = "15s"
for = "5s"
share = 0.4
"""


class Digest(Instrument):
    """Boils every fact and its instant down to one number."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.hash = hashlib.sha256()

    def happened(self, at_us: int, fact: Fact) -> None:
        """Add it; a set has no order of its own."""
        held = "" if fact.permissions is None else ",".join(sorted(fact.permissions))
        rest = (fact.other, fact.surface, fact.revision, fact.state, fact.session)
        line = f"{at_us} {fact.at_us} {fact.client} {fact.kind} {fact.invitation}"
        self.hash.update(f"{line} {rest} {held}\n".encode())


def digest(seed: int, replication: int = 0) -> str:
    """Give a hash of the history of a scenario with faults."""
    told = Digest()
    scenario = loads(ROUGH).scenario
    world = LoadWorld(scenario, seed=seed, replication=replication, instruments=[told])
    world.run()
    return told.hash.hexdigest()


def test_the_same_seed_is_the_same_history() -> None:
    """Twice in one process."""
    assert digest(1) == digest(1)


@pytest.mark.slow
def test_no_hash_changes_the_history() -> None:
    """Two other processes with other string hashes have the same history."""
    told = [
        subprocess.run(
            [sys.executable, __file__],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(MODEL)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("7", "4242")
    ]
    assert [digest(1)] * 2 == told


def test_another_seed_is_another_history() -> None:
    """And so is another replication."""
    assert 4 == len({digest(*one) for one in ((1, 0), (2, 0), (0, 0), (1, 1))})


def test_the_scenarios_seed_is_used_unless_another_is_given(changed: Changed) -> None:
    """A seed of 0 is given too."""
    scenario = changed({"seed": 9, "drain": "0s"})
    histories: list[list[int]] = []
    for seed in (None, 9, 0):
        attempts = Attempts()
        LoadWorld(scenario, seed=seed, instruments=[attempts]).run()
        histories.append(attempts.at_us)
    assert histories[0] == histories[1] != histories[2]


class Attempts(Instrument):
    """Records when attempts to invite are made."""

    def __init__(self) -> None:
        """Begin with none."""
        self.at_us: list[int] = []

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Note it."""
        del sender, recipient
        self.at_us.append(at_us)


def test_a_trace_is_replayed_to_the_microsecond(changed: Changed) -> None:
    """Up to the scenario's duration; two attempts may share an instant."""
    arrivals = {"kind": "trace", "file": "trace.csv"}
    attempts = Attempts()
    rows = [0, 5, 5, 1_234_567, 60 * SECOND_US - 1, 60 * SECOND_US, 61 * SECOND_US]
    scenario = changed({"arrivals": arrivals})
    LoadWorld(scenario, trace=rows, instruments=[attempts]).run()
    assert rows[:5] == attempts.at_us


def test_nobody_on_windows_is_said(changed: Changed) -> None:
    """Before the run begins, as no other client can invite."""
    macs = {"windows": 0.0001, "macos": 0.9999}
    with pytest.raises(UsageError, match="Windows"):
        LoadWorld(changed({"population.platforms": macs, "population.clients": 2}))


def test_someone_watches_every_second(changed: Changed) -> None:
    """And at the very end, if that is no whole second."""
    reached: list[int] = []
    world = LoadWorld(changed({"duration": "2s", "drain": "1500ms"}))
    world.run(reached.append)
    assert [SECOND_US, 2 * SECOND_US, 3 * SECOND_US, 3_500_000] == reached


def test_the_watch_can_stop_a_run(changed: Changed) -> None:
    """By raising; the collector of garbage works again afterwards."""

    def stop(reached_us: int) -> None:
        assert not gc.isenabled()
        raise TimeoutError(reached_us)

    world = LoadWorld(changed({}))
    with pytest.raises(TimeoutError):
        world.run(stop)
    assert gc.isenabled()
    assert SECOND_US == world.env.now_us


def test_what_lasts_is_told_by_the_host(changed: Changed, history: Lived) -> None:
    """Every invitation is sent once, and by the end of the drain it has ended once."""
    facts = history(changed({}), 1).facts
    sent = [fact.invitation for fact in facts if fact.kind is FactKind.SENT]
    ended = [fact.invitation for fact in facts if fact.kind is FactKind.ENDED]
    assert sorted(sent) == sorted(ended)
    assert len(set(sent)) == len(sent) > 80


if __name__ == "__main__":
    sys.stdout.write(digest(1))
