"""Halves of a client that several sins are made of: each says where it can go wrong."""

from dataclasses import replace

from invitelab.protocol import guest, host
from invitelab.protocol.messages import Started
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    Address,
    ClientId,
    ClientSpec,
    Invitation,
    Permissions,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient
from invitelab.world.site import Site

FOREVER_US = 1 << 50
"""Longer than any scenario lasts."""


def spec_of(site: Site, id_: ClientId) -> ClientSpec:
    """A client as the network knows it."""
    spec = site.relay.find(Address(id_))
    assert spec is not None, "whoever was invited is known"
    return spec


class Grants(Inviter):
    """Has its own idea of what a session starts with."""

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - what others grant hangs on it
        permissions: Permissions,
    ) -> Permissions:
        """What this invitation gives instead of these permissions."""
        return permissions

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Start with that, at both ends."""
        super().perform(invitation, self.changed(invitation, effect))

    def changed(
        self, invitation: Invitation, effect: host.HostEffect
    ) -> host.HostEffect:
        """The effect with other permissions in it."""
        if isinstance(effect, host.StartSession):
            permissions = self.granted(invitation, effect.session.permissions)
            return host.StartSession(
                session=replace(effect.session, permissions=permissions)
            )
        if isinstance(effect, host.Say) and isinstance(effect.message, Started):
            permissions = self.granted(invitation, effect.message.permissions)
            return replace(
                effect, message=replace(effect.message, permissions=permissions)
            )
        return effect

    def earlier(self, invitation: Invitation) -> list[Invitation]:
        """What was sent to the same recipient before, the oldest first."""
        same = [
            known
            for known in self.invitations.values()
            if known.recipient == invitation.recipient
        ]
        ids = [known.id for known in same]
        return same[: ids.index(invitation.id)]

    def default(self) -> Permissions:
        """What the first profile of this client holds."""
        return self.site.spec.profiles[0].permissions


class Lives(Inviter):
    """Gives an invitation a lifetime of its own, when it is sent and when changed."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """How long after its sending this one ends."""
        return invitation.deadline_us - invitation.sent_us

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Write that deadline instead."""
        after = decision.invitation
        fresh = after.id not in self.invitations
        if fresh or after.revision > before.revision:
            deadline_us = after.sent_us + self.lifetime_us(after)
            after = replace(after, deadline_us=deadline_us)
            decision = replace(decision, invitation=after)
        super().act(decision, before)


class LateClicks(Recipient):
    """An accept is passed on, though the invitation is no longer shown."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Take it for one that still is."""
        known = self.notifications.get(id_)
        hidden = known is not None and known.state is guest.GuestState.HIDDEN
        if accept and known is not None and hidden:
            soon_us = self.site.now_us + 1
            self.notifications[id_] = replace(
                known, state=guest.GuestState.SHOWN, until_us=soon_us
            )
        return super().answer(id_, accept=accept)
