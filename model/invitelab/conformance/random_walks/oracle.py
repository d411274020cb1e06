"""What everybody sees, held against the model."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from invitelab.adapters import messages as wire
from invitelab.adapters.messages import Capability
from invitelab.conformance.random_walks.model import (
    OVER,
    Invited,
    ModelSession,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.moves.invitations import (
    NO_SESSION_BY,
    Check,
    Table,
)
from invitelab.conformance.random_walks.participants import alias_of, id_of

Rows = Sequence[wire.NotificationView]

ENDED_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-3",
    Standing.EXPIRED: "EXPIRY-3",
}
"""Whose clause says that nothing is shown any more."""

UNLISTED_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-2",
    Standing.EXPIRED: "EXPIRY-4",
}
"""Whose clause says that it is no longer pending."""


def wrongs(
    table: Table, name: str, view: wire.View, ids: Sequence[str]
) -> Iterator[Check]:
    """Every Then that does not hold for what somebody sees.

    `ids` are those of the invitations, in the order of their sending.
    """
    yield from _shown(table, name, view.notifications)
    yield from _listed(table.world, name, view.invitations, ids)
    yield from _running(table.world, name, view.sessions)


# Notifications.


def _shown(table: Table, name: str, rows: Rows) -> Iterator[Check]:
    world = table.world
    names = {id_of(other): other for other in world.figures}
    by_sender: dict[str | None, list[wire.NotificationView]] = {}
    for row in rows:
        sender = names.get(row.from_.id.replace(" ", ""))
        by_sender.setdefault(sender, []).append(row)
    newest = {
        sent.inviter: sent for sent in world.newest_of_pairs() if sent.recipient == name
    }
    murky = {inviter for inviter, recipient in world.murky if recipient == name}
    lingering = murky | {
        sent.inviter
        for sent in world.invitations
        if sent.recipient == name and sent.ended is Standing.ACCEPTED
    }
    for inviter, sent in newest.items():
        if inviter in murky:
            continue
        if world.standing(sent) is Standing.PENDING:
            strangers = set(by_sender) - {inviter} - murky
            if strangers - set(newest):
                yield _wrong_id(sent)
            mine = by_sender.get(inviter, [])
            yield from _wrong_notification(
                table, sent, mine, lingers=inviter in lingering
            )
    for sender in by_sender:
        known = newest.get(sender or "")
        over = known is None or world.standing(known) in OVER
        if over and sender not in lingering:
            yield _still_shown(world, name, sender, known)


def _wrong_id(sent: Invited) -> Check:
    text = f"the notification shows {sent.recipient} the ID of {sent.inviter}"
    return Check(clause="NOTIFY-3", text=text)


def _still_shown(
    world: ModelState, name: str, sender: str | None, known: Invited | None
) -> Check:
    text = f"{name} sees no invitation"
    if sender is not None:
        text += f" from {sender}"
    if known is not None:
        return Check(clause=ENDED_BY[world.standing(known)], text=text)
    too_old = (sender, name) in world.turned_away
    return Check(clause="DIRECT-3" if too_old else "NOTIFY-6", text=text)


def _wrong_notification(
    table: Table, sent: Invited, rows: Rows, *, lingers: bool
) -> Iterator[Check]:
    sees = f"{sent.recipient} sees the invitation from {sent.inviter}"
    counts = Counter(row.surface for row in rows)
    if not counts["client"]:
        yield Check(clause="NOTIFY-1", text=f"{sees} in the client")
    if table.has(Capability.POPUP) and not sent.closed:
        corners = {row.corner for row in rows if row.surface == "popup"}
        if corners != {"bottom-right"}:
            text = f"{sees} as a pop-up in the bottom-right corner"
            yield Check(clause="NOTIFY-2", text=text)
    if lingers:
        return
    if counts["client"] > 1:
        text = f"{sent.recipient} sees exactly one invitation from {sent.inviter}"
        clause = "PENDING-1" if sent.changed else "NOTIFY-1"
        yield Check(clause=clause, text=f"{text} in the client")
    alias = alias_of(table.world.figures[sent.inviter])
    if alias is not None and any(row.from_.alias != alias for row in rows):
        text = f"the notification shows {sent.recipient} the alias of {sent.inviter}"
        yield Check(clause="NOTIFY-4", text=text)
    if alias is None:
        yield from _borrowed_alias(table.world, sent, rows)
    if not all({"accept", "reject"} <= set(row.actions) for row in rows):
        text = f"the notification lets {sent.recipient} accept and reject"
        yield Check(clause="NOTIFY-5", text=text)


def _borrowed_alias(world: ModelState, sent: Invited, rows: Rows) -> Iterator[Check]:
    """Whatever stands for an alias that is not there: it is not somebody else's."""
    others = {alias_of(figure) for figure in world.figures.values()} - {None}
    if any(row.from_.alias in others for row in rows):
        text = f"the notification shows {sent.recipient} no alias of {sent.inviter}"
        yield Check(clause="NOTIFY-7", text=text)


