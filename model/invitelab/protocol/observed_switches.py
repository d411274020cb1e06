"""What the Accept window has changed in a session, and what it must not have."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from invitelab.protocol.observed import Broken, Exactness, Observed, Span, Switch


class Look(NamedTuple):
    """The permissions that the view of one side has shown, and when."""

    side: str
    first: frozenset[str]
    """What it has shown first."""
    held: frozenset[str]
    at: Span


class Switches:
    """The judgement of the switches in the session of one invitation."""

    def __init__(
        self, one: Observed, exact: Exactness, wanted: Sequence[frozenset[str]]
    ) -> None:
        """`wanted` are the sets that the session may have begun with."""
        self._exact = exact
        self._wanted = wanted
        self._locks = {name.value: value for name, value in one.inviter.locked.items()}

    def broken(self, look: Look, tried: Sequence[Switch]) -> Iterator[Broken]:
        """What a look shows, after what was tried before it."""
        yield from self._refused(tried)
        newest = {two.permission: two for two in tried if two.by_host}
        settled_us = look.at.begin_us - self._exact.settle_us
        for name, two in newest.items():
            if two.span.end_us > settled_us or name in self._locks:
                continue
            if two.granted and (name in look.held) is not two.allowed:
                what = f"{name} is not as the inviter has set it, at the {look.side}"
                yield Broken("SESSION-5", what)
        for two in tried:
            name = two.permission
            if name in newest and name not in self._locks:
                continue
            before = {name in some for some in self._wanted}
            if name in self._locks:
                before = {name in look.first}
            if (name in look.held) not in before:
                clause = "SESSION-6" if two.by_host else "SESSION-10"
                yield Broken(clause, f"{name} has changed at the {look.side}")

    def _refused(self, tried: Sequence[Switch]) -> Iterator[Broken]:
        """What the inviter could not change in a session that was running."""
        if len(self._wanted) > 1:
            return
        held = set(self._wanted[0])
        for two in tried:
            if not two.by_host or two.permission in self._locks:
                continue
            if two.granted:
                (held.add if two.allowed else held.discard)(two.permission)
            elif (two.permission in held) is not two.allowed:
                yield Broken("SESSION-5", f"switching {two.permission} was refused")
                return
