"""A mutant, and the factory of the reference with a changed part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from invitelab.adapters.reference.adapter import Reference
from invitelab.protocol.policy import Policy
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient
from invitelab.world.simulation import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A wrong implementation: its defect in one sentence, and the clause it breaks."""

    name: str
    clause: str
    defect: str
    make: Callable[[], Reference]
    value: str | None = None
    """The value of a factor that shows the defect, "factor: value"; None: none does."""
    waiver: str | None = None
    """The reason why the mutant may survive; None: it must be killed."""


def variant(
    *,
    inviter: type[Inviter] = Inviter,
    recipient: type[Recipient] = Recipient,
    client: type[Client] = Client,
    policy: Policy | None = None,
    reference: type[Reference] = Reference,
) -> Callable[[], Reference]:
    """Make a factory of the reference with these classes and this policy."""
    parts = {"inviter_class": inviter, "recipient_class": recipient}
    changed_client = type("ChangedClient", (client,), parts)
    world = type("ChangedWorld", (World,), {"client_class": changed_client})
    changed = cast(
        "type[Reference]", type("Changed", (reference,), {"world_class": world})
    )
    return lambda: changed(policy=policy)
