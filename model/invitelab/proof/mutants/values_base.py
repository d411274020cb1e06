"""Base of defects that only one value of a factor shows.

Each of these mutants conforms on the plain values. A run that tries the value finds it
in a scenario that was written for something else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.protocol import host
from invitelab.protocol.guest import Notification
from invitelab.protocol.menu import Offered
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Invitation,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

INVALID = Refusal(Reason.INVALID_ADDRESS, "that is not an address")
UNKNOWN = Refusal(Reason.UNKNOWN_RECIPIENT, "nobody has that address")
TOO_OLD = Refusal(Reason.RECIPIENT_UNSUPPORTED, "that client is too old")
NO_PROFILE = Refusal(Reason.PROFILE_UNAVAILABLE, "there is no such profile")

BUILT_IN = frozenset(profile.name for profile in BUILT_IN_PROFILES)

Row = dict[str, Json]
"""A row of a list in `client.view`."""


# What a client offers, and what it sends.


def refusing(
    because: Refusal, where: Callable[[Inviter, SendFacts], bool]
) -> type[Inviter]:
    """Make an inviter that refuses to send in some cases."""

    class Refusing(Inviter):
        """Inviter that refuses more than the reference does."""

        def refusal(self, facts: SendFacts) -> Refusal | None:
            """Refuse in these cases."""
            return because if where(self, facts) else super().refusal(facts)

    return Refusing


def typing(change: Callable[[Client, EntryPoint, str], str]) -> type[Client]:
    """Make a client that changes the address before it is looked up."""

    class Typing(Client):
        """Client that sends to another address than was typed."""

        def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
            """Change the address."""
            return super().send(entry, change(self, entry, typed), profile)

    return Typing


def choosing(change: Callable[[Client, EntryPoint, str, str], str]) -> type[Client]:
    """Make a client that changes the chosen profile; called with address and name."""

    class Choosing(Client):
        """Client that sends another profile than was chosen."""

        def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
            """Change the profile."""
            return super().send(entry, typed, change(self, entry, typed, profile))

    return Choosing


def hiding(where: Callable[[ClientSpec, Offered], bool]) -> type[Client]:
    """Make a client without some entry points, which work all the same."""

    class Hiding(Client):
        """Client with fewer entry points."""

        def menu(self) -> tuple[Offered, ...]:
            """Leave these out."""
            spec = self.device.spec
            return tuple(row for row in super().menu() if not where(spec, row))

    return Hiding


# What a client shows.


def told(part: str, change: Callable[[Row, Client], Row | None]) -> type[Reference]:
    """Make a reference with other rows in one list of `client.view`; None: no row."""

    class Told(Reference):
        """Reference with changed rows."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Change the rows of the view."""
            answer = super().request(method, params)
            if method != "client.view" or not isinstance(answer, dict):
                return answer
            clients = self._scenarios[str(params["scenario"])].clients
            client = clients[str(params["client"])]
            rows = answer[part]
            assert isinstance(rows, list), "a view consists of lists"
            changed = [change(row, client) for row in rows if isinstance(row, dict)]
            left: list[Json] = [row for row in changed if row is not None]
            return {**answer, part: left}

    return Told


def id_told(change: Callable[[str], str]) -> type[Reference]:
    """Make a reference that writes IDs of inviters differently."""

    def write(row: Row, _client: Client) -> Row:
        sender = row["from"]
        assert isinstance(sender, dict), "a notification has a sender"
        return {**row, "from": {**sender, "id": change(str(sender["id"]))}}

    return told("notifications", write)


def alias_told(change: Callable[[str, str], str | None]) -> type[Reference]:
    """Make a reference that writes aliases differently.

    `change` is called with the name and the namespace of the alias.
    """

    def write(row: Row, _client: Client) -> Row:
        sender = row["from"]
        assert isinstance(sender, dict), "a notification has a sender"
        alias = sender["alias"]
        if not isinstance(alias, str):
            return row
        name, _, namespace = alias.partition("@")
        return {**row, "from": {**sender, "alias": change(name, namespace)}}

    return told("notifications", write)


def showing(
    left: frozenset[Surface],
    where: Callable[[Recipient, Notification], bool],
) -> type[Recipient]:
    """Make a recipient that shows new invitations on these surfaces in some cases."""

    class Showing(Recipient):
        """Recipient that shows an invitation on fewer surfaces."""

        def keep(self, after: Notification, before: Notification | None) -> None:
            """Leave out the other surfaces."""
            if before is None and where(self, after):
                after = replace(after, surfaces=after.surfaces & left)
            super().keep(after, before)

    return Showing


def losing_accepts(
    where: Callable[[Recipient, Notification], bool],
) -> type[Recipient]:
    """Make a recipient at which some accepts are acknowledged and never sent."""

    class LosingAccepts(Recipient):
        """Recipient whose Accept does nothing in some cases."""

        def answer(self, id_: str, *, accept: bool) -> Refusal | None:
            """Lose the click."""
            known = self.notifications.get(id_)
            shown = known is not None and bool(known.surfaces)
            if accept and known is not None and shown and where(self, known):
                return None
            return super().answer(id_, accept=accept)

    return LosingAccepts


def deaf(where: Callable[[Inviter, Invitation], bool]) -> type[Inviter]:
    """Make an inviter at which some accepts start nothing."""

    class Deaf(Inviter):
        """Inviter that ignores accepts in some cases."""

        def happen(self, id_: str, event: host.HostEvent) -> None:
            """Ignore an accept of a pending invitation in these cases."""
            known = self.invitations[id_]
            accept = isinstance(event, host.AnswerFrom) and event.accept
            open_ = accept and known.state is State.PENDING
            if not (open_ and where(self, known)):
                super().happen(id_, event)

    return Deaf


# Look-ups.


def everybody(role: Inviter | Recipient) -> list[ClientSpec]:
    """All clients that the relay knows, in the order of their registration."""
    known = role.device.relay._clients  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the directory has no other list
    return [one.spec for one in known.values()]


def ended(inviter: Inviter, state: State, to: ClientId) -> list[Invitation]:
    """The invitations to this client that have ended so."""
    return [
        known
        for known in inviter.invitations.values()
        if known.recipient == to and known.state is state
    ]


def alias_of(spec: ClientSpec | None) -> tuple[str, str]:
    """Name and namespace of a client's alias; empty for a portable client."""
    alias = None if spec is None else spec.identity.alias
    name, _, namespace = (alias or "").partition("@")
    return name, namespace


def is_tile(entry: EntryPoint) -> bool:
    """Whether the entry point is on a contact's tile."""
    return entry.contact_list is not None


def is_portable(identity: Identity) -> bool:
    """Whether the client has no alias."""
    return identity.alias is None
