"""The interpretations on which invariants and deadlines rest."""

from collections.abc import Mapping

from invitelab.protocol.policy import Policy

RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "S2": ("only_the_addressee_may_answer",),
    "S3": ("one_accept_counts",),
    "S4": ("only_the_inviter_may_change",),
    "S6": ("modify_keeps_the_deadline", "lifetime_is_half_open"),
    "S7": ("locks_win_at_the_start", "permissions_are_a_snapshot"),
    "S9": ("old_recipient_is_refused",),
    "S10": ("no_placeholder_for_a_missing_alias",),
    "S16": ("modify_keeps_the_deadline", "only_the_inviter_may_change"),
    "S17": ("session_changes_stay_in_the_session",),
    "S18": ("one_pending_per_pair", "own_address_is_refused"),
    "L1": ("modify_keeps_the_deadline",),
    "L2": ("accepting_clears_the_surfaces",),
    "L3": ("old_recipient_is_refused", "returning_recipient_sees_it_again"),
}
"""The interpretations on which an invariant rests: with another reading of one of them
it need not hold, and is not checked."""


def holds_by(policy: Policy, name: str) -> bool:
    """Whether an invariant has to hold for clients that decide by this policy."""
    return all(getattr(policy, knob) for knob in RESTS_ON.get(name, ()))
