"""The panel of a world: calls its instruments, and removes one that raises an error."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from types import MethodType as Call
from typing import Any

from invitelab.protocol.history import Fact, FactKind, Spoken
from invitelab.protocol.messages import Message
from invitelab.world.load.instruments import HOOKS, Instrument, Way, overrides
from invitelab.world.load.queues import MessageClass


@dataclass(frozen=True, slots=True)
class Removal:
    """An instrument that was removed, and the error that it raised."""

    instrument: str
    error: str


class InstrumentPanel:
    """All instruments of a world; calls each hook of those that override it."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.removals: list[Removal] = []
        self._listeners = {
            hook: [one for one in instruments if overrides(one, hook)] for hook in HOOKS
        }
        self._find_listeners()
        self.followed = _followed(self._listeners["spoke"])
        """The invitations whose messages `spoke` is called with; None for none."""

    def _find_listeners(self) -> None:
        self._happened = self._calls("happened")
        self._spoke = self._calls("spoke")
        self._carried = self._calls("carried")
        self.hears_messages = bool(self._carried)
        """Whether `carried` is worth calling."""
        self._delivered = self._calls("delivered")
        self.hears_deliveries = bool(self._delivered)
        """Whether `delivered` is worth calling."""
        self._repeated = self._calls("repeated")
        listeners = self._listeners["happened"]
        self._wanted = frozenset[FactKind]().union(*(one.wants for one in listeners))
        self._kept = [one.kept for one in listeners if one.kept is not Instrument.kept]

    def wants(self, kind: FactKind, invitation: str) -> bool:
        """Whether a fact of this kind about an invitation is worth making."""
        if kind in self._wanted:
            return True
        return any(invitation in kept for kept in self._kept)

    def happened(self, at_us: int, fact: Fact) -> None:
        """Call `Instrument.happened`; ten times an invitation, so without `tell`."""
        for call in self._happened:
            try:
                call(at_us, fact)
            except Exception as error:  # noqa: BLE001 - a bug of an observer stops no run
                self._remove(call, error)

    def spoke(self, spoken: Spoken) -> None:
        """Call `Instrument.spoke`."""
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
        """Call `Instrument.carried`, once a message."""
        for call in self._carried:
            try:
                call(at_us, message_class, wait_us, service_us, queue)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def delivered(self, at_us: int, message: Message, way: Way) -> None:
        """Call `Instrument.delivered`, some three times an invitation."""
        for call in self._delivered:
            try:
                call(at_us, message, way)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def repeated(self, at_us: int, message: Message) -> None:
        """Call `Instrument.repeated`; at an overloaded relay most messages are."""
        for call in self._repeated:
            try:
                call(at_us, message)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """Call `Instrument.dropped`."""
        self.tell("dropped", at_us, message_class, reason)

    def tell(self, hook: str, *arguments: Any) -> None:  # noqa: ANN401 - by the hooks above
        """Call any hook by its name; for events that are rare."""
        for call in self._calls(hook):
            try:
                call(*arguments)
            except Exception as error:  # noqa: BLE001 - as above
                self._remove(call, error)

    def _calls(self, hook: str) -> list[Call]:
        return [getattr(one, hook) for one in self._listeners[hook]]

    def _remove(self, call: Call, error: Exception) -> None:
        """Remove the instrument whose hook has raised an error."""
        instrument = call.__self__
        for hook, listeners in self._listeners.items():
            self._listeners[hook] = [one for one in listeners if one is not instrument]
        self._find_listeners()
        message = f"{type(error).__name__}: {error}"
        self.removals.append(Removal(type(instrument).__name__, message))


class _Union:
    """The union of what several instruments follow, as a live view."""

    def __init__(self, views: Sequence[Container[str]]) -> None:
        self._views = views

    def __contains__(self, invitation: object) -> bool:
        """Whether one of them follows the invitation."""
        return any(str(invitation) in view for view in self._views)


def _followed(instruments: Sequence[Instrument]) -> Container[str] | None:
    views = [one.followed for one in instruments]
    return _Union(views) if len(views) > 1 else next(iter(views), None)
