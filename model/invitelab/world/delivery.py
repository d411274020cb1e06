"""Saying something until it is heard: one open message a key, until it is settled.

One for a whole world: a key holds an id that is unique in it, and a dictionary for each
client would cost more than the messages in it.
"""

from collections.abc import Callable, Hashable
from typing import Protocol

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId

MAX_REPEATS = 43_200
"""A bound on every loop: a day at two seconds each, longer than anybody stays away."""


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
    def site(self) -> Clock:
        """Where it stands."""
        ...

    def utter(self, to: ClientId, message: Message) -> None:
        """Say it once, with whatever in it has to be fresh."""
        ...


class Open:
    """A message that was not heard yet."""

    __slots__ = ("key", "left", "message", "speaker", "timer", "to")

    def __init__(
        self, key: Hashable, speaker: Speaker, to: ClientId, message: Message
    ) -> None:
        self.key = key
        self.speaker = speaker
        self.to = to
        self.message = message
        self.left = MAX_REPEATS
        self.timer: Timer | None = None


class Delivery:
    """Repeats the newest message of each key every `retry_us` until it is settled."""

    __slots__ = ("_open", "_retry_us")

    def __init__(self, retry_us: int) -> None:
        self._retry_us = retry_us
        self._open: dict[Hashable, Open] = {}

    def post(
        self, key: Hashable, speaker: Speaker, to: ClientId, message: Message
    ) -> None:
        """Say it now and again until `settle(key)`; replaces what was open there."""
        self.settle(key)
        opened = self._open[key] = Open(key, speaker, to, message)
        self._repeat(opened)

    def settle(self, key: Hashable) -> None:
        """It was heard."""
        opened = self._open.pop(key, None)
        if opened is not None and opened.timer is not None:
            opened.timer.cancel()

    def forget(self, speaker: Speaker) -> None:
        """This one has lost its memory: it repeats nothing it has said."""
        mine = [key for key, one in self._open.items() if one.speaker is speaker]
        for key in mine:
            self.settle(key)

    def _repeat(self, opened: Open) -> None:
        if opened.left == 0:
            self.settle(opened.key)
            return
        opened.left -= 1
        opened.speaker.utter(opened.to, opened.message)
        if self._open.get(opened.key) is opened:  # not heard at this very instant
            site = opened.speaker.site
            opened.timer = site.after(self._retry_us, self._repeat, opened)
