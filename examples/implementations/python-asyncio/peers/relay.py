"""The network between the clients: it forwards, in order, and decides nothing."""

import asyncio
from collections.abc import Callable

from peers.directory import Directory
from peers.messages import Envelope, Message, Returned, Undeliverable

Deliver = Callable[[Envelope], None]


class Relay:
    """Takes each message on its way for a while and drops it in a mailbox."""

    def __init__(self, directory: Directory, latency_s: float) -> None:
        self.directory = directory
        self._latency_s = latency_s
        self._mailboxes: dict[str, Deliver] = {}
        self._underway: asyncio.Queue[tuple[float, Envelope]] = asyncio.Queue()

    def connect(self, member_id: str, deliver: Deliver) -> None:
        """Name the mailbox of a member."""
        self._mailboxes[member_id] = deliver

    def post(self, sender: str, addressee: str, message: Message) -> None:
        """Accept a message; it arrives later, and never overtakes another."""
        due = asyncio.get_running_loop().time() + self._latency_s
        envelope = Envelope(sender=sender, addressee=addressee, message=message)
        self._underway.put_nowait((due, envelope))

    def announce_return(self, member_id: str) -> None:
        """Tell all other members that the member is online again."""
        for other in self.directory.all_but(member_id):
            self.post(member_id, other, Returned())

    async def run(self) -> None:
        """Deliver for as long as the scenario is open."""
        loop = asyncio.get_running_loop()
        while True:  # ends by cancellation
            due, envelope = await self._underway.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            self._deliver(envelope)

    def _deliver(self, envelope: Envelope) -> None:
        if self.directory.is_online(envelope.addressee):
            self._mailboxes[envelope.addressee](envelope)
        elif not isinstance(envelope.message, Undeliverable | Returned):
            # Without a bounce a guest would wait for ever on a host that is gone.
            bounce = Undeliverable(message=envelope.message)
            self.post(envelope.addressee, envelope.sender, bounce)
