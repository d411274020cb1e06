"""Defects that only the place of an answer shows, its time, or a late look."""

from collections.abc import Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry import Cuts
from invitelab.proof.mutants.permission_base import Grants
from invitelab.proof.mutants.sessions import Asks
from invitelab.proof.mutants.values_base import losing_accepts
from invitelab.protocol.guest import GuestState, Notification
from invitelab.protocol.messages import SessionEnded
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Invitation,
    Permissions,
    Session,
    State,
    Surface,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, host_of


class Sweeps(Policy):
    """Looks for what has expired every five seconds only."""

    def due(self, now_us: int, deadline_us: int) -> bool:
        """Whether a look at or after the deadline has come."""
        return super().due(now_us, -(-deadline_us // SWEEP_US) * SWEEP_US)

    def wake_us(self, deadline_us: int) -> int:
        """The first look at or after it."""
        return super().wake_us(-(-deadline_us // SWEEP_US) * SWEEP_US)


SWEEP_US = 5 * US_PER_S
MINUTE_US = 60 * US_PER_S
BOUNCE_US = US_PER_S
"""How long a second click of a double click may take."""

WHILE_US = 20 * US_PER_S
LAST_US = 5 * US_PER_S


# Where it is answered.


class PopupPassesNothingOn(Reference):
    """Reference whose pop-up accepts without the permissions of the invitation."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Take the permissions from an invitation that is accepted in the pop-up."""
        if method == "invitation.accept" and params.get("surface") == "popup":
            self._empty(str(params["scenario"]), str(params["invitation"]))
        return super().request(method, params)

    def _empty(self, scenario: str, id_: str) -> None:
        for client in self._scenarios[scenario].clients.values():
            sent = client.inviter.invitations
            known = sent.get(id_) if client.device.id == host_of(id_) else None
            if known is not None and known.state is State.PENDING:
                sent[id_] = replace(known, permissions=frozenset())


def _closed_pop_up(_recipient: Recipient, known: Notification) -> bool:
    return Surface.POPUP not in known.surfaces


# When it is answered.


def _bounces(recipient: Recipient, known: Notification) -> bool:
    sent_us = known.until_us - LIFETIME_US
    return recipient.device.now_us < sent_us + BOUNCE_US


class AsksAfterAWhile(Asks):
    """Asks the inviter before a session that starts after twenty seconds."""

    def asks(self, invitation: Invitation) -> bool:
        """Whether it was sent so long ago."""
        return self.device.now_us - invitation.sent_us > WHILE_US


class NothingInTheEnd(Grants):
    """Grants nothing to an accept in the last five seconds."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """No permission in the last seconds."""
        late = invitation.deadline_us - self.device.now_us < LAST_US
        return frozenset() if late else permissions


# What a late look finds.


class CutsAfterFiveMinutes(Cuts):
    """Ends a session after five minutes."""

    def end_us(self, session: Session) -> int:  # noqa: ARG002 - of any session
        """Five minutes from now."""
        return self.device.now_us + 5 * MINUTE_US

    def cut(self, id_: str) -> None:
        """End the session at both ends."""
        session = self.sessions[id_]
        super().cut(id_)
        over = SessionEnded(invitation=session.invitation, session=id_)
        self.device.say(session.guest, over)


class ExpiredIsShownAgain(Recipient):
    """Shows an expired invitation again after five minutes."""

    def keep(self, after: Notification, before: Notification | None) -> None:
        """Schedule it."""
        super().keep(after, before)
        hidden = after.state is GuestState.HIDDEN and after.outcome in {
            None,
            State.EXPIRED,
        }
        if hidden and before is not None and before.state is GuestState.SHOWN:
            self.device.after(5 * MINUTE_US, self.show_again, after.invitation)

    def show_again(self, id_: str) -> None:
        """Show it in the client."""
        known = self.notifications[id_]
        self.notifications[id_] = replace(known, surfaces=frozenset({Surface.CLIENT}))


class CancelledIsPendingAgain(Inviter):
    """Lists a cancelled invitation as pending again after half an hour."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Schedule it."""
        refusal = super().cancel(invitation)
        known = self.invitations.get(invitation)
        if refusal is None and known is not None:
            self.device.after(30 * MINUTE_US, self.restore, invitation)
        return refusal

    def restore(self, id_: str) -> None:
        """Read the list from an old copy."""
        self.invitations[id_] = replace(self.invitations[id_], state=State.PENDING)


class ProfileComesBack(Inviter):
    """Restores the first permissions of a session after half an hour."""

    def start(self, session: Session) -> None:
        """Schedule it."""
        super().start(session)
        self.device.after(30 * MINUTE_US, self.restore, session)

    def restore(self, first: Session) -> None:
        """Restore the first permissions."""
        running = self.sessions[first.id]
        restored = replace(running, permissions=first.permissions)
        self.sessions[first.id] = restored


MUTANTS = (
    Mutant(
        name="sweep-every-five-seconds",
        clause="EXPIRY-3",
        value="start: after 59 minutes",
        defect="what has expired is looked for at multiples of five seconds",
        make=variant(policy=Sweeps()),
    ),
    Mutant(
        name="popup-passes-nothing-on",
        clause="SESSION-2",
        value="where it is answered: pop-up",
        defect="an accept in the pop-up starts a session without permissions",
        make=PopupPassesNothingOn,
    ),
    Mutant(
        name="closed-pop-up-takes-the-accept",
        clause="ANSWER-4",
        value="where it is answered: client after closing the pop-up",
        defect="once the pop-up was closed an accept in the client starts nothing",
        make=variant(recipient=losing_accepts(_closed_pop_up)),
    ),
    Mutant(
        name="first-second-is-a-double-click",
        clause="SESSION-1",
        value="when: at once",
        defect="an accept in the first second is taken for a double click and lost",
        make=variant(recipient=losing_accepts(_bounces)),
    ),
    Mutant(
        name="asks-after-a-while",
        clause="SESSION-1",
        value="when: after a while",
        defect="the inviter has to agree to an accept after twenty seconds",
        make=variant(inviter=AsksAfterAWhile),
    ),
    Mutant(
        name="nothing-in-the-last-seconds",
        clause="SESSION-2",
        value="when: just before the end",
        defect="an accept in the last five seconds gets no permission",
        make=variant(inviter=NothingInTheEnd),
    ),
    Mutant(
        name="cut-after-five-minutes",
        clause="EXPIRY-5",
        value="look again: after ten minutes",
        defect="a session ends after five minutes",
        make=variant(inviter=CutsAfterFiveMinutes),
    ),
    Mutant(
        name="expired-shown-again",
        clause="EXPIRY-3",
        value="look again: after ten minutes",
        defect="an expired invitation is shown again after five minutes",
        make=variant(recipient=ExpiredIsShownAgain),
    ),
    Mutant(
        name="cancelled-pending-again",
        clause="PENDING-2",
        value="look again: after an hour",
        defect="after half an hour a cancelled invitation is pending again",
        make=variant(inviter=CancelledIsPendingAgain),
    ),
    Mutant(
        name="profile-comes-back",
        clause="SESSION-5",
        value="look again: after an hour",
        defect="after half an hour what was switched is as it was at the start",
        make=variant(inviter=ProfileComesBack),
    ),
)