# The inviter's list.


def _listed(
    world: ModelState,
    name: str,
    rows: Sequence[wire.InvitationView],
    ids: Sequence[str],
) -> Iterator[Check]:
    by_id = {row.invitation: row for row in rows}
    yield from _unknown(world, name, rows, ids)
    for sent in world.newest_of_pairs():
        if sent.inviter != name or (name, sent.recipient) in world.murky:
            continue
        row = by_id.get(ids[sent.number])
        standing = world.standing(sent)
        pending = row is not None and row.state == "pending"
        what = f"sees the invitation to {sent.recipient}"
        if standing is Standing.PENDING and not pending:
            clause = "PENDING-1" if sent.changed else "EXPIRY-1"
            yield Check(clause=clause, text=f"{name} {what} as pending")
        if standing in OVER and pending:
            text = f"{name} no longer {what} as pending"
            yield Check(clause=UNLISTED_BY[standing], text=text)
        wrong_profile = row is not None and row.profile != sent.profile
        newest = world.newest_to(sent.recipient) is sent
        if standing is Standing.PENDING and wrong_profile and newest:
            text = f"the invitation to {sent.recipient} has the permission profile"
            clause = "PENDING-1" if sent.changed else "DIRECT-7"
            yield Check(clause=clause, text=f'{text} "{sent.profile}"')


def _unknown(
    world: ModelState,
    name: str,
    rows: Sequence[wire.InvitationView],
    ids: Sequence[str],
) -> Iterator[Check]:
    """Nothing is pending that was never granted; an email may be, in some reading."""
    murky = any(inviter == name for inviter, _ in world.murky)
    if murky or name in world.mailed_ms or world.sends(name):
        return
    if any(row.state == "pending" and row.invitation not in ids for row in rows):
        yield Check(clause="DIRECT-3", text=f"{name} lists no invitation")


# Sessions.


def _running(
    world: ModelState, name: str, rows: Sequence[wire.SessionView]
) -> Iterator[Check]:
    names = {id_of(other): other for other in world.figures}
    counts = Counter((names.get(row.host), names.get(row.guest)) for row in rows)
    expected = {
        (one.host, one.guest): one
        for one in world.sessions
        if (one.host, one.guest) not in world.murky
    }
    for host, guest in counts:
        known = (host, guest) in expected or (host, guest) in world.murky
        if not known:
            yield _no_session(world, host, guest)
    for (host, guest), session in expected.items():
        if name not in {host, guest}:
            continue
        if not counts[host, guest] and session.loose:
            continue
        if not counts[host, guest]:
            text = f"{guest} controls the device of {host}"
            yield Check(clause=_lasting(world, session), text=text)
        elif counts[host, guest] > 1 and len(expected) == 1 and not session.doubled:
            yield Check(clause="SESSION-1", text="exactly one session has started")
    for row in rows:
        of_row = expected.get((names.get(row.host, ""), names.get(row.guest, "")))
        if of_row is not None and not of_row.doubled:
            yield from _wrong_permissions(world, of_row, frozenset(row.permissions))


def _no_session(world: ModelState, host: str | None, guest: str | None) -> Check:
    text = "no session has started"
    if world.sessions:
        text = f"{guest} does not control the device of {host}"
    sent = world.newest(host or "", guest or "")
    if sent is not None and world.standing(sent) in OVER:
        return Check(clause=NO_SESSION_BY[world.standing(sent)], text=text)
    if (guest, host) in world.requests:
        return Check(clause="EMAIL-8", text=text)
    reverse = any((one.guest, one.host) == (host, guest) for one in world.sessions)
    return Check(clause="SESSION-4" if reverse else "SESSION-1", text=text)


def _lasting(world: ModelState, session: ModelSession) -> str:
    """The clause that a session that is not there breaks: it began, or it lasted."""
    sent = world.newest(session.host, session.guest)
    began = sent is None or world.now_ms == session.since_ms
    return "SESSION-1" if began else "EXPIRY-5"


def _wrong_permissions(
    world: ModelState, session: ModelSession, found: frozenset[str]
) -> Iterator[Check]:
    held = session.held
    wrong = [
        name
        for name, allowed in held.items()
        if allowed is not None and allowed != (name in found)
    ]
    if not wrong:
        return
    start = f"the session with {session.guest}"
    clause = "SESSION-3" if session.changed else "SESSION-2"
    if session.switched:
        clause = "SESSION-5"
    locks = world.figures[session.host].locks
    if session.refused_lock and any(name in locks for name in wrong):
        clause = "SESSION-6"
    if None not in held.values():
        exactly = ", ".join(name for name, allowed in held.items() if allowed)
        text = f'{start} has exactly the permissions "{exactly}"'
        yield Check(clause=clause, text=text)
        return
    verb = "allows" if held[wrong[0]] else "denies"
    yield Check(clause=clause, text=f'{start} {verb} "{wrong[0]}"')
