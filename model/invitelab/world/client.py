"""A client: one user's menus, the roles inviter and recipient, and presence."""

from dataclasses import replace
from typing import ClassVar

from mypy_extensions import mypyc_attr

from invitelab.protocol.history import FactKind
from invitelab.protocol.menu import EMAIL_ENTRIES, Offered, email_text, entry_points
from invitelab.protocol.messages import (
    Answer,
    Change,
    Gone,
    Joined,
    Message,
    Poll,
    SessionLeft,
    SessionRequest,
    Shown,
    UpdateSeen,
)
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    Address,
    ClientId,
    EntryPoint,
    Permission,
    Permissions,
)
from invitelab.world import facts
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

TO_THE_HOST = frozenset(
    {
        Shown,
        Gone,
        Answer,
        Joined,
        Poll,
        Change,
        SessionRequest,
        UpdateSeen,
        SessionLeft,
    }
)

"""Message classes that go to the inviter's role; all others go to the recipient's."""

OFFLINE = Refusal(Reason.CLIENT_OFFLINE, "this client is not connected")


@mypyc_attr(allow_interpreted_subclasses=True)
class Client:
    """What a user can do at one client, and the messages that the client receives."""

    inviter_class: ClassVar[type[Inviter]] = Inviter
    recipient_class: ClassVar[type[Recipient]] = Recipient

    __slots__ = ("crashed", "device", "emails", "inviter", "recipient")

    def __init__(self, device: Device) -> None:
        self.device = device
        self.inviter = type(self).inviter_class(device)
        self.recipient = type(self).recipient_class(device)
        self.emails = 0
        self.crashed = False

    def receive(self, sender: ClientId, message: Message) -> None:
        """Pass a message to the role that handles its class."""
        if self.device.services.followed is not None:
            self.device.note(sender, message, heard=True)
        role = self.inviter if type(message) in TO_THE_HOST else self.recipient
        role.receive(sender, message)  # type: ignore[arg-type] # by the type just asked

    # Inviting.

    def menu(self) -> tuple[Offered, ...]:
        """The entry points this client shows."""
        return entry_points(self.device.spec, self.device.policy)

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Open an invitation email, and return its text."""
        if all(offered.entry is not entry for offered in self.menu()):
            return Refusal(Reason.NOT_OFFERED, "this client offers no such entry")
        if entry not in EMAIL_ENTRIES:
            return Refusal(Reason.NOT_OFFERED, "that entry point starts no email")
        self.emails += 1
        return email_text(self.device.spec, self.device.policy)

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the client with the typed address, and return the invitation's id."""
        if entry in EMAIL_ENTRIES:
            return Refusal(Reason.NOT_OFFERED, "that entry point starts an email")
        return self.inviter.send(
            entry, typed, profile, pending_from=self.recipient.shows_from()
        )

    def modify(self, invitation: str, profile: str) -> Refusal | None:
        """Choose another permission profile for a pending invitation."""
        if not self.device.online:
            return OFFLINE
        if invitation not in self.inviter.invitations:
            return self.recipient.change(invitation, profile)
        refusal = self.inviter.modify(invitation, profile)
        if refusal is None:
            self._granted(invitation, FactKind.MODIFIED, profile)
        return refusal

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel a pending invitation."""
        if not self.device.online:
            return OFFLINE
        if invitation not in self.inviter.invitations:
            return self.recipient.change(invitation, None)
        refusal = self.inviter.cancel(invitation)
        if refusal is None:
            self._granted(invitation, FactKind.CANCELLED)
        return refusal

    def _granted(
        self, invitation: str, kind: FactKind, profile: str | None = None
    ) -> None:
        """Record what was confirmed to the local user, which the role cannot know."""
        known = self.inviter.invitations[invitation]
        self.device.record(facts.of_invitation(self.device, known, kind, profile))

    # Answering.

    def answer(self, invitation: str, *, accept: bool) -> Refusal | None:
        """Accept (Connect) or reject."""
        if not self.device.online:
            return OFFLINE
        refusal = self.recipient.answer(invitation, accept=accept)
        if refusal is None:
            self._clicked(invitation, accept=accept)
        return refusal

    def dismiss(self, invitation: str) -> Refusal | None:
        """Close the pop-up; under one interpretation that is a reject (ANSWER-4)."""
        refusal = self.recipient.dismiss(invitation)
        if refusal is None and not self.device.policy.closing_the_popup_is_no_answer:
            self._clicked(invitation, accept=False)
        return refusal

    def _clicked(self, invitation: str, *, accept: bool) -> None:
        known = self.recipient.notifications.get(invitation)
        clicked = FactKind.CLICKED
        if known is not None and self.device.wants(clicked, invitation):
            fact = facts.of_notification(self.device, known, clicked, accept=accept)
            self.device.record(fact)

    def verdict(self, invitation: str) -> Refusal | None:
        """Why the newest answer was refused; None while it is open or if it counts."""
        return self.recipient.verdict(invitation)

    def change_verdict(self, invitation: str) -> Refusal | None:
        """Why the newest change of another client's invitation was refused, if so."""
        return self.recipient.change_verdict(invitation)

    # Sessions, profiles and presence.

    def request_session(self, typed: str) -> Refusal | None:
        """Press Connect in the main window: a request alone (EMAIL-8, SESSION-11)."""
        device = self.device
        if not device.online:
            return OFFLINE
        address = Address.parse(typed, lenient=True)
        if address is None:
            return Refusal(Reason.INVALID_ADDRESS, "that is neither an ID nor an alias")
        host = device.relay.find(address)
        if host is None:
            return Refusal(Reason.UNKNOWN_RECIPIENT, "nobody has that address")
        if host.id == device.id:
            return Refusal(Reason.SELF_INVITATION, "that is this client's own address")
        if not device.relay.is_online(host.id):
            return Refusal(Reason.RECIPIENT_OFFLINE, "that client is not connected")
        invited = self.recipient.shown_from(host.id)
        if invited is not None and not device.policy.connect_is_an_ordinary_request:
            return self.answer(invited, accept=True)
        device.say(host.id, SessionRequest(sender=device.spec.identity))
        return None

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Change a permission in the Accept window (SESSION-5)."""
        if session in self.recipient.sessions:
            return Refusal(Reason.NOT_HOST, "only the host changes permissions")
        refusal = self.inviter.permit(session, permission, allowed=allowed)
        if (
            refusal is None
            and not self.device.policy.session_changes_stay_in_the_session
        ):
            running = self.inviter.sessions[session]
            name = self.inviter.invitations[running.invitation].profile
            self.edit_profile(name, running.permissions)
        return refusal

    def edit_profile(self, name: str, permissions: Permissions) -> Refusal | None:
        """Replace the permissions of an existing profile."""
        spec = self.device.spec
        if all(profile.name != name for profile in spec.profiles):
            message = "there is no permission profile of that name"
            return Refusal(Reason.PROFILE_UNAVAILABLE, message)
        self.device.spec = replace(
            spec,
            profiles=tuple(
                replace(profile, permissions=permissions)
                if profile.name == name
                else profile
                for profile in spec.profiles
            ),
        )
        return None

    def set_online(self, *, online: bool) -> None:
        """Disconnect from the relay, or reconnect; without effect if already so."""
        device = self.device
        if online == device.online:
            return
        if online:
            device.online = True
            device.relay.set_online(device.id, online=True)
            self.recipient.return_online()
            return
        taken_back = self.inviter.pending()
        self.inviter.leave()
        if device.policy.leaving_inviter_cancels:
            for invitation in taken_back:
                self._granted(invitation.id, FactKind.CANCELLED)
        self.recipient.leave()
        device.online = False
        device.relay.set_online(device.id, online=False)

    def crash(self) -> None:
        """Stop without sending anything; `restart` continues from what was stored."""
        self.crashed = True
        self.device.online = False
        self.device.relay.set_online(self.device.id, online=False)
        self.inviter.crash()
        self.recipient.crash()

    def restart(self) -> None:
        """Start again with what was stored before the crash."""
        self.crashed = False
        self.device.online = True
        self.device.relay.set_online(self.device.id, online=True)
        self.inviter.restart()
        self.recipient.restart()
