"""A client as an actor: one mailbox, and one task, which alone changes its state.

Orders of the user, messages of other clients and the alarm of its own clock all wait in
the mailbox, so each is done in full before the next begins. Before any of them the
client ends what is due: an alarm may ring late, the clock decides.
"""

import asyncio
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from peers.desk import Parts, perform
from peers.messages import (
    Answer,
    Closed,
    Envelope,
    Message,
    Offer,
    Permitted,
    Returned,
    SessionRequest,
    Started,
    Undeliverable,
    Withdraw,
)
from peers.orders import Order


@dataclass(frozen=True, slots=True)
class Alarm:
    """The client's clock says that something may be due."""


Item = Order | Envelope | Alarm


class Client:
    """One client; run is its task."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._mailbox: asyncio.Queue[Item] = asyncio.Queue()
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_s: float | None = None

    def put(self, item: Item) -> None:
        """Drop something in the mailbox."""
        self._mailbox.put_nowait(item)

    async def run(self) -> None:
        """Work off the mailbox for as long as the scenario is open."""
        try:
            while True:  # ends by cancellation
                item = await self._mailbox.get()
                self._end_what_is_due()
                self._take(item)
                self._set_alarm()
        finally:
            if self._alarm is not None:
                self._alarm.cancel()

    def _end_what_is_due(self) -> None:
        self._parts.inviting.expire()
        self._parts.receiving.expire()

    def _take(self, item: Item) -> None:
        match item:
            case Order():
                self._obey(item)
            case Envelope():
                self._hear(item.sender, item.message)
            case Alarm():  # it has done its work by waking the client
                self._alarm_s = None
            case _:
                assert_never(item)

    def _obey(self, order: Order) -> None:
        try:
            perform(self._parts, order)
        except Exception as error:  # noqa: BLE001  the adapter reports it, whatever it is
            order.fail(error)

    def _hear(self, sender: str, message: Message) -> None:
        match message:
            case Answer():
                self._parts.inviting.decide(sender, message)
            case Returned():
                self._parts.inviting.offer_again(sender)
            case SessionRequest():
                self._note_request(sender)
            case Undeliverable():
                self._hear_bounce(sender, message.message)
            case _:
                self._hear_host(sender, message)

    def _hear_host(
        self, host: str, message: Offer | Withdraw | Started | Closed | Permitted
    ) -> None:
        match message:
            case Offer():
                self._parts.receiving.show(host, message)
            case Withdraw():
                self._parts.receiving.withdraw(host, message.invitation)
            case Started():
                self._parts.joining.start(host, message)
                self._parts.receiving.joined(host, message)
            case Closed():
                self._parts.receiving.closed(host, message)
            case Permitted():
                self._parts.joining.change(host, message)
            case _:
                assert_never(message)

    def _hear_bounce(self, gone: str, message: Message) -> None:
        match message:
            case Answer():
                self._parts.receiving.host_gone(gone, message.invitation)
            case Started():
                self._parts.hosting.forget(message.session)
            case _:  # an offer is made again on return, the rest has no reader
                pass

    def _note_request(self, guest: str) -> None:
        if guest not in self._parts.requests:
            self._parts.requests.append(guest)

    def _set_alarm(self) -> None:
        parts = self._parts
        deadlines_s = chain(parts.inviting.deadlines_s(), parts.receiving.deadlines_s())
        earliest_s = min(deadlines_s, default=None)
        if earliest_s == self._alarm_s:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_s, self._alarm = earliest_s, None
        if earliest_s is not None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_at(earliest_s, self.put, Alarm())
