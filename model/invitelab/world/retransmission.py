"""Saying something until it is heard: one open message a key, until it is settled.

A key names the speaker, the peer, the message's class and the object it is about. So
an acknowledgement settles only what it acknowledges: not what another client has said
about the same invitation, nor another class of message about the same session, nor
what was said to somebody else.

One for a whole world: a dictionary for each client would cost more than the messages
in it.
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
"""A bound on every loop: a day at two seconds each, longer than anybody stays away."""

ACKNOWLEDGED: Mapping[type[Message], type[Message]] = {
    Shown: Offer,
    Gone: Withdraw,
    UpdateSeen: SessionUpdate,
    SessionLeft: SessionEnded,
    JoinSeen: Joined,
    SessionEnded: Joined,
}
"""What each class of acknowledgement settles. An answer's end is up to the guest."""


class Timer(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """It will not happen. Twice is once."""
        ...


class Clock(Protocol):
    """Where time passes for whoever speaks."""

    def after(
        self, delay_us: int, action: Callable[["Open"], None], argument: "Open"
    ) -> Timer:
        """Call `action(argument)` in a while."""
        ...


class Speaker(Protocol):
    """Whoever says it."""

    @property
    def device(self) -> Clock:
        """Where it stands."""
        ...

    def utter(self, to: ClientId, message: Message) -> None:
        """Say it once, with whatever in it has to be fresh."""
        ...


Key = tuple["Speaker", ClientId, type[Message], str]
"""Who says it, to whom, which class of message, about what."""


def object_of(message: Message) -> str:
    """What a message is about: its click, else its session, else its invitation."""
    if isinstance(message, Answer):
        return message.answer
    session: str | None = getattr(message, "session", None)
    invitation: str = getattr(message, "invitation", "")
    return session or invitation


def _revision_of(message: Message) -> int:
    """Zero where there is only one of it."""
    revision: int = getattr(message, "revision", 0)
    return revision


class Open:
    """A message that was not heard yet."""

    __slots__ = ("key", "left", "message", "speaker", "timer", "to")

    def __init__(
        self, key: Key, speaker: Speaker, to: ClientId, message: Message
    ) -> None:
        self.key = key
        self.speaker = speaker
        self.to = to
        self.message = message
        self.left = MAX_REPEATS
        self.timer: Timer | None = None


class Retransmission:
    """Repeats the newest message of each key every `retry_us` until it is settled."""

    __slots__ = ("_open", "_retry_us")

    def __init__(self, retry_us: int) -> None:
        self._retry_us = retry_us
        self._open: dict[Key, Open] = {}

    def post(self, speaker: Speaker, to: ClientId, message: Message) -> None:
        """Say it now and again until it is settled; replaces what was open there."""
        key = (speaker, to, type(message), object_of(message))
        self._settle(key)
        opened = self._open[key] = Open(key, speaker, to, message)
        self._repeat(opened)

    def acknowledge(self, speaker: Speaker, by: ClientId, receipt: Message) -> None:
        """`by` has told `speaker` that it was heard.

        A receipt of an earlier revision than the open one settles nothing.
        """
        settled = ACKNOWLEDGED[type(receipt)]
        key = (speaker, by, settled, object_of(receipt))
        opened = self._open.get(key)
        if opened is not None and _revision_of(receipt) >= _revision_of(opened.message):
            self._settle(key)

    def settle(
        self, speaker: Speaker, to: ClientId, kind: type[Message], about: str
    ) -> None:
        """There is no need to say it any more."""
        self._settle((speaker, to, kind, about))

    def forget(self, speaker: Speaker) -> None:
        """This one has lost its memory: it repeats nothing it has said."""
        for key in [key for key in self._open if key[0] is speaker]:
            self._settle(key)

    def _settle(self, key: Key) -> None:
        opened = self._open.pop(key, None)
        if opened is not None and opened.timer is not None:
            opened.timer.cancel()

    def _repeat(self, opened: Open) -> None:
        if opened.left == 0:
            self._settle(opened.key)
            return
        opened.left -= 1
        opened.speaker.utter(opened.to, opened.message)
        if self._open.get(opened.key) is opened:  # not heard at this very instant
            device = opened.speaker.device
            opened.timer = device.after(self._retry_us, self._repeat, opened)
