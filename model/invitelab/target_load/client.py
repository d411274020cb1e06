"""A client of the target, as a user meets it: buttons, and a device to wait at.

Every operation is one call to the target. What it answers is noted for the judgement;
what becomes of it is learned from views, as every user learns it.
"""

from collections.abc import Callable
from typing import Any, Protocol

from invitelab.adapters import messages, wire_types
from invitelab.adapters.handshake import Capability
from invitelab.errors import CallError
from invitelab.protocol.observed import Click, ClickKind, Observed
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    EntryPoint,
    Permissions,
)
from invitelab.target_load.room import OpenRoom
from invitelab.target_load.tracked import Tracked, key_of
from invitelab.world.facts import chosen
from invitelab.world.load.intentions import PROFILES

NOT_THERE = Refusal(Reason.UNKNOWN_INVITATION, "the button is no longer there")
"""For what nobody can press: what was not shown, or was forgotten long ago."""
FAILED = Refusal(Reason.NOT_PENDING, "the call failed")
ABSENT = Refusal(Reason.RECIPIENT_UNSUPPORTED, "the target has no such client")


class ClientWorld(Protocol):
    """What a client needs of the world that it is in."""

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object
    ) -> object:
        """Call `action(argument)` after a time."""
        ...

    def room_of(self, index: int) -> OpenRoom:
        """The room of a client, at the present instant. Raises CallError."""
        ...

    def failed(self, index: int, error: CallError) -> None:
        """A call for that client has failed."""
        ...

    def sent(self, one: Tracked) -> None:
        """The target has granted an invitation."""
        ...

    def pressed(self, one: Tracked, click: Click) -> None:
        """The target has answered an operation on an invitation."""
        ...

    def tracked(self, key: str) -> Tracked | None:
        """An invitation; None once it is forgotten."""
        ...

    def not_sent(self, refused: Observed, host: int, guest: int) -> None:
        """The target has refused an invitation."""
        ...

    def mailed(self, index: int, answer: messages.EmailOutcome) -> None:
        """The target has answered an email."""
        ...

    def typed(self, id_: str) -> str:
        """What somebody types who asks a client for a session."""
        ...

    def requested(self, asker: int, typed: str, *, granted: bool) -> None:
        """The target has answered a session request."""
        ...

    @property
    def number(self) -> int:
        """The attempt that is being made."""
        ...

    @property
    def addressee(self) -> "TargetClient":
        """The recipient of the attempt that is being made."""
        ...

    @property
    def thorough(self) -> bool:
        """Whether people also do what they rarely do."""
        ...

    @property
    def can_modify(self) -> bool:
        """Whether the target can change an invitation at all."""
        ...

    @property
    def now_us(self) -> int:
        """The instant that is due now."""
        ...


class TargetDevice:
    """The device of a client of the target: it only keeps time."""

    __slots__ = ("_world", "spec")

    asleep = False

    def __init__(self, spec: ClientSpec, world: ClientWorld) -> None:
        self.spec = spec
        self._world = world

    @property
    def id(self) -> ClientId:
        """The client's ID."""
        return self.spec.id

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object = None
    ) -> object:
        """Call `action(argument)` after a time."""
        return self._world.after(delay_us, action, argument)


