"""The invitations that a client received: what it shows of them, and the clicks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from peers.fields import Fields, JsonObject
from peers.messages import Answer, Closed, Offer, Started, State
from peers.orders import Outcome, RefusalError, StaleError, done
from peers.station import Station
from peers.switches import Mistake


class Phase(Enum):
    """How an invitation stands with its recipient."""

    SHOWN = auto()
    AWAY = auto()  # this client is offline; the host may offer it again
    ANSWERING = auto()
    JOINED = auto()
    CLOSED = auto()  # a late offer does not bring it back


@dataclass(slots=True, kw_only=True)
class Received:
    """An invitation at its addressee."""

    host: str
    number: int
    name: str
    deadline_s: float
    revision: int
    phase: Phase = Phase.SHOWN
    has_popup: bool = True
    accepted: bool = False
    click: Outcome | None = None

    def give(self, verdict: JsonObject) -> None:
        """Complete the user's call, if it still waits."""
        if self.click is not None and not self.click.done():
            self.click.set_result(verdict)


class Receiving:
    """Shows invitations and sends the answers; the host decides what they are worth."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._received: dict[str, Received] = {}

    def has(self, name: str) -> bool:
        """Say whether this client received the invitation of this name."""
        return name in self._received

    def show(self, host: str, offer: Offer) -> None:
        """Show an offer, or take the newer one of two."""
        deadline_s = self._station.now_s() + offer.left_s
        known = self._find(host, offer.invitation)
        if known is None:
            name = self._station.names.received()
            self._received[name] = Received(
                host=host,
                number=offer.invitation,
                name=name,
                deadline_s=deadline_s,
                revision=offer.revision,
            )
        elif offer.revision >= known.revision:
            known.revision, known.deadline_s = offer.revision, deadline_s
            if known.phase is Phase.AWAY:
                known.phase = Phase.SHOWN

    def withdraw(self, host: str, number: int) -> None:
        """Show it no longer; an answer on its way still gets its verdict."""
        known = self._find(host, number)
        if known is not None and known.phase in {Phase.SHOWN, Phase.AWAY}:
            known.phase = Phase.CLOSED

    def expire(self) -> None:
        """Show no longer what is due, without waiting for word from the host."""
        now_s = self._station.now_s()
        for received in self._shown():
            if received.deadline_s <= now_s:
                received.phase = Phase.CLOSED

    def deadlines_s(self) -> Iterator[float]:
        """Give the moments at which something is to be hidden."""
        return (received.deadline_s for received in self._shown())

    def leave(self) -> None:
        """Show nothing while offline, and give up waiting for verdicts."""
        for received in self._received.values():
            if received.phase is Phase.SHOWN:
                received.phase = Phase.AWAY
            elif received.phase is Phase.ANSWERING:
                self._close(received, "this client went offline")

    def answer(self, fields: Fields, click: Outcome, *, accepted: bool) -> None:
        """Send a click to the host; its outcome is set when the verdict is there."""
        self._station.need_online()
        received = self._received[fields.text("invitation")]
        if received.phase is not Phase.SHOWN and not self._clicks_again(received):
            raise StaleError("the invitation is no longer shown")
        received.phase = Phase.ANSWERING
        received.accepted, received.click = accepted, click
        message = Answer(invitation=received.number, accepted=accepted)
        self._station.post(received.host, message)

    def dismiss(self, fields: Fields) -> None:
        """Close the pop-up, which is no answer."""
        received = self._received[fields.text("invitation")]
        if received.phase is not Phase.SHOWN:
            raise StaleError("the invitation is no longer shown")
        if not received.has_popup:
            raise RefusalError("not-pending", "the pop-up is closed already")
        received.has_popup = False

    def joined(self, host: str, started: Started) -> None:
        """Take the verdict that the session runs."""
        received = self._answering(host, started.invitation)
        if received is not None:
            received.phase = Phase.JOINED
            received.give(done())

    def closed(self, host: str, verdict: Closed) -> None:
        """Take the verdict that no session starts."""
        received = self._answering(host, verdict.invitation)
        if received is None:
            return
        if verdict.state is State.REJECTED and not received.accepted:
            received.phase = Phase.CLOSED
            received.give(done())
        else:
            self._close(received, f"the invitation is {verdict.state}")

    def host_gone(self, host: str, number: int) -> None:
        """Handle an answer that could not be delivered."""
        received = self._answering(host, number)
        if received is not None:
            self._close(received, "the inviter is offline")

    def listed(self) -> list[JsonObject]:
        """Give both surfaces, the pop-ups first."""
        shown = self._shown()
        misplaced = Mistake.POPUP_TOP_RIGHT in self._station.switches.mistakes
        corner = "top-right" if misplaced else "bottom-right"
        popups = [
            {"surface": "popup", "corner": corner} | self._notification(one)
            for one in shown
            if one.has_popup
        ]
        return [
            *popups,
            *({"surface": "client"} | self._notification(one) for one in shown),
        ]

    def _notification(self, received: Received) -> JsonObject:
        host = self._station.directory.member(received.host)
        assert host is not None
        return {
            "invitation": received.name,
            "from": {"id": host.id, "alias": host.alias, "badge": "🌝"},
            "actions": ["reject", "accept"],
            "revision": received.revision,
        }

    def _shown(self) -> list[Received]:
        received = self._received.values()
        return [one for one in received if one.phase is Phase.SHOWN]

    def _find(self, host: str, number: int) -> Received | None:
        received = self._received.values()
        return next(
            (one for one in received if (one.host, one.number) == (host, number)), None
        )

    def _answering(self, host: str, number: int) -> Received | None:
        received = self._find(host, number)
        if received is not None and received.phase is Phase.ANSWERING:
            return received
        return None

    def _clicks_again(self, received: Received) -> bool:
        again = Mistake.SECOND_ACCEPT_STARTS_AGAIN in self._station.switches.mistakes
        return again and received.phase is Phase.JOINED

    def _close(self, received: Received, why: str) -> None:
        received.phase = Phase.CLOSED
        received.give(self._station.refused(StaleError(why)))
