"""What the people around one wish to invite mean to do, drawn before it begins.

A plan is a function of (seed, replication, number of the wish) and the scenario. Each
intention has a purpose of its own in the streams, so that changing how many cancel
leaves every think time as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

import numpy as np

from invitelab.protocol.values import BUILT_IN_PROFILES
from invitelab.world.sampling import sample
from invitelab.world.scenario import People
from invitelab.world.streams import CHUNK, Floats, Purpose, Streams

CHUNKS_KEPT = 8
"""Plans in memory; one that was let go is drawn again, and is the same."""

PROFILES = tuple(profile.name for profile in BUILT_IN_PROFILES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One wish. Shares in [0, 1) pick from lists that the plan does not know.

    `accepts` None means that the recipient ignores it. Times are microseconds from the
    showing (`think_us`), the sending (`cancel_us`, `modify_us`, None: not at all), the
    email (`connect_us`, None: never) and the start of the session (`session_us`).
    """

    inviter: float
    recipient: float
    by_tile: bool
    by_alias: bool
    profile: str
    accepts: bool | None
    think_us: int
    cancel_us: int | None
    modify_us: int | None
    other_profile: str
    writes_email: bool
    connect_us: int | None
    session_us: int


class Planner(Protocol):
    """Where plans come from."""

    def __call__(self, number: int, /) -> Plan:
        """The plan of this wish."""
        ...


def planner(people: People, streams: Streams) -> Planner:
    """Plans by number, a chunk at a time."""

    @lru_cache(maxsize=CHUNKS_KEPT)
    def chunk_of(chunk: int) -> Sequence[Plan]:
        return _draw(people, streams, chunk)

    def plan(number: int, /) -> Plan:
        chunk, place = divmod(number, CHUNK)
        return chunk_of(chunk)[place]

    return plan


def _draw(people: People, streams: Streams, chunk: int) -> Sequence[Plan]:
    def draws(purpose: Purpose) -> Floats:
        return streams.uniforms(purpose, chunk)

    who, email = draws(Purpose.WHO), draws(Purpose.EMAIL)
    answer, session = draws(Purpose.ANSWER), draws(Purpose.SESSION)
    cancel, modify = draws(Purpose.CANCEL), draws(Purpose.MODIFY)
    shares = (people.answer.accept, people.answer.reject, people.answer.ignore)
    bounds = list(accumulate(shares))[:-1]
    answers = np.searchsorted(bounds, answer[0], side="right")
    think_us = sample(people.think, answer[1], answer[2])
    cancel_us = sample(people.cancel_after, cancel[1], cancel[2])
    modify_us = sample(people.modify_after, modify[1], modify[2])
    connect_us = sample(people.email_after, email[2], email[3])
    session_us = sample(people.session, session[0], session[1])
    return [
        Plan(
            inviter=float(who[0, at]),
            recipient=float(who[1, at]),
            by_tile=bool(who[2, at] < people.by_tile),
            by_alias=bool(answer[3, at] < people.by_alias),
            profile=PROFILES[int(who[3, at] * len(PROFILES))],
            accepts=(True, False, None)[int(answers[at])],
            think_us=int(think_us[at]),
            cancel_us=int(cancel_us[at]) if cancel[0, at] < people.cancel else None,
            modify_us=int(modify_us[at]) if modify[0, at] < people.modify else None,
            other_profile=PROFILES[int(modify[3, at] * len(PROFILES))],
            writes_email=bool(email[0, at] < people.email_fallback),
            connect_us=int(connect_us[at])
            if email[1, at] < people.email_connect
            else None,
            session_us=int(session_us[at]),
        )
        for at in range(CHUNK)
    ]
