"""The invariants of every history, under any faults: S1 to S18, and L1 to L6.

Each invariant is a generator over the facts of *one* invitation (S13 and S18: of all)
that yields a sentence per violation. They are written from the design alone and share
no code with `host.py` or `guest.py`, whose bugs they would inherit. For the same reason
they use the actions of users, their confirmations, what clients show, and messages, but
not the records of the host. Deadlines (L1 to L6) are in `liveness.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.protocol.assumptions import holds_by
from invitelab.protocol.history import Fact, FactKind, History, Spoken
from invitelab.protocol.liveness import (
    IN_TIME,
    LIFETIME_US,
    Course,
    network_spells,
)
from invitelab.protocol.messages import Answer, Closed, Withdraw
from invitelab.protocol.values import ClientId, ClientSpec, Permissions, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken invariant, in one sentence."""

    invariant: str
    at_us: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The facts of one invitation, in order, and the specs of all clients."""

    clients: Mapping[ClientId, ClientSpec]
    facts: Sequence[Fact]
    spoken: Sequence[Spoken] = ()
    lifetime_us: int = LIFETIME_US

    @property
    def sent(self) -> Fact:
        """The first fact: that the invitation was sent."""
        return self.facts[0]

    def of(self, *kinds: FactKind) -> Iterator[tuple[int, Fact]]:
        """Position and fact, for facts of these kinds."""
        return (
            (place, fact) for place, fact in enumerate(self.facts) if fact.kind in kinds
        )

    def before(self, place: int, *kinds: FactKind) -> list[Fact]:
        """Facts of these kinds that came earlier than `place`."""
        return [fact for fact in self.facts[:place] if fact.kind in kinds]

    def specification(self, place: int) -> Fact:
        """The newest send or modification that was granted before `place`."""
        return self.before(place, FactKind.SENT, FactKind.MODIFIED)[-1]


Finding = tuple[Fact, str]


def one_end(story: Story) -> Iterator[Finding]:
    """S1: at most one terminal state, never left."""
    for _, fact in list(story.of(FactKind.ENDED))[1:]:
        yield fact, "ended a second time"


def start_after_accept(story: Story) -> Iterator[Finding]:
    """S2: a session starts only after the addressee accepted a shown notification."""
    recipient = story.sent.other
    for place, fact in story.of(FactKind.STARTED):
        clicked = [
            index
            for index, click in story.of(FactKind.CLICKED)
            if click.client == recipient and click.accept and index < place
        ]
        if fact.other != recipient or not clicked:
            yield fact, "started without an accept of the addressee"
        elif not any(
            shown.client == recipient
            for shown in story.before(clicked[0], FactKind.SHOWN)
        ):
            yield fact, "was accepted before it was shown"


def one_start(story: Story) -> Iterator[Finding]:
    """S3: at most one start and one join."""
    for kind in (FactKind.STARTED, FactKind.JOINED):
        for _, fact in list(story.of(kind))[1:]:
            yield fact, f"{kind.value} a second time"


def no_start_after_cancel(story: Story) -> Iterator[Finding]:
    """S4: no start after an acknowledged cancel."""
    inviter = story.sent.client
    for place, fact in story.of(FactKind.STARTED):
        granted = story.before(place, FactKind.CANCELLED)
        if any(cancel.client == inviter for cancel in granted):
            yield fact, "started although its cancel was granted"


def no_start_after_reject(story: Story) -> Iterator[Finding]:
    """S5: no start after a reject that the host has received or recorded."""
    recipient = story.sent.other
    heard = [
        one.at_us
        for one in story.spoken
        if one.heard
        and one.other == recipient
        and isinstance(one.message, Answer)
        and not one.message.accept
    ]
    for place, fact in story.of(FactKind.STARTED):
        ended = story.before(place, FactKind.ENDED)
        listed = any(end.state is State.REJECTED for end in ended)
        if listed or any(at_us <= fact.at_us for at_us in heard):
            yield fact, "started although it had been rejected"


def lifetime(story: Story) -> Iterator[Finding]:
    """S6: a start only within the lifetime, an expiry never before its end.

    Both on the host's clock, and from the sending: a deadline on record may be wrong.
    """
    deadline_us = story.sent.own_us + story.lifetime_us
    for _, fact in story.of(FactKind.STARTED, FactKind.ENDED):
        if fact.kind is FactKind.STARTED and fact.own_us >= deadline_us:
            yield fact, "started after its lifetime"
        if fact.state is State.EXPIRED and fact.own_us < deadline_us:
            yield fact, "expired before its time"


def start_permissions(story: Story) -> Iterator[Finding]:
    """S7: the start has the permissions that were granted last, and the locks."""
    locked = story.clients[story.sent.client].locked
    held = frozenset(one for one, value in locked.items() if value)
    for place, fact in story.of(FactKind.STARTED):
        chosen = story.specification(place).permissions
        expected = None if chosen is None else chosen - locked.keys() | held
        if expected is not None and fact.permissions != expected:
            yield fact, f"started with {_names(fact.permissions)}"


def join_is_start(story: Story) -> Iterator[Finding]:
    """S8: the guest joins the session that started, with its permissions."""
    for place, fact in story.of(FactKind.JOINED):
        started = story.before(place, FactKind.STARTED)
        same = [
            start
            for start in started
            if (start.session, start.permissions) == (fact.session, fact.permissions)
        ]
        if not same:
            yield fact, "joined another session than the one that started"


def versions(story: Story) -> Iterator[Finding]:
    """S9: no client before version 7 sends or shows a direct invitation."""
    for _, fact in story.of(FactKind.SENT, FactKind.SHOWN):
        if not story.clients[fact.client].supports_direct:
            yield fact, f"{fact.kind.value} by a client before version 7"


def shown_to_addressee(story: Story) -> Iterator[Finding]:
    """S10: shown at the addressee only, once a surface, as the inviter."""
    seen: set[object] = set()
    inviter = story.clients[story.sent.client].identity
    for _, fact in story.of(FactKind.SHOWN):
        if fact.client != story.sent.other:
            yield fact, "shown to somebody else"
        if fact.identity != inviter:
            yield fact, "shown under another name than the inviter's"
        if fact.surface in seen:
            yield fact, f"shown twice as {fact.surface}"
        seen.add(fact.surface)


def no_return(story: Story) -> Iterator[Finding]:
    """S11: an invitation that was removed from a surface never returns to it."""
    for place, fact in story.of(FactKind.SHOWN):
        cleared = story.before(place, FactKind.CLEARED)
        if any(gone.surface is fact.surface for gone in cleared):
            yield fact, f"came back as {fact.surface}"


def told_the_truth(story: Story) -> Iterator[Finding]:
    """S12: the outcome a guest is told, and shows, is the outcome at the host."""
    for place, fact in story.of(FactKind.TOLD):
        ended = story.before(place, FactKind.ENDED)
        if not ended or ended[-1].state is not fact.state:
            yield fact, f"was told {fact.state}"
    true = {fact.state for _, fact in story.of(FactKind.ENDED)}
    for one in story.spoken:
        message = one.message
        if isinstance(message, (Closed, Withdraw)) and message.state not in true:
            yield story.sent, f"is said to be {message.state}"
            return


def ends_have_causes(story: Story) -> Iterator[Finding]:
    """S14: rejected needs a reject, cancelled needs a cancel."""
    for place, fact in story.of(FactKind.ENDED):
        clicks = story.before(place, FactKind.CLICKED)
        rejected = any(
            click.accept is False and click.client == story.sent.other
            for click in clicks
        )
        # A cancel is granted when all that it causes has been done.
        cancelled = any(
            cause.client == story.sent.client and cause.at_us <= fact.at_us
            for _, cause in story.of(FactKind.CANCELLED)
        )
        if fact.state is State.REJECTED and not rejected:
            yield fact, "rejected, but nobody rejected it"
        if fact.state is State.CANCELLED and not cancelled:
            yield fact, "cancelled, but the inviter did not cancel it"


def revisions_grow(story: Story) -> Iterator[Finding]:
    """S15: revisions never go back at the guest."""
    newest = 0
    for _, fact in story.of(FactKind.SHOWN, FactKind.REVISED):
        revision = fact.revision or 0
        if revision < newest:
            yield fact, f"revision {revision} after {newest}"
        newest = max(newest, revision)


def nothing_after_the_end(story: Story) -> Iterator[Finding]:
    """S16: no modification or cancel is granted after a terminal state."""
    granted = (FactKind.MODIFIED, FactKind.CANCELLED)
    for place, fact in story.of(*granted):
        ends = story.before(place, FactKind.ENDED)
        if fact.kind is FactKind.CANCELLED and not story.before(place, fact.kind):
            ends = [end for end in ends if not _is_end_by(end, fact)]
        if ends or fact.own_us >= story.sent.own_us + story.lifetime_us:
            yield fact, f"{fact.kind.value} after it had ended"


def _is_end_by(end: Fact, cancel: Fact) -> bool:
    """Whether the end is the effect of that cancel."""
    return end.state is State.CANCELLED and end.at_us == cancel.at_us


def locks_hold(story: Story) -> Iterator[Finding]:
    """S17: a locked permission never changes, whichever permission is changed."""
    locked = story.clients[story.sent.client].locked
    for place, fact in story.of(FactKind.PERMITTED, FactKind.UPDATED):
        kept = [
            one.permissions or frozenset()
            for one in story.before(place, FactKind.STARTED)
            if one.session == fact.session
        ]
        now = fact.permissions or frozenset()
        changed = bool(kept) and (kept[-1] ^ now) & locked.keys()
        if fact.permission in locked or changed:
            yield fact, "has a locked permission that was changed"


PER_INVITATION: Mapping[str, Callable[[Story], Iterator[Finding]]] = {
    "S1": one_end,
    "S2": start_after_accept,
    "S3": one_start,
    "S4": no_start_after_cancel,
    "S5": no_start_after_reject,
    "S6": lifetime,
    "S7": start_permissions,
    "S8": join_is_start,
    "S9": versions,
    "S10": shown_to_addressee,
    "S11": no_return,
    "S12": told_the_truth,
    "S14": ends_have_causes,
    "S15": revisions_grow,
    "S16": nothing_after_the_end,
    "S17": locks_hold,
}


def ids_are_unique(facts: Iterable[Fact]) -> Iterator[Finding]:
    """S13: neither an invitation's nor a session's id is used twice."""
    invitations: set[str] = set()
    sessions: set[str] = set()
    for fact in facts:
        if fact.kind is FactKind.SENT:
            if fact.invitation in invitations:
                yield fact, "its id was used before"
            invitations.add(fact.invitation)
        if fact.kind is FactKind.STARTED and fact.session is not None:
            if fact.session in sessions:
                yield fact, f"session id {fact.session} was used before"
            sessions.add(fact.session)


def one_pending_per_pair(facts: Iterable[Fact]) -> Iterator[Finding]:
    """S18: one pending invitation an ordered pair, none to oneself."""
    pending: dict[str, tuple[ClientId, ClientId | None]] = {}
    for fact in facts:
        if fact.kind is FactKind.SENT:
            pair = (fact.client, fact.other)
            if fact.client == fact.other:
                yield fact, "is to its own sender"
            if pair in pending.values():
                yield fact, "another one of the same pair is pending"
            pending[fact.invitation] = pair
        elif fact.kind is FactKind.ENDED:
            pending.pop(fact.invitation, None)


OVER_ALL: Mapping[str, Callable[[Iterable[Fact]], Iterator[Finding]]] = {
    "S13": ids_are_unique,
    "S18": one_pending_per_pair,
}


def violations(history: History) -> Iterator[Violation]:
    """Every violation of the invariants that hold by the policy of the clients."""
    for found in _all_violations(history):
        if holds_by(history.policy, found.invariant):
            yield found


def _all_violations(history: History) -> Iterator[Violation]:
    """The same, as if no client had another interpretation."""
    facts_of: dict[str, list[Fact]] = defaultdict(list)
    for fact in history.facts:
        facts_of[fact.invitation].append(fact)
    for name, over_all in OVER_ALL.items():
        for fact, message in over_all(history.facts):
            yield _violation(name, fact, message)
    for id_, facts in facts_of.items():
        if facts[0].kind is not FactKind.SENT:
            yield _violation("S2", facts[0], "happened before it was sent")
            continue
        spoken = history.spoken.get(id_, ())
        story = Story(
            clients=history.clients,
            facts=facts,
            spoken=spoken,
            lifetime_us=history.policy.lifetime_us,
        )
        for name, invariant in PER_INVITATION.items():
            for fact, message in invariant(story):
                yield _violation(name, fact, message)
        if history.until_us is not None and id_ in history.spoken:
            yield from _late(history, facts, spoken, history.until_us)


def _late(
    history: History, facts: Sequence[Fact], spoken: Sequence[Spoken], until_us: int
) -> Iterator[Violation]:
    course = Course(
        facts=facts,
        spoken=spoken,
        network=network_spells(spoken),
        spells=history.spells,
        until_us=until_us,
        lifetime_us=history.policy.lifetime_us,
    )
    for name, in_time in IN_TIME.items():
        for fact, message in in_time(course):
            yield _violation(name, fact, message)


def _violation(name: str, fact: Fact, message: str) -> Violation:
    return Violation(
        invariant=name,
        at_us=fact.at_us,
        message=f"invitation {fact.invitation} {message} (client {fact.client})",
    )


def _names(permissions: Permissions | None) -> str:
    return ", ".join(sorted(permissions or ())) or "no permissions"
