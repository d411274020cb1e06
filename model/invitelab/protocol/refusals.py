"""The reasons of refusals, and the order in which they are checked.

A refusal is a result, not an error. The specification names two of these reasons; all
others are interpretations (`policy.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import Address, ClientSpec, EntryPoint, Platform, Profile


class Reason(StrEnum):
    """Every reason, in the order of checking: the send's first, then the rest."""

    CLIENT_OFFLINE = "client-offline"
    NOT_OFFERED = "not-offered"
    SENDER_UNSUPPORTED = "sender-unsupported"
    INVALID_ADDRESS = "invalid-address"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    SELF_INVITATION = "self-invitation"
    RECIPIENT_UNSUPPORTED = "recipient-unsupported"
    RECIPIENT_OFFLINE = "recipient-offline"
    PROFILE_UNAVAILABLE = "profile-unavailable"
    ALREADY_PENDING = "already-pending"
    UNKNOWN_INVITATION = "unknown-invitation"
    NOT_INVITER = "not-inviter"
    NOT_RECIPIENT = "not-recipient"
    NOT_PENDING = "not-pending"
    UNKNOWN_SESSION = "unknown-session"
    NOT_HOST = "not-host"
    PERMISSION_LOCKED = "permission-locked"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: its reason, and `message`, a sentence for users."""

    reason: Reason
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFacts:
    """All that a host knows when an invitation is sent.

    `address` is None where the text is no address, `recipient` where no client has it,
    `profile` where none of that name can be used (REFUSE-5, REFUSE-6).
    """

    sender: ClientSpec
    sender_online: bool
    entry: EntryPoint
    entry_offered: bool
    address: Address | None
    recipient: ClientSpec | None
    recipient_online: bool
    profile: Profile | None
    pending_to_recipient: bool
    pending_from_recipient: bool
    pending_to_anybody: bool


def _refuses_entry(facts: SendFacts, policy: Policy) -> bool:
    return policy.entry_point_must_be_offered and not facts.entry_offered


def _refuses_self(facts: SendFacts, policy: Policy) -> bool:
    recipient = facts.recipient
    to_self = recipient is not None and recipient.id == facts.sender.id
    return to_self and policy.own_address_is_refused


def _refuses_recipient(facts: SendFacts, policy: Policy) -> bool:
    recipient = facts.recipient
    if recipient is None:
        return False
    if not recipient.supports_direct:
        return policy.old_recipient_is_refused
    elsewhere = recipient.platform is not Platform.WINDOWS
    return elsewhere and not policy.other_platforms_can_be_invited


def _refuses_offline(facts: SendFacts, policy: Policy) -> bool:
    away = facts.recipient is not None and not facts.recipient_online
    return away and policy.offline_recipient_is_refused


def _refuses_another(facts: SendFacts, policy: Policy) -> bool:
    pair = facts.pending_to_recipient and policy.one_pending_per_pair
    limit = facts.pending_to_anybody and not policy.pending_per_pair_not_per_inviter
    # A limit per inviter still leaves the same pair to PENDING-8.
    other = limit and not facts.pending_to_recipient
    crossed = facts.pending_from_recipient
    return pair or other or (crossed and not policy.crossed_invitations_are_independent)


SEND_CHECKS: tuple[tuple[Reason, str, Callable[[SendFacts, Policy], bool]], ...] = (
    (
        Reason.CLIENT_OFFLINE,
        "this client is not connected",
        lambda facts, _: not facts.sender_online,
    ),
    (
        Reason.NOT_OFFERED,
        "this client does not offer that entry point",
        _refuses_entry,
    ),
    (
        Reason.SENDER_UNSUPPORTED,
        "direct invitations need version 7 or later",
        lambda facts, _: not facts.sender.supports_direct,
    ),
    (
        Reason.INVALID_ADDRESS,
        "that is neither an ID nor an alias",
        lambda facts, policy: (
            facts.address is None and policy.malformed_address_is_refused
        ),
    ),
    (
        Reason.UNKNOWN_RECIPIENT,
        "nobody has that address",
        lambda facts, policy: (
            facts.address is not None
            and facts.recipient is None
            and policy.unknown_address_is_refused
        ),
    ),
    (Reason.SELF_INVITATION, "that is this client's own address", _refuses_self),
    (
        Reason.RECIPIENT_UNSUPPORTED,
        "the recipient's client cannot take a direct invitation",
        _refuses_recipient,
    ),
    (Reason.RECIPIENT_OFFLINE, "the recipient is not connected", _refuses_offline),
    (
        Reason.PROFILE_UNAVAILABLE,
        "that permission profile does not exist or is disabled",
        lambda facts, _: facts.profile is None,
    ),
    (
        Reason.ALREADY_PENDING,
        "an invitation to this recipient is still pending",
        _refuses_another,
    ),
)
"""The first check that is true decides; the order is part of the protocol."""


def check_send(facts: SendFacts, policy: Policy) -> Refusal | None:
    """The first reason not to send, or None."""
    for reason, message, refuses in SEND_CHECKS:
        if refuses(facts, policy):
            return Refusal(reason, message)
    return None
