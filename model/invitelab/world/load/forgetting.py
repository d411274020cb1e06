"""Forgetting: an invitation that has ended takes no memory once nothing can reach it.

As a tracing garbage collector does, it looks at all that is still to happen: messages
under way or repeated, timers, clicks to come. What none of these names can make no
difference to the rest of a run: a notification that is shown has a timer, and an answer
that is not settled is repeated.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import cast

from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.queues import CLASS_OF
from invitelab.world.retransmission import Unacknowledged

EVERY_US = 30_000_000
"""The virtual time between two looks: an invitation is looked at a few times."""

LOOKED_AT = 10_000
"""Things that a look goes through between two calls of `watch`."""


class Forgetting:
    """Removes invitations from a world of clients that neither crash nor sleep.

    A client that starts again goes through all that it has stored, so in a world where
    one may, nothing is forgotten.
    """

    def __init__(self, env: CalendarEnvironment, directory: ClientDirectory) -> None:
        self._env = env
        self._directory = directory
        self._ended: list[str] = []
        self._next_us = EVERY_US

    def ended(self, invitation: str) -> None:
        """Note that an invitation has ended at its inviter."""
        self._ended.append(invitation)

    def look(self, watch: Callable[[int], None] = lambda _reached_us: None) -> None:
        """Forget what can be forgotten, if it is time to look.

        `watch` is called after every LOOKED_AT things, of which an overloaded world has
        millions; it may raise, as a world is right with any of them forgotten.
        """
        if self._env.now_us < self._next_us:
            return
        self._next_us = self._env.now_us + EVERY_US
        now_us = self._env.now_us
        reachable: set[str] = set()
        scheduled = self._env.scheduled()
        while some := list(islice(scheduled, LOOKED_AT)):
            reachable.update(named(some))
            if len(some) == LOOKED_AT:
                watch(now_us)
        kept: list[str] = []
        for place, id_ in enumerate(self._ended, start=1):
            if not self._forget(id_, reachable):
                kept.append(id_)
            if place % LOOKED_AT == 0:
                watch(now_us)
        self._ended = kept

    def _forget(self, id_: str, reachable: set[str]) -> bool:
        directory = self._directory
        host, guest = directory.host(id_), directory.guest(id_)
        if id_ in reachable or host.inviter.invitations[id_].session in reachable:
            return False
        host.inviter.drop(id_)
        guest.recipient.drop(id_)
        directory.relay.forget(id_)
        return True


def named(arguments: Iterable[object]) -> Iterator[str]:
    """The ids of invitations and sessions among the arguments of calls.

    An argument is an id, a message or one that is repeated, or a tuple of such.
    """
    for one in arguments:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from named(cast("tuple[object, ...]", one))
        elif isinstance(one, Unacknowledged):
            yield from _of_message(one.message)
        elif type(one) in CLASS_OF:
            yield from _of_message(one)


def _of_message(message: object) -> Iterator[str]:
    for name in ("invitation", "session"):
        id_: str | None = getattr(message, name, None)
        if id_ is not None:
            yield id_
