"""Oracle: compares what the participants see with the model."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import (
    ENDED,
    Invited,
    ModelSession,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.moves.base import Check, MoveContext
from invitelab.conformance.random_walks.moves.invitations import NO_SESSION_BY
from invitelab.conformance.random_walks.participants import alias_of, id_of

Rows = Sequence[wire.NotificationView]

ENDED_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-3",
    Standing.EXPIRED: "EXPIRY-3",
}
"""The clause that forbids a notification, by how the invitation ended."""

UNLISTED_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-2",
    Standing.EXPIRED: "EXPIRY-4",
}
"""The clause that forbids a pending entry, by how the invitation ended."""


def violations(
    context: MoveContext, name: str, view: wire.View, ids: Sequence[str]
) -> Iterator[Check]:
    """Yield every check that does not hold for the view of a participant.

    `ids` are the IDs of the invitations, in the order of sending.
    """
    yield from _notification_violations(context, name, view.notifications)
    yield from _list_violations(context.state, name, view.invitations, ids)
    yield from _session_violations(context.state, name, view.sessions)


# Notifications.


def _notification_violations(
    context: MoveContext, name: str, rows: Rows
) -> Iterator[Check]:
    state = context.state
    names = {id_of(other): other for other in state.participants}
    by_sender: dict[str | None, list[wire.NotificationView]] = {}
    for row in rows:
        sender = names.get(row.from_.id.replace(" ", ""))
        by_sender.setdefault(sender, []).append(row)
    newest = {
        sent.inviter: sent for sent in state.newest_of_pairs() if sent.recipient == name
    }
    unknown_pairs = {
        inviter for inviter, recipient in state.unknown_pairs if recipient == name
    }
    may_linger = unknown_pairs | {
        sent.inviter
        for sent in state.invitations
        if sent.recipient == name and sent.ended is Standing.ACCEPTED
    }
    for inviter, sent in newest.items():
        if inviter in unknown_pairs:
            continue
        if state.standing(sent) is Standing.PENDING:
            strangers = set(by_sender) - {inviter} - unknown_pairs
            if strangers - set(newest):
                yield _wrong_sender(sent)
            mine = by_sender.get(inviter, [])
            yield from _violations_of_notification(
                context, sent, mine, may_linger=inviter in may_linger
            )
    for sender in by_sender:
        known = newest.get(sender or "")
        over = known is None or state.standing(known) in ENDED
        if over and sender not in may_linger:
            yield _shown_after_end(state, name, sender, known)


def _wrong_sender(sent: Invited) -> Check:
    text = f"the notification shows {sent.recipient} the ID of {sent.inviter}"
    return Check(clause="NOTIFY-3", text=text)


def _shown_after_end(
    state: ModelState, name: str, sender: str | None, known: Invited | None
) -> Check:
    text = f"{name} sees no invitation"
    if sender is not None:
        text += f" from {sender}"
    if known is not None:
        return Check(clause=ENDED_BY[state.standing(known)], text=text)
    too_old = (sender, name) in state.too_old_ms
    return Check(clause="DIRECT-3" if too_old else "NOTIFY-6", text=text)


def _violations_of_notification(
    context: MoveContext, sent: Invited, rows: Rows, *, may_linger: bool
) -> Iterator[Check]:
    sees = f"{sent.recipient} sees the invitation from {sent.inviter}"
    counts = Counter(row.surface for row in rows)
    if not counts["client"]:
        yield Check(clause="NOTIFY-1", text=f"{sees} in the client")
    if context.has(Capability.POPUP) and not sent.maybe_no_popup:
        corners = {row.corner for row in rows if row.surface == "popup"}
        if corners != {"bottom-right"}:
            text = f"{sees} as a pop-up in the bottom-right corner"
            yield Check(clause="NOTIFY-2", text=text)
    if may_linger:
        return
    if counts["client"] > 1 and not sent.changed:  # after a change: NOTIFY-8
        text = f"{sent.recipient} sees exactly one invitation from {sent.inviter}"
        yield Check(clause="NOTIFY-1", text=f"{text} in the client")
    alias = alias_of(context.state.participants[sent.inviter])
    if alias is not None and any(row.from_.alias != alias for row in rows):
        text = f"the notification shows {sent.recipient} the alias of {sent.inviter}"
        yield Check(clause="NOTIFY-4", text=text)
    if alias is None:
        yield from _alias_of_another(context.state, sent, rows)
    if not all({"accept", "reject"} <= set(row.actions) for row in rows):
        text = f"the notification lets {sent.recipient} accept and reject"
        yield Check(clause="NOTIFY-5", text=text)


def _alias_of_another(state: ModelState, sent: Invited, rows: Rows) -> Iterator[Check]:
    """The alias of another participant in place of one that does not exist."""
    others = {alias_of(participant) for participant in state.participants.values()} - {
        None
    }
    if any(row.from_.alias in others for row in rows):
        text = f"the notification shows {sent.recipient} no alias of {sent.inviter}"
        yield Check(clause="NOTIFY-7", text=text)


# The inviter's list.


def _list_violations(
    state: ModelState,
    name: str,
    rows: Sequence[wire.InvitationView],
    ids: Sequence[str],
) -> Iterator[Check]:
    by_id = {row.invitation: row for row in rows}
    yield from _unknown_invitations(state, name, rows, ids)
    for sent in state.newest_of_pairs():
        if sent.inviter != name or (name, sent.recipient) in state.unknown_pairs:
            continue
        row = by_id.get(ids[sent.number])
        standing = state.standing(sent)
        pending = row is not None and row.state == "pending"
        what = f"sees the invitation to {sent.recipient}"
        if standing is Standing.PENDING and not pending:
            clause = "PENDING-1" if sent.changed else "EXPIRY-1"
            yield Check(clause=clause, text=f"{name} {what} as pending")
        if standing in ENDED and pending:
            text = f"{name} no longer {what} as pending"
            yield Check(clause=UNLISTED_BY[standing], text=text)
        wrong_profile = row is not None and row.profile != sent.profile
        newest = state.newest_to(sent.recipient) is sent
        if standing is Standing.PENDING and wrong_profile and newest:
            text = f"the invitation to {sent.recipient} has the permission profile"
            clause = "PENDING-1" if sent.changed else "DIRECT-7"
            yield Check(clause=clause, text=f'{text} "{sent.profile}"')


def _unknown_invitations(
    state: ModelState,
    name: str,
    rows: Sequence[wire.InvitationView],
    ids: Sequence[str],
) -> Iterator[Check]:
    """Pending entries of invitations that were never sent; an email may be one."""
    unknown_pairs = any(inviter == name for inviter, _ in state.unknown_pairs)
    if unknown_pairs or name in state.mailed_ms or state.may_have_sent(name):
        return
    if state.may_expire_unseen(name):
        return
    if any(row.state == "pending" and row.invitation not in ids for row in rows):
        yield Check(clause="DIRECT-3", text=f"{name} lists no invitation")


# Sessions.


def _session_violations(
    state: ModelState, name: str, rows: Sequence[wire.SessionView]
) -> Iterator[Check]:
    names = {id_of(other): other for other in state.participants}
    counts = Counter((names.get(row.host), names.get(row.guest)) for row in rows)
    expected = {
        (one.host, one.guest): one
        for one in state.sessions
        if (one.host, one.guest) not in state.unknown_pairs
    }
    for host, guest in counts:
        known = (host, guest) in expected or (host, guest) in state.unknown_pairs
        if not known:
            yield _no_session(state, host, guest)
    for (host, guest), session in expected.items():
        if name not in {host, guest}:
            continue
        if not counts[host, guest] and session.may_have_ended:
            continue
        if not counts[host, guest]:
            text = f"{guest} controls the device of {host}"
            yield Check(clause=_clause_of_missing(state, session), text=text)
        elif (
            counts[host, guest] > 1
            and len(expected) == 1
            and not session.accepted_again
        ):
            yield Check(clause="SESSION-1", text="exactly one session has started")
    for row in rows:
        of_row = expected.get((names.get(row.host, ""), names.get(row.guest, "")))
        if of_row is not None and not of_row.accepted_again:
            yield from _permission_violations(state, of_row, frozenset(row.permissions))


def _no_session(state: ModelState, host: str | None, guest: str | None) -> Check:
    text = "no session has started"
    if state.sessions:
        text = f"{guest} does not control the device of {host}"
    sent = state.newest(host or "", guest or "")
    if sent is not None and state.standing(sent) in ENDED:
        return Check(clause=NO_SESSION_BY[state.standing(sent)], text=text)
    if (guest, host) in state.requests:
        return Check(clause="EMAIL-8", text=text)
    reverse = any((one.guest, one.host) == (host, guest) for one in state.sessions)
    return Check(clause="SESSION-4" if reverse else "SESSION-1", text=text)


def _clause_of_missing(state: ModelState, session: ModelSession) -> str:
    """The clause that a missing session breaks: it starts, or it continues."""
    sent = state.newest(session.host, session.guest)
    began = sent is None or state.now_ms == session.since_ms
    return "SESSION-1" if began else "EXPIRY-5"


def _permission_violations(
    state: ModelState, session: ModelSession, found: frozenset[str]
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
    locks = state.participants[session.host].locks
    if session.refused_lock and any(name in locks for name in wrong):
        clause = "SESSION-6"
    if None not in held.values():
        exactly = ", ".join(name for name, allowed in held.items() if allowed)
        text = f'{start} has exactly the permissions "{exactly}"'
        yield Check(clause=clause, text=text)
        return
    verb = "allows" if held[wrong[0]] else "denies"
    yield Check(clause=clause, text=f'{start} {verb} "{wrong[0]}"')
