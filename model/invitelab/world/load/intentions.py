"""Intentions: what the users of an attempt to invite will do, drawn in advance.

An intention is a function of (seed, replication, number of the attempt) and of the
scenario. Each is drawn for a purpose of its own, so that another share of users who
cancel leaves every think time as it is.
"""

from array import array
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from mypy_extensions import mypyc_attr
from numpy.typing import NDArray

from invitelab.protocol.values import BUILT_IN_PROFILES, ClientSpec, EntryPoint
from invitelab.world.load.distributions import sample
from invitelab.world.load.rng import CHUNK, CounterRng, Floats, Purpose
from invitelab.world.scenario.schema import People

CHUNKS_KEPT = 128
"""Chunks in memory, of all purposes; one that was dropped is drawn again, the same."""

PROFILES = tuple(profile.name for profile in BUILT_IN_PROFILES)

NEVER = -1
"""Stands for an action that is not taken, in place of its delay in microseconds."""

Columns = tuple["array[float]", ...]
"""The intentions of `CHUNK` attempts for one purpose; a column has CHUNK values."""

Drawn = tuple[NDArray[np.float64] | NDArray[np.int64], ...]
"""The same as arrays, of any number of attempts."""

Draw = Callable[[Floats], Drawn]
"""Turns uniform numbers of shape (4, n) into the columns of a purpose."""


class Attempt(NamedTuple):
    """The participants of an attempt, and how the invitation is made.

    `inviter` and `recipient` are numbers in [0, 1) that choose from lists of clients.
    """

    inviter: float
    recipient: float
    by_tile: bool
    profile: str


@mypyc_attr(allow_interpreted_subclasses=True)
class Intentions:
    """The intentions of every attempt, by its number from 0."""

    def __init__(self, people: People, rng: CounterRng) -> None:
        self._people = people
        self._rng = rng
        self._kept: dict[tuple[Purpose, int], Columns] = {}
        self._draw: dict[Purpose, Draw] = {
            Purpose.PARTICIPANTS: tuple,
            Purpose.ANSWER: self._draw_answers,
            Purpose.CANCEL: self._draw_cancels,
            Purpose.MODIFY: self._draw_modifications,
            Purpose.EMAIL: self._draw_emails,
            Purpose.SESSION: lambda drawn: (
                sample(people.session, drawn[0], drawn[1]),
            ),
        }

    def of_many(self, purpose: Purpose, drawn: Floats) -> Drawn:
        """The columns of a purpose, from uniform numbers of shape (4, n)."""
        return self._draw[purpose](drawn)

    def columns(self, purpose: Purpose, drawn: Floats) -> Columns:
        """The same, to be read one by one."""
        return tuple(_doubles(column) for column in self.of_many(purpose, drawn))

    def attempt(self, number: int) -> Attempt:
        """Who invites whom, from which entry point and with which profile."""
        (inviter, recipient, tile, profile), place = self._of(
            Purpose.PARTICIPANTS, number
        )
        return Attempt(
            inviter[place],
            recipient[place],
            tile[place] < self._people.by_tile,
            PROFILES[int(profile[place] * len(PROFILES))],
        )

    def by_alias(self, number: int) -> bool:
        """Whether the inviter types the recipient's alias, if there is one."""
        columns, place = self._of(Purpose.ANSWER, number)
        return columns[2][place] < self._people.by_alias

    def address(self, number: int, recipient: ClientSpec, entry: EntryPoint) -> str:
        """The address of the recipient: as it is typed, or the ID behind a tile."""
        alias = recipient.identity.alias
        if entry.contact_list is None and alias is not None and self.by_alias(number):
            return alias
        return recipient.id

    def answer(self, number: int) -> tuple[bool | None, int]:
        """Accept, reject or (None) ignore, and the think time in microseconds."""
        (answers, think_us, _), place = self._of(Purpose.ANSWER, number)
        return (True, False, None)[int(answers[place])], int(think_us[place])

    def cancel_us(self, number: int) -> int | None:
        """Microseconds from sending to cancelling; None: it is not cancelled."""
        (after_us,), place = self._of(Purpose.CANCEL, number)
        return None if after_us[place] == NEVER else int(after_us[place])

    def modify_us(self, number: int) -> int | None:
        """Microseconds from sending to choosing another profile; None: it is not."""
        (after_us, _), place = self._of(Purpose.MODIFY, number)
        return None if after_us[place] == NEVER else int(after_us[place])

    def other_profile(self, number: int) -> str:
        """The profile that is chosen when the invitation is modified."""
        (_, profile), place = self._of(Purpose.MODIFY, number)
        return PROFILES[int(profile[place] * len(PROFILES))]

    def writes_email(self, number: int) -> bool:
        """Whether the inviter writes an email if a direct invitation is impossible."""
        (writes, _), place = self._of(Purpose.EMAIL, number)
        return writes[place] < self._people.email_fallback

    def connect_us(self, number: int) -> int | None:
        """Microseconds from that email to connecting; None: its reader does not."""
        (_, after_us), place = self._of(Purpose.EMAIL, number)
        return None if after_us[place] == NEVER else int(after_us[place])

    def session_us(self, number: int) -> int:
        """The length of the session in microseconds."""
        (lasts_us,), place = self._of(Purpose.SESSION, number)
        return int(lasts_us[place])

    def _of(self, purpose: Purpose, number: int) -> tuple[Columns, int]:
        key = (purpose, number // CHUNK)
        columns = self._kept.get(key)
        if columns is None:
            if len(self._kept) >= CHUNKS_KEPT:
                del self._kept[next(iter(self._kept))]
            drawn = self._rng.uniforms(purpose, key[1])
            columns = self._kept[key] = self.columns(purpose, drawn)
        return columns, number % CHUNK

    def _draw_answers(self, drawn: Floats) -> Drawn:
        answer = self._people.answer
        ignored_from = answer.accept + answer.reject
        chosen = np.add(drawn[0] >= answer.accept, drawn[0] >= ignored_from, dtype=int)
        think_us = sample(self._people.think, drawn[1], drawn[2])
        return chosen, think_us, drawn[3]

    def _draw_cancels(self, drawn: Floats) -> Drawn:
        after_us = sample(self._people.cancel_after, drawn[1], drawn[2])
        return (np.where(drawn[0] < self._people.cancel, after_us, NEVER),)

    def _draw_modifications(self, drawn: Floats) -> Drawn:
        after_us = sample(self._people.modify_after, drawn[1], drawn[2])
        when_us = np.where(drawn[0] < self._people.modify, after_us, NEVER)
        return when_us, drawn[3]

    def _draw_emails(self, drawn: Floats) -> Drawn:
        after_us = sample(self._people.email_after, drawn[2], drawn[3])
        when_us = np.where(drawn[1] < self._people.email_connect, after_us, NEVER)
        return drawn[0], when_us


def _doubles(row: NDArray[np.float64] | NDArray[np.int64]) -> "array[float]":
    """Integers, too: doubles are exact for the microseconds of a century."""
    return array("d", row.astype(np.float64).tobytes())
