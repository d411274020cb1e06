"""Moves on which the specification is silent: the target may accept or refuse them.

They are checked by what all interpretations have in common: a refused move changes
nothing; an accepted move affects the clients it is meant for, and no others; and both
sides show the same. A violation is a deviation from the clause about that point, not a
failure of a required clause.
"""

from collections.abc import Callable, Iterator, Sequence

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import KNOWN, LISTS
from invitelab.conformance.random_walks.model import (
    FIRST_DIRECT,
    LIFETIME_MS,
    POSSIBLY_PENDING,
    Invited,
    ModelParticipant,
    ModelSession,
    ModelState,
    Standing,
)
from invitelab.conformance.random_walks.moves.base import Move, MoveContext
from invitelab.conformance.random_walks.moves.invitations import pending, with_profile
from invitelab.conformance.random_walks.participants import DISABLED

UNKNOWN_PROFILE = "Nonesuch"


def becomes_unknown(
    state: ModelState, *pairs: tuple[str, str]
) -> Callable[[bool], None]:
    """Make an effect: the result of an accepted move is unknown, and ends the walk."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            state.unknown_pairs.update(pairs)
            state.undetermined = True

    return effect


# Sending.


def overlapping_invites(context: MoveContext) -> Iterator[Move]:
    """Invitations from and to participants that are in an invitation or session."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    available = [
        one
        for one in state.participants.values()
        if one.version >= FIRST_DIRECT
        and not state.mailed(one.name)
        and one.name not in state.offline
    ]
    for inviter in available:
        for recipient in available:
            clause = _interpretation_of(state, inviter, recipient)
            if clause is not None and inviter.windows and inviter is not recipient:
                for profile in inviter.profiles:
                    yield _overlapping_invite(
                        state, (inviter, recipient), profile, clause
                    )


def _interpretation_of(
    state: ModelState, inviter: ModelParticipant, recipient: ModelParticipant
) -> str | None:
    """The clause about this invitation; None: the specification is not silent."""
    names = (inviter.name, recipient.name)
    if any(name in pair for pair in state.requests for name in names):
        return None
    for clause, pair in (("PENDING-8", names), ("PENDING-9", names[::-1])):
        if any(
            (sent.inviter, sent.recipient) == pair
            and state.standing(sent) in POSSIBLY_PENDING
            for sent in state.invitations
        ):
            return clause
    if state.may_expire_unseen(inviter.name):
        return "DIRECT-10"
    if any(map(state.may_have_pending, names)):
        return "PENDING-7"
    if any(map(state.may_be_connected, names)):
        return "SESSION-7"
    return None if recipient.windows else "PLATFORM-2"


def _overlapping_invite(
    state: ModelState,
    pair: tuple[ModelParticipant, ModelParticipant],
    profile: str,
    clause: str,
) -> Move:
    inviter, recipient = pair[0].name, pair[1].name
    chosen = "" if profile == "Default" else with_profile("with", profile)
    same = clause == "PENDING-8"

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded and same:
            becomes_unknown(state, (inviter, recipient))(succeeded)
        elif succeeded:
            state.send(inviter, recipient, profile, popup=pair[1].windows)

    return Move(
        lines=(f"{inviter} invites {recipient}{chosen}",),
        effect=effect,
        interpretation=clause,
    )


