"""User behaviour: attempts to invite, answers, cancellations and emails.

Users act through the menus and windows of their clients, and react only to what their
client shows. The protocol decides what becomes of that.
"""

from collections.abc import Callable

from mypy_extensions import mypyc_attr

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    EntryPoint,
    State,
    Surface,
)
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.controls import Told, UserClient, UserDirectory
from invitelab.world.load.intentions import Intentions

OnFree = Callable[[int, int], None]
"""Called with the number of a finished attempt, and the length of its session in us."""

NOTICED = frozenset({FactKind.SHOWN, FactKind.ENDED})
"""The facts that `UserBehaviour.notice` reacts to."""


@mypyc_attr(allow_interpreted_subclasses=True)
class UserBehaviour:
    """Carries out the intentions of all users."""

    def __init__(
        self,
        env: CalendarEnvironment,
        directory: UserDirectory,
        intentions: Intentions,
        panel: Told,
    ) -> None:
        self._env = env
        self._directory = directory
        self._intentions = intentions
        self._panel = panel
        self.on_free: OnFree = lambda _number, _after_us: None

    # Inviting.

    def attempt(self, number: int, inviter: int | None = None) -> None:
        """Make an attempt to invite; the inviter is drawn unless its index is given."""
        directory, attempt = self._directory, self._intentions.attempt(number)
        sender = (
            directory.inviter(attempt) if inviter is None else directory.client(inviter)
        )
        if sender.device.asleep:
            # A suspended device takes no clicks: the attempt is made when it resumes.
            sender.device.after(0, lambda _: self.attempt(number, inviter))
            return
        recipient, entry = directory.recipient(sender, attempt)
        specs = sender.device.spec, recipient.device.spec
        self._panel.tell("attempted", self._env.now_us, *specs)
        if not sender.device.spec.supports_direct:
            self._email(number, sender, recipient)
            self.on_free(number, 0)
            return
        directory.begin_attempt(number)
        typed = self._intentions.address(number, recipient.device.spec, entry)
        outcome = sender.send(entry, typed, attempt.profile)
        if isinstance(outcome, Refusal):
            self._refused(number, sender, recipient, outcome.reason)
        else:
            self._sent(number, sender, outcome)

    def _sent(self, number: int, sender: UserClient, id_: str) -> None:
        accepts, _ = self._intentions.answer(number)
        self._panel.tell("meant", self._env.now_us, id_, accepts)
        # On the device's clock: one that is suspended or crashed takes no clicks.
        cancel_us = self._intentions.cancel_us(number)
        if cancel_us is not None:
            sender.device.after(cancel_us, self._cancel, id_)
        modify_us = self._intentions.modify_us(number)
        if modify_us is not None:
            sender.device.after(modify_us, self._modify, (number, id_))

    def _refused(
        self,
        number: int,
        sender: UserClient,
        recipient: UserClient,
        reason: Reason,
    ) -> None:
        specs = sender.device.spec, recipient.device.spec
        self._panel.tell("refused", self._env.now_us, *specs, reason)
        if reason is Reason.RECIPIENT_UNSUPPORTED:
            self._email(number, sender, recipient)
        self.on_free(number, 0)

    def _cancel(self, id_: str) -> None:
        self._directory.host(id_).cancel(id_)  # refused when it is over

    def _modify(self, attempt: tuple[int, str]) -> None:
        number, id_ = attempt
        profile = self._intentions.other_profile(number)
        self._directory.host(id_).modify(id_, profile)  # refused when it is over

    # Email, which works with every client.

    def _email(self, number: int, sender: UserClient, recipient: UserClient) -> None:
        if not self._intentions.writes_email(number):
            return
        direct = sender.device.spec.supports_direct
        entry = EntryPoint.EMAIL_MENU if direct else EntryPoint.EMAIL_LINK
        if isinstance(sender.email(entry), Refusal):
            return
        now_us = self._env.now_us
        self._panel.tell("emailed", now_us, sender.device.spec, recipient.device.spec)
        connect_us = self._intentions.connect_us(number)
        if connect_us is not None:
            reader = (number, recipient, sender.device.id)
            recipient.device.after(connect_us, self._connect, reader)

    def _connect(self, reader: tuple[int, UserClient, str]) -> None:
        """The recipient types the address from the email and presses Connect."""
        number, recipient, address = reader
        self._directory.begin_attempt(number)
        recipient.request_session(address)

    # Reacting to what a client shows.

    def notice(self, fact: Fact) -> None:
        """React to a fact that a client shows its user."""
        number = self._directory.number_of(fact.invitation)
        if fact.kind is FactKind.ENDED:
            accepted = fact.state is State.ACCEPTED
            self.on_free(number, self._intentions.session_us(number) if accepted else 0)
        elif fact.kind is FactKind.SHOWN and fact.surface is Surface.POPUP:
            self._think(number, fact.invitation)

    def _think(self, number: int, id_: str) -> None:
        accepts, think_us = self._intentions.answer(number)
        if accepts is not None:
            device = self._directory.guest(id_).device
            device.after(think_us, self._answer, (id_, accepts))

    def _answer(self, click: tuple[str, bool]) -> None:
        """Press Accept or Reject; the client refuses if the invitation has ended."""
        id_, accept = click
        self._directory.guest(id_).answer(id_, accept=accept)
