"""The device of a client: its clock, its connection to the relay, its record."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

from mypy_extensions import mypyc_attr

from invitelab.protocol.history import Fact, FactKind, Spoken
from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.relay import Relay
from invitelab.world.retransmission import Retransmission, Timer

Record = Callable[[Fact], None]
Wants = Callable[[FactKind, str], bool]
"""Whether a fact of this kind about this invitation is worth making."""
MessageObserver = Callable[[Spoken], None]


def discard_fact(_fact: Fact) -> None:
    """The default `record`."""


def want_all(_kind: FactKind, _invitation: str) -> bool:
    """The default `wants`."""
    return True


def discard_message(_spoken: Spoken) -> None:
    """The default `observe`."""


@dataclass(slots=True, kw_only=True)
class SharedServices:
    """What all clients of one world share.

    `host_timers` are the expiry timers of pending invitations, by invitation id. They
    are kept here because a dictionary in each of 100,000 clients would cost more memory
    than its content.
    """

    env: CalendarEnvironment
    relay: Relay
    policy: Policy
    record: Record
    retransmission: Retransmission
    wants: Wants = want_all
    """Asked before a fact is made that most worlds need not have."""
    host_timers: dict[str, Timer] = field(default_factory=dict[str, Timer])
    followed: Container[str] | None = None
    """Invitations whose messages are passed to `observe`; None for none at all."""
    observe: MessageObserver = discard_message


@mypyc_attr(allow_interpreted_subclasses=True)
class Device:
    """The environment of one client, shared by its two roles."""

    asleep = False
    """Whether the device is suspended; only a FaultyDevice can be."""

    __slots__ = (
        "env",
        "id",
        "online",
        "policy",
        "record",
        "relay",
        "services",
        "spec",
        "wants",
    )

    def __init__(self, spec: ClientSpec, services: SharedServices) -> None:
        self.spec = spec
        self.id: ClientId = spec.id
        self.services = services
        self.env = services.env
        self.relay = services.relay
        self.policy = services.policy
        self.record = services.record
        self.wants = services.wants
        self.online = True

    @property
    def now_us(self) -> int:
        """The time on this device's clock, in microseconds."""
        return self.env.now_us

    def say(self, to: ClientId, message: Message) -> None:
        """Send a message through the relay; it is lost while this client is offline."""
        if self.services.followed is not None and self.online:
            self.note(to, message, heard=False)
        self.relay.forward(self.id, to, message)

    def note(self, other: ClientId, message: Message, *, heard: bool) -> None:
        """Report a message of a followed invitation that was sent or received here."""
        services = self.services
        id_: str | None = getattr(message, "invitation", None)
        if id_ is not None and id_ in (services.followed or ()):
            spoken = Spoken(self.env.now_us, heard, self.id, other, message)
            services.observe(spoken)

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object = None
    ) -> Timer:
        """Call `action(argument)` after `delay_us` on this device's clock."""
        return self.at(self.now_us + delay_us, action, argument)

    def at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> Timer:
        """Call `action(argument)` at `at_us` on this clock, at once if it is past.

        With an owner it calls `action(owner, argument)`: see `Call`.
        """
        return self.env.call_at(max(at_us, self.env.now_us), action, argument, owner)
