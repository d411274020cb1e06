"""A mutant, and the factory of the reference with a changed part."""

from collections.abc import Callable
from dataclasses import dataclass

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
    waiver: str | None = None
    """The reason why the mutant may survive; None: it must be killed."""


def variant(
    *,
    inviter: type[Inviter] = Inviter,
    recipient: type[Recipient] = Recipient,
    client: type[Client] = Client,
    policy: Policy | None = None,
) -> Callable[[], Reference]:
    """Make a factory of the reference with these classes and this policy."""
    parts = {"inviter_class": inviter, "recipient_class": recipient}
    changed_client = type("ChangedClient", (client,), parts)
    world = type("ChangedWorld", (World,), {"client_class": changed_client})

    class Changed(Reference):
        """Reference with the changed parts."""

        world_class = world

    return lambda: Changed(policy=policy)
