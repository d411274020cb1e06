"""A piece of a run: what is final at the end of a window."""

from dataclasses import dataclass

from invitelab.world.cohorts.attempts import Attempts
from invitelab.world.cohorts.pools import Served
from invitelab.world.cohorts.timelines import Integers, Intents, Timelines, Waits
from invitelab.world.load.queues import MessageClass


@dataclass(slots=True, kw_only=True)
class Piece:
    """What is final at the end of a window, `until_us` exclusive.

    `attempts` were made in it; `sent` are the places of those that became invitations,
    and `sent_before` how many their inviter had sent before. `ended_us` are the ends of
    invitations within the window, and `repeats_us` when messages were repeated in it.
    `intents` and `timelines` are of invitations that are over, all their messages
    included; `served` and `waits` of its messages.
    """

    until_us: int
    attempts: Attempts
    sent: Integers
    sent_before: Integers
    ended_us: Integers
    repeats_us: Integers
    intents: Intents
    timelines: Timelines
    served: dict[MessageClass, Served]
    waits: Waits
