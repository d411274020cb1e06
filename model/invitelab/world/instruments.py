"""Instruments watch a world and never touch it; one that raises is taken off.

A world has no metrics of its own: whatever is counted, drawn or checked is an
instrument. It overrides the hooks it wants; the others cost nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from invitelab.protocol.history import Fact
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec
from invitelab.world.pools import Kind


class Instrument:
    """Hooks that do nothing. Times are world time in microseconds."""

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Somebody wishes to invite somebody."""

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """That wish became an email."""

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """A direct invitation was refused; an email may follow."""

    def happened(self, at_us: int, fact: Fact) -> None:
        """A client did something."""

    def carried(
        self, at_us: int, kind: Kind, wait_us: int, service_us: int, queue: int
    ) -> None:
        """The relay took a message that met so many in its queue."""

    def dropped(self, at_us: int, kind: Kind, reason: str) -> None:
        """A message was lost: "loss", "partition", "relay-restart", "queue full"."""

    def faulted(self, at_us: int, kind: str, label: str, until_us: int) -> None:
        """A fault of the timetable begins."""

    def finished(self, at_us: int) -> None:
        """The world stands still from here on."""


HOOKS = (
    "attempted",
    "emailed",
    "refused",
    "happened",
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


@dataclass(slots=True)
class Panel:
    """All instruments of a world; `tell` passes one hook's news on."""

    instruments: list[Instrument]
    removals: list[Removal] = field(default_factory=list[Removal])
    _listeners: dict[str, list[Instrument]] = field(
        default_factory=dict[str, list[Instrument]]
    )

    def __post_init__(self) -> None:
        """Find out who listens to what."""
        for hook in HOOKS:
            self._listeners[hook] = list(_overriding(hook, self.instruments))

    def wants(self, hook: str) -> bool:
        """Whether anybody listens: news that nobody wants need not be made."""
        return bool(self._listeners[hook])

    def tell(self, hook: str, *news: Any) -> None:  # noqa: ANN401 - by the hooks above
        """Tell everybody who overrides this hook."""
        for instrument in self._listeners[hook]:
            try:
                getattr(instrument, hook)(*news)
            except Exception as error:  # noqa: BLE001 - an observer's bug stops no run
                self._remove(instrument, error)

    def _remove(self, instrument: Instrument, error: Exception) -> None:
        for hook, listeners in self._listeners.items():
            # A new list: somebody may be walking along the old one.
            self._listeners[hook] = [one for one in listeners if one is not instrument]
        self.removals.append(
            Removal(type(instrument).__name__, f"{type(error).__name__}: {error}")
        )


def _overriding(hook: str, instruments: Iterable[Instrument]) -> Iterable[Instrument]:
    default = getattr(Instrument, hook)
    return (one for one in instruments if getattr(type(one), hook) is not default)
