"""What a call comes to in a few words, and who is at its other end: for pictures.

Every client has ids of its own for the same invitation. Who stands behind one is learnt
from what the client sent and has seen; a stranger's try is at what somebody else saw.
"""

from collections.abc import Callable, Mapping

from invitelab.adapters import messages

ACTS = {
    "client.menu": "asks for the menu",
    "client.view": "looks",
    "invitation.accept": "accepts {invitation}",
    "invitation.cancel": "cancels {invitation}",
    "invitation.email": "starts an email",
    "invitation.modify": "changes {invitation} to {profile}",
    "invitation.reject": "rejects {invitation}",
    "invitation.send": "invites, {profile}",
    "popup.dismiss": "closes the pop-up of {invitation}",
    "profile.edit": "edits {profile}",
    "session.request": "connects",
}
"""What somebody does, in the words of the values as they are shown."""


class Ends:
    """Who is at the other end of an invitation or a session."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str | None, str]] = {}

    def learn(self, kind: str, client: str | None, id_: str, other: str | None) -> None:
        """What this client calls by that id has that person at its other end."""
        if other is not None:
            self._known.setdefault((kind, id_), {})[client] = other

    def of(self, kind: str, client: str | None, id_: str) -> str | None:
        """The person; for an id the client never saw, as whoever saw it first does."""
        known = self._known.get((kind, id_), {})
        return known.get(client) or next(iter(known.values()), None)


def act(method: str, shown: Mapping[str, str]) -> str:
    """What somebody does; the method's own name where there are no words for it."""
    if method == "session.permit":
        verb = "allows" if shown["allowed"] == "yes" else "denies"
        return f"{verb} {shown['permission']}"
    if method == "client.online":
        return "comes online" if shown["online"] == "yes" else "goes offline"
    words = ACTS.get(method, method).format_map(shown)
    return words.removesuffix(", Default")


def sight(
    view: messages.View,
    naming: Callable[[str, str], str],
    name_of: Callable[[str], str],
) -> str:
    """What somebody sees; `naming` makes `i1` of a kind and an id."""
    surfaces: dict[str, list[str]] = {}
    for row in view.notifications:
        name = f"{naming('i', row.invitation)} from {name_of(row.from_.id)}"
        surfaces.setdefault(name, []).append(row.surface)
    seen = [f"{name} ({', '.join(where)})" for name, where in surfaces.items()]
    seen += [f"{naming('i', row.invitation)} {row.state}" for row in view.invitations]
    seen += [
        f"{naming('s', row.session)}: {name_of(row.guest)} controls {name_of(row.host)}"
        for row in view.sessions
    ]
    seen += [f"a request of {name_of(row.from_)}" for row in view.requests]
    return f"sees {', '.join(seen) or 'nothing'}"
