"""Every invariant passes a good history and catches its own kind of bad one.

A case is a good history and a change that breaks exactly one invariant: a predicate
that never fires fails here, and so does one that fires for its neighbour's reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from invitelab.protocol.history import Fact, FactKind, History
from invitelab.protocol.invariants import OVER_ALL, PER_INVITATION, violations
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Permission,
    State,
    Surface,
    Version,
)
from invitelab.world.simulation import ClientSetup, World

ADA = ClientId("100200300")
BEA = ClientId("400500600")
CLEO = ClientId("700800900")
OLD = ClientId("600600600")
DEADLINE_US = 120_000_000

AS_ADA = Identity(id=ADA, alias="ada@ad")
CLIENTS = {
    ADA: ClientSpec(
        identity=AS_ADA,
        version=Version(7, 0, 0),
        profiles=BUILT_IN_PROFILES,
        locked={Permission.FILES: True, Permission.AUDIO: False},
    ),
    BEA: ClientSpec(
        identity=Identity(id=BEA, alias="bea@ad"),
        version=Version(10, 0, 0),
        profiles=BUILT_IN_PROFILES,
    ),
    CLEO: ClientSpec(
        identity=Identity(id=CLEO, alias=None),
        version=Version(7, 0, 0),
        profiles=BUILT_IN_PROFILES,
    ),
    OLD: ClientSpec(identity=Identity(id=OLD, alias=None), version=Version(6, 9, 9)),
}
VIEW = frozenset({Permission.VIEW})
VIEW_LOCKED = VIEW | {Permission.FILES}
INPUT = frozenset({Permission.INPUT, Permission.AUDIO})
INPUT_LOCKED = frozenset({Permission.INPUT, Permission.FILES})

SENT = Fact(
    at_us=0,
    kind=FactKind.SENT,
    client=ADA,
    invitation="i",
    other=BEA,
    permissions=VIEW,
    revision=1,
    deadline_us=DEADLINE_US,
)
AT_ADA = Fact(at_us=1, kind=FactKind.ENDED, client=ADA, invitation="i")
AT_BEA = Fact(at_us=1, kind=FactKind.CLICKED, client=BEA, invitation="i")

MODIFIED = replace(SENT, kind=FactKind.MODIFIED, permissions=INPUT, revision=2)
CANCELLED = replace(AT_ADA, kind=FactKind.CANCELLED)
ENDED_CANCELLED = replace(AT_ADA, state=State.CANCELLED)
ENDED_REJECTED = replace(AT_ADA, state=State.REJECTED)
ENDED_ACCEPTED = replace(AT_ADA, state=State.ACCEPTED)
ENDED_EXPIRED = replace(AT_ADA, state=State.EXPIRED, at_us=DEADLINE_US)
STARTED = replace(
    AT_ADA, kind=FactKind.STARTED, other=BEA, session="s", permissions=VIEW_LOCKED
)
PERMITTED = replace(
    STARTED,
    kind=FactKind.PERMITTED,
    permission=Permission.INPUT,
    permissions=VIEW_LOCKED | INPUT - {Permission.AUDIO},
)

SHOWN = replace(
    AT_BEA,
    kind=FactKind.SHOWN,
    surface=Surface.CLIENT,
    identity=AS_ADA,
    revision=1,
)
POPUP = replace(SHOWN, surface=Surface.POPUP)
REVISED = replace(AT_BEA, kind=FactKind.REVISED, revision=2)
CLEARED = replace(AT_BEA, kind=FactKind.CLEARED, surface=Surface.CLIENT)
ACCEPTED = replace(AT_BEA, accept=True)
REJECTED = replace(AT_BEA, accept=False)
JOINED = replace(AT_BEA, kind=FactKind.JOINED, session="s", permissions=VIEW_LOCKED)
TOLD_ACCEPTED = replace(AT_BEA, kind=FactKind.TOLD, state=State.ACCEPTED)
TOLD_CANCELLED = replace(TOLD_ACCEPTED, state=State.CANCELLED)

CROSSED = replace(SENT, client=BEA, other=ADA, invitation="j")
TO_CLEO = replace(SENT, other=CLEO, invitation="j")
CLEO_SESSION = [
    TO_CLEO,
    replace(SHOWN, client=CLEO, invitation="j"),
    replace(ACCEPTED, client=CLEO, invitation="j"),
    replace(STARTED, other=CLEO, invitation="j", session="t"),
]

ACCEPTING = [SENT, SHOWN, POPUP, ACCEPTED]
STARTING = [*ACCEPTING, ENDED_ACCEPTED, STARTED]
CANCELLING = [SENT, SHOWN, CANCELLED, ENDED_CANCELLED]
REJECTING = [SENT, SHOWN, REJECTED, ENDED_REJECTED]


@dataclass(frozen=True)
class Case:
    """A good history, and one that differs a little and breaks one invariant."""

    invariant: str
    sin: str
    good: Sequence[Fact]
    bad: Sequence[Fact]

    def __str__(self) -> str:
        return f"{self.invariant}: {self.sin}"


def but(facts: Sequence[Fact], old: Fact, new: Fact) -> list[Fact]:
    """Put one fact in the place of another."""
    assert old in facts
    return [new if fact == old else fact for fact in facts]


def without(facts: Sequence[Fact], *gone: Fact) -> list[Fact]:
    """Leave facts out."""
    assert set(gone) <= set(facts)
    return [fact for fact in facts if fact not in gone]


CASES = [
    Case("S1", "ends twice", CANCELLING, [*CANCELLING, ENDED_EXPIRED]),
    Case("S1", "ends the same way twice", STARTING, [*STARTING, ENDED_ACCEPTED]),
    Case("S2", "starts unasked", STARTING, without(STARTING, ACCEPTED)),
    Case("S2", "was shown to nobody", STARTING, without(STARTING, SHOWN, POPUP)),
    Case(
        "S2",
        "accepted by somebody else",
        STARTING,
        but(STARTING, ACCEPTED, replace(ACCEPTED, client=CLEO)),
    ),
    Case(
        "S2",
        "starts for somebody else",
        STARTING,
        but(STARTING, STARTED, replace(STARTED, other=CLEO)),
    ),
    Case("S2", "was rejected", STARTING, but(STARTING, ACCEPTED, REJECTED)),
    Case(
        "S2",
        "starts before the accept",
        STARTING,
        [SENT, SHOWN, STARTED, ACCEPTED, ENDED_ACCEPTED],
    ),
    Case("S2", "is shown after the accept", STARTING, [SENT, ACCEPTED, SHOWN, STARTED]),
    Case("S2", "is shown before it is sent", [SENT, SHOWN], [SHOWN, SENT]),
    Case(
        "S3",
        "starts twice",
        STARTING,
        [*STARTING, replace(STARTED, session="t")],
    ),
    Case("S3", "joins twice", [*STARTING, JOINED], [*STARTING, JOINED, JOINED]),
    Case(
        "S4",
        "starts after a cancel",
        [*ACCEPTING, CANCELLED, ENDED_CANCELLED],
        [*ACCEPTING, CANCELLED, ENDED_CANCELLED, STARTED],
    ),
    Case(
        "S5",
        "starts after a reject",
        [*ACCEPTING, REJECTED, ENDED_REJECTED],
        [*ACCEPTING, REJECTED, ENDED_REJECTED, STARTED],
    ),
    Case(
        "S6",
        "starts at the deadline",
        [*ACCEPTING, replace(STARTED, at_us=DEADLINE_US - 1)],
        [*ACCEPTING, replace(STARTED, at_us=DEADLINE_US)],
    ),
    Case(
        "S6",
        "expires too early",
        [SENT, ENDED_EXPIRED],
        [SENT, replace(ENDED_EXPIRED, at_us=DEADLINE_US - 1)],
    ),
    Case(
        "S6",
        "expires by a wrong deadline on record",
        [replace(SENT, deadline_us=DEADLINE_US // 2), ENDED_EXPIRED],
        [
            replace(SENT, deadline_us=DEADLINE_US // 2),
            replace(ENDED_EXPIRED, at_us=DEADLINE_US // 2),
        ],
    ),
    Case(
        "S6",
        "starts late by its host's clock",
        [*ACCEPTING, replace(STARTED, at_us=DEADLINE_US, clock_us=DEADLINE_US - 1)],
        [*ACCEPTING, replace(STARTED, at_us=1, clock_us=DEADLINE_US)],
    ),
    Case(
        "S7",
        "starts with other permissions",
        STARTING,
        but(STARTING, STARTED, replace(STARTED, permissions=INPUT_LOCKED)),
    ),
    Case(
        "S7",
        "starts with stale permissions",
        [*ACCEPTING, MODIFIED, replace(STARTED, permissions=INPUT_LOCKED)],
        [*ACCEPTING, MODIFIED, STARTED],
    ),
    Case(
        "S7",
        "starts without the lock that adds",
        STARTING,
        but(STARTING, STARTED, replace(STARTED, permissions=VIEW)),
    ),
    Case(
        "S7",
        "starts without the lock that takes away",
        [*ACCEPTING, MODIFIED, replace(STARTED, permissions=INPUT_LOCKED)],
        [*ACCEPTING, MODIFIED, replace(STARTED, permissions=INPUT | INPUT_LOCKED)],
    ),
    Case(
        "S8",
        "joins with other permissions",
        [*STARTING, JOINED],
        [*STARTING, replace(JOINED, permissions=VIEW)],
    ),
    Case(
        "S8",
        "joins another session",
        [*STARTING, JOINED],
        [*STARTING, replace(JOINED, session="t")],
    ),
    Case("S8", "joins before the start", ACCEPTING, [*ACCEPTING, JOINED, STARTED]),
    Case("S9", "is sent by an old client", [SENT], [replace(SENT, client=OLD)]),
    Case(
        "S9",
        "is shown by an old client",
        [SENT, SHOWN],
        [replace(SENT, other=OLD), replace(SHOWN, client=OLD)],
    ),
    Case(
        "S10",
        "is shown to somebody else",
        [SENT, SHOWN],
        [SENT, replace(SHOWN, client=CLEO)],
    ),
    Case(
        "S10",
        "is shown under another ID",
        [SENT, SHOWN],
        [SENT, replace(SHOWN, identity=CLIENTS[CLEO].identity)],
    ),
    Case(
        "S10",
        "is shown without the alias",
        [SENT, SHOWN],
        [SENT, replace(SHOWN, identity=Identity(id=ADA, alias=None))],
    ),
    Case("S10", "is shown twice", [SENT, SHOWN, POPUP], [SENT, SHOWN, POPUP, POPUP]),
    Case("S11", "comes back", [SENT, SHOWN, CLEARED], [SENT, CLEARED, SHOWN]),
    Case(
        "S12",
        "tells another end",
        [*CANCELLING, TOLD_CANCELLED],
        [*CANCELLING, TOLD_ACCEPTED],
    ),
    Case(
        "S12",
        "tells the end too soon",
        [*STARTING, TOLD_ACCEPTED],
        [*ACCEPTING, TOLD_ACCEPTED, ENDED_ACCEPTED],
    ),
    Case(
        "S13",
        "uses an invitation's id again",
        [SENT, ENDED_EXPIRED, replace(SENT, invitation="j")],
        [SENT, ENDED_EXPIRED, SENT],
    ),
    Case(
        "S13",
        "uses a session's id again",
        [*STARTING, *CLEO_SESSION],
        [*STARTING, *CLEO_SESSION[:-1], replace(CLEO_SESSION[-1], session="s")],
    ),
    Case("S14", "rejects itself", REJECTING, without(REJECTING, REJECTED)),
    Case("S14", "turns an accept", REJECTING, but(REJECTING, REJECTED, ACCEPTED)),
    Case(
        "S14",
        "is rejected by somebody else",
        REJECTING,
        but(REJECTING, REJECTED, replace(REJECTED, client=CLEO)),
    ),
    Case("S14", "cancels itself", CANCELLING, without(CANCELLING, CANCELLED)),
    Case(
        "S14",
        "is cancelled by the recipient",
        CANCELLING,
        but(CANCELLING, CANCELLED, replace(CANCELLED, client=BEA)),
    ),
    Case(
        "S15",
        "goes back a revision",
        [SENT, SHOWN, MODIFIED, REVISED],
        [SENT, MODIFIED, replace(SHOWN, revision=2), replace(REVISED, revision=1)],
    ),
    Case(
        "S15",
        "shows an older revision",
        [SENT, MODIFIED, REVISED, replace(SHOWN, revision=2)],
        [SENT, MODIFIED, REVISED, SHOWN],
    ),
    Case(
        "S16",
        "is modified after the end",
        [SENT, MODIFIED, CANCELLED, ENDED_CANCELLED],
        [SENT, CANCELLED, ENDED_CANCELLED, MODIFIED],
    ),
    Case("S16", "is cancelled after the end", REJECTING, [*REJECTING, CANCELLED]),
    Case(
        "S16",
        "is cancelled twice",
        [SENT, ENDED_CANCELLED, CANCELLED],
        [SENT, ENDED_CANCELLED, CANCELLED, CANCELLED],
    ),
    Case(
        "S16",
        "is modified when its lifetime is over",
        [SENT, replace(MODIFIED, at_us=DEADLINE_US - 1)],
        [SENT, replace(MODIFIED, at_us=DEADLINE_US)],
    ),
    Case(
        "S17",
        "switches a locked permission",
        [*STARTING, PERMITTED],
        [*STARTING, replace(PERMITTED, permission=Permission.AUDIO)],
    ),
    Case(
        "S17",
        "switches a locked permission by another name",
        [*STARTING, PERMITTED],
        [*STARTING, replace(PERMITTED, permissions=VIEW)],
    ),
    Case(
        "S18",
        "is pending twice",
        [SENT, CANCELLED, ENDED_CANCELLED, replace(SENT, invitation="j")],
        [SENT, replace(SENT, invitation="j")],
    ),
    Case("S18", "invites its sender", [SENT], [replace(SENT, other=ADA)]),
]
GOOD = {
    "nothing": [],
    "pairs of other people": [SENT, TO_CLEO],
    "crossed": [SENT, CROSSED],
    "a whole life": [
        SENT,
        SHOWN,
        POPUP,
        MODIFIED,
        REVISED,
        CLEARED,
        ACCEPTED,
        ENDED_ACCEPTED,
        replace(STARTED, permissions=INPUT_LOCKED),
        replace(JOINED, permissions=INPUT_LOCKED),
        TOLD_ACCEPTED,
        replace(PERMITTED, permissions=INPUT_LOCKED | VIEW),
    ],
}


def broken(facts: Sequence[Fact]) -> list[str]:
    """Name the invariants that a history of these facts breaks."""
    history = History(clients=CLIENTS, facts=facts)
    return sorted({found.invariant for found in violations(history)})


def test_every_invariant_has_a_case() -> None:
    """S1 to S18, and no other."""
    expected = {f"S{number}" for number in range(1, 19)}
    assert expected == {case.invariant for case in CASES}
    assert expected == {*PER_INVITATION, *OVER_ALL}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_good_history_breaks_nothing(case: Case) -> None:
    """What each case starts from is as it should be."""
    assert [] == broken(case.good)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_history_breaks_its_invariant(case: Case) -> None:
    """The one it was made to break, and no other."""
    assert [case.invariant] == broken(case.bad)


@pytest.mark.parametrize("facts", GOOD.values(), ids=GOOD)
def test_what_is_allowed_breaks_nothing(facts: Sequence[Fact]) -> None:
    """Histories that come close to what is forbidden."""
    assert [] == broken(facts)


def test_a_popup_that_returns_was_also_shown_twice() -> None:
    """The natural way to break S11 breaks S10 with it."""
    assert ["S10", "S11"] == broken([SENT, SHOWN, CLEARED, SHOWN])


def test_a_violation_says_what_when_and_who() -> None:
    """One sentence, with the time of the fact that broke it."""
    history = History(clients=CLIENTS, facts=[*CANCELLING, ENDED_EXPIRED])
    (found,) = violations(history)
    assert ("S1", DEADLINE_US) == (found.invariant, found.at_us)
    assert "invitation i ended a second time (client 100200300)" == found.message


def test_each_invitation_is_judged_by_itself() -> None:
    """Another invitation's accept starts no session of this one (S2)."""
    facts = [*ACCEPTING, TO_CLEO, CLEO_SESSION[-1]]
    history = History(clients=CLIENTS, facts=facts)
    assert [("S2", "invitation j ")] == [
        (found.invariant, found.message[:13]) for found in violations(history)
    ]


