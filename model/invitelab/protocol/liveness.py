"""Deadlines, which hold while the clients and the network are healthy: L1 to L6.

Health is judged by what happened, for each invitation: its host and guest ran, with
correct clocks, and each of its messages arrived soon, and once. After any fault the
time starts again. So a relay with a long queue counts as unhealthy, like one that is
down, and no client is blamed for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.protocol.history import Fact, FactKind, Spell, Spoken
from invitelab.protocol.messages import Closed, Joined, Offer, Refused, Started
from invitelab.protocol.values import ClientId, Permissions, Surface

SECOND_US = 1_000_000
LIFETIME_US = 120 * SECOND_US
EXACT_US = 1_000
"""How late an expiry may be on its host's clock, which rounds to whole microseconds."""
SETTLED_US = 12 * SECOND_US
"""The time allowed by L2 and L3, and until both ends agree (L6)."""
VERDICT_US = 5 * SECOND_US
HALF_OPEN_US = 41 * SECOND_US
SOON_US = SECOND_US // 2
"""The longest latency of a healthy network."""

Finding = tuple[Fact, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One invitation, from its sending to the end of the history."""

    facts: Sequence[Fact]
    network: Sequence[Spell]
    spells: Mapping[ClientId, Sequence[Spell]]
    spoken: Sequence[Spoken]
    until_us: int
    lifetime_us: int = LIFETIME_US

    @property
    def sent(self) -> Fact:
        """The first fact: that the invitation was sent."""
        return self.facts[0]

    def first(self, *kinds: FactKind, after_us: int = 0) -> int:
        """The time of the first fact of these kinds; after the end if there is none."""
        found = (one.at_us for one in self.facts if one.kind in kinds)
        return next((at_us for at_us in found if at_us >= after_us), self.until_us + 1)

    def unwell(self, *clients: ClientId | None) -> list[Spell]:
        """The times at which one of these clients was affected by a fault."""
        spells = self.spells
        return [one for id_ in clients if id_ for one in spells.get(id_, ())]

    def due_us(self, since_us: int, within_us: int, *clients: ClientId | None) -> int:
        """The end of the first healthy time of `within_us` from `since_us` on.

        The network counts if clients are named. NEVER_US if the history ends before.
        """
        network = self.network if clients else ()
        spells = [*self.unwell(self.sent.client, *clients), *network]
        for spell in sorted(spells):
            if spell.begin_us <= since_us + within_us:
                since_us = max(since_us, spell.end_us)
        due_us = since_us + within_us
        return due_us if due_us <= self.until_us else NEVER_US


NEVER_US = 2**63
"""Later than the end of any history."""


def network_spells(spoken: Sequence[Spoken]) -> list[Spell]:
    """The times at which a message of an invitation was late, lost or duplicated."""
    under_way: dict[object, list[int]] = defaultdict(list)
    spells: list[Spell] = []
    for one in spoken:  # about thirty an invitation, most of them received soon
        if not one.heard:
            under_way[_name(one.client, one.other, one)].append(one.at_us)
            continue
        said = under_way[_name(one.other, one.client, one)]
        if not said:
            spells.append(Spell(one.at_us, one.at_us))
        elif one.at_us - (said_us := said.pop()) > SOON_US:
            spells.append(Spell(said_us, one.at_us))
    lost = (at_us for left in under_way.values() for at_us in left)
    return spells + [Spell(at_us, at_us) for at_us in lost]


def _name(sender: ClientId, to: ClientId, one: Spoken) -> object:
    """What the copies of a message have in common; offers differ in the time left."""
    message = one.message
    return sender, to, message if type(message) is not Offer else message.revision


def ends_in_time(course: Course) -> Iterator[Finding]:
    """L1: an invitation has ended by the end of its lifetime, on its host's clock."""
    sent = course.sent
    unwell = course.unwell(sent.client)
    ended = next((one for one in course.facts if one.kind is FactKind.ENDED), None)
    if ended is not None:
        late = ended.own_us > sent.own_us + course.lifetime_us + EXACT_US
        if late and not _within(ended.at_us, unwell):
            yield ended, "ended after its lifetime"
        return
    lost_us = sum(one.end_us - one.begin_us for one in unwell)
    lived_us = course.until_us - sent.at_us - lost_us
    if lived_us > course.lifetime_us + EXACT_US and not _within(
        course.until_us, unwell
    ):
        yield sent, "never ended"


def _within(at_us: int, spells: Sequence[Spell]) -> bool:
    return any(one.begin_us <= at_us <= one.end_us + EXACT_US for one in spells)


def cleared_in_time(course: Course) -> Iterator[Finding]:
    """L2: an invitation is off all surfaces within 12 healthy seconds of its end."""
    ended_us = course.first(FactKind.ENDED)
    guest = course.sent.other
    for place, shown in enumerate(course.facts):
        if shown.kind is not FactKind.SHOWN or shown.client != guest:
            continue
        cleared = (
            one.at_us
            for one in course.facts[place:]
            if one.kind is FactKind.CLEARED and one.surface is shown.surface
        )
        since_us = max(ended_us, shown.at_us)
        due_us = course.due_us(since_us, SETTLED_US, guest)
        if next(cleared, course.until_us + 1) > due_us:
            yield shown, f"is still shown as {shown.surface} after it has ended"


def shown_in_time(course: Course) -> Iterator[Finding]:
    """L3: a pending invitation is shown, up to date, within 12 healthy seconds."""
    guest = course.sent.other
    chosen = [
        one for one in course.facts if one.kind in {FactKind.SENT, FactKind.MODIFIED}
    ]
    ended_us = course.first(FactKind.ENDED)
    for revision, fact in enumerate(chosen, start=1):
        later_us = chosen[revision].at_us if revision < len(chosen) else ended_us
        due_us = course.due_us(fact.at_us, SETTLED_US, guest)
        settled = any(
            one.client == guest and one.at_us <= due_us and _has(one, revision)
            for one in course.facts
        )
        if due_us < later_us and not settled:
            yield fact, f"revision {revision} is not shown"


def _has(fact: Fact, revision: int) -> bool:
    """Whether the fact shows that the guest has had this revision."""
    match fact.kind:
        case FactKind.SHOWN | FactKind.REVISED:
            return (fact.revision or 0) >= revision
        case FactKind.CLEARED:
            return fact.surface is Surface.CLIENT
        case kind:
            return kind is FactKind.CLICKED


def verdict_in_time(course: Course) -> Iterator[Finding]:
    """L4: the guest knows the outcome of an answer within five healthy seconds."""
    for clicked in course.facts:
        if clicked.kind is not FactKind.CLICKED:
            continue
        heard = (
            one.at_us
            for one in course.spoken
            if one.heard
            and one.client == clicked.client
            and isinstance(one.message, Started | Closed | Refused)
            and one.message.answer is not None
            and one.at_us >= clicked.at_us
        )
        due_us = course.due_us(clicked.at_us, VERDICT_US, clicked.client)
        if next(heard, course.until_us + 1) > due_us:
            yield clicked, "got no verdict on its answer"


def joined_or_over_in_time(course: Course) -> Iterator[Finding]:
    """L5: a session that its guest does not join has ended 41 s after its start."""
    for started in course.facts:
        if started.kind is not FactKind.STARTED:
            continue
        joined = (
            one.at_us
            for one in course.spoken
            if one.heard
            and isinstance(one.message, Joined)
            and one.message.session == started.session
        )
        over = (
            one.at_us
            for one in course.facts
            if one.kind is FactKind.OVER and one.session == started.session
        )
        due_us = course.due_us(started.at_us, HALF_OPEN_US)
        if min(next(joined, NEVER_US), next(over, NEVER_US)) > due_us:
            yield started, "is half open"


_SESSIONS = frozenset(
    {
        FactKind.STARTED,
        FactKind.OVER,
        FactKind.PERMITTED,
        FactKind.JOINED,
        FactKind.LEFT,
        FactKind.UPDATED,
    }
)
_AT_THE_HOST = frozenset({FactKind.STARTED, FactKind.OVER, FactKind.PERMITTED})


def both_ends_agree(course: Course) -> Iterator[Finding]:
    """L6: in the end both sides are in the same sessions, with equal permissions."""
    host: dict[str, Permissions | None] = {}
    guest: dict[str, Permissions | None] = {}
    last: dict[str, Fact] = {}
    for fact in course.facts:
        if fact.session is None or fact.kind not in _SESSIONS:
            continue
        last[fact.session] = fact
        side = host if fact.kind in _AT_THE_HOST else guest
        if fact.kind in {FactKind.OVER, FactKind.LEFT}:
            side.pop(fact.session, None)
        else:
            side[fact.session] = fact.permissions
    for session, fact in last.items():
        due_us = course.due_us(fact.at_us, SETTLED_US, course.sent.other)
        never_joined = fact.kind is FactKind.STARTED  # judged by L5
        if due_us != NEVER_US and not never_joined:
            in_host, in_guest = session in host, session in guest
            if in_host is not in_guest:
                where = "host" if in_host else "guest"
                yield fact, f"goes on at the {where} alone"
            elif host.get(session) != guest.get(session):
                yield fact, "has different permissions at its two ends"


IN_TIME: Mapping[str, Callable[[Course], Iterator[Finding]]] = {
    "L1": ends_in_time,
    "L2": cleared_in_time,
    "L3": shown_in_time,
    "L4": verdict_in_time,
    "L5": joined_or_over_in_time,
    "L6": both_ends_agree,
}
