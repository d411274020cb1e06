"""What can be done beside the invitations: sessions, profiles, emails, menus."""

from collections.abc import Collection, Iterator

from invitelab.adapters.messages import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model import (
    ModelParticipant,
    ModelSession,
    ModelState,
)
from invitelab.conformance.random_walks.moves.invitations import (
    SUCCEEDS,
    Check,
    Move,
    Table,
    nothing,
)
from invitelab.conformance.random_walks.participants import EVERY_PERMISSION, id_of

# Sessions.


def switches(table: Table) -> Iterator[Move]:
    """The host of a session switches one permission, or a few, or all of them."""
    if not table.has(Capability.SESSION_PERMISSIONS):
        return
    world = table.world
    for session in world.sessions:
        if session.loose:
            continue
        known = [name for name in EVERY_PERMISSION if session.held[name] is not None]
        for name in known:
            yield _switch(world, session, (name,), times=1)
        locked = [name for name in known if name in world.figures[session.host].locks]
        for name in locked:
            yield _switch(world, session, (name,), times=2)
            yield _switch(world, session, (name,), times=2)
        for name in known[:3]:
            yield _as_it_is(world, session, name)
        if known:
            yield _switch(world, session, tuple(known), times=1)
            yield _switch(world, session, tuple(known[-3:]), times=2)
            yield _switch(world, session, tuple(known), times=2)


def _switch(
    world: ModelState, session: ModelSession, names: tuple[str, ...], *, times: int
) -> Move:
    """Each of these to what it is not, and back if it is done twice."""
    locks = world.figures[session.host].locks
    flips = [
        (name, (session.held[name] is False) == (again % 2 == 0) or name in locks)
        for again in range(times)
        for name in names
    ]
    # A locked one is always tried in the direction that the lock forbids.
    flips = [
        (name, not locks[name] if name in locks else allowed) for name, allowed in flips
    ]

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        for name, allowed in flips:
            world.switch(session, name, allowed=allowed)

    return Move(
        lines=tuple(
            f'{session.host} {"allows" if allowed else "denies"} "{name}"'
            f" in the session with {session.guest}"
            for name, allowed in flips
        ),
        checks=()
        if flips[-1][0] in locks
        else (Check(clause="SESSION-5", text=SUCCEEDS),),
        about="SESSION-6",
        effect=effect,
    )


def _as_it_is(world: ModelState, session: ModelSession, name: str) -> Move:
    """Once more what it is already."""
    allowed = session.held[name] is True

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.switch(session, name, allowed=allowed)

    verb = "allows" if allowed else "denies"
    line = f'{session.host} {verb} "{name}" in the session with {session.guest}'
    return Move(lines=(line,), effect=effect, about="SESSION-5")


# Profiles.


def edits(table: Table) -> Iterator[Move]:
    """Somebody gives a profile of theirs other permissions."""
    if not table.has(Capability.PROFILE_EDIT):
        return
    for owner, figure in table.world.figures.items():
        if figure.direct and owner not in table.world.offline:
            for profile in figure.profiles:
                for permissions in (("view",), ("view", "audio", "input")):
                    yield _edit(table.world, owner, profile, permissions)


def _edit(
    world: ModelState, owner: str, profile: str, permissions: tuple[str, ...]
) -> Move:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            world.edit(owner, profile, permissions)

    listed = ", ".join(permissions)
    line = f'{owner} edits the permission profile "{profile}" to "{listed}"'
    return Move(lines=(line,), effect=effect, about="SESSION-9")


# Emails.


def emails(table: Table) -> Iterator[Move]:
    """Whoever is on Windows starts an email, from everywhere it can be started."""
    if not table.has(Capability.EMAIL):
        return
    for figure in table.world.figures.values():
        if not figure.windows:
            continue
        entries = [("the context menu of the own ID", "EMAIL-7")]
        if not figure.direct:
            entries = [
                ("the Invitation Email link", "EMAIL-5"),
                ("the context menu of the own ID", "EMAIL-6"),
            ]
        for entry, clause in entries:
            yield _email(table.world, figure, entry, clause)


