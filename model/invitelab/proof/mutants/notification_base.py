"""Base of defects of notifications: changed rows, and surfaces that remain."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.protocol import guest
from invitelab.protocol.guest import Notification
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import Surface
from invitelab.world.client import Client
from invitelab.world.recipient import Recipient

Row = dict[str, Json]
"""A notification on one surface, as `client.view` tells it."""


Retell = Callable[[Row, Notification, Client], Row]
"""Changes a row; called with the row, its notification, and the client."""


def retold(retell: Retell) -> Callable[[], Reference]:
    """Make a factory of the reference with changed rows of notifications."""

    class Retold(Reference):
        """Reference with changed rows."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Tell the view once more."""
            answer = super().request(method, params)
            if method != "client.view" or not isinstance(answer, dict):
                return answer
            clients = self._scenarios[str(params["scenario"])].clients
            client = clients[str(params["client"])]
            known = client.recipient.notifications
            rows = answer["notifications"]
            assert isinstance(rows, list), "a view lists notifications"
            told: list[Json] = [
                retell(row, known[str(row["invitation"])], client)
                for row in rows
                if isinstance(row, dict)
            ]
            return {**answer, "notifications": told}

    return Retold


def leaving(
    surface: Surface, after: Callable[[guest.GuestEvent], bool]
) -> type[Recipient]:
    """Make a recipient that keeps one surface after such events."""

    class Leaving(Recipient):
        """Recipient that keeps one of the two surfaces."""

        def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
            """Put it back."""
            refusal = super().happen(id_, event)
            known = self.notifications.get(id_)
            if known is not None and after(event):
                left = frozenset({surface})
                self.notifications[id_] = replace(known, surfaces=left)
            return refusal

    return Leaving
