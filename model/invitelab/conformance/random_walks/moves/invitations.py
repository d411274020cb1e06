"""What can be done next so that the required clauses say what must follow.

A move is one sentence of a scenario, or a few. Whatever leans on an interpretation is
not offered: a second invitation at one client, a recipient off Windows, a moment near
a deadline. What the page leaves open is done only where either answer is accepted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.adapters.messages import Capability
from invitelab.conformance.features.people import LISTS
from invitelab.conformance.random_walks.model import (
    OPEN,
    OVER,
    Invited,
    ModelParticipant,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.participants import alias_of

MS_PER_S = 1000
SUCCEEDS = "the attempt succeeds"
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A Then that must hold, and the clause that says so."""

    clause: str
    text: str


WAITING = "EXPIRY-1"
"""The clause that is tried while nobody does anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Something that somebody does, or that time passes."""

    lines: tuple[str, ...]
    """The sentences, each a When."""
    effect: Callable[[bool], None]
    """Tell the model; whether the attempt has succeeded."""
    checks: tuple[Check, ...] = ()
    """What must hold at once, beside what everybody sees."""
    given: str | None = None
    """The sentence with *has*, for what is sure to have worked."""
    arrives: str | None = None
    """The Then that is part of that Given."""
    liberty: str | None = None
    """The clause that names our reading, where the page is silent about the move."""
    about: str = WAITING
    """The clause that is tried by it, where neither a check nor a liberty says so."""
    settles: tuple[Invited, ...] = ()
    """What may have ended by this, as the views of both sides tell."""
    menu_of: str | None = None
    """Whose menu is looked at; nothing is said for that."""

    @property
    def clause(self) -> str:
        """The clause that is about to be tried by it."""
        return self.checks[0].clause if self.checks else self.liberty or self.about

    @property
    def name(self) -> str:
        """What tells it from all others that can be made at the same time."""
        return " and ".join(self.lines) or f"{self.menu_of}'s menu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where one walk stands, and what its target can do."""

    world: ModelState
    capabilities: frozenset[Capability]

    def has(self, *needed: Capability) -> bool:
        """Whether the target has declared all of them."""
        return self.capabilities.issuperset(needed)


def nothing(_succeeded: bool) -> None:  # noqa: FBT001 - an effect
    """No effect."""


# Inviting.

FROM_THE_TILE = " from the tile in "


def invites(table: Table) -> Iterator[Move]:
    """Every invitation that can be sent by the page alone, too old clients included."""
    world = table.world
    if not table.has(Capability.DIRECT):
        return
    free = [figure for figure in world.figures.values() if world.free(figure.name)]
    for inviter in free:
        if not inviter.direct:
            continue
        for recipient in free:
            if recipient.windows and recipient is not inviter:
                yield from _invites(table, inviter, recipient)


def tile_invites(table: Table) -> Iterator[Move]:
    """Those of them that come from a tile: beside the others they would be rare."""
    return (move for move in invites(table) if FROM_THE_TILE in move.name)


def _invites(
    table: Table, inviter: ModelParticipant, recipient: ModelParticipant
) -> Iterator[Move]:
    forms = [""]
    if alias_of(recipient) is not None:
        forms.append(" by alias")
    if table.has(Capability.TILES):
        forms += [
            f"{FROM_THE_TILE}{list_}"
            for list_ in LISTS
            if recipient.name in inviter.contacts.get(list_, ())
        ]
    for profile in inviter.profiles:
        chosen = "" if profile == "Default" else with_profile("with", profile)
        for form in forms:
            how = f"{recipient.name}{form}{chosen}"
            if recipient.direct:
                yield _invitation(table.world, inviter, recipient, (how, profile))
            else:
                yield _turned_away(table.world, inviter, recipient, how)


def with_profile(word: str, profile: str) -> str:
    """A sentence's last words."""
    return f' {word} the permission profile "{profile}"'


