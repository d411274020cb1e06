"""What an input does: one operation of the adapter protocol, with roles for ids.

Which invitation or session is meant follows from who invited whom: it is the newest one
that the client in question has seen. Where there is none yet, nothing is done.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability

if TYPE_CHECKING:
    from invitelab.learning.play import Play

OK, REFUSED, NOTHING, TIME = "ok", "refused", "nothing", "time"
"""What comes back; `nothing`: there was nothing to do it to, and nothing was done."""


def outcome(answer: wire.OutcomeBase) -> str:
    """The answer in one word. The reason of a refusal is advisory, and left out."""
    return OK if answer.refused is None else REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A direct invitation."""

    by: str
    to: str
    list_: str | None = None
    """The contact list with the tile; None: the invitation icon."""
    by_alias: bool = False
    profile: str = "Default"

    @property
    def needs(self) -> tuple[Capability, ...]:
        """What the target has to be able to."""
        tiles = (Capability.TILES,) if self.list_ else ()
        alias = (Capability.ALIAS,) if self.by_alias else ()
        return (Capability.DIRECT, *tiles, *alias)

    def perform(self, play: "Play") -> str:
        """Invite; the inviter's id of the invitation is remembered."""
        to = play.people[self.to]
        entry = f"tile.{self.list_}" if self.list_ else "invitation-icon"
        answer = play.call(
            "invitation.send",
            wire.Send(
                **play.of(self.by),
                entry=entry,
                to=to.alias if self.by_alias and to.alias else to.id,
                profile=self.profile,
            ),
            wire.SendOutcome,
        )
        if answer.ok is not None:
            play.sent[self.by, self.to] = answer.ok.invitation
            play.sent_ms[self.by, self.to] = play.now_ms
        return outcome(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another permission profile for the newest invitation of a pair."""

    by: str
    to: str
    profile: str
    needs = (Capability.DIRECT, Capability.MODIFY)

    def perform(self, play: "Play") -> str:
        """Change it."""
        id_ = play.sent.get((self.by, self.to))
        if id_ is None:
            return NOTHING
        params = wire.Modify(**play.of(self.by), invitation=id_, profile=self.profile)
        return outcome(play.call("invitation.modify", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The newest invitation of a pair is taken back."""

    by: str
    to: str
    needs = (Capability.DIRECT,)

    def perform(self, play: "Play") -> str:
        """Cancel it."""
        id_ = play.sent.get((self.by, self.to))
        if id_ is None:
            return NOTHING
        params = wire.InvitationCall(**play.of(self.by), invitation=id_)
        return outcome(play.call("invitation.cancel", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to the newest invitation that was seen from somebody."""

    by: str
    from_: str
    verb: Literal["accept", "reject"]
    surface: Literal["client", "popup"] | None = None

    @property
    def needs(self) -> tuple[Capability, ...]:
        """What the target has to be able to."""
        return (Capability.DIRECT, *([Capability.POPUP] if self.surface else ()))

    def perform(self, play: "Play") -> str:
        """Answer it."""
        id_ = play.shown.get((self.by, self.from_))
        if id_ is None:
            return NOTHING
        params = wire.Answer(**play.of(self.by), invitation=id_, surface=self.surface)
        return outcome(play.call(f"invitation.{self.verb}", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """The pop-up of the newest invitation from somebody is closed."""

    by: str
    from_: str
    needs = (Capability.DIRECT, Capability.POPUP)

    def perform(self, play: "Play") -> str:
        """Close it."""
        id_ = play.shown.get((self.by, self.from_))
        if id_ is None:
            return NOTHING
        params = wire.InvitationCall(**play.of(self.by), invitation=id_)
        return outcome(play.call("popup.dismiss", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """A permission of the newest session with a guest is switched."""

    by: str
    with_: str
    """The guest of the session, by whose host or guest it is switched."""
    permission: str
    allowed: bool
    needs = (Capability.DIRECT, Capability.SESSION_PERMISSIONS)

    def perform(self, play: "Play") -> str:
        """Switch it."""
        id_ = play.sessions.get((self.by, self.with_))
        if id_ is None:
            return NOTHING
        params = wire.Permit(
            **play.of(self.by),
            session=id_,
            permission=self.permission,
            allowed=self.allowed,
        )
        return outcome(play.call("session.permit", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A profile of one's own gets other permissions."""

    by: str
    profile: str
    permissions: tuple[str, ...]
    needs = (Capability.PROFILE_EDIT,)

    def perform(self, play: "Play") -> str:
        """Edit it."""
        params = wire.EditProfile(
            **play.of(self.by), profile=self.profile, permissions=self.permissions
        )
        return outcome(play.call("profile.edit", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A client drops off the network, or returns."""

    by: str
    online: bool
    needs = (Capability.PRESENCE,)

    def perform(self, play: "Play") -> str:
        """Leave or return; what an offline client shows is not looked at."""
        params = wire.Online(**play.of(self.by), online=self.online)
        said = outcome(play.call("client.online", params, wire.Done))
        if said == OK:
            (play.offline.discard if self.online else play.offline.add)(self.by)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An invitation email is started."""

    by: str
    entry: str
    needs = (Capability.EMAIL,)

    def perform(self, play: "Play") -> str:
        """Start it; what opens is among what is seen to change."""
        params = wire.Email(**play.of(self.by), entry=self.entry)
        answer = play.call("invitation.email", params, wire.EmailOutcome)
        if answer.ok is not None:
            play.opened(self.by, answer.ok)
        return outcome(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """The main window's Connect: to somebody's ID, or to the author of an email."""

    by: str
    to: str | None
    """None: the address in the newest email."""
    needs = (Capability.EMAIL,)

    def perform(self, play: "Play") -> str:
        """Request a session."""
        to = play.address if self.to is None else play.people[self.to].id
        if to is None:
            return NOTHING
        params = wire.RequestSession(**play.of(self.by), to=to)
        return outcome(play.call("session.request", params, wire.Done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Time passes."""

    ms: int
    needs: tuple[Capability, ...] = ()

    def perform(self, play: "Play") -> str:
        """Let it pass."""
        play.wait(self.ms)
        return TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Time passes until an instant that counts from the newest invitation of a pair."""

    by: str
    to: str
    ms: int
    needs = (Capability.DIRECT,)

    def perform(self, play: "Play") -> str:
        """Let it pass; an instant that is past, or counts from nothing, is none."""
        sent_ms = play.sent_ms.get((self.by, self.to))
        if sent_ms is not None:
            play.wait(max(0, sent_ms + self.ms - play.now_ms))
        return TIME


Operation = (
    Invite
    | Change
    | Cancel
    | Answer
    | Dismiss
    | Permit
    | Edit
    | Presence
    | Email
    | Connect
    | Wait
    | Until
)


def people_of(operation: Operation) -> tuple[str, ...]:
    """Who takes part in an operation: who does it first."""
    roles = (getattr(operation, role, None) for role in ("by", "to", "from_", "with_"))
    return tuple(one for one in roles if one is not None)
