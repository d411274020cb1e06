"""The judgement of one observed invitation: which clauses it breaks.

Two operations that overlap may have come in either order, and so may one that overlaps
the deadline: nothing is judged that depends on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invitelab.protocol.observed import (
    ENDS,
    Broken,
    Click,
    ClickKind,
    Exactness,
    Listed,
    Observed,
    Running,
    Seen,
    Shown,
    Span,
    Value,
)
from invitelab.protocol.observed_switches import Look, Switches
from invitelab.protocol.values import State

GONE_BY = {
    State.ACCEPTED: "ANSWER-5",
    State.REJECTED: "ANSWER-1",
    State.CANCELLED: "PENDING-3",
    State.EXPIRED: "EXPIRY-3",
}
"""The clause by which the notification is gone."""

UNLISTED_BY = {
    State.ACCEPTED: "PENDING-4",
    State.REJECTED: "ANSWER-1",
    State.CANCELLED: "PENDING-2",
    State.EXPIRED: "EXPIRY-4",
}
"""The clause by which the inviter no longer sees it pending."""

NO_SESSION_BY = {
    State.REJECTED: "ANSWER-1",
    State.CANCELLED: "PENDING-3",
    State.EXPIRED: "EXPIRY-2",
}
"""The clause by which there is no session."""


def broken(one: Observed, exact: Exactness) -> Iterator[Broken]:
    """Every clause that the invitation breaks, in no particular order."""
    judge = _Judge(one, exact)
    yield from judge.notifications()
    yield from judge.listing()
    yield from judge.clicks()
    yield from judge.sessions()


@dataclass(frozen=True, slots=True)
class _End:
    """How it ended: possible states, and the time within which that happened."""

    states: frozenset[State]
    from_us: int
    until_us: int


def end_of(one: Observed, exact: Exactness) -> _End:
    """How the invitation ended, as far as clicks and the deadline tell."""
    terminal = [click for click in one.clicks if click.granted and click.kind in ENDS]
    deadline = _End(
        frozenset({State.EXPIRED}),
        one.deadline_us - exact.blur_us,
        one.deadline_us + exact.blur_us,
    )
    if not terminal:
        return deadline
    first = min(terminal, key=lambda click: click.span.end_us)
    # Until an effect has settled, the other side may not know of it.
    settled_us = first.span.end_us + exact.settle_us
    rivals = [one for one in terminal if one.span.begin_us <= settled_us]
    states = {ENDS[one.kind] for one in rivals}
    begin_us = min(one.span.begin_us for one in rivals)
    end_us = max(one.span.end_us for one in rivals)
    if begin_us > deadline.until_us:
        return deadline
    if end_us >= deadline.from_us:
        states.add(State.EXPIRED)
    return _End(frozenset(states), begin_us, max(end_us, begin_us))


class _Judge:
    """The judgement of one invitation."""

    def __init__(self, one: Observed, exact: Exactness) -> None:
        self._one = one
        self._exact = exact
        self._end = end_of(one, exact)
        self._visible_us = one.sent.end_us + exact.settle_us
        """From when on it has to be visible."""
        self._gone_us = self._end.until_us + exact.settle_us
        """From when on its end has to be visible."""
        self._direct = one.recipient.supports_direct

    # Which looks can be judged.

    def _open(self, seen: Seen[Value]) -> bool:
        """Whether one of the looks was surely made while it was pending."""
        return any(
            look.begin_us >= self._visible_us and look.end_us < self._end.from_us
            for look in (seen.first, seen.last)
        )

    def _over(self, seen: Seen[Value]) -> bool:
        """Whether the last look was surely made after its end."""
        return seen.last.begin_us > self._gone_us

    def _changed(self, before_us: int) -> bool:
        return any(
            click.kind is ClickKind.MODIFY
            and click.granted
            and click.span.end_us <= before_us
            for click in self._one.clicks
        )

    # What the recipient sees.

    def notifications(self) -> Iterator[Broken]:
        """What the recipient, and anybody else, must and must not see."""
        one, name = self._one, self._one.recipient.id
        for who in dict.fromkeys(one.elsewhere):
            yield Broken("NOTIFY-6", f"{who} was shown it, and {name} is invited")
        for seen in one.at_guest:
            if not self._direct:
                if seen.value:
                    yield Broken("DIRECT-3", f"{name} saw it in a client below 7")
            elif self._open(seen):
                yield from self._while_pending(seen)
            if seen.value and self._over(seen):
                yield from self._still_shown()

    def _still_shown(self) -> Iterator[Broken]:
        for state in self._only_end():
            what = f"{self._one.recipient.id} still saw it after it was {state.value}"
            yield Broken(GONE_BY[state], what)

    def _only_end(self) -> Sequence[State]:
        """The one state in which it ended; none where that is in doubt."""
        return tuple(self._end.states) if len(self._end.states) == 1 else ()

    def _while_pending(self, seen: Seen[tuple[Shown, ...]]) -> Iterator[Broken]:
        one, name = self._one, self._one.recipient.id
        surfaces = [row.surface for row in seen.value]
        lost = any(earlier.value for earlier in one.at_guest if earlier is not seen)
        if "client" not in surfaces:
            clause = "EXPIRY-1" if lost and surfaces == [] else "NOTIFY-1"
            yield Broken(clause, f"{name} did not see it in the client while pending")
        if self._exact.popup:
            corners = {row.corner for row in seen.value if row.surface == "popup"}
            if corners != {"bottom-right"} and surfaces:
                what = f"{name} saw no pop-up in the bottom-right corner"
                yield Broken("NOTIFY-2", what)
        for surface in ("client", "popup"):
            if surfaces.count(surface) > 1:
                clause = "NOTIFY-8" if self._changed(seen.last.end_us) else "NOTIFY-1"
                yield Broken(clause, f"{name} saw it twice, as {surface}")
        for row in seen.value:
            yield from self._in_row(row)

    def _in_row(self, row: Shown) -> Iterator[Broken]:
        sender, name = self._one.inviter.identity, self._one.recipient.id
        if row.id.replace(" ", "") != sender.id:
            yield Broken("NOTIFY-3", f"{name} saw the ID {row.id}, not {sender.id}")
        if sender.alias is not None and row.alias != sender.alias:
            what = f"{name} saw the alias {row.alias}, not {sender.alias}"
            yield Broken("NOTIFY-4", what)
        if sender.alias is None and row.alias:
            what = f"{name} saw the alias {row.alias} of a portable client"
            yield Broken("NOTIFY-7", what)
        if not {"accept", "reject"} <= set(row.actions):
            yield Broken("NOTIFY-5", f"{name} could not both accept and reject")

    # What the inviter sees.

    def listing(self) -> Iterator[Broken]:
        """What the inviter's list must and must not hold."""
        one, name = self._one, self._one.inviter.id
        ended: str | None = None
        for seen in one.at_host:
            row = seen.value
            pending = row is not None and row.state == "pending"
            if self._open(seen) and not pending:
                clause = "PENDING-1" if self._changed(seen.first.end_us) else "EXPIRY-1"
                state = "unlisted" if row is None else row.state
                yield Broken(clause, f"{name} saw it {state} while it was pending")
            if row is not None and pending and self._open(seen):
                yield from self._profile(seen, row)
            if self._over(seen):
                yield from self._after(row)
            if ended is not None and row is not None and row.state != ended:
                what = f"{name} saw it {ended}, and {row.state} later"
                yield Broken(self._clause_of_end(), what)
            if row is not None and not pending:
                ended = ended or row.state
        yield from self._changed_later()

    def _changed_later(self) -> Iterator[Broken]:
        """Whether the profile of what has ended is listed otherwise later."""
        kept: str | None = None
        for seen in self._one.at_host:
            row = seen.value
            if row is None or seen.first.begin_us <= self._gone_us:
                continue
            if kept is not None and row.profile != kept:
                what = (
                    f"its profile was {kept} when it had ended, and {row.profile} later"
                )
                yield Broken("PENDING-4", what)
                return
            kept = row.profile

    def _clause_of_end(self) -> str:
        states = self._only_end()
        return UNLISTED_BY[states[0]] if states else "PENDING-4"

    def _after(self, row: Listed | None) -> Iterator[Broken]:
        for state in self._only_end():
            if row is not None and row.state != state.value:
                what = (
                    f"{self._one.inviter.id} saw it {row.state} after it was "
                    f"{state.value}"
                )
                yield Broken(UNLISTED_BY[state], what)

    def _profile(self, seen: Seen[Listed | None], row: Listed) -> Iterator[Broken]:
        for look in (seen.first, seen.last):
            names = self._profiles(look)
            if row.profile not in names:
                changed = self._changed(look.end_us)
                what = f"the list has the profile {row.profile}, not {min(names)}"
                yield Broken("PENDING-1" if changed else "DIRECT-7", what)
                return

    def _profiles(self, look: Span) -> set[str]:
        """The profiles that may be listed at a look."""
        names = {self._one.profile}
        for click in self._one.clicks:
            if click.kind is not ClickKind.MODIFY or not click.granted:
                continue
            if click.span.end_us + self._exact.settle_us < look.begin_us:
                names = {click.profile}
            elif click.span.begin_us <= look.end_us:
                names.add(click.profile)
        return names

    # What users could do.

    def clicks(self) -> Iterator[Broken]:
        """What was refused although it had to be granted."""
        refused = {
            ClickKind.ACCEPT: "EXPIRY-1",
            ClickKind.REJECT: "ANSWER-1",
            ClickKind.CANCEL: "PENDING-2",
            ClickKind.MODIFY: "PENDING-1",
        }
        for click in self._one.clicks:
            pending = (
                click.span.begin_us >= self._visible_us
                and click.span.end_us < self._end.from_us
            )
            if pending and not click.granted and not self._crosses(click):
                what = f"{click.kind.value} was refused while it was pending"
                yield Broken(refused[click.kind], what)

    def _crosses(self, click: Click) -> bool:
        """Whether a change of the other side may not have settled yet."""
        return any(
            other.kind is ClickKind.MODIFY
            and other.span.begin_us < click.span.end_us
            and click.span.begin_us < other.span.end_us + self._exact.settle_us
            for other in self._one.clicks
            if other is not click
        )

    # Sessions.

    def sessions(self) -> Iterator[Broken]:
        """Whether there is a session, and with which permissions."""
        one = self._one
        for side, looks in (("recipient", one.joined), ("inviter", one.started)):
            running = [seen for seen in looks if seen.value is not None]
            if running:
                yield from self._no_session(side)
            values = [seen.value for seen in running if seen.value is not None]
            first = values[0].permissions if values else frozenset[str]()
            for seen in running:
                assert seen.value is not None, "chosen above"
                yield from self._session(side, seen.value, seen.last, first)
            absent = [seen for seen in looks if seen.value is None]
            if self._only_end() == (State.ACCEPTED,):
                yield from self._missing(side, absent, begun=bool(running))

    def _no_session(self, side: str) -> Iterator[Broken]:
        """There must be none unless the recipient has accepted it."""
        if State.ACCEPTED not in self._end.states:
            for state in self._only_end():
                what = f"a session began at the {side} of what was {state.value}"
                yield Broken(NO_SESSION_BY[state], what)

    def _missing(
        self, side: str, absent: Sequence[Seen[Running | None]], *, begun: bool
    ) -> Iterator[Broken]:
        if any(self._over(seen) for seen in absent):
            clause = "EXPIRY-5" if begun else "SESSION-1"
            what = f"the {side} saw no session after the accept"
            yield Broken(clause, what)

    def _session(
        self, side: str, row: Running, at: Span, first: frozenset[str]
    ) -> Iterator[Broken]:
        one = self._one
        if (row.host, row.guest) == (one.recipient.id, one.inviter.id):
            what = f"{row.guest} controls the device of {row.host} at the {side}"
            yield Broken("SESSION-4", what)
            return
        tried = [two for two in one.switches if two.span.begin_us < at.begin_us]
        if tried:
            looked = Look(side, first, row.permissions, at)
            yield from Switches(one, self._exact, self._permissions()).broken(
                looked, tried
            )
            return
        wanted = self._permissions()
        locks = {name.value: value for name, value in one.inviter.locked.items()}
        found = row.permissions
        plain = [{name for name in some if name not in locks} for some in wanted]
        clause = "SESSION-3" if len(wanted) > 1 or self._is_changed() else "SESSION-2"
        if {name for name in found if name not in locks} not in plain:
            held = ", ".join(sorted(found)) or "none"
            yield Broken(clause, f"the session has the permissions {held}")
        elif any((name in found) != value for name, value in locks.items()):
            yield Broken("SESSION-8", "a locked permission has another value")

    def _is_changed(self) -> bool:
        return any(
            click.kind is ClickKind.MODIFY and click.granted
            for click in self._one.clicks
        )

    def _permissions(self) -> list[frozenset[str]]:
        """The sets that the session may begin with, by the changes before the end."""
        sets = [frozenset(name.value for name in self._one.permissions)]
        for click in self._one.clicks:
            if click.kind is not ClickKind.MODIFY or not click.granted:
                continue
            named = frozenset(name.value for name in click.permissions)
            if click.span.end_us < self._end.from_us:
                sets = [named]
            elif click.span.begin_us <= self._end.until_us:
                sets.append(named)
        return sets
