"""Instruments watch a world and never touch it; one that raises is taken off.

A world has no metrics of its own: whatever is counted, drawn or checked is an
instrument. It overrides the hooks it wants; the others cost nothing.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from types import MethodType as Call
from typing import Any

from invitelab.protocol.history import Fact, Spoken
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.queues import MessageClass


class Instrument:
    """Hooks that do nothing. Times are world time in microseconds."""

    followed: Container[str] = frozenset[str]()
    """The invitations whose messages it wants to hear of, as a live view."""

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Somebody wishes to invite somebody."""

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - as hooks are
        """What the recipient of a new invitation will answer; None for nothing."""

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """That wish became an email."""

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """A direct invitation was refused; an email may follow."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """A client did something."""

    def spoke(self, spoken: Spoken) -> None:
        """A client said or heard a message of an invitation that somebody follows."""

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """The relay took a message that met so many in its queue."""

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """A message was lost: "loss", "partition", "relay-restart", "queue full"."""

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """A fault of the timetable begins."""

    def finished(self, at_us: int) -> None:
        """The world stands still from here on."""


HOOKS = (
    "attempted",
    "meant",
    "emailed",
    "refused",
    "happened",
    "spoke",
    "carried",
    "dropped",
    "faulted",
    "finished",
)


@dataclass(frozen=True, slots=True)
class Removal:
    """An instrument that was taken off, and why."""

    instrument: str
    error: str


class InstrumentPanel:
    """All instruments of a world. Each hook's news goes to those who override it."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.removals: list[Removal] = []
        self._listeners = {
            hook: [one for one in instruments if _overrides(one, hook)]
            for hook in HOOKS
        }
        self._happened = self._calls("happened")
        self._spoke = self._calls("spoke")
        self._carried = self._calls("carried")
        self.followed = _followed(self._listeners["spoke"])
        """Whose messages `spoke` is told of; None for nobody's."""
        self.hears_messages = bool(self._carried)
        """Whether `carried` is worth calling."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """`Instrument.happened`, which comes ten times an invitation."""
        for call in self._happened:
            try:
                call(at_us, fact)
            except Exception as error:  # noqa: BLE001 - an observer's bug stops no run
                self._remove(call, error)

    def spoke(self, spoken: Spoken) -> None:
        """`Instrument.spoke`, which comes often."""
        for call in self._spoke:
            try:
                call(spoken)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """`Instrument.carried`, which comes with every message."""
        for call in self._carried:
            try:
                call(at_us, message_class, wait_us, service_us, queue)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """`Instrument.dropped`."""
        self.tell("dropped", at_us, message_class, reason)

    def tell(self, hook: str, *news: Any) -> None:  # noqa: ANN401 - by the hooks above
        """Any hook by its name: for what comes seldom."""
        for call in self._calls(hook):
            try:
                call(*news)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def _calls(self, hook: str) -> list[Call]:
        return [getattr(one, hook) for one in self._listeners[hook]]

    def _remove(self, call: Call, error: Exception) -> None:
        """Take off the instrument that this call belongs to."""
        instrument = call.__self__
        for hook, listeners in self._listeners.items():
            self._listeners[hook] = [one for one in listeners if one is not instrument]
        self._happened = self._calls("happened")
        self._spoke = self._calls("spoke")
        self._carried = self._calls("carried")
        self.hears_messages = bool(self._carried)
        message = f"{type(error).__name__}: {error}"
        self.removals.append(Removal(type(instrument).__name__, message))


class _Union:
    """What any of several instruments follows."""

    def __init__(self, views: Sequence[Container[str]]) -> None:
        self._views = views

    def __contains__(self, invitation: object) -> bool:
        """Whether one of them does."""
        return any(str(invitation) in view for view in self._views)


def _followed(instruments: Sequence[Instrument]) -> Container[str] | None:
    views = [one.followed for one in instruments]
    return _Union(views) if len(views) > 1 else next(iter(views), None)


def _overrides(instrument: Instrument, hook: str) -> bool:
    return getattr(type(instrument), hook) is not getattr(Instrument, hook)
