"""Defects that only some names and versions show, the time, and what two had before."""

import re
from collections.abc import Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import FOREVER_US, Lives
from invitelab.proof.mutants.values_base import (
    TOO_OLD,
    Row,
    choosing,
    deaf,
    everybody,
    refusing,
    told,
    typing,
)
from invitelab.protocol.guest import Notification
from invitelab.protocol.messages import Answer, Message, Started
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    EntryPoint,
    Invitation,
    SessionState,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

LAST_MAJOR = 19
"""The last major version that is known."""

HOUR_US = 3600 * US_PER_S
DAY_US = 24 * HOUR_US
NO_SENDER = Refusal(Reason.SENDER_UNSUPPORTED, "this client's version is not known")


# Names and versions.


def _zero_is_no_choice(
    client: Client, _entry: EntryPoint, _typed: str, profile: str
) -> str:
    return client.device.spec.profiles[0].name if profile == "0" else profile


def _new_sender(_inviter: Inviter, facts: SendFacts) -> bool:
    return facts.sender.version.major > LAST_MAJOR


def _new_recipient(_inviter: Inviter, facts: SendFacts) -> bool:
    return facts.recipient is not None and facts.recipient.version.major > LAST_MAJOR


def _dot_is_any_character(client: Client, _entry: EntryPoint, typed: str) -> str:
    """The first client whose alias fits the typed one as a pattern."""
    if "@" not in typed:
        return typed
    pattern = re.escape(typed).replace(r"\.", ".")
    aliases = (spec.identity.alias or "" for spec in everybody(client.inviter))
    fitting = (alias for alias in aliases if re.fullmatch(pattern, alias))
    return next(fitting, typed)


# What two had before.


class Mutes(Recipient):
    """Shows invitations of some inviters in the client alone."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.muted: set[ClientId] = set()

    def keep(self, after: Notification, before: Notification | None) -> None:
        """Leave out the pop-up of a new invitation."""
        if before is None and after.sender.id in self.muted:
            after = replace(after, surfaces=after.surfaces - {Surface.POPUP})
        super().keep(after, before)


class PopupRejectMutes(Reference):
    """Mutes an inviter whose invitation is rejected in the pop-up."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Remember the inviter."""
        if method == "invitation.reject" and params.get("surface") == "popup":
            clients = self._scenarios[str(params["scenario"])].clients
            recipient = clients[str(params["client"])].recipient
            assert isinstance(recipient, Mutes), "the mutant has this recipient"
            known = recipient.notifications.get(str(params["invitation"]))
            if known is not None:
                recipient.muted.add(known.sender.id)
        return super().request(method, params)


class KeepsRoles(Client):
    """Knows the invitations whose two had a session the other way before."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.swapped: set[str] = set()

    def receive(self, sender: ClientId, message: Message) -> None:
        """Look at the sessions that run when a further one starts."""
        match message:
            case Answer(invitation=id_, accept=True) if self._guest_of(sender):
                self.swapped.add(id_)
            case Started(invitation=id_) if self._host_of(sender):
                self.swapped.add(id_)
            case _:
                pass
        super().receive(sender, message)

    def _guest_of(self, other: ClientId) -> bool:
        return any(one.host == other for one in self.recipient.sessions.values())

    def _host_of(self, other: ClientId) -> bool:
        hosted = self.inviter.sessions.values()
        active = SessionState.ACTIVE
        return any(one.guest == other and one.state is active for one in hosted)


def _roles_of_the_earlier(row: Row, client: Client) -> Row:
    assert isinstance(client, KeepsRoles), "the mutant has this client"
    invitation = str(row["session"]).removeprefix("session-").partition("/")[0]
    swapped = invitation in client.swapped
    return {**row, "host": row["guest"], "guest": row["host"]} if swapped else row


# The time.


class AgeWithinTheHour(Lives):
    """Compares the minutes of two times, and leaves out their hours."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever where the hour ends before the lifetime does."""
        whole = super().lifetime_us(invitation)
        ends_later = invitation.sent_us % HOUR_US + whole >= HOUR_US
        return FOREVER_US if ends_later else whole


def _before_it_was_sent(inviter: Inviter, invitation: Invitation) -> bool:
    """Whether it seems so to a counter that starts anew every day."""
    return inviter.device.now_us % DAY_US < invitation.sent_us % DAY_US


MUTANTS = (
    Mutant(
        name="profile-zero-is-no-choice",
        clause="DIRECT-7",
        value="name of the custom profile: a number",
        defect="a profile named 0 counts as no choice, and Default is used",
        make=variant(client=choosing(_zero_is_no_choice)),
    ),
    Mutant(
        name="majors-after-19-send-nothing",
        clause="DIRECT-6",
        value="inviter's version: 23.1.0",
        defect="a client whose major version is above 19 cannot invite",
        make=variant(inviter=refusing(NO_SENDER, _new_sender)),
    ),
    Mutant(
        name="majors-after-19-cannot-be-invited",
        clause="DIRECT-5",
        value="recipient's version: 23.1.0",
        defect="a client whose major version is above 19 cannot be invited",
        make=variant(inviter=refusing(TOO_OLD, _new_recipient)),
    ),
    Mutant(
        name="dot-is-any-character",
        clause="DIRECT-6",
        value="recipient's alias: one sign apart",
        defect="a dot in a typed alias stands for any character, and the first fits",
        make=variant(client=typing(_dot_is_any_character)),
    ),
    Mutant(
        name="popup-reject-mutes",
        clause="NOTIFY-2",
        value="history: rejected in the pop-up",
        defect="after a reject in the pop-up this inviter's invitations do not pop up",
        make=variant(recipient=Mutes, reference=PopupRejectMutes),
    ),
    Mutant(
        name="roles-of-the-earlier-session",
        clause="EXPIRY-1",
        value="history: session the other way",
        defect="a session has host and guest as in an earlier one of the same two",
        make=variant(
            client=KeepsRoles, reference=told("sessions", _roles_of_the_earlier)
        ),
    ),
    Mutant(
        name="age-within-the-hour",
        clause="EXPIRY-2",
        value="start: after 59 minutes",
        defect="an age is reckoned in minutes of the hour, so one never expires",
        make=variant(inviter=AgeWithinTheHour),
    ),
    Mutant(
        name="accept-lost-after-midnight",
        clause="EXPIRY-1",
        value="start: after a day",
        defect="a clock starts anew each day, and an accept before the sending is lost",
        make=variant(inviter=deaf(_before_it_was_sent)),
    ),
)
