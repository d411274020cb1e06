"""Moves about sessions, profiles, emails and menus."""

from collections.abc import Collection, Iterator

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import (
    ModelParticipant,
    ModelSession,
)
from invitelab.conformance.random_walks.moves.base import (
    SUCCEEDS,
    Check,
    Move,
    MoveContext,
    nothing,
)
from invitelab.conformance.random_walks.participants import ALL_PERMISSIONS

# Sessions.


def switches(context: MoveContext) -> Iterator[Move]:
    """Switches of one, several or all permissions by the host of a session."""
    state = context.state
    for session in context.some(_switchable(context)):
        known = _known(session)
        locks = state.participants[session.host].locks
        for name in known:
            yield _switch(state, session, (name,), times=1)
        for name in known:
            if name in locks:
                yield _switch(state, session, (name,), times=2)
                yield _switch(state, session, (name,), times=2)
        for name in known[:3]:
            yield _as_it_is(state, session, name)
        if known:
            yield _switch(state, session, tuple(known), times=1)
            yield _switch(state, session, tuple(known[-3:]), times=2)
            yield _switch(state, session, tuple(known), times=2)


def _switchable(context: MoveContext) -> list[ModelSession]:
    """The sessions that certainly run."""
    if not context.has(Capability.SESSION_PERMISSIONS):
        return []
    return [one for one in context.state.sessions if not one.may_have_ended]


def _known(session: ModelSession) -> list[str]:
    return [name for name in ALL_PERMISSIONS if session.held[name] is not None]


def switches_by_the_guest(context: MoveContext) -> Iterator[Move]:
    """Switches by the guest of a session, who may try and changes nothing."""
    for session in context.some(_switchable(context)):
        known = _known(session)
        for name in known:
            yield _by_the_guest(session, (name,))
        if known:
            yield _by_the_guest(session, tuple(known))


def _by_the_guest(session: ModelSession, names: tuple[str, ...]) -> Move:
    clause = "SESSION-10"

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        session.changed_by = clause

    return Move(
        lines=tuple(
            f'{session.guest} {"denies" if session.held[name] else "allows"} "{name}"'
            f" in the session with {session.guest}"
            for name in names
        ),
        effect=effect,
        default_clause=clause,
    )


def _switch(
    state: ModelState, session: ModelSession, names: tuple[str, ...], *, times: int
) -> Move:
    """Invert each of these permissions, and invert them back if done twice."""
    locks = state.participants[session.host].locks
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
            state.switch(session, name, allowed=allowed)

    return Move(
        lines=tuple(
            f'{session.host} {"allows" if allowed else "denies"} "{name}"'
            f" in the session with {session.guest}"
            for name, allowed in flips
        ),
        checks=()
        if flips[-1][0] in locks
        else (Check(clause="SESSION-5", text=SUCCEEDS),),
        default_clause="SESSION-6",
        effect=effect,
    )


def _as_it_is(state: ModelState, session: ModelSession, name: str) -> Move:
    """Set a permission to the value that it has."""
    allowed = session.held[name] is True

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.switch(session, name, allowed=allowed)

    verb = "allows" if allowed else "denies"
    line = f'{session.host} {verb} "{name}" in the session with {session.guest}'
    return Move(lines=(line,), effect=effect, default_clause="SESSION-5")


# Profiles.


EDITED = (("view",), ("view", "audio", "input"), (), ALL_PERMISSIONS)
"""What the permissions of a profile are edited to."""


def edits(context: MoveContext) -> Iterator[Move]:
    """Edits of the permissions of each own profile."""
    state = context.state
    if not context.has(Capability.PROFILE_EDIT):
        return
    owners = [
        name
        for name, participant in state.participants.items()
        if participant.direct and name not in state.offline
    ]
    for owner in context.some(owners):
        for profile in state.participants[owner].profiles:
            for permissions in EDITED:
                yield _edit(state, owner, profile, permissions)


def _edit(
    state: ModelState, owner: str, profile: str, permissions: tuple[str, ...]
) -> Move:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            state.edit(owner, profile, permissions)

    listed = ", ".join(permissions)
    line = f'{owner} edits the permission profile "{profile}" to "{listed}"'
    return Move(lines=(line,), effect=effect, default_clause="SESSION-9")


# Emails.


def emails(context: MoveContext) -> Iterator[Move]:
    """Emails from every entry point of each participant on Windows."""
    if not context.has(Capability.EMAIL):
        return
    for participant in context.state.participants.values():
        if not participant.windows:
            continue
        entries = [("the context menu of the own ID", "EMAIL-7")]
        if not participant.direct:
            entries = [
                ("the Invitation Email link", "EMAIL-5"),
                ("the context menu of the own ID", "EMAIL-6"),
            ]
        for entry, clause in entries:
            yield _email(context.state, participant, entry, clause)


OLD_EMAIL = (
    Check(clause="EMAIL-4", text="an email opens in the default browser"),
    Check(clause="EMAIL-3", text="the email contains a link to the AnyDesk website"),
)
"""What only an email before version 7 has to be."""


