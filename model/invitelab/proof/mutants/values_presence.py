"""Defects that show when somebody was away, or has been invited before."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.reference.operations import session_row
from invitelab.proof.mutants.base import Mutant
from invitelab.world.client import Client


class Returned(Reference):
    """Knows which clients have come back online."""

    def __init__(self) -> None:
        super().__init__()
        self.returned: set[tuple[str, str]] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Note who comes back."""
        if method == "client.online" and params["online"]:
            self.returned.add(self.key(params))
        return super().request(method, params)

    def key(self, params: Mapping[str, Json]) -> tuple[str, str]:
        """The client that a call is for."""
        return str(params["scenario"]), str(params["client"])

    def client(self, params: Mapping[str, Json]) -> Client:
        """The client itself."""
        scenario, client = self.key(params)
        return self._scenarios[scenario].clients[client]


class LocksGoOffline(Returned):
    """Forgets the locks of a client that was offline when a permission is switched."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Switch as if nothing were locked."""
        if method != "session.permit" or self.key(params) not in self.returned:
            return super().request(method, params)
        device = self.client(params).device
        spec = device.spec
        device.spec = replace(spec, locked={})
        try:
            return super().request(method, params)
        finally:
            device.spec = spec


class ReturnsWithoutPopup(Returned):
    """Shows no pop-up at a client that was offline."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Leave the rows of the pop-up out."""
        answer = super().request(method, params)
        if method != "client.view" or self.key(params) not in self.returned:
            return answer
        assert isinstance(answer, dict), "a view"
        rows = answer["notifications"]
        assert isinstance(rows, list), "a view consists of lists"
        left = [row for row in rows if not _is_popup(row)]
        return {**answer, "notifications": left}


def _is_popup(row: Json) -> bool:
    return isinstance(row, dict) and row["surface"] == "popup"


class EarlierRecipientWatches(Reference):
    """Shows the sessions of a host to whoever it has invited before."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Add the sessions of every earlier inviter."""
        answer = super().request(method, params)
        if method != "client.view" or not isinstance(answer, dict):
            return answer
        clients = self._scenarios[str(params["scenario"])].clients
        own = clients[str(params["client"])].device.id
        hosts = [
            other.inviter
            for other in clients.values()
            if any(one.recipient == own for one in other.inviter.invitations.values())
        ]
        shown = answer["sessions"]
        assert isinstance(shown, list), "a view consists of lists"
        running = chain.from_iterable(host.sessions.values() for host in hosts)
        others = [session_row(one) for one in running if own != one.guest]
        return {**answer, "sessions": [*shown, *others]}


MUTANTS = (
    Mutant(
        name="locks-go-offline",
        clause="SESSION-6",
        value="was offline: inviter",
        defect="what is locked can be switched once the inviter has been offline",
        make=LocksGoOffline,
    ),
    Mutant(
        name="no-pop-up-after-a-return",
        clause="NOTIFY-2",
        value="was offline: recipient",
        defect="a client that has been offline shows invitations without a pop-up",
        make=ReturnsWithoutPopup,
    ),
    Mutant(
        name="earlier-recipient-watches",
        clause="SESSION-4",
        value="bystander: earlier recipient",
        defect="whoever was invited before sees the inviter's sessions with others",
        make=EarlierRecipientWatches,
    ),
)
