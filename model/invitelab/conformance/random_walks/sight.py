"""What a person sees, in words that do not depend on who has which address.

A target's ids are its own: an invitation or session is numbered by when it first
appeared in the person's view. Persons are named, and the order of lists does not count.
An invitation that has ended may be listed or left out, and what no clause is about is
left out: other actions than the answers, and what stands in place of an alias.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from invitelab.adapters import messages as wire
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.phrases import joined_digits
from invitelab.conformance.random_walks.participants import ALL_PERMISSIONS

PENDING = "pending"
ANSWERS = ("accept", "reject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One view of one person."""

    rows: Counter[str]
    """All that is there, in words."""
    ended: Mapping[str, str]
    """What is said of invitations that have ended, each by its number."""

    @property
    def quiet(self) -> bool:
        """Whether nothing is pending or going on."""
        return not self.rows

    def unlike(self, other: "Sight") -> tuple[list[str], list[str]]:
        """What only this one has, and what only the other one has."""
        mine, theirs = self.rows - other.rows, other.rows - self.rows
        for number in self.ended.keys() & other.ended.keys():
            if self.ended[number] != other.ended[number]:
                mine[self.ended[number]] += 1
                theirs[other.ended[number]] += 1
        return sorted(mine), sorted(theirs)


@dataclass(slots=True)
class Eyes:
    """What one person has seen so far, so that ids can be numbered."""

    names: Mapping[str, str]
    """Names by ID, and by alias in small letters."""
    _numbers: dict[tuple[str, str], str] = field(
        default_factory=dict[tuple[str, str], str]
    )
    _counts: Counter[str] = field(default_factory=Counter[str])
    _earlier: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def forget(self) -> None:
        """Count from one again: what has been seen so far is of an earlier story."""
        self._earlier.update(self._numbers)
        self._numbers.clear()
        self._counts.clear()

    def see(self, view: wire.View) -> Sight:
        """Put a view into words."""
        return Sight(
            rows=Counter(self._rows(view)),
            ended={
                self._number("invitation", row.invitation): self._listed(row)
                for row in sorted(view.invitations, key=self._without_id)
                if row.state != PENDING
                and ("invitation", row.invitation) not in self._earlier
            },
        )

    def _rows(self, view: wire.View) -> Iterator[str]:
        for shown in sorted(view.notifications, key=self._shown):
            number = self._number("notification", shown.invitation)
            yield f"{number} {self._shown(shown)}"
        for row in sorted(view.invitations, key=self._without_id):
            if row.state == PENDING:
                yield self._listed(row)
        for session in sorted(view.sessions, key=self._running):
            yield f"{self._number('session', session.session)} {self._running(session)}"
        for request in view.requests:
            yield f"a session request from {self._name(request.from_)}"

    def _number(self, kind: str, id_: str) -> str:
        if (kind, id_) in self._earlier:
            return "an earlier"
        if (kind, id_) not in self._numbers:
            self._counts[kind] += 1
            self._numbers[kind, id_] = f"{kind} {self._counts[kind]}"
        return self._numbers[kind, id_]

    def _shown(self, row: wire.NotificationView) -> str:
        alias = "no alias" if row.from_.alias is None else self._name(row.from_.alias)
        where = "in the client"
        if row.surface == "popup":
            where = f"as a pop-up ({row.corner})"
        missing = [action for action in ANSWERS if action not in row.actions]
        lacks = f" without {' and '.join(missing)}" if missing else ""
        return f"from {self._name(row.from_.id)} with {alias} {where}{lacks}"

    def _listed(self, row: wire.InvitationView) -> str:
        return f"{self._number('invitation', row.invitation)} {self._without_id(row)}"

    def _without_id(self, row: wire.InvitationView) -> str:
        return f'to {self._name(row.to)} with "{row.profile}", {row.state}'

    def _running(self, row: wire.SessionView) -> str:
        known = [name for name in ALL_PERMISSIONS if name in row.permissions]
        held = ", ".join(known) or "no permissions"
        guest, host = self._name(row.guest), self._name(row.host)
        return f"in which {guest} controls {host}: {held}"

    def _name(self, text: str) -> str:
        """Who is meant by an ID or an alias that a target shows."""
        return self.names.get(joined_digits(text).lower(), "something else")


def names_of(people: Mapping[str, Person]) -> Mapping[str, str]:
    """Names of people by ID, and in words by alias in small letters."""
    names = {person.id: name for name, person in people.items()}
    names |= {
        person.alias.lower(): f"the alias of {name}"
        for name, person in people.items()
        if person.alias is not None
    }
    return names
