"""What is carried from window to window: open invitations, and messages to come."""

from collections.abc import Sequence

import numpy as np

from invitelab.world.cohorts.lives import (
    Flags,
    Integers,
    Intents,
    Lives,
    Messages,
    joined,
)
from invitelab.world.cohorts.pools import Served, Workers


class PoolState:
    """A pool of the relay: its workers, and the messages still to come."""

    def __init__(self, workers: int) -> None:
        self._workers = Workers.idle(workers)
        self._parts: list[Messages] = []

    @property
    def later(self) -> Messages:
        """The messages still to come, in no order."""
        if len(self._parts) != 1:
            self._parts = [joined(self._parts)]
        return self._parts[0]

    @later.setter
    def later(self, messages: Messages) -> None:
        self._parts = [messages]

    def take(self, parts: Sequence[Messages]) -> None:
        """Add messages."""
        self._parts += parts

    def before(self, until_us: int) -> Served:
        """Serve those that arrive before an instant."""
        later = self.later
        return self._workers.serve(
            later.some(np.flatnonzero(later.arrival_us < until_us))
        )

    def settle(self, served: Served, until_us: int) -> None:
        """Those are final."""
        self._workers = self._workers.after(served, until_us - 1)
        later = self.later
        self.later = later.some(np.flatnonzero(later.arrival_us >= until_us))


class OpenInvitations:
    """The invitations that are not over yet; `refused` are none after all."""

    def __init__(self) -> None:
        nothing = np.empty(0, np.int64)
        self.intents = Intents(
            number=nothing,
            sent_us=nothing,
            choice=np.empty(0, np.int8),
            think_us=nothing,
            cancel_us=nothing,
            modify_us=nothing,
        )
        self.lives = Lives.none(0)
        self.pair = nothing
        self.refused = np.empty(0, np.bool_)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.intents)

    def add(self, intents: Intents, pair: Integers) -> None:
        """Add new ones, which are not told yet."""
        self.intents = Intents(
            **{
                name: np.concatenate(
                    (getattr(self.intents, name), getattr(intents, name))
                )
                for name in Intents.__slots__
            }
        )
        lives = Lives.none(len(intents))
        self.lives = Lives(
            **{
                name: np.concatenate((getattr(self.lives, name), getattr(lives, name)))
                for name in Lives.__slots__
            }
        )
        self.pair = np.concatenate((self.pair, pair))
        self.refused = np.concatenate((self.refused, np.zeros(len(pair), np.bool_)))

    def keep(self, which: Flags) -> None:
        """Keep those alone."""
        self.intents, self.lives = self.intents.some(which), self.lives.some(which)
        self.pair, self.refused = self.pair[which], self.refused[which]

    def places(self, numbers: Integers) -> Integers:
        """The places of these attempts, as far as they are here."""
        own = self.intents.number
        places = np.searchsorted(own, numbers)
        places = places[places < len(own)]
        return places[np.isin(own[places], numbers, assume_unique=True)]
