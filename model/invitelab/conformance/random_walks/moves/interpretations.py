"""What can be done where the page is silent: either answer is right.

A liberty is judged by what every reading has in common. What was refused has changed
nothing for anybody; what was granted happens to those it was meant for, and to nobody
else; and what both sides show is so. Whoever breaks that deviates from the clause that
names our reading of the silence, and breaks nothing that the page demands.
"""

from collections.abc import Callable, Iterator, Sequence

from invitelab.adapters.messages import Capability
from invitelab.conformance.features.people import KNOWN, LISTS
from invitelab.conformance.random_walks.model import (
    FIRST_DIRECT,
    LIFETIME_MS,
    OPEN,
    Invited,
    ModelParticipant,
    ModelSession,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.moves.invitations import (
    Move,
    Table,
    pending,
    with_profile,
)
from invitelab.conformance.random_walks.participants import DISABLED

NO_PROFILE = "Nonesuch"


def knows_nothing_of(
    world: ModelState, *pairs: tuple[str, str]
) -> Callable[[bool], None]:
    """An effect: what was granted is up to the reading, and ends the walk."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            world.murky.update(pairs)
            world.over = True

    return effect


# Sending.


def more_invites(table: Table) -> Iterator[Move]:
    """Invitations of and to those who have something going on already."""
    world = table.world
    if not table.has(Capability.DIRECT):
        return
    able = [
        one
        for one in world.figures.values()
        if one.version >= FIRST_DIRECT
        and not world.mailed(one.name)
        and one.name not in world.offline
    ]
    for inviter in able:
        for recipient in able:
            clause = _silence(world, inviter, recipient)
            if clause is not None and inviter.windows and inviter is not recipient:
                for profile in inviter.profiles:
                    yield _one_more(world, (inviter, recipient), profile, clause)


def _silence(
    world: ModelState, inviter: ModelParticipant, recipient: ModelParticipant
) -> str | None:
    """The clause that names our reading of this sending; None: the page speaks."""
    names = (inviter.name, recipient.name)
    if any(name in pair for pair in world.requests for name in names):
        return None
    for clause, pair in (("PENDING-8", names), ("PENDING-9", names[::-1])):
        if any(
            (sent.inviter, sent.recipient) == pair and world.standing(sent) in OPEN
            for sent in world.invitations
        ):
            return clause
    if any(map(world.waits, names)):
        return "PENDING-7"
    if any(map(world.connected, names)):
        return "SESSION-7"
    return None if recipient.windows else "PLATFORM-2"


def _one_more(
    world: ModelState,
    pair: tuple[ModelParticipant, ModelParticipant],
    profile: str,
    clause: str,
) -> Move:
    inviter, recipient = pair[0].name, pair[1].name
    chosen = "" if profile == "Default" else with_profile("with", profile)
    same = clause == "PENDING-8"

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded and same:
            knows_nothing_of(world, (inviter, recipient))(succeeded)
        elif succeeded:
            world.send(inviter, recipient, profile, corner=pair[1].windows)

    return Move(
        lines=(f"{inviter} invites {recipient}{chosen}",),
        effect=effect,
        liberty=clause,
    )


def odd_addresses(table: Table) -> Iterator[Move]:
    """To nobody, to something that is no address, to oneself."""
    world = table.world
    if not table.has(Capability.DIRECT):
        return
    for inviter in world.able():
        for typed, clause in _odd_addresses(world, inviter.name):
            yield Move(
                lines=(f'{inviter.name} invites "{typed}"',),
                effect=knows_nothing_of(world, (inviter.name, inviter.name)),
                liberty=clause,
            )


def odd_ways(table: Table) -> Iterator[Move]:
    """From a tile that is not there, or with a profile that cannot be used."""
    world = table.world
    if not table.has(Capability.DIRECT):
        return
    for inviter in world.able():
        for other in world.able():
            if other is not inviter:
                yield from _odd_ways(table, inviter, other)


def _odd_addresses(world: ModelState, own: str) -> Iterator[tuple[str, str]]:
    yield from (("999888777", "REFUSE-1"), ("zoe@ad", "REFUSE-1"))
    yield from ((address, "REFUSE-3") for address in KNOWN[own])
    for other in world.figures:
        if other != own:
            id_, alias = KNOWN[other]
            short = alias.partition("@")[0]
            odd = (id_[:-1], f"{id_}55"[:11], short, f"{short}@", f"{alias}@x")
            yield from ((address, "REFUSE-2") for address in odd)


def _odd_ways(
    table: Table, inviter: ModelParticipant, other: ModelParticipant
) -> Iterator[Move]:
    effect = knows_nothing_of(table.world, (inviter.name, other.name))
    invites = f"{inviter.name} invites {other.name}"
    if table.has(Capability.TILES):
        for list_ in LISTS:
            if other.name not in inviter.contacts.get(list_, ()):
                line = f"{invites} from the tile in {list_}"
                yield Move(lines=(line,), effect=effect, liberty="DIRECT-9")
    for profile, clause in _unusable(inviter):
        line = f"{invites}{with_profile('with', profile)}"
        yield Move(lines=(line,), effect=effect, liberty=clause)


def _unusable(inviter: ModelParticipant) -> Sequence[tuple[str, str]]:
    unusable = [(NO_PROFILE, "REFUSE-5")]
    if inviter.own_profiles:
        unusable.append((DISABLED, "REFUSE-6"))
    return unusable


# While it is pending, and afterwards.


def meddling(table: Table) -> Iterator[Move]:
    """What strangers, or the wrong one of the two, try with a pending invitation."""
    world = table.world
    for sent in pending(world):
        if world.newest_to(sent.recipient) is not sent or sent.closed:
            continue
        for name in world.online():
            yield from _tries(world, sent, name)


def _tries(world: ModelState, sent: Invited, name: str) -> Iterator[Move]:
    pairs = ((sent.inviter, sent.recipient), (sent.inviter, name))
    effect = knows_nothing_of(world, *pairs)
    what = f"the invitation meant for {sent.recipient}"
    if name != sent.recipient:
        for verb in ("accepts", "rejects"):
            yield Move(
                lines=(f"{name} {verb} {what}",), effect=effect, liberty="ANSWER-2"
            )
    if name != sent.inviter:
        yield Move(lines=(f"{name} cancels {what}",), effect=effect, liberty=CHANGES)
        line = f"{name} changes {what}{with_profile('to', 'Default')}"
        yield Move(lines=(line,), effect=effect, liberty=CHANGES)


CHANGES = "PENDING-10"


def odd_changes(table: Table) -> Iterator[Move]:
    """A pending invitation, to a profile that cannot be used."""
    world = table.world
    for sent in pending(world):
        for profile, clause in _unusable(world.figures[sent.inviter]):
            what = f"the invitation to {sent.recipient}{with_profile('to', profile)}"
            yield Move(
                lines=(f"{sent.inviter} changes {what}",),
                effect=knows_nothing_of(world, (sent.inviter, sent.recipient)),
                liberty=clause,
            )


def more_accepts(table: Table) -> Iterator[Move]:
    """Again, what was accepted; or beside a session that runs."""
    world = table.world
    for sent in world.newest_of_pairs():
        line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
        session = world.session(sent.inviter, sent.recipient)
        if sent.ended is Standing.ACCEPTED and session is not None:
            yield Move(lines=(line,), effect=_again(session), liberty="ANSWER-3")
        busy = world.connected(sent.inviter) or world.connected(sent.recipient)
        asked = any(
            name in pair
            for pair in world.requests
            for name in (sent.inviter, sent.recipient)
        )
        pends = world.standing(sent) is Standing.PENDING
        if pends and busy and session is None and not asked:
            yield Move(lines=(line,), effect=_beside(world, sent), liberty="SESSION-7")


def _again(session: ModelSession) -> Callable[[bool], None]:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            session.doubled = True

    return effect


def _beside(world: ModelState, sent: Invited) -> Callable[[bool], None]:
    """Another session at the same client may end the first, or not come about."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if not succeeded:
            sent.doubtful = True
            return
        world.accept(sent)
        ends = {sent.inviter, sent.recipient}
        for session in world.sessions:
            session.loose = session.loose or bool({session.host, session.guest} & ends)

    return effect


def closings(table: Table) -> Iterator[Move]:
    """Closing the pop-up ends it or not; both sides agree, and so does an answer."""
    world = table.world
    if not table.has(Capability.POPUP):
        return
    for sent in pending(world):
        if world.newest_to(sent.recipient) is sent and not sent.closed:
            line = f"{sent.recipient} closes the pop-up"
            yield Move(
                lines=(line,), effect=_closed(sent), liberty="ANSWER-4", settles=(sent,)
            )


def _closed(sent: Invited) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.closed = True

    return effect


# Time.

THE_TICK = "EXPIRY-6"
NEAR_MS = (-1, 0, 1)
"""Around the end; at the tick itself it is over or not, for both sides."""


def near_waits(table: Table) -> Iterator[Move]:
    """To a millisecond around the end, where nothing else is near its own."""
    world = table.world
    for sent in pending(world):
        for then_ms in (sent.at_ms + LIFETIME_MS + near_ms for near_ms in NEAR_MS):
            if then_ms <= world.now_ms:
                continue
            at_the_tick = {then_ms} == set(sent.ends_ms)
            if world.clear(then_ms, 1, but=sent if at_the_tick else None):
                yield _near_wait(sent, then_ms, at_the_tick=at_the_tick)


def _near_wait(sent: Invited, then_ms: int, *, at_the_tick: bool) -> Move:
    elapsed = f"{then_ms - sent.at_ms} milliseconds have passed"
    return Move(
        lines=(f"{elapsed} since {sent.inviter} invited {sent.recipient}",),
        effect=_at_the_tick(sent) if at_the_tick else _nothing,
        liberty=THE_TICK,
        settles=(sent,) if at_the_tick else (),
    )


def _at_the_tick(sent: Invited) -> Callable[[bool], None]:
    """It may last this millisecond, and then no longer."""

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ends_ms = tuple(end_ms + 1 for end_ms in sent.ends_ms)

    return effect


def _nothing(_succeeded: bool) -> None:  # noqa: FBT001
    """Time alone."""