@pytest.mark.parametrize("latency_us", [0, 80_000])
def test_a_real_history_breaks_nothing(latency_us: int) -> None:
    """A world in which everything happens once leaves every kind of fact."""
    facts: list[Fact] = []
    people = [CLIENTS[name] for name in (ADA, BEA, CLEO)]
    residents = [ClientSetup(spec=spec) for spec in people]
    world = World(residents, latency_us=latency_us, record=facts.append)
    ada, bea = world.clients[ADA], world.clients[BEA]
    accepted = ada.send(EntryPoint.ICON, BEA, "Default")
    cancelled = ada.send(EntryPoint.ICON, CLEO, "Default")
    assert isinstance(accepted, str)
    assert isinstance(cancelled, str)
    world.advance(1_000_000)
    ada.modify(accepted, "Screen Sharing")
    ada.cancel(cancelled)
    world.advance(1_000_000)
    bea.answer(accepted, accept=True)
    world.advance(1_000_000)
    (session,) = ada.inviter.sessions
    ada.permit(session, Permission.INPUT, allowed=True)
    world.advance(1_000_000)
    ada.crash()
    ada.restart()
    world.advance(DEADLINE_US)
    assert set(FactKind) == {fact.kind for fact in facts}
    assert [] == broken(facts)


def test_the_lifetime_is_that_of_the_policy() -> None:
    """With five minutes an expiry after two is too early, and one after five is not."""

    def found(facts: Sequence[Fact], policy: Policy) -> list[str]:
        history = History(clients=CLIENTS, facts=facts, policy=policy)
        return [one.invariant for one in violations(history)]

    five, late_us = Policy(lifetime_us=300_000_000), 300_000_000
    assert ["S6"] == found([SENT, ENDED_EXPIRED], five)
    assert [] == found([SENT, replace(ENDED_EXPIRED, at_us=late_us)], five)
    started_late = [*ACCEPTING, replace(STARTED, at_us=DEADLINE_US)]
    assert [] == found(started_late, five)
    assert ["S6"] == found(started_late, Policy())


def test_what_rests_on_another_reading_is_not_judged() -> None:
    """A change that gives more time makes a late start right."""
    started_late = [*ACCEPTING, replace(STARTED, at_us=DEADLINE_US)]
    policy = Policy(modify_keeps_the_deadline=False)
    history = History(clients=CLIENTS, facts=started_late, policy=policy)
    assert [] == [*violations(history)]
