"""Retransmission: a message is repeated until it is acknowledged or superseded.

At most one message per key is outstanding. A key consists of the sender, the peer, the
message's class and the object it is about. So an acknowledgement settles only what it
acknowledges: no message of another client about the same invitation, no other class of
message about the same session, and no message to another peer.

One instance serves all clients of a world: a dictionary in each of them would cost more
memory than the messages in it.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from invitelab.protocol.messages import (
    Answer,
    Gone,
    Joined,
    JoinSeen,
    Message,
    Offer,
    SessionEnded,
    SessionLeft,
    SessionUpdate,
    Shown,
    UpdateSeen,
    Withdraw,
)
from invitelab.protocol.values import ClientId

MAX_REPEATS = 43_200
"""Bounds every loop: a day of repeats every two seconds, longer than any absence."""

ACKNOWLEDGED: Mapping[type[Message], type[Message]] = {
    Shown: Offer,
    Gone: Withdraw,
    UpdateSeen: SessionUpdate,
    SessionLeft: SessionEnded,
    JoinSeen: Joined,
    SessionEnded: Joined,
}
"""The class of message that each acknowledgement settles.

An `Answer` is settled by `protocol.guest` instead.
"""


class Timer(Protocol):
    """A call that is due at some time unless it is cancelled."""

    def cancel(self) -> None:
        """Cancel the call; without effect if it is made or cancelled already."""
        ...


class SenderDevice(Protocol):
    """The device of a sender: its clock, and whether it is connected."""

    @property
    def online(self) -> bool:
        """Whether it is connected to the relay."""
        ...

    def after(
        self,
        delay_us: int,
        action: Callable[["Unacknowledged"], None],
        argument: "Unacknowledged",
    ) -> Timer:
        """Call `action(argument)` after `delay_us`."""
        ...


class Sender(Protocol):
    """The sender of messages: one role of a client."""

    @property
    def device(self) -> SenderDevice:
        """The device, on whose clock messages are repeated."""
        ...

    def utter(self, to: ClientId, message: Message) -> None:
        """Send a message once, with its time-dependent fields brought up to date."""
        ...


OnRepeat = Callable[[Message], None]
"""Called with a message that a connected sender is about to repeat."""


def repeat_unseen(_message: Message) -> None:
    """The default `on_repeat`."""


Key = tuple["Sender", ClientId, type[Message], str]
"""Sender, peer, class of message, object."""


def object_of(message: Message) -> str:
    """The id of what a message is about: its click, session or invitation."""
    if isinstance(message, Answer):
        return message.answer
    session: str | None = getattr(message, "session", None)
    invitation: str = getattr(message, "invitation", "")
    return session or invitation


def _revision_of(message: Message) -> int:
    """The revision of a message; 0 for a class that has none."""
    revision: int = getattr(message, "revision", 0)
    return revision


class Unacknowledged:
    """A message that is not acknowledged yet."""

    __slots__ = ("key", "left", "message", "sender", "timer", "to")

    def __init__(
        self, key: Key, sender: Sender, to: ClientId, message: Message
    ) -> None:
        self.key = key
        self.sender = sender
        self.to = to
        self.message = message
        self.left = MAX_REPEATS
        self.timer: Timer | None = None


class Retransmission:
    """Repeats the newest message of each key every `retry_us` until it is settled.

    `retry_us` is on the clock of the sender's device.
    """

    __slots__ = ("_on_repeat", "_open", "_retry_us")

    def __init__(self, retry_us: int, on_repeat: OnRepeat = repeat_unseen) -> None:
        self._retry_us = retry_us
        self._on_repeat = on_repeat
        self._open: dict[Key, Unacknowledged] = {}

    def post(self, sender: Sender, to: ClientId, message: Message) -> None:
        """Send a message now and repeat it; it replaces the open one of its key."""
        key = (sender, to, type(message), object_of(message))
        self._settle(key)
        opened = self._open[key] = Unacknowledged(key, sender, to, message)
        self._repeat(opened)

    def acknowledge(self, sender: Sender, by: ClientId, receipt: Message) -> None:
        """Settle what `by` acknowledges to `sender`.

        An acknowledgement of an earlier revision than the open one settles nothing.
        """
        settled = ACKNOWLEDGED[type(receipt)]
        key = (sender, by, settled, object_of(receipt))
        opened = self._open.get(key)
        if opened is not None and _revision_of(receipt) >= _revision_of(opened.message):
            self._settle(key)

    def settle(
        self, sender: Sender, to: ClientId, kind: type[Message], about: str
    ) -> None:
        """Stop repeating the message of this sender, peer, class and object."""
        self._settle((sender, to, kind, about))

    def forget(self, sender: Sender) -> None:
        """Stop repeating every message of a sender, whose client has crashed."""
        for key in [key for key in self._open if key[0] is sender]:
            self._settle(key)

    def _settle(self, key: Key) -> None:
        opened = self._open.pop(key, None)
        if opened is not None and opened.timer is not None:
            opened.timer.cancel()

    def _repeat(self, opened: Unacknowledged) -> None:
        if opened.left == 0:
            self._settle(opened.key)
            return
        if opened.left < MAX_REPEATS and opened.sender.device.online:
            self._on_repeat(opened.message)
        opened.left -= 1
        opened.sender.utter(opened.to, opened.message)
        if self._open.get(opened.key) is opened:  # not acknowledged within `utter`
            device = opened.sender.device
            opened.timer = device.after(self._retry_us, self._repeat, opened)
