"""Base of defects of the permissions that a session starts with."""

from dataclasses import replace

from invitelab.protocol import host
from invitelab.protocol.messages import Started
from invitelab.protocol.values import (
    Address,
    ClientId,
    ClientSpec,
    Invitation,
    Permissions,
)
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter


def spec_of(device: Device, id_: ClientId) -> ClientSpec:
    """A client as the network knows it."""
    spec = device.relay.find(Address(id_))
    assert spec is not None, "whoever was invited is known"
    return spec


class Grants(Inviter):
    """Starts sessions with other permissions."""

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - what others grant hangs on it
        permissions: Permissions,
    ) -> Permissions:
        """The permissions of the session instead of the granted ones."""
        return permissions

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Start the session with these permissions, at both ends."""
        super().perform(invitation, self.changed(invitation, effect))

    def changed(
        self, invitation: Invitation, effect: host.HostEffect
    ) -> host.HostEffect:
        """The effect with other permissions."""
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
        """The earlier invitations to the same recipient, the oldest first."""
        same = [
            known
            for known in self.invitations.values()
            if known.recipient == invitation.recipient
        ]
        ids = [known.id for known in same]
        return same[: ids.index(invitation.id)]

    def default(self) -> Permissions:
        """What the first profile of this client holds."""
        return self.device.spec.profiles[0].permissions