class TargetClient:
    """What a user can do at a client of the target; see `controls.UserClient`."""

    __slots__ = ("_world", "device", "index", "present")

    def __init__(
        self, index: int, spec: ClientSpec, world: ClientWorld, *, present: bool
    ) -> None:
        """`present` says whether the target can have such a client."""
        self.index = index
        self.present = present
        self.device = TargetDevice(spec, world)
        self._world = world

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the client that the attempt is about, whose address is `typed`."""
        world, spec, guest = self._world, self.device.spec, self._world.addressee
        profile = self._chosen(profile, world.number)
        if not (self.present and guest.present):
            return ABSENT
        try:
            room = world.room_of(self.index)
            token = room.residents[spec.id].token
            params = messages.Send(
                scenario=room.token,
                client=token,
                entry=entry.value,
                to=typed,
                profile=profile,
            )
            answer, span = room.ask("invitation.send", params, messages.SendOutcome)
        except CallError as error:
            world.failed(self.index, error)
            return FAILED
        observed = Observed(
            key=key_of(world.number, self.index, guest.index),
            inviter=spec,
            recipient=guest.device.spec,
            profile=profile,
            permissions=permissions_of(spec, profile),
            sent=span,
            deadline_us=span.begin_us // 1000 * 1000 + LIFETIME_US,
            by_alias=typed != guest.device.id,
            tile=entry.contact_list,
        )
        if answer.ok is None:
            world.not_sent(observed, self.index, guest.index)
            return _refusal(answer, guest.device.spec)
        one = Tracked(
            observed=observed,
            number=world.number,
            id=answer.ok.invitation,
            host=self,
            guest=guest,
            due_us=world.now_us,
        )
        room.residents[spec.id].hosting[one.id] = one
        room.residents[guest.device.id].guesting[spec.id] = one
        world.sent(one)
        return one.key

    def _chosen(self, profile: str, number: int) -> str:
        turn = number if self._world.thorough else 0
        return own_profile(self.device.spec, profile, turn)

    # Operations on an invitation.

    def modify(self, invitation: str, profile: str) -> Refusal | None:
        """Choose another permission profile for a pending invitation."""
        one = self._world.tracked(invitation)
        if one is None or not self._world.can_modify:
            return NOT_THERE
        profile = self._chosen(profile, one.number)
        return self._press(
            one,
            ClickKind.MODIFY,
            "invitation.modify",
            lambda room, token: messages.Modify(
                scenario=room.token, client=token, invitation=one.id, profile=profile
            ),
            profile=profile,
        )

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel a pending invitation."""
        one = self._world.tracked(invitation)
        if one is None:
            return NOT_THERE
        return self._press(
            one,
            ClickKind.CANCEL,
            "invitation.cancel",
            lambda room, token: messages.InvitationCall(
                scenario=room.token, client=token, invitation=one.id
            ),
        )

    def answer(self, invitation: str, *, accept: bool) -> Refusal | None:
        """Accept (Connect) or reject, on one of the surfaces that show it."""
        one = self._world.tracked(invitation)
        if one is None or not one.shown_as:
            return NOT_THERE
        surfaces = sorted(one.shown_as)
        surface = surfaces[one.number % len(surfaces)]
        shown_as = one.shown_as[surface]

        def params(room: OpenRoom, token: str) -> wire_types.Wire:
            popup = room.terms.has(Capability.POPUP)
            return messages.Answer.model_validate(
                {
                    "scenario": room.token,
                    "client": token,
                    "invitation": shown_as,
                    "surface": surface if popup else None,
                }
            )

        kind = ClickKind.ACCEPT if accept else ClickKind.REJECT
        method = f"invitation.{kind.value}"
        return self._press(one, kind, method, params, surface=surface)

    def _press(
        self,
        one: Tracked,
        kind: ClickKind,
        method: str,
        params: Callable[[OpenRoom, str], wire_types.Wire],
        *,
        profile: str = "",
        surface: str = "",
    ) -> Refusal | None:
        world, spec = self._world, self.device.spec
        try:
            room = world.room_of(self.index)
            token = room.residents[spec.id].token
            answer, span = room.ask(method, params(room, token), messages.Done)
        except CallError as error:
            world.failed(self.index, error)
            return FAILED
        click = Click(
            span=span,
            kind=kind,
            granted=answer.refused is None,
            profile=profile,
            permissions=permissions_of(spec, profile) if profile else frozenset(),
            surface=surface,
        )
        world.pressed(one, click)
        return None if click.granted else _refusal(answer, spec)

    # Email, which works with every client.

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Open an invitation email, and return its text."""
        world, spec = self._world, self.device.spec
        try:
            room = world.room_of(self.index)
            if not (self.present and room.terms.has(Capability.EMAIL)):
                return ""
            if world.thorough and world.number % 2 and not spec.supports_direct:
                entry = EntryPoint.EMAIL_MENU  # the other way to the same email
            params = messages.Email(
                scenario=room.token,
                client=room.residents[spec.id].token,
                entry=entry.value,
            )
            answer, _ = room.ask("invitation.email", params, messages.EmailOutcome)
        except CallError as error:
            world.failed(self.index, error)
            return FAILED
        world.mailed(self.index, answer)
        if answer.ok is None:
            return _refusal(answer, self.device.spec)
        return answer.ok.text

    def request_session(self, typed: str) -> Refusal | None:
        """Press Connect in the main window."""
        world = self._world
        try:
            room = world.room_of(self.index)
            if not (self.present and room.terms.has(Capability.EMAIL)):
                return None
            params = messages.RequestSession(
                scenario=room.token,
                client=room.residents[self.device.id].token,
                to=world.typed(typed),
            )
            answer, _ = room.ask("session.request", params, messages.Done)
        except CallError as error:
            world.failed(self.index, error)
            return FAILED
        granted = answer.refused is None
        world.requested(self.index, typed, granted=granted)
        return None if granted else _refusal(answer, self.device.spec)


def own_profile(spec: ClientSpec, profile: str, turn: int = 0) -> str:
    """The profile that a user means who has others than the built-in ones.

    With another `turn` it is another one of them.
    """
    names = [one.name for one in spec.profiles if one.enabled]
    if set(PROFILES) <= set(names) or profile not in PROFILES:
        return profile
    return names[(PROFILES.index(profile) + turn) % len(names)]


NO_PERMISSIONS: Permissions = frozenset()


def permissions_of(spec: ClientSpec, profile: str) -> Permissions:
    """The permissions of a client's profile; none where it has no such profile."""
    return chosen(spec, profile) or NO_PERMISSIONS


def _refusal(answer: messages.OutcomeBase, recipient: ClientSpec) -> Refusal:
    """A refusal as people understand it: a client that is too old, or anything else."""
    refused = answer.refused
    message = refused.message or refused.reason or "" if refused is not None else ""
    if not recipient.supports_direct:
        return Refusal(Reason.RECIPIENT_UNSUPPORTED, message)
    reason = refused.reason if refused is not None else None
    return Refusal(REASONS.get(reason or "", Reason.NOT_PENDING), message)


REASONS = {one.value: one for one in Reason if one is not Reason.RECIPIENT_UNSUPPORTED}
"""What people make of a reason that the target names."""