def _invitation(
    world: ModelState,
    inviter: ModelParticipant,
    recipient: ModelParticipant,
    said: tuple[str, str],
) -> Move:
    how, profile = said
    names = (inviter.name, recipient.name)

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.send(*names, profile)

    return Move(
        lines=(f"{names[0]} invites {how}",),
        given=f"{names[0]} has invited {how}",
        arrives=f"{names[1]} sees the invitation from {names[0]}",
        checks=(Check(clause=_clause_of(how), text=SUCCEEDS),),
        effect=effect,
    )


def _clause_of(how: str) -> str:
    for number, list_ in enumerate(LISTS, start=1):
        if f"tile in {list_}" in how:
            return f"TILE-{number}"
    return "DIRECT-6" if "by alias" in how else "DIRECT-5"


def _turned_away(
    world: ModelState, inviter: ModelParticipant, recipient: ModelParticipant, how: str
) -> Move:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.turned_away.add((inviter.name, recipient.name))

    checks = [Check(clause="DIRECT-3", text="the attempt is refused")]
    listed = any(sent.inviter == inviter.name for sent in world.invitations)
    if not listed and inviter.name not in world.mailed_ms:
        text = f"{inviter.name} lists no invitation"
        checks.append(Check(clause="DIRECT-3", text=text))
    return Move(
        lines=(f"{inviter.name} invites {how}",), checks=tuple(checks), effect=effect
    )


# While it is pending.


def pending(world: ModelState) -> list[Invited]:
    """The invitations that are pending in every reading."""
    return [
        sent for sent in world.invitations if world.standing(sent) is Standing.PENDING
    ]


def changes(table: Table) -> Iterator[Move]:
    """Each pending invitation, to each other profile."""
    world = table.world
    for sent in pending(world):
        for profile in world.figures[sent.inviter].profiles:
            if profile != sent.profile:
                yield _change(world, sent, profile)


def _change(world: ModelState, sent: Invited, profile: str) -> Move:
    what = f"the invitation to {sent.recipient}{with_profile('to', profile)}"

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.change(sent, profile)

    return Move(
        lines=(f"{sent.inviter} changes {what}",),
        given=f"{sent.inviter} has changed {what}",
        checks=(Check(clause="PENDING-1", text=SUCCEEDS),),
        effect=effect,
    )


def cancels(table: Table) -> Iterator[Move]:
    """Each pending invitation."""
    for sent in pending(table.world):
        what = f"the invitation to {sent.recipient}"
        yield Move(
            lines=(f"{sent.inviter} cancels {what}",),
            given=f"{sent.inviter} has cancelled {what}",
            checks=(Check(clause="PENDING-2", text=SUCCEEDS),),
            effect=_ends(sent, Standing.CANCELLED),
        )


def _ends(sent: Invited, standing: Standing) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ended = standing

    return effect


def rejects(table: Table) -> Iterator[Move]:
    """Each pending invitation."""
    for sent in pending(table.world):
        what = f"the invitation from {sent.inviter}"
        yield Move(
            lines=(f"{sent.recipient} rejects {what}",),
            given=f"{sent.recipient} has rejected {what}",
            checks=(Check(clause="ANSWER-1", text=SUCCEEDS),),
            effect=_ends(sent, Standing.REJECTED),
        )


def accepts(table: Table) -> Iterator[Move]:
    """Each pending invitation; the two are in no session yet."""
    world = table.world
    for sent in pending(world):
        if not world.connected(sent.inviter) and not world.connected(sent.recipient):
            yield _accept(world, sent)


def last_moves(table: Table) -> Iterator[Move]:
    """Those that come at last: whoever has waited was waiting for something."""
    world = table.world
    if any(_is_late(world, sent) for sent in pending(world)):
        yield from accepts(table)
        yield from cancels(table)


def _is_late(world: ModelState, sent: Invited) -> bool:
    return world.now_ms - sent.at_ms > MINUTE_MS


