"""Oracle: compares what the participants see with the model."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.random_walks.model import ModelState, Pair
from invitelab.conformance.random_walks.model_values import (
    ENDED,
    Invited,
    ModelSession,
    Standing,
)
from invitelab.conformance.random_walks.moves.answers import NO_SESSION_BY
from invitelab.conformance.random_walks.moves.base import Check, MoveContext

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


class Oracle:
    """What has to be seen after one move.

    `ids` are the IDs of the invitations, in the order of sending.
    """

    def __init__(self, context: MoveContext, ids: Sequence[str]) -> None:
        self._context = context
        self._state = state = context.state
        self._ids = ids
        self._names = {one.id: name for name, one in state.participants.items()}
        self._newest = state.newest_of_pairs()
        self._sessions: Mapping[Pair, ModelSession] = {
            (one.host, one.guest): one
            for one in state.sessions
            if (one.host, one.guest) not in state.unknown_pairs
        }

    def violations(self, name: str, view: wire.View) -> Iterator[Check]:
        """Yield every check that does not hold for the view of a participant."""
        yield from self._in_notifications(name, view.notifications)
        yield from self._in_list(name, view.invitations)
        yield from self._in_sessions(name, view.sessions)

    # Notifications.

    def _in_notifications(self, name: str, rows: Rows) -> Iterator[Check]:
        state = self._state
        newest = {sent.inviter: sent for sent in self._newest if sent.recipient == name}
        if not rows and not newest:
            return
        by_sender: dict[str | None, list[wire.NotificationView]] = {}
        for row in rows:
            sender = self._names.get(row.from_.id.replace(" ", ""))
            by_sender.setdefault(sender, []).append(row)
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
                    self._context, sent, mine, may_linger=inviter in may_linger
                )
        for sender in by_sender:
            known = newest.get(sender or "")
            over = known is None or state.standing(known) in ENDED
            if over and sender not in may_linger:
                yield _shown_after_end(state, name, sender, known)

    # The inviter's list.

    def _in_list(
        self, name: str, rows: Sequence[wire.InvitationView]
    ) -> Iterator[Check]:
        state = self._state
        yield from self._unknown_invitations(name, rows)
        by_id = {row.invitation: row for row in rows}
        for sent in self._newest:
            if sent.inviter != name or (name, sent.recipient) in state.unknown_pairs:
                continue
            row = by_id.get(self._ids[sent.number])
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
        self, name: str, rows: Sequence[wire.InvitationView]
    ) -> Iterator[Check]:
        """Pending entries of invitations that were never sent; an email may be one."""
        state = self._state
        strange = [
            row
            for row in rows
            if row.state == "pending" and row.invitation not in self._ids
        ]
        if not strange or name in state.mailed_ms or state.may_have_sent(name):
            return
        unknown_pairs = any(inviter == name for inviter, _ in state.unknown_pairs)
        if not unknown_pairs and not state.may_expire_unseen(name):
            yield Check(clause="DIRECT-3", text=f"{name} lists no invitation")

    # Sessions.

    def _in_sessions(
        self, name: str, rows: Sequence[wire.SessionView]
    ) -> Iterator[Check]:
        state, names, expected = self._state, self._names, self._sessions
        if not rows and not expected:
            return
        counts = Counter((names.get(row.host), names.get(row.guest)) for row in rows)
        for host, guest in counts:
            known = (host, guest) in expected or (host, guest) in state.unknown_pairs
            if not known:
                turned = (guest, host) in expected and not counts[guest, host]
                yield _no_session(state, host, guest, turned=turned)
        for (host, guest), session in expected.items():
            if name in {host, guest} and not session.may_have_ended:
                several = counts[host, guest] > 1 and len(expected) == 1
                if not counts[host, guest]:
                    text = f"{guest} controls the device of {host}"
                    yield Check(clause=_clause_of_missing(state, session), text=text)
                elif several and not session.accepted_again:
                    text = "exactly one session has started"
                    yield Check(clause="SESSION-1", text=text)
        for row in rows:
            of_row = expected.get((names.get(row.host, ""), names.get(row.guest, "")))
            if of_row is not None and not of_row.accepted_again:
                found = frozenset(row.permissions)
                yield from _permission_violations(state, of_row, found)


# Notifications.


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
    alias = context.state.participants[sent.inviter].alias
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
    others = {one.alias for one in state.participants.values()} - {None}
    if any(row.from_.alias in others for row in rows):
        text = f"the notification shows {sent.recipient} no alias of {sent.inviter}"
        yield Check(clause="NOTIFY-7", text=text)


# Sessions.


def _no_session(
    state: ModelState, host: str | None, guest: str | None, *, turned: bool
) -> Check:
    """The check of a session that there is not; `turned`: but the other way round."""
    text = "no session has started"
    if state.sessions and host is not None and guest is not None:
        text = f"{guest} does not control the device of {host}"
    if turned:
        return Check(clause="SESSION-4", text=text)
    sent = state.newest(host or "", guest or "")
    if sent is not None and state.standing(sent) in ENDED:
        return Check(clause=NO_SESSION_BY[state.standing(sent)], text=text)
    if (guest, host) in state.requests:
        return Check(clause="EMAIL-8", text=text)
    return Check(clause="SESSION-1", text=text)


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
    if session.changed_by is not None:
        clause = session.changed_by
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
