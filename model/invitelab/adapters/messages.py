"""The adapter protocol, version 1, as types: one model per request and per result.

Requests of the harness and answers of the target are validated against these models.
Models are frozen and strict (a number is never a string) and ignore unknown fields, as
both sides must. `METHODS` lists the whole protocol: method name -> capability,
parameters, result. `json_schema.py` makes its JSON Schema.

The names and shapes are those of PROTOCOL.md, and fixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from invitelab.adapters.handshake import Capability, Initialize, Initialized
from invitelab.adapters.wire_types import Empty, Many, Milliseconds, Text, Token, Wire

# Lifecycle


class ProfileSpec(Wire):
    """A permission profile a client starts with."""

    name: Text
    permissions: Many[str]
    enabled: bool = True


class Contacts(Wire):
    """The IDs of contacts that have a tile, by contact list."""

    favorites: Many[str] = ()
    recent_sessions: Many[str] = Field(default=(), alias="recent-sessions")
    discovery: Many[str] = ()
    address_book: Many[str] = Field(default=(), alias="address-book")


class ClientDeclaration(Wire):
    """One client of a scenario. `alias` None is a portable client."""

    client: Token
    id: Annotated[str, Field(pattern=r"^[0-9]{9,10}$")]
    alias: Text | None
    version: Text
    platform: Literal["windows", "macos", "linux", "android", "ios"]
    profiles: Many[ProfileSpec]
    locked: dict[str, bool] = Field(default_factory=dict[str, bool])
    online: bool = True
    contacts: Contacts = Field(default_factory=Contacts)


class Begin(Wire):
    """`scenario.begin`: a new scenario with these clients, its clock at zero."""

    scenario: Token
    clients: Many[ClientDeclaration]


class Scenario(Wire):
    """The scenario that a call belongs to."""

    scenario: Token


class Advance(Scenario):
    """`clock.advance`: let virtual time pass."""

    ms: Milliseconds


class Advanced(Wire):
    """The time reached; everything due by then has happened."""

    now_ms: Milliseconds


# Operations


class ClientCall(Scenario):
    """An action of the user of a client."""

    client: Token


class Email(ClientCall):
    """`invitation.email`."""

    entry: Text


class Send(ClientCall):
    """`invitation.send`; `to` is what was typed, or the tile's contact."""

    entry: Text
    to: Text
    profile: Text


class InvitationCall(ClientCall):
    """An operation on one invitation, by its id at this client."""

    invitation: Token


class Answer(InvitationCall):
    """`invitation.accept` and `invitation.reject`; `surface` is where it is pressed.

    Left out where it is not said, and where the target has declined `popup`.
    """

    surface: Literal["client", "popup"] | None = None

    @model_serializer(mode="wrap")
    def said_or_left_out(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        """The fields as JSON, without a surface that is not said."""
        fields: dict[str, Any] = handler(self)
        if self.surface is None:
            del fields["surface"]
        return fields


class Modify(InvitationCall):
    """`invitation.modify`: another permission profile."""

    profile: Text


class RequestSession(ClientCall):
    """`session.request`: the main window's Connect."""

    to: Text


class Permit(ClientCall):
    """`session.permit`: the Accept window."""

    session: Token
    permission: Text
    allowed: bool


class EditProfile(ClientCall):
    """`profile.edit`: an existing profile gets these permissions."""

    profile: Text
    permissions: Many[str]


class Online(ClientCall):
    """`client.online`: drop off the network, or return."""

    online: bool


# Results


class Refused(Wire):
    """A refusal; both fields are advisory."""

    reason: Text | None = None
    message: Text | None = None


class MenuEntry(Wire):
    """One entry point; a tile names its contact."""

    entry: Text
    contact: Text | None = None


class Menu(Wire):
    """The entries of `client.menu`."""

    entries: Many[MenuEntry]


class EmailOpened(Wire):
    """The email draft that `invitation.email` opened."""

    opened_with: Text
    text: Annotated[str, Field(max_length=100_000)]


class Sent(Wire):
    """The inviter's id of the new invitation."""

    invitation: Token


class OutcomeBase(Wire):
    """Either `{"ok": ...}` or `{"refused": ...}`."""

    refused: Refused | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> "OutcomeBase":
        """Raise ValueError unless exactly one of the two is present."""
        if (getattr(self, "ok", None) is None) == (self.refused is None):
            msg = 'exactly one of "ok" and "refused" is expected'
            raise ValueError(msg)
        return self


class Done(OutcomeBase):
    """The outcome of an operation without a result."""

    ok: Empty | None = None


class MenuOutcome(OutcomeBase):
    """`client.menu`."""

    ok: Menu | None = None


class EmailOutcome(OutcomeBase):
    """`invitation.email`."""

    ok: EmailOpened | None = None


class SendOutcome(OutcomeBase):
    """`invitation.send`."""

    ok: Sent | None = None


# Observation


class Party(Wire):
    """The sender of a notification."""

    id: Text
    alias: Text | None = None


class NotificationView(Wire):
    """One notification on one surface."""

    invitation: Token
    surface: Literal["client", "popup"]
    corner: Text | None = None
    from_: Party = Field(alias="from")
    actions: Many[str]


class InvitationView(Wire):
    """One invitation this client sent."""

    invitation: Token
    to: Text
    profile: Text
    state: Literal["pending", "accepted", "rejected", "cancelled", "expired"]


class SessionView(Wire):
    """A session this client takes part in; `guest` controls the device of `host`."""

    session: Token
    host: Text
    guest: Text
    permissions: Many[str]


class RequestView(Wire):
    """A session request that waits for this client's user."""

    from_: Text = Field(alias="from")


class View(Wire):
    """All that the user of a client sees. Ids are unique per kind."""

    notifications: Many[NotificationView]
    invitations: Many[InvitationView]
    sessions: Many[SessionView]
    requests: Many[RequestView]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its capability (None: required of all) and its types."""

    capability: Capability | None
    params: type[Wire]
    result: type[Wire]


METHODS: Mapping[str, Method] = {
    "initialize": Method(None, Initialize, Initialized),
    "scenario.begin": Method(None, Begin, Empty),
    "scenario.end": Method(None, Scenario, Empty),
    "shutdown": Method(None, Empty, Empty),
    "clock.advance": Method(None, Advance, Advanced),
    "client.view": Method(None, ClientCall, View),
    "client.menu": Method(Capability.MENU, ClientCall, MenuOutcome),
    "invitation.email": Method(Capability.EMAIL, Email, EmailOutcome),
    "invitation.send": Method(Capability.DIRECT, Send, SendOutcome),
    "invitation.modify": Method(Capability.MODIFY, Modify, Done),
    "invitation.cancel": Method(Capability.DIRECT, InvitationCall, Done),
    "invitation.accept": Method(Capability.DIRECT, Answer, Done),
    "invitation.reject": Method(Capability.DIRECT, Answer, Done),
    "popup.dismiss": Method(Capability.POPUP, InvitationCall, Done),
    "session.request": Method(Capability.EMAIL, RequestSession, Done),
    "session.permit": Method(Capability.SESSION_PERMISSIONS, Permit, Done),
    "profile.edit": Method(Capability.PROFILE_EDIT, EditProfile, Done),
    "client.online": Method(Capability.PRESENCE, Online, Done),
}
