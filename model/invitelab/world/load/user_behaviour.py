"""The people of a world: who invites whom and how, and who answers what when.

They do what users do, through the client's own menus and windows, and only see what
their client shows them. What becomes of it is the protocol's business.
"""

from collections.abc import Callable

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    ClientSpec,
    EntryPoint,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.instruments import Panel
from invitelab.world.load.intentions import Intentions

Free = Callable[[int, int], None]
"""Told when the inviter of a wish is free again, and after how many microseconds."""

NOTICED = frozenset({FactKind.SHOWN, FactKind.ENDED})
"""What `People.notice` looks at."""


class UserBehaviour:
    """Everybody who wishes, thinks and clicks."""

    def __init__(
        self,
        env: CalendarEnvironment,
        neighbourhood: ClientDirectory,
        plans: Intentions,
        panel: Panel,
    ) -> None:
        self._env = env
        self._neighbourhood = neighbourhood
        self._plans = plans
        self._panel = panel
        self.free: Free = lambda _number, _after_us: None

    # Inviting.

    def wish(self, number: int, inviter: int | None = None) -> None:
        """Somebody wants to invite somebody: by draw, or this helper."""
        here, who = self._neighbourhood, self._plans.who(number)
        sender = here.inviter(who) if inviter is None else here.client(inviter)
        if sender.site.asleep:
            # Nobody clicks on a device that sleeps: it is the first thing afterwards.
            sender.site.after(0, lambda _: self.wish(number, inviter))
            return
        recipient, entry = here.recipient(sender, who)
        specs = sender.site.spec, recipient.site.spec
        self._panel.tell("attempted", self._env.now_us, *specs)
        if not sender.site.spec.supports_direct:
            self._email(number, sender, recipient)
            self.free(number, 0)
            return
        here.relay.number = number
        typed = self._typed(number, recipient.site.spec)
        outcome = sender.send(entry, typed, who.profile)
        if isinstance(outcome, Refusal):
            self._refused(number, sender, recipient, outcome.reason)
        else:
            self._sent(number, sender, outcome)

    def _typed(self, number: int, recipient: ClientSpec) -> str:
        alias = recipient.identity.alias
        if alias is not None and self._plans.by_alias(number):
            return alias
        return recipient.id

    def _sent(self, number: int, sender: Client, id_: str) -> None:
        accepts, _ = self._plans.answer(number)
        self._panel.tell("meant", self._env.now_us, id_, accepts)
        # By the device's clock: nobody clicks on one that sleeps or has crashed.
        cancel_us = self._plans.cancel_us(number)
        if cancel_us is not None:
            sender.site.after(cancel_us, self._cancel, id_)
        modify_us = self._plans.modify_us(number)
        if modify_us is not None:
            sender.site.after(modify_us, self._modify, (number, id_))

    def _refused(
        self,
        number: int,
        sender: Client,
        recipient: Client,
        reason: Reason,
    ) -> None:
        specs = sender.site.spec, recipient.site.spec
        self._panel.tell("refused", self._env.now_us, *specs, reason)
        if reason is Reason.RECIPIENT_UNSUPPORTED:
            self._email(number, sender, recipient)
        self.free(number, 0)

    def _cancel(self, id_: str) -> None:
        self._neighbourhood.host(id_).cancel(id_)  # refused when it is over

    def _modify(self, wish: tuple[int, str]) -> None:
        number, id_ = wish
        profile = self._plans.other_profile(number)
        self._neighbourhood.host(id_).modify(id_, profile)  # refused when it is over

    # Email: the way that always works.

    def _email(self, number: int, sender: Client, recipient: Client) -> None:
        if not self._plans.writes_email(number):
            return
        direct = sender.site.spec.supports_direct
        entry = EntryPoint.EMAIL_MENU if direct else EntryPoint.EMAIL_LINK
        if isinstance(sender.email(entry), Refusal):
            return
        now_us = self._env.now_us
        self._panel.tell("emailed", now_us, sender.site.spec, recipient.site.spec)
        connect_us = self._plans.connect_us(number)
        if connect_us is not None:
            reader = (number, recipient, sender.site.id)
            recipient.site.after(connect_us, self._connect, reader)

    def _connect(self, reader: tuple[int, Client, str]) -> None:
        """The recipient types the address from the email and presses Connect."""
        number, recipient, address = reader
        self._neighbourhood.relay.number = number
        recipient.request_session(address)

    # Answering, and being told.

    def notice(self, fact: Fact) -> None:
        """See what a client shows its user."""
        number = self._neighbourhood.relay.number_of(fact.invitation)
        if fact.kind is FactKind.ENDED:
            accepted = fact.state is State.ACCEPTED
            self.free(number, self._plans.session_us(number) if accepted else 0)
        elif fact.kind is FactKind.SHOWN and fact.surface is Surface.POPUP:
            self._think(number, fact.invitation)

    def _think(self, number: int, id_: str) -> None:
        accepts, think_us = self._plans.answer(number)
        if accepts is not None:
            site = self._neighbourhood.guest(id_).site
            site.after(think_us, self._answer, (id_, accepts))

    def _answer(self, click: tuple[str, bool]) -> None:
        """Press the button, if it is still there."""
        id_, accept = click
        self._neighbourhood.guest(id_).answer(id_, accept=accept)
