"""Two simulators with a fault each, to see whether the table finds it."""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from itertools import count
from unittest.mock import patch

import numpy as np

from invitelab.protocol import host
from invitelab.protocol.values import Invitation
from invitelab.world.inviter import Inviter
from invitelab.world.load.intentions import Drawn, Intentions
from invitelab.world.load.rng import Floats, Purpose


class Bias(StrEnum):
    """What is wrong."""

    DRAW = "draw"
    """Think times are two percent too long, in both engines."""
    TIMER = "timer"
    """One expiry timer in a thousand never fires; of the events engine alone."""


TOO_LONG = 1.02
LOST_ONE_IN = 1_000


@contextmanager
def biased(bias: Bias) -> Generator[None]:
    """Simulate with that fault while the context lasts, in this process."""
    with _too_long() if bias is Bias.DRAW else _lossy():
        yield


@contextmanager
def _too_long() -> Generator[None]:
    right = Intentions.of_many

    def of_many(self: Intentions, purpose: Purpose, drawn: Floats) -> Drawn:
        columns = right(self, purpose, drawn)
        if purpose is not Purpose.ANSWER:
            return columns
        choice, think_us, alias = columns
        return choice, np.rint(think_us * TOO_LONG).astype(np.int64), alias

    with patch.object(Intentions, "of_many", of_many):
        yield


@contextmanager
def _lossy() -> Generator[None]:
    right, timers = Inviter.perform, count(1)

    def perform(self: Inviter, invitation: Invitation, effect: host.HostEffect) -> None:
        if isinstance(effect, host.Wake) and next(timers) % LOST_ONE_IN == 0:
            return
        right(self, invitation, effect)

    with patch.object(Inviter, "perform", perform):
        yield