def _email(
    state: ModelState, participant: ModelParticipant, entry: str, clause: str
) -> Move:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.mail(participant.name)

    name = participant.name
    return Move(
        lines=(f"{name} starts an invitation email from {entry}",),
        given=f"{name} has started an invitation email from {entry}",
        checks=(
            Check(clause=clause, text=SUCCEEDS),
            # First: without the address no other check of the email is decided.
            Check(
                clause="EMAIL-2",
                text=f"the email contains the ID or the alias of {name}",
            ),
            Check(clause=clause, text="an email opens"),
            *(() if participant.direct else OLD_EMAIL),
        ),
        effect=effect,
    )


def connects(context: MoveContext) -> Iterator[Move]:
    """Connections to the address in the newest email."""
    state = context.state
    author = state.author
    if author is None or not context.has(Capability.EMAIL):
        return
    for name, participant in state.participants.items():
        alone = not any(
            state.may_have_pending(one) or state.may_be_connected(one)
            for one in (name, author)
        )
        if name != author and participant.windows and alone:
            yield _connect(state, name, author)


def _connect(state: ModelState, caller: str, author: str) -> Move:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        state.requests.add((caller, author))

    others = [name for name in state.participants if name != author]
    return Move(
        lines=(f"{caller} connects to the address in the email",),
        checks=(
            Check(
                clause="EMAIL-8", text=f"{author} sees a session request from {caller}"
            ),
            *(
                Check(clause="EMAIL-8", text=f"{name} sees no session request")
                for name in others
                if not any(host == name for _, host in state.requests)
            ),
        ),
        effect=effect,
    )


# Menus.


def menus(context: MoveContext) -> Iterator[Move]:
    """Checks of the menu of each participant."""
    if context.has(Capability.MENU):
        for name in context.state.participants:
            yield Move(
                lines=(), effect=nothing, menu_of=name, default_clause="DIRECT-4"
            )


OWN_LISTS = ("Recent Sessions", "Discovery")
"""Lists that a client fills itself: they may have more contacts than declared."""

Entries = Collection[tuple[str, str | None]]
"""Entry points of a menu, each with the ID of the contact if it is a tile."""

ICON = ("the invitation icon", "invitation-icon")
LINK = ("the Invitation Email link", "invitation-email-link")
OPTION = (
    "the email option in the context menu of the own ID",
    "id-menu.invite-via-email",
)


def menu_violations(
    context: MoveContext, participant: ModelParticipant, entries: Entries
) -> Iterator[Check]:
    """Yield a check for every entry that a menu lacks, or must not have."""
    name = participant.name
    names = {entry for entry, _ in entries}
    direct = context.has(Capability.DIRECT)
    if not participant.windows:
        yield from _off_windows(participant, names)
        return
    needed: dict[str, tuple[str, str]] = {}
    if context.has(Capability.EMAIL):
        needed["EMAIL-7" if participant.direct else "EMAIL-6"] = OPTION
        if not participant.direct:
            needed["EMAIL-5"] = LINK
    if direct and participant.direct and context.state.free(name):
        needed["DIRECT-4"] = ICON
    for clause, (said, entry) in needed.items():
        if entry not in names:
            yield Check(clause=clause, text=f"{name} is offered {said}")
    if direct and not participant.direct:
        yield from _violations_of_old_client(name, names)
    if direct and participant.direct and context.has(Capability.TILES):
        yield from _tile_violations(context.state, participant, entries)


def _violations_of_old_client(name: str, names: Collection[str]) -> Iterator[Check]:
    said, icon = ICON
    if icon in names:
        yield Check(clause="DIRECT-2", text=f"{name} is not offered {said}")
    if any(entry.startswith("tile.") for entry in names):
        text = f"{name} is offered no Invite on any tile"
        yield Check(clause="DIRECT-2", text=text)


def _off_windows(
    participant: ModelParticipant, names: Collection[str]
) -> Iterator[Check]:
    said, icon = ICON
    name = participant.name
    if names and participant.platform in {"Android", "iOS"}:
        yield Check(clause="PLATFORM-1", text=f"{name} is offered no entry point")
    if icon in names:
        yield Check(clause="PLATFORM-1", text=f"{name} is not offered {said}")
    if any(entry.startswith("tile.") for entry in names):
        text = f"{name} is offered no Invite on any tile"
        yield Check(clause="PLATFORM-1", text=text)


def _tile_violations(
    state: ModelState, participant: ModelParticipant, entries: Entries
) -> Iterator[Check]:
    for number, (list_, key) in enumerate(LISTS.items(), start=1):
        for other in state.participants.values():
            if other is participant:
                continue
            offered = (f"tile.{key}", other.id) in entries
            wanted = other.name in participant.contacts.get(list_, ())
            both_free = state.free(participant.name) and state.free(other.name)
            if offered == wanted or (wanted and not (other.direct and both_free)):
                continue
            if offered and list_ in OWN_LISTS:
                continue
            verb = "is offered" if wanted else "is not offered"
            tile = f"the tile of {other.name} in {list_}"
            text = f"{participant.name} {verb} Invite on {tile}"
            yield Check(clause=f"TILE-{number}", text=text)