def _accept(world: ModelState, sent: Invited) -> Move:
    late = _is_late(world, sent)
    inviter, recipient = sent.inviter, sent.recipient

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        world.accept(sent)

    return Move(
        lines=(f"{recipient} accepts the invitation from {inviter}",),
        given=f"{recipient} has accepted the invitation from {inviter}",
        checks=(
            Check(clause="EXPIRY-1" if late else "SESSION-1", text=SUCCEEDS),
            Check(clause="SESSION-1", text=f"{inviter} sees no session request"),
        ),
        effect=effect,
    )


def dismissals(table: Table) -> Iterator[Move]:
    """Closing the pop-up may end it, in some reading; time ends it in all of them."""
    if not table.has(Capability.POPUP):
        return
    for sent in pending(table.world):
        if table.world.newest_to(sent.recipient) is sent:
            line = f"{sent.recipient} closes the pop-up"
            yield Move(lines=(line,), effect=_doubt(sent), about="ANSWER-4")


def _doubt(sent: Invited) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.doubtful = sent.closed = True

    return effect


# When it is over.

NO_SESSION_BY: Mapping[Standing, str] = {
    Standing.REJECTED: "ANSWER-1",
    Standing.CANCELLED: "PENDING-3",
    Standing.EXPIRED: "EXPIRY-2",
}
"""Whose clause says that no session starts."""


def late_moves(table: Table) -> Iterator[Move]:
    """What comes too late for the newest invitation of a pair."""
    world = table.world
    for sent in world.newest_of_pairs():
        standing = world.standing(sent)
        if standing in OPEN or {sent.inviter, sent.recipient} & world.offline:
            continue
        yield from _late_changes(world, sent)
        alone = not (world.waits(sent.inviter) or world.waits(sent.recipient))
        if standing in OVER and alone:
            yield from _late_accepts(world, sent)


def _late_accepts(world: ModelState, sent: Invited) -> Iterator[Move]:
    line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
    about = NO_SESSION_BY[world.standing(sent)]
    yield Move(lines=(line,), effect=nothing, about=about)
    if world.newest_to(sent.recipient) is not sent:
        return
    for name in world.online():
        if name not in {sent.inviter, sent.recipient}:
            meddling = f"{name} accepts the invitation meant for {sent.recipient}"
            yield Move(lines=(meddling,), effect=nothing, about=about)


def _late_changes(world: ModelState, sent: Invited) -> Iterator[Move]:
    what = f"the invitation to {sent.recipient}"
    unchanged = f"{sent.inviter} sees {what} unchanged"
    yield Move(
        lines=(f"{sent.inviter} cancels {what}",),
        checks=(Check(clause="PENDING-5", text=unchanged),),
        effect=nothing,
    )
    for profile in world.figures[sent.inviter].profiles:
        if profile != sent.profile:
            yield Move(
                lines=(f"{sent.inviter} changes {what}{with_profile('to', profile)}",),
                checks=(Check(clause="PENDING-4", text=unchanged),),
                effect=nothing,
            )


# Time.

SECONDS: Sequence[int] = (
    *(121, 119, 1, 60, 119, 5, 121, 30, 122, 119),
    *(135, 90, 121, 10, 245, 45, 119, 181, 2, 118),
)
"""Mostly shortly before the two minutes are over, or after."""


def waits(table: Table) -> Iterator[Move]:
    """Time passes, up to an instant that is near to no deadline."""
    world = table.world
    starts = {
        f"{sent.inviter} invited {sent.recipient}": sent.at_ms
        for sent in world.newest_of_pairs()
    }
    if world.author is not None:
        starts["the email was started"] = world.mailed_ms[world.author]
    newest = world.invitations[-1] if world.invitations else None
    for start, at_ms in starts.items():
        given = newest and start == f"{newest.inviter} invited {newest.recipient}"
        for seconds in SECONDS:
            then_ms = at_ms + seconds * MS_PER_S
            if then_ms > world.now_ms and world.clear(then_ms):
                yield _wait(seconds, start, given=bool(given))


def _wait(seconds: int, start: str, *, given: bool) -> Move:
    amount = f"{seconds} seconds have passed since"
    return Move(
        lines=(f"{amount} {start}",),
        given=f"{amount} the invitation was sent" if given else None,
        effect=nothing,
    )
