"""The fault schedule: a SimPy process for each fault begins it and ends it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray
from simpy.events import ProcessGenerator

from invitelab.inputs.units import duration_text
from invitelab.protocol.history import Spell
from invitelab.protocol.values import ClientId
from invitelab.world.client import Client
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.busy_relay import Outage
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.faulty_device import MILLION, FaultyDevice
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.population import id_of, index_of
from invitelab.world.load.rng import CHUNK, CounterRng, Purpose
from invitelab.world.scenario.schema import (
    Crash,
    Delay,
    Duplicate,
    Fault,
    Loss,
    Partition,
    RelayRestart,
    Reorder,
    Skew,
    Suspend,
)

Kept = TypeVar("Kept")
Sharing = TypeVar("Sharing", Loss, Duplicate, Reorder)

Hits = NDArray[np.bool_]
"""Whether a fault affects each client; shape (clients,), by index."""

ToMessages = Loss | Duplicate | Reorder | Delay
ToClients = Crash | Suspend | Skew


def outages(faults: Iterable[Fault]) -> list[Outage]:
    """The restarts of the relay, which messages in service need to know in advance."""
    return [
        Outage(fault.at, fault.until_us)
        for fault in faults
        if isinstance(fault, RelayRestart)
    ]


def needs_faulty_devices(faults: Iterable[Fault]) -> bool:
    """Whether any of the faults affects clients, and not only messages."""
    return any(isinstance(fault, ToClients) for fault in faults)


class FaultSchedule:
    """Begins and ends every fault at its time.

    `directory.relay.conditions` are those of the scenario until the first fault begins.
    """

    def __init__(
        self,
        env: CalendarEnvironment,
        directory: ClientDirectory,
        faults: Sequence[Fault],
        rng: CounterRng,
        panel: InstrumentPanel,
    ) -> None:
        self._env = env
        self._faults = faults
        self._directory = directory
        self._rng = rng
        self._panel = panel
        self._baseline = replace(directory.relay.conditions)
        self._message_faults: dict[int, ToMessages] = {}
        self._partitions: dict[int, frozenset[ClientId]] = {}
        self._client_faults: dict[int, tuple[ToClients, Hits]] = {}
        self._rate_ppm: dict[int, int] = {}
        self._down_counts: dict[int, int] = {}  # how many faults hold a client down
        directory.on_new_client = self._apply_active_faults
        for place, fault in enumerate(faults):
            env.process(self._spell(place, fault))

    def spells(self, clients: Iterable[ClientId]) -> Mapping[ClientId, list[Spell]]:
        """When a fault affects each of these clients: a crash, suspension or skew."""
        spells: dict[ClientId, list[Spell]] = {id_: [] for id_ in clients}
        for place, fault in enumerate(self._faults):
            if isinstance(fault, ToClients):
                hits = self._hits(place, fault.share)
                for id_, of_client in spells.items():
                    if hits[index_of(id_)]:
                        of_client.append(Spell(fault.at, fault.until_us))
        return spells

    def _spell(self, place: int, fault: Fault) -> ProcessGenerator:
        yield self._env.timeout(fault.at)
        self._panel.tell(
            "faulted", self._env.now_us, fault.kind, label(fault), fault.until_us
        )
        self._switch(place, fault, on=True)
        yield self._env.timeout(fault.lasts)
        self._switch(place, fault, on=False)

    def _switch(self, place: int, fault: Fault, *, on: bool) -> None:
        """Begin or end a fault."""
        match fault:
            case Loss() | Duplicate() | Reorder() | Delay():
                _set_active(self._message_faults, place, fault, on=on)
                self._update_conditions()
            case Partition(share=share):
                _set_active(
                    self._partitions, place, self._partitioned(place, share), on=on
                )
                # A client in two partitions is connected when both are over.
                partitioned = frozenset[ClientId]().union(*self._partitions.values())
                self._directory.relay.partitioned = partitioned
            case RelayRestart():
                if on:
                    self._restart_relay(fault.until_us)
            case Crash() | Suspend() | Skew():
                self._switch_clients(place, fault, on=on)
            case _:
                assert_never(fault)

    def _restart_relay(self, until_us: int) -> None:
        relay = self._directory.relay
        for pool in relay.pools:
            pool.empty(until_us)
        if relay.memory is not None:
            relay.memory.clear()

    def _update_conditions(self) -> None:
        """Add the active faults to the baseline, from scratch: no rounding remains."""
        conditions = self._directory.relay.conditions
        message_faults = self._message_faults.values()
        conditions.loss = self._baseline.loss + _sum_shares(message_faults, Loss)
        conditions.duplication = self._baseline.duplication + _sum_shares(
            message_faults, Duplicate
        )
        conditions.reordering = self._baseline.reordering + _sum_shares(
            message_faults, Reorder
        )
        conditions.delay_us = sum(
            one.by for one in message_faults if isinstance(one, Delay)
        )

    def _partitioned(self, place: int, share: float) -> frozenset[ClientId]:
        hit = np.flatnonzero(self._hits(place, share))
        return frozenset(id_of(index) for index in hit.tolist())

    def _switch_clients(self, place: int, fault: ToClients, *, on: bool) -> None:
        hits = self._hits(place, fault.share)
        _set_active(self._client_faults, place, (fault, hits), on=on)
        # A copy, as a client that resumes may cause others to be created.
        for index, client in list(self._directory):
            if hits[index]:
                self._switch_client(index, client, fault, on=on)

    def _apply_active_faults(self, index: int, client: Client) -> None:
        """Apply the faults that are active to a client that was just created."""
        for fault, hits in self._client_faults.values():
            if hits[index]:
                self._switch_client(index, client, fault, on=True)

    def _switch_client(
        self, index: int, client: Client, fault: ToClients, *, on: bool
    ) -> None:
        device = client.device
        assert isinstance(device, FaultyDevice), (
            "a scenario with faults of clients has faulty devices"
        )
        if isinstance(fault, Skew):
            change_ppm = round(fault.by * MILLION / fault.lasts + fault.drift_ppm)
            rate_ppm = self._rate_ppm.get(index, 0) + (
                change_ppm if on else -change_ppm
            )
            self._rate_ppm[index] = rate_ppm
            device.run_at(rate_ppm)
            return
        before = self._down_counts.get(index, 0)
        after = self._down_counts[index] = before + (1 if on else -1)
        if (before, after) == (0, 1) and device.online:
            if isinstance(fault, Suspend):
                device.suspend()
            else:
                device.forget()
                client.crash()
        if after == 0:
            self._revive(client, device)

    def _revive(self, client: Client, device: FaultyDevice) -> None:
        """Resume or restart a client, as it was suspended or had crashed."""
        if device.asleep:
            device.resume()
        elif client.crashed:
            client.restart()

    def _hits(self, place: int, share: float) -> Hits:
        clients = len(self._directory.population)
        chunks = range(-(-clients // CHUNK))
        drawn = [self._rng.uniforms(Purpose.FAULT, one, place)[0] for one in chunks]
        return np.concatenate(drawn)[:clients] < share


def _set_active(active: dict[int, Kept], place: int, kept: Kept, *, on: bool) -> None:
    """Add or remove an active fault, by its place in the schedule."""
    if on:
        active[place] = kept
    else:
        del active[place]


def _sum_shares(faults: Iterable[ToMessages], kind: type[Sharing]) -> float:
    return math.fsum(fault.share for fault in faults if isinstance(fault, kind))


def label(fault: Fault) -> str:
    """A short label of a fault for charts, such as "30 % partitioned"."""
    match fault:
        case Delay(by=by):
            return f"delay of {duration_text(by)}"
        case RelayRestart():
            return "relay restart"
        case Loss() | Duplicate() | Reorder():
            return f"{fault.share * 100:.4g} % {_TO_MESSAGES[fault.kind]}"
        case Partition() | Crash() | Suspend() | Skew():
            return f"{fault.share * 100:.4g} % {_TO_CLIENTS[fault.kind]}"
        case _:
            assert_never(fault)


_TO_MESSAGES = {"loss": "lost", "duplicate": "doubled", "reorder": "overtaken"}
_TO_CLIENTS = {
    "partition": "partitioned",
    "crash": "crashed",
    "suspend": "suspended",
    "skew": "with wrong clocks",
}