def unusual_addresses(context: MoveContext) -> Iterator[Move]:
    """Invitations to unknown addresses, invalid addresses and the own one."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    for inviter in state.available():
        for typed, clause in _unusual_addresses(state, inviter.name):
            yield Move(
                lines=(f'{inviter.name} invites "{typed}"',),
                effect=becomes_unknown(state, (inviter.name, inviter.name)),
                interpretation=clause,
            )


def unusual_invites(context: MoveContext) -> Iterator[Move]:
    """Invitations from a missing tile, or with a profile that cannot be used."""
    state = context.state
    if not context.has(Capability.DIRECT):
        return
    for inviter in state.available():
        for other in state.available():
            if other is not inviter:
                yield from _unusual_invites(context, inviter, other)


def _unusual_addresses(state: ModelState, own: str) -> Iterator[tuple[str, str]]:
    yield from (("999888777", "REFUSE-1"), ("zoe@ad", "REFUSE-1"))
    yield from ((address, "REFUSE-3") for address in KNOWN[own])
    for other in state.participants:
        if other != own:
            id_, alias = KNOWN[other]
            short = alias.partition("@")[0]
            odd = (id_[:-1], f"{id_}55"[:11], short, f"{short}@", f"{alias}@x")
            yield from ((address, "REFUSE-2") for address in odd)


def _unusual_invites(
    context: MoveContext, inviter: ModelParticipant, other: ModelParticipant
) -> Iterator[Move]:
    effect = becomes_unknown(context.state, (inviter.name, other.name))
    invites = f"{inviter.name} invites {other.name}"
    if context.has(Capability.TILES):
        for list_ in LISTS:
            if other.name not in inviter.contacts.get(list_, ()):
                line = f"{invites} from the tile in {list_}"
                yield Move(lines=(line,), effect=effect, interpretation="DIRECT-9")
    for profile, clause in _unusable(inviter):
        line = f"{invites}{with_profile('with', profile)}"
        yield Move(lines=(line,), effect=effect, interpretation=clause)


def _unusable(inviter: ModelParticipant) -> Sequence[tuple[str, str]]:
    unusable = [(UNKNOWN_PROFILE, "REFUSE-5")]
    if inviter.custom_profiles:
        unusable.append((DISABLED, "REFUSE-6"))
    return unusable


# Pending and accepted invitations.


def third_party_moves(context: MoveContext) -> Iterator[Move]:
    """Operations on a pending invitation by a client that it is not meant for."""
    state = context.state
    for sent in pending(state):
        if state.newest_to(sent.recipient) is not sent or sent.maybe_no_popup:
            continue
        for name in state.online():
            yield from _third_party_moves(state, sent, name)


def _third_party_moves(state: ModelState, sent: Invited, name: str) -> Iterator[Move]:
    pairs = ((sent.inviter, sent.recipient), (sent.inviter, name))
    effect = becomes_unknown(state, *pairs)
    what = f"the invitation meant for {sent.recipient}"
    if name != sent.recipient:
        for verb in ("accepts", "rejects"):
            yield Move(
                lines=(f"{name} {verb} {what}",),
                effect=effect,
                interpretation="ANSWER-2",
            )
    if name != sent.inviter:
        yield Move(
            lines=(f"{name} cancels {what}",),
            effect=effect,
            interpretation=CHANGE_BY_OTHERS,
        )
        line = f"{name} changes {what}{with_profile('to', 'Default')}"
        yield Move(lines=(line,), effect=effect, interpretation=CHANGE_BY_OTHERS)


CHANGE_BY_OTHERS = "PENDING-10"


def changes_to_unusable(context: MoveContext) -> Iterator[Move]:
    """Changes of a pending invitation to a profile that cannot be used."""
    state = context.state
    for sent in pending(state):
        for profile, clause in _unusable(state.participants[sent.inviter]):
            what = f"the invitation to {sent.recipient}{with_profile('to', profile)}"
            yield Move(
                lines=(f"{sent.inviter} changes {what}",),
                effect=becomes_unknown(state, (sent.inviter, sent.recipient)),
                interpretation=clause,
            )


def repeated_accepts(context: MoveContext) -> Iterator[Move]:
    """Accepts of an accepted invitation, or during another session."""
    state = context.state
    for sent in state.newest_of_pairs():
        line = f"{sent.recipient} accepts the invitation from {sent.inviter}"
        session = state.session(sent.inviter, sent.recipient)
        if sent.ended is Standing.ACCEPTED and session is not None:
            yield Move(
                lines=(line,),
                effect=_accepted_again(session),
                interpretation="ANSWER-3",
            )
        busy = state.may_be_connected(sent.inviter) or state.may_be_connected(
            sent.recipient
        )
        asked = any(
            name in pair
            for pair in state.requests
            for name in (sent.inviter, sent.recipient)
        )
        pends = state.standing(sent) is Standing.PENDING
        if pends and busy and session is None and not asked:
            yield Move(
                lines=(line,),
                effect=_during_session(state, sent),
                interpretation="SESSION-7",
            )


def _accepted_again(session: ModelSession) -> Callable[[bool], None]:
    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if succeeded:
            session.accepted_again = True

    return effect


def _during_session(state: ModelState, sent: Invited) -> Callable[[bool], None]:
    """Another session at the same client may end the first, or not start."""

    def effect(succeeded: bool) -> None:  # noqa: FBT001
        if not succeeded:
            sent.may_have_ended = True
            return
        state.accept(sent)
        ends = {sent.inviter, sent.recipient}
        for session in state.sessions:
            session.may_have_ended = session.may_have_ended or bool(
                {session.host, session.guest} & ends
            )

    return effect


def popup_closings(context: MoveContext) -> Iterator[Move]:
    """Closing of the pop-up: it ends the invitation or not, the same for both sides."""
    state = context.state
    if not context.has(Capability.POPUP):
        return
    for sent in pending(state):
        if state.newest_to(sent.recipient) is sent and not sent.maybe_no_popup:
            line = f"{sent.recipient} closes the pop-up"
            yield Move(
                lines=(line,),
                effect=_closed(sent),
                interpretation="ANSWER-4",
                settles=(sent,),
            )


def _closed(sent: Invited) -> Callable[[bool], None]:
    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.maybe_no_popup = True

    return effect


# Time.

EXPIRY_INSTANT = "EXPIRY-6"
NEAR_MS = (-1, 0, 1)
"""Offsets to the end; at 0 the invitation has ended or not, for both sides."""


def waits_near_expiry(context: MoveContext) -> Iterator[Move]:
    """Waits until a millisecond before, at and after the end of one invitation."""
    state = context.state
    for sent in pending(state):
        for then_ms in (sent.at_ms + LIFETIME_MS + near_ms for near_ms in NEAR_MS):
            if then_ms <= state.now_ms:
                continue
            at_expiry = {then_ms} == set(sent.ends_ms)
            if state.no_deadline_near(
                then_ms, 1, except_for=sent if at_expiry else None
            ):
                yield _wait_near_expiry(sent, then_ms, at_expiry=at_expiry)


def _wait_near_expiry(sent: Invited, then_ms: int, *, at_expiry: bool) -> Move:
    elapsed = f"{then_ms - sent.at_ms} milliseconds have passed"
    return Move(
        lines=(f"{elapsed} since {sent.inviter} invited {sent.recipient}",),
        effect=_at_expiry(sent) if at_expiry else _nothing,
        interpretation=EXPIRY_INSTANT,
        settles=(sent,) if at_expiry else (),
    )


def _at_expiry(sent: Invited) -> Callable[[bool], None]:
    """It may last for this millisecond, and no longer."""

    def effect(_succeeded: bool) -> None:  # noqa: FBT001
        sent.ends_ms = tuple(end_ms + 1 for end_ms in sent.ends_ms)

    return effect


def _nothing(_succeeded: bool) -> None:  # noqa: FBT001
    """Change nothing."""
