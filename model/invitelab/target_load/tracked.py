"""An invitation at the target: what is known of it, and by which ids."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invitelab.protocol.observed import Observed
from invitelab.protocol.values import ClientId, State

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient


@dataclass(slots=True, kw_only=True, eq=False)
class Tracked:
    """One invitation that the target granted.

    `id` is what the inviter's client calls it, `shown_as` what the recipient's client
    does, by surface.
    """

    observed: Observed
    number: int
    id: str
    host: "TargetClient"
    guest: "TargetClient"
    due_us: int
    """When it was due to be sent, which all delays are counted from."""
    shown_as: dict[str, str] = field(default_factory=dict[str, str])
    was_shown: bool = False
    ended: State | None = None
    ended_us: int = 0
    accepted: bool = False
    """Whether an accept was granted."""
    joined_us: int | None = None
    """When the recipient's client showed the session first."""
    held: frozenset[str] = frozenset()
    """The permissions that the session had then."""

    @property
    def key(self) -> str:
        """Its name in this program."""
        return self.observed.key

    @property
    def host_id(self) -> ClientId:
        """The inviter's ID."""
        return self.observed.inviter.id

    @property
    def guest_id(self) -> ClientId:
        """The recipient's ID."""
        return self.observed.recipient.id

    @property
    def over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.ended is not None and (
            self.ended is not State.ACCEPTED or self.joined_us is not None
        )


def key_of(number: int, host: int, guest: int) -> str:
    """The name of an invitation: attempt, and indexes of inviter and recipient."""
    return f"{number}-{host}-{guest}"


def number_of(key: str) -> int:
    """The attempt of an invitation."""
    return int(key.split("-", 1)[0])
