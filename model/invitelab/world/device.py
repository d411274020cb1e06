"""Where a client stands: its clock, its line to the relay, and the record of facts."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

from invitelab.protocol.history import Fact, Spoken
from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.relay import Relay
from invitelab.world.retransmission import Retransmission, Timer

Record = Callable[[Fact], None]
MessageObserver = Callable[[Spoken], None]


def ignore(_fact: Fact) -> None:
    """The record of a world that nobody watches."""


def unheard(_spoken: Spoken) -> None:
    """Nobody listens to messages either."""


@dataclass(slots=True, kw_only=True)
class SharedServices:
    """What all clients of one world have in common.

    The timers are the hosts', which an end cancels, by the invitation's id. A
    dictionary in each of a hundred thousand clients would cost more than what is in it.
    """

    env: CalendarEnvironment
    relay: Relay
    policy: Policy
    record: Record
    retransmission: Retransmission
    host_timers: dict[str, Timer] = field(default_factory=dict[str, Timer])
    followed: Container[str] | None = None
    """Invitations whose messages are noted; None where nobody listens at all."""
    observe: MessageObserver = unheard


class Device:
    """Everything around one client; shared by its two roles."""

    asleep = False
    """Whether its device sleeps; only a fragile one ever does."""

    __slots__ = (
        "env",
        "id",
        "online",
        "policy",
        "record",
        "relay",
        "services",
        "spec",
    )

    def __init__(self, spec: ClientSpec, services: SharedServices) -> None:
        self.spec = spec
        self.id: ClientId = spec.id
        self.services = services
        self.env = services.env
        self.relay = services.relay
        self.policy = services.policy
        self.record = services.record
        self.online = True

    @property
    def now_us(self) -> int:
        """This client's clock."""
        return self.env.now_us

    def say(self, to: ClientId, message: Message) -> None:
        """Hand a message to the relay; lost while this client is offline."""
        if self.services.followed is not None and self.online:
            self.note(to, message, heard=False)
        self.relay.forward(self.id, to, message)

    def note(self, other: ClientId, message: Message, *, heard: bool) -> None:
        """Let whoever follows this invitation know what was said or heard here."""
        around = self.services
        id_: str | None = getattr(message, "invitation", None)
        if id_ is not None and id_ in (around.followed or ()):
            spoken = Spoken(self.env.now_us, heard, self.id, other, message)
            around.observe(spoken)

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object = None
    ) -> Timer:
        """Call `action(argument)` when this client's clock has moved on by so much."""
        return self.at(self.now_us + delay_us, action, argument)

    def at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> Timer:
        """The same at an instant of this client's clock, at once if it is over.

        With an owner it is `action(owner, argument)`: see `Call`.
        """
        return self.env.call_at(max(at_us, self.env.now_us), action, argument, owner)
