"""What people see, in words that depend on nobody's address, and how it changes.

An output has what appeared and disappeared, not all that is there: who sees a session
go on learns nothing new. Two implementations differ in the one exactly if they differ
in the other, and a machine of changes has fewer states. What no clause is about is left
out: ids, invitations that have ended, and other actions than the answers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from invitelab.adapters import messages as wire
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.phrases import joined_digits
from invitelab.safe_text import escaped

PENDING = "pending"
ANSWERS = ("accept", "reject")
CORNER = "bottom-right"
MOST_WORDS = 120
MOST_ROWS = 3
"""Rows of one kind that are told apart by their number; more are as good as that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What came back, and what everybody saw change."""

    answer: str
    changes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Both in one line."""
        return "; ".join((self.answer, *self.changes))


class Outputs:
    """All outputs that were seen, by number."""

    def __init__(self) -> None:
        self.all: list[Output] = []
        self._numbers: dict[Output, int] = {}

    def number(self, output: Output) -> int:
        """The number of an output; a new one gets the next."""
        number = self._numbers.setdefault(output, len(self.all))
        if number == len(self.all):
            self.all.append(output)
        return number


class Sight:
    """Puts the views of the people of an alphabet into words."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._names = {person.id: name for name, person in people.items()}
        self._aliases = {
            person.alias.lower(): name
            for name, person in people.items()
            if person.alias is not None
        }
        self._profiles = {
            name: {frozenset(one.permissions): one.name for one in person.profiles}
            for name, person in people.items()
        }

    def name(self, text: str) -> str:
        """Who is meant by an ID or an alias that a target shows."""
        plain = joined_digits(text).lower()
        return self._names.get(plain) or self._aliases.get(plain, "somebody unknown")

    def rows(self, view: wire.View) -> Counter[str]:
        """What is there, as lines."""
        return Counter(self._rows(view))

    def _rows(self, view: wire.View) -> Iterator[str]:
        for shown in view.notifications:
            yield self._shown(shown)
        for row in view.invitations:
            if row.state == PENDING:
                profile = escaped(row.profile, MOST_WORDS)
                yield f'invitation to {self.name(row.to)} with "{profile}"'
        for session in view.sessions:
            yield self._running(session)
        for request in view.requests:
            yield f"session request from {self.name(request.from_)}"

    def _shown(self, row: wire.NotificationView) -> str:
        where = "in the client"
        if row.surface == "popup":
            corner = row.corner or "nowhere"
            there = "" if corner == CORNER else f" ({escaped(corner, MOST_WORDS)})"
            where = f"as a pop-up{there}"
        lacks = [action for action in ANSWERS if action not in row.actions]
        without = f" without {' and '.join(lacks)}" if lacks else ""
        name = self.name(row.from_.id)
        return f"invitation from {name}{self._alias(name, row)} {where}{without}"

    def _alias(self, name: str, row: wire.NotificationView) -> str:
        """How the alias that is shown is another one; empty if it is the right one."""
        person = self._people.get(name)
        shown = row.from_.alias
        if person is None or person.alias == shown:
            return ""
        if shown is None:
            return " without alias"
        right = person.alias is not None and person.alias.lower() == shown.lower()
        return "" if right else " with another alias"

    def _running(self, row: wire.SessionView) -> str:
        host, guest = self.name(row.host), self.name(row.guest)
        held = frozenset(row.permissions)
        known = self._profiles.get(host, {}).get(held)
        said = f'as in "{known}"' if known else ", ".join(sorted(held)) or "nothing"
        return f"session: {guest} controls {host}, {escaped(said, MOST_WORDS)}"


def changes(name: str, before: Counter[str], now: Counter[str]) -> Iterator[str]:
    """What a person sees appear (+) and disappear (-), in the order of the words."""
    for sign, rows in (("+", now - before), ("-", before - now)):
        for row, times in sorted(rows.items()):
            many = "" if times == 1 else f" ({min(times, MOST_ROWS)} times)"
            yield f"{name}: {sign} {row}{many}"
