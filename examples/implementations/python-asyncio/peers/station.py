"""What a client has from the network: a record, a line to the others, and the time."""

import asyncio
from dataclasses import dataclass

from peers.directory import Directory, Member
from peers.fields import JsonObject
from peers.messages import Message
from peers.moons import Names
from peers.orders import RefusalError, StaleError, done, refusal
from peers.relay import Relay
from peers.switches import Switches


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One client's place in the network, shared by all its parts."""

    member: Member
    relay: Relay
    names: Names
    switches: Switches

    @property
    def directory(self) -> Directory:
        """Give the network's records."""
        return self.relay.directory

    def is_online(self) -> bool:
        """Say whether this client is connected."""
        return self.directory.is_online(self.member.id)

    def need_online(self) -> None:
        """Refuse what cannot be done while offline."""
        if not self.is_online():
            raise RefusalError("client-offline", "this client is offline")

    def refused(self, error: RefusalError) -> JsonObject:
        """Answer a refusal; what came too late may be an ok without effect instead."""
        if self.switches.stale_is_ok and isinstance(error, StaleError):
            return done()
        return refusal(error)

    def post(self, addressee: str, message: Message) -> None:
        """Send a message under this client's ID."""
        self.relay.post(self.member.id, addressee, message)

    def now_s(self) -> float:
        """Give the event loop's time, which the timers go by as well."""
        return asyncio.get_running_loop().time()
