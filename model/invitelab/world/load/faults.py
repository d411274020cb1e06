"""What goes wrong, on a timetable: each fault is a SimPy process of two steps."""

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
from invitelab.world.load.instruments import Panel
from invitelab.world.load.population import id_of, index_of
from invitelab.world.load.rng import CHUNK, Purpose, Streams
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
"""Whether each client is hit, by index."""

ToMessages = Loss | Duplicate | Reorder | Delay
ToClients = Crash | Suspend | Skew


def outages(faults: Iterable[Fault]) -> list[Outage]:
    """When the relay is away: known beforehand, as a message may have to know."""
    return [
        Outage(fault.at, fault.until_us)
        for fault in faults
        if isinstance(fault, RelayRestart)
    ]


def needs_fragile_sites(faults: Iterable[Fault]) -> bool:
    """Whether anything happens to clients themselves."""
    return any(isinstance(fault, ToClients) for fault in faults)


class FaultSchedule:
    """Brings every fault about, and ends it."""

    def __init__(
        self,
        env: CalendarEnvironment,
        neighbourhood: ClientDirectory,
        faults: Sequence[Fault],
        streams: Streams,
        panel: Panel,
    ) -> None:
        self._env = env
        self._faults = faults
        self._neighbourhood = neighbourhood
        self._streams = streams
        self._panel = panel
        self._fair = replace(neighbourhood.relay.weather)
        self._storms: dict[int, ToMessages] = {}
        self._cuts: dict[int, frozenset[ClientId]] = {}
        self._at_clients: dict[int, tuple[ToClients, Hits]] = {}
        self._gains_ppm: dict[int, int] = {}
        self._stopped: dict[int, int] = {}  # how many faults hold a client down
        neighbourhood.met = self._met
        for place, fault in enumerate(faults):
            env.process(self._spell(place, fault))

    def spells(self, clients: Iterable[ClientId]) -> Mapping[ClientId, list[Spell]]:
        """When each of these clients is down, or its clock runs wrong."""
        spells: dict[ClientId, list[Spell]] = {id_: [] for id_ in clients}
        for place, fault in enumerate(self._faults):
            if isinstance(fault, ToClients):
                hits = self._hits(place, fault.share)
                for id_, unwell in spells.items():
                    if hits[index_of(id_)]:
                        unwell.append(Spell(fault.at, fault.until_us))
        return spells

    def _spell(self, place: int, fault: Fault) -> ProcessGenerator:
        yield self._env.timeout(fault.at)
        self._panel.tell(
            "faulted", self._env.now_us, fault.kind, label(fault), fault.until_us
        )
        self._turn(place, fault, on=True)
        yield self._env.timeout(fault.lasts)
        self._turn(place, fault, on=False)

    def _turn(self, place: int, fault: Fault, *, on: bool) -> None:
        """Begin or end a fault."""
        match fault:
            case Loss() | Duplicate() | Reorder() | Delay():
                _keep(self._storms, place, fault, on=on)
                self._change_weather()
            case Partition(share=share):
                _keep(self._cuts, place, self._behind(place, share), on=on)
                # Whoever is behind two partitions is free when both are over.
                everybody = frozenset[ClientId]().union(*self._cuts.values())
                self._neighbourhood.relay.cut = everybody
            case RelayRestart():
                if on:
                    for pool in self._neighbourhood.relay.pools:
                        pool.empty(fault.until_us)
            case Crash() | Suspend() | Skew():
                self._turn_clients(place, fault, on=on)
            case _:
                assert_never(fault)

    def _change_weather(self) -> None:
        """The climate and all that is open, summed anew so that no rest is left."""
        weather = self._neighbourhood.relay.weather
        storms = self._storms.values()
        weather.loss = self._fair.loss + _shares(storms, Loss)
        weather.duplication = self._fair.duplication + _shares(storms, Duplicate)
        weather.reordering = self._fair.reordering + _shares(storms, Reorder)
        weather.delay_us = sum(one.by for one in storms if isinstance(one, Delay))

    def _behind(self, place: int, share: float) -> frozenset[ClientId]:
        hit = np.flatnonzero(self._hits(place, share))
        return frozenset(id_of(index) for index in hit.tolist())

    def _turn_clients(self, place: int, fault: ToClients, *, on: bool) -> None:
        hits = self._hits(place, fault.share)
        _keep(self._at_clients, place, (fault, hits), on=on)
        # A copy: what a client does when it is back may make others be met.
        for index, client in list(self._neighbourhood):
            if hits[index]:
                self._turn_client(index, client, fault, on=on)

    def _met(self, index: int, client: Client) -> None:
        """Somebody new: what is going on happens to them as well."""
        for fault, hits in self._at_clients.values():
            if hits[index]:
                self._turn_client(index, client, fault, on=True)

    def _turn_client(
        self, index: int, client: Client, fault: ToClients, *, on: bool
    ) -> None:
        site = client.site
        assert isinstance(site, FaultyDevice), (
            "a scenario with faults has fragile sites"
        )
        if isinstance(fault, Skew):
            gain = round(fault.by * MILLION / fault.lasts + fault.drift_ppm)
            total = self._gains_ppm.get(index, 0) + (gain if on else -gain)
            self._gains_ppm[index] = total
            site.run_at(total)
            return
        before = self._stopped.get(index, 0)
        after = self._stopped[index] = before + (1 if on else -1)
        if (before, after) == (0, 1) and site.online:
            if isinstance(fault, Suspend):
                site.suspend()
            else:
                site.forget()
                client.crash()
        if after == 0:
            self._bring_back(client, site)

    def _bring_back(self, client: Client, site: FaultyDevice) -> None:
        """Awake, or started again: whichever it was."""
        if site.asleep:
            site.resume()
        elif client.crashed:
            client.restart()

    def _hits(self, place: int, share: float) -> Hits:
        clients = len(self._neighbourhood.population)
        chunks = range(-(-clients // CHUNK))
        drawn = [self._streams.uniforms(Purpose.FAULT, one, place)[0] for one in chunks]
        return np.concatenate(drawn)[:clients] < share


def _keep(open_: dict[int, Kept], place: int, kept: Kept, *, on: bool) -> None:
    """What is open, by the fault's place on the timetable."""
    if on:
        open_[place] = kept
    else:
        del open_[place]


def _shares(storms: Iterable[ToMessages], kind: type[Sharing]) -> float:
    return math.fsum(one.share for one in storms if isinstance(one, kind))


def label(fault: Fault) -> str:
    """A fault in a word or two, for a chart."""
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
