"""Where the page is silent either answer is right, and half an answer is not."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference import Reference
from invitelab.conformance.engine import Engine
from invitelab.conformance.mutants import MUTANTS
from invitelab.conformance.proof.panel import READINGS
from invitelab.conformance.proof.trial import Direct
from invitelab.conformance.walks.casting import Part, cast, id_of
from invitelab.conformance.walks.doings import wrong_offers
from invitelab.conformance.walks.walker import Found, Walker
from invitelab.protocol.policy import Policy

BOB = id_of("Bob")
PLAIN = Part(version=0, shape=0, contacts=0, extras=0)

WALKS = {
    "inviter-a-millisecond-late": (
        "Ada invites Bob",
        "120000 milliseconds have passed since Ada invited Bob",
    ),
    "expires-at-119-5-s": (
        "Ada invites Bob",
        "119999 milliseconds have passed since Ada invited Bob",
    ),
    "id-completed": ('Ada invites "40050060"',),
    "namespace-filled-in": ('Ada invites "bob@"',),
    "second-at-ignored": ('Ada invites "bob@ad@x"',),
    "own-address-refused-and-invited": ('Ada invites "ada@ad"',),
    "offline-refused-and-sent": (
        "Bob goes offline",
        "Ada invites Bob",
        "Bob comes back online",
    ),
    "returns-to-new-time": (
        "Ada invites Bob",
        "119 seconds have passed since Ada invited Bob",
        "Bob goes offline",
        "Bob comes back online",
        "121 seconds have passed since Ada invited Bob",
    ),
}
"""What shows a sin against an interpretation, move by move."""

OTHERWISE = replace(Policy(), **dict.fromkeys(READINGS, False))


@contextmanager
def walker(adapter: Adapter) -> Generator[Walker]:
    """Set out on an adapter, in plain company."""
    engine = Engine(Direct(adapter), None)
    ready = engine.shared()
    assert ready is not None
    casting = cast(0, (PLAIN,) * 4, locks=True, tiles=True)
    walking = Walker(ready, "w", casting, freely=True)
    walking.open()
    yield walking
    engine.abort()


def go(walking: Walker, names: Sequence[str]) -> None:
    """Make these moves; each must be possible."""
    for name in names:
        walking.make(walking.offered(name)[-1])


@pytest.mark.parametrize("name", WALKS)
def test_a_sin_against_what_all_readings_share_is_found(name: str) -> None:
    """It is called by the clause that was leant on."""
    with walker(MUTANTS[name].make()) as walking, pytest.raises(Found) as found:
        go(walking, WALKS[name])
    assert MUTANTS[name].clause == found.value.check.clause


@pytest.mark.parametrize("policy", [Policy(), OTHERWISE], ids=["ours", "others"])
@pytest.mark.parametrize("name", WALKS)
def test_the_same_moves_on_who_is_right_find_nothing(name: str, policy: Policy) -> None:
    """However the page is read."""
    with walker(Reference(policy=policy)) as walking:
        for move in WALKS[name]:
            if not walking.world.over:
                go(walking, [move])


def test_what_cannot_be_done_is_not_offered() -> None:
    """Nobody answers what was never sent."""
    with walker(Reference()) as walking:
        assert [] == walking.offered("Bob accepts the invitation from Ada")
        go(walking, ["Ada invites Bob"])
        assert walking.offered("Bob accepts the invitation from Ada")


class Early(Reference):
    """Takes no answer half a second before the end."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms: dict[Json, int] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Note the time, and refuse what comes then."""
        if method == "invitation.accept" and self.now_ms.get(params["scenario"]):
            return {"refused": {"reason": "not-pending"}}
        answer = super().request(method, params)
        if method == "clock.advance" and isinstance(answer, dict):
            now_ms = answer["now_ms"]
            assert isinstance(now_ms, int)
            self.now_ms[params["scenario"]] = 119_500 <= now_ms < 120_000
        return answer


def test_near_the_tick_nothing_but_the_tick_is_judged() -> None:
    """Whatever is done there leans on how it is read."""
    moves = (
        "Ada invites Bob",
        "119999 milliseconds have passed since Ada invited Bob",
        "Bob accepts the invitation from Ada",
    )
    with walker(Early()) as walking, pytest.raises(Found) as found:
        go(walking, moves)
    assert "EXPIRY-6" == found.value.check.clause


@pytest.mark.parametrize("list_", ["recent-sessions", "discovery"])
def test_a_client_may_fill_lists_of_its_own(list_: str) -> None:
    """Whom it has met, and whom it sees: that is no wrong offer."""
    with walker(Reference()) as walking:
        ada = walking.world.figures["Ada"]
        usual = {("invitation-icon", None), ("id-menu.invite-via-email", None)}
        for entries, wrong in ((usual, 0), ({*usual, (f"tile.{list_}", BOB)}, 0)):
            checks = list(wrong_offers(walking.table, ada, entries))
            assert wrong == len(checks)
        told = {*usual, ("tile.favorites", BOB)}
        assert 1 == len(list(wrong_offers(walking.table, ada, told)))
