"""The clauses that are not judged of a target that declines a capability.

They are those that a check of such a target finds not applicable.
"""

from collections.abc import Collection, Mapping
from typing import Final

from invitelab.adapters.handshake import Capability

NOT_JUDGED: Final[Mapping[Capability, str]] = {
    Capability.MENU: "PLATFORM-1 PLATFORM-3 EMAIL-5 EMAIL-6 EMAIL-7 DIRECT-2 DIRECT-4",
    Capability.POPUP: "NOTIFY-2 ANSWER-4 ANSWER-6",
    Capability.TILES: "TILE-1 TILE-2 TILE-3 TILE-4",
    Capability.EMAIL: "PLATFORM-1 PLATFORM-3 EMAIL-1 EMAIL-2 EMAIL-3 EMAIL-4 EMAIL-5 "
    "EMAIL-6 EMAIL-7 EMAIL-8 EMAIL-9 EMAIL-10 EMAIL-11 EMAIL-12 SESSION-11",
    Capability.SESSION_PERMISSIONS: "TILE-5 SESSION-2 SESSION-3 SESSION-5 SESSION-6 "
    "SESSION-7 SESSION-8 SESSION-9 SESSION-10",
    Capability.PROFILE_EDIT: "SESSION-9",
    Capability.PRESENCE: "REFUSE-4 PRESENCE-1 PRESENCE-2",
    Capability.MODIFY: "NOTIFY-8 PENDING-1 PENDING-4 PENDING-6 PENDING-10 SESSION-3",
    Capability.OLD_VERSIONS: "EMAIL-1 EMAIL-3 EMAIL-4 EMAIL-5 EMAIL-6 DIRECT-2 "
    "DIRECT-3 DIRECT-10",
    Capability.OTHER_PLATFORMS: "PLATFORM-1 PLATFORM-2 PLATFORM-3",
    Capability.ALIAS: "EMAIL-10 DIRECT-6 TILE-5 NOTIFY-4",
}
"""By capability, the ids of clauses."""


def not_judged(declined: Collection[Capability]) -> frozenset[str]:
    """The clauses that do not apply without these capabilities."""
    return frozenset(
        clause
        for capability in declined
        for clause in NOT_JUDGED.get(capability, "").split()
    )
