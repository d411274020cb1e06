"""The policy: each point that the specification leaves open, as a named choice.

The defaults are invitelab's interpretations. A field with a `clause` in its metadata
flips the interpretation of that clause. The fields without one are engineering choices
that a black-box test cannot observe. `knobs()` lists the interpretations, for the tests
and for `invitelab clauses`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from invitelab.protocol.values import US_PER_S

LIFETIME_US = 120 * US_PER_S
"""The two minutes of the specification (EXPIRY-1, EXPIRY-2)."""


def _reading(clause: str) -> bool:
    """An interpretation: True by default, False for the alternative."""
    default: bool = field(default=True, metadata={"clause": clause})
    return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The choices of an implementation; every interpretation is true by default."""

    other_platforms_can_be_invited: bool = _reading("PLATFORM-2")
    desktop_email_needs_windows: bool = _reading("PLATFORM-3")
    email_creates_no_invitation: bool = _reading("EMAIL-9")
    email_prefers_the_alias: bool = _reading("EMAIL-10")
    new_email_links_the_website: bool = _reading("EMAIL-11")
    new_email_opens_in_the_browser: bool = _reading("EMAIL-12")
    typed_addresses_are_lenient: bool = _reading("DIRECT-8")
    entry_point_must_be_offered: bool = _reading("DIRECT-9")
    old_recipient_is_refused: bool = _reading("DIRECT-10")
    list_shows_the_resolved_id: bool = _reading("TILE-5")
    no_placeholder_for_a_missing_alias: bool = _reading("NOTIFY-7")
    one_notification_after_a_change: bool = _reading("NOTIFY-8")
    modify_keeps_the_deadline: bool = _reading("PENDING-6")
    pending_per_pair_not_per_inviter: bool = _reading("PENDING-7")
    one_pending_per_pair: bool = _reading("PENDING-8")
    crossed_invitations_are_independent: bool = _reading("PENDING-9")
    only_the_inviter_may_change: bool = _reading("PENDING-10")
    only_the_addressee_may_answer: bool = _reading("ANSWER-2")
    one_accept_counts: bool = _reading("ANSWER-3")
    closing_the_popup_is_no_answer: bool = _reading("ANSWER-4")
    accepting_clears_the_surfaces: bool = _reading("ANSWER-5")
    lifetime_is_half_open: bool = _reading("EXPIRY-6")
    session_changes_stay_in_the_session: bool = _reading("SESSION-7")
    locks_win_at_the_start: bool = _reading("SESSION-8")
    permissions_are_a_snapshot: bool = _reading("SESSION-9")
    connect_is_an_ordinary_request: bool = _reading("SESSION-11")
    unknown_address_is_refused: bool = _reading("REFUSE-1")
    malformed_address_is_refused: bool = _reading("REFUSE-2")
    own_address_is_refused: bool = _reading("REFUSE-3")
    offline_recipient_is_refused: bool = _reading("REFUSE-4")
    unknown_profile_is_refused: bool = _reading("REFUSE-5")
    disabled_profile_is_refused: bool = _reading("REFUSE-6")
    returning_recipient_sees_it_again: bool = _reading("PRESENCE-1")
    leaving_inviter_cancels: bool = _reading("PRESENCE-2")

    lifetime_us: int = LIFETIME_US
    retry_us: int = 2 * US_PER_S
    """The time after which an unacknowledged message is repeated."""
    poll_us: int = 10 * US_PER_S
    """The time between two polls of a notification that is shown (L2)."""
    join_us: int = 40 * US_PER_S
    """How long a started session waits for its guest (L5)."""

    def due(self, now_us: int, deadline_us: int) -> bool:
        """Whether a lifetime that ends at `deadline_us` is over (EXPIRY-6)."""
        if self.lifetime_is_half_open:
            return now_us >= deadline_us
        return now_us > deadline_us

    def wake_us(self, deadline_us: int) -> int:
        """The first time at which `due` is true: when a timer must fire."""
        return deadline_us if self.lifetime_is_half_open else deadline_us + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One interpretation: the policy's field, and the clause that states it."""

    name: str
    clause: str


def knobs() -> Iterator[Knob]:
    """Every interpretation that `Policy` can flip, in the order of its fields."""
    for entry in fields(Policy):
        clause = entry.metadata.get("clause")
        if clause is not None:
            yield Knob(name=entry.name, clause=clause)