def _email(
    world: ModelState, figure: ModelParticipant, entry: str, clause: str
) -> Move:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.mail(figure.name)

    name = figure.name
    return Move(
        lines=(f"{name} starts an invitation email from {entry}",),
        given=f"{name} has started an invitation email from {entry}",
        checks=(
            Check(clause=clause, text=SUCCEEDS),
            Check(clause="EMAIL-4", text="an email opens in the default browser"),
            Check(
                clause="EMAIL-2",
                text=f"the email contains the ID or the alias of {name}",
            ),
            Check(
                clause="EMAIL-3",
                text="the email contains a link to the AnyDesk website",
            ),
        ),
        effect=effect,
    )


def connects(table: Table) -> Iterator[Move]:
    """Somebody connects to the address in the newest email, once."""
    world = table.world
    author = world.author
    if author is None or not table.has(Capability.EMAIL):
        return
    for name, figure in world.figures.items():
        alone = not any(
            world.waits(one) or world.connected(one) for one in (name, author)
        )
        if name != author and figure.windows and alone:
            yield _connect(world, name, author)


def _connect(world: ModelState, caller: str, author: str) -> Move:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.requests.add((caller, author))

    others = [name for name in world.figures if name != author]
    return Move(
        lines=(f"{caller} connects to the address in the email",),
        checks=(
            Check(
                clause="EMAIL-8", text=f"{author} sees a session request from {caller}"
            ),
            *(
                Check(clause="EMAIL-8", text=f"{name} sees no session request")
                for name in others
                if not any(host == name for _, host in world.requests)
            ),
        ),
        effect=effect,
    )


# Menus.


def menus(table: Table) -> Iterator[Move]:
    """Somebody looks at what their client offers."""
    if table.has(Capability.MENU):
        for name in table.world.figures:
            yield Move(lines=(), effect=nothing, menu_of=name, about="DIRECT-4")


OWN_LISTS = ("Recent Sessions", "Discovery")
"""Whoever is in these, a client may know better than we have told it."""

Entries = Collection[tuple[str, str | None]]
"""What a menu has: entry points, each with a contact's ID if it is a tile."""

ICON = ("the invitation icon", "invitation-icon")
LINK = ("the Invitation Email link", "invitation-email-link")
OPTION = (
    "the email option in the context menu of the own ID",
    "id-menu.invite-via-email",
)


def wrong_offers(
    table: Table, figure: ModelParticipant, entries: Entries
) -> Iterator[Check]:
    """What a menu lacks, and what it must not have."""
    name = figure.name
    names = {entry for entry, _ in entries}
    direct = table.has(Capability.DIRECT)
    if not figure.windows:
        if entries:
            yield Check(clause="PLATFORM-1", text=f"{name} is offered no entry point")
        return
    needed: dict[str, tuple[str, str]] = {}
    if table.has(Capability.EMAIL):
        needed["EMAIL-7" if figure.direct else "EMAIL-6"] = OPTION
        if not figure.direct:
            needed["EMAIL-5"] = LINK
    if direct and figure.direct and table.world.free(name):
        needed["DIRECT-4"] = ICON
    for clause, (said, entry) in needed.items():
        if entry not in names:
            yield Check(clause=clause, text=f"{name} is offered {said}")
    if direct and not figure.direct:
        yield from _too_new(name, names)
    if direct and figure.direct and table.has(Capability.TILES):
        yield from _wrong_tiles(table.world, figure, entries)


def _too_new(name: str, names: Collection[str]) -> Iterator[Check]:
    said, icon = ICON
    if icon in names:
        yield Check(clause="DIRECT-2", text=f"{name} is not offered {said}")
    if any(entry.startswith("tile.") for entry in names):
        text = f"{name} is offered no Invite on any tile"
        yield Check(clause="DIRECT-2", text=text)


def _wrong_tiles(
    world: ModelState, figure: ModelParticipant, entries: Entries
) -> Iterator[Check]:
    for number, (list_, key) in enumerate(LISTS.items(), start=1):
        for other in world.figures.values():
            if other is figure:
                continue
            offered = (f"tile.{key}", id_of(other.name)) in entries
            wanted = other.name in figure.contacts.get(list_, ())
            both_free = world.free(figure.name) and world.free(other.name)
            if offered == wanted or (wanted and not (other.direct and both_free)):
                continue
            if offered and list_ in OWN_LISTS:
                continue
            verb = "is offered" if wanted else "is not offered"
            text = f"{figure.name} {verb} Invite on the tile of {other.name} in {list_}"
            yield Check(clause=f"TILE-{number}", text=text)
