"""The person at the other end of an invitation or a session, for each client.

Every client has ids of its own for the same invitation. The person behind an id is
learnt from what the client sent and has seen. An id that a client never saw (a stranger
tries to answer) stands for what another client saw under it.
"""


class OtherEnds:
    """The persons at the other ends, by kind, id and client."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str | None, str]] = {}

    def learn(self, kind: str, client: str | None, id_: str, other: str | None) -> None:
        """Remember that `client` has `other` at the other end of that id."""
        if other is not None:
            self._known.setdefault((kind, id_), {})[client] = other

    def of(self, kind: str, client: str | None, id_: str) -> str | None:
        """The person; for an id that is not the client's, that of its first client."""
        known = self._known.get((kind, id_), {})
        return known.get(client) or next(iter(known.values()), None)
