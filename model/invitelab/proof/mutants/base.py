"""What a mutant is, and how the reference is put together with one part changed."""

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
    """A wrong implementation: its sin in one sentence, and the clause it breaks."""

    name: str
    clause: str
    sin: str
    make: Callable[[], Reference]
    excuse: str | None = None
    """Why it may survive; None: it may not."""


def variant(
    *,
    inviter: type[Inviter] = Inviter,
    recipient: type[Recipient] = Recipient,
    client: type[Client] = Client,
    policy: Policy | None = None,
) -> Callable[[], Reference]:
    """A factory of the reference with these parts in place of its own."""
    parts = {"inviter_class": inviter, "recipient_class": recipient}
    changed_client = type("ChangedClient", (client,), parts)
    world = type("ChangedWorld", (World,), {"client_class": changed_client})

    class Changed(Reference):
        """The reference, changed in one place."""

        world_class = world

    return lambda: Changed(policy=policy)
