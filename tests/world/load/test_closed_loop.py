"""Helpers do one thing at a time, and each has chances of their own."""

from collections import defaultdict
from collections.abc import Callable, Mapping

import pytest

from invitelab.errors import UsageError
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientId, ClientSpec, State
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.schema import Scenario

Changed = Callable[[Mapping[str, object]], Scenario]
HELPERS = 7
PAUSE_US = 2_000_000
SESSION_US = 5_000_000


class Diary(Instrument):
    """What each helper did, as (time, action, recipient)."""

    def __init__(self) -> None:
        """Begin empty."""
        self.of: dict[ClientId, list[tuple[int, str, ClientId]]] = defaultdict(list)

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Begin a turn."""
        self.of[sender.id].append((at_us, "attempt", recipient.id))

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """End it at once."""
        del reason
        self.of[sender.id].append((at_us, "refused", recipient.id))

    def happened(self, at_us: int, fact: Fact) -> None:
        """End it when the invitation ends."""
        if fact.kind is FactKind.ENDED:
            assert fact.other is not None
            end = "accepted" if fact.state is State.ACCEPTED else "over"
            self.of[fact.client].append((at_us, end, fact.other))


@pytest.fixture
def help_desk(changed: Changed) -> Callable[[Mapping[str, object]], Scenario]:
    """Give a way to seven helpers who pause for two seconds."""

    def desk(changes: Mapping[str, object]) -> Scenario:
        pause = {"distribution": "constant", "value": "2s"}
        return changed(
            {
                "duration": "5min",
                "population.versions": {"6.3.2": 0.2, "7.1.4": 0.8},
                "arrivals": {"kind": "closed", "helpers": HELPERS, "pause": pause},
                "people.session": {"distribution": "constant", "value": "5s"},
                "people.cancel": 0.3,
                **changes,
            }
        )

    return desk


def lived(scenario: Scenario) -> Diary:
    """Run it."""
    diary = Diary()
    LoadWorld(scenario, instruments=[diary]).run()
    return diary


def test_a_helper_does_one_thing_at_a_time(help_desk: Changed) -> None:
    """Attempts and ends alternate, and no other client invites."""
    diary = lived(help_desk({}))
    assert HELPERS == len(diary.of)
    for entries in diary.of.values():
        turns = ["attempt" if what == "attempt" else "end" for _, what, _ in entries]
        assert (["attempt", "end"] * len(turns))[: len(turns)] == turns
        assert len(turns) > 10


def test_the_next_wish_comes_after_the_pause(help_desk: Changed) -> None:
    """To the microsecond, after a session that was helped through."""
    rest_us = {"accepted": PAUSE_US + SESSION_US, "over": PAUSE_US, "refused": PAUSE_US}
    seen: set[str] = set()
    for entries in lived(help_desk({})).of.values():
        assert PAUSE_US == entries[0][0]
        for end, attempt in zip(entries[1::2], entries[2::2], strict=False):
            assert rest_us[end[1]] == attempt[0] - end[0]
            seen.add(end[1])
    assert set(rest_us) == seen


def test_nobody_begins_after_the_end(help_desk: Changed) -> None:
    """What was begun before may end later."""
    scenario = help_desk({})
    entries = [one for diary in lived(scenario).of.values() for one in diary]
    assert (
        max(at_us for at_us, what, _ in entries if what == "attempt")
        < scenario.duration
    )


def test_chances_belong_to_helper_and_turn(help_desk: Changed) -> None:
    """On a slower relay attempts are later, with the same recipients."""
    slow = {"relay.service": {"distribution": "constant", "value": "3s"}}
    quick, late = lived(help_desk({})), lived(help_desk(slow))
    assert quick.of.keys() == late.of.keys()
    for helper, entries in quick.of.items():
        attempts, same = (
            [to for _, what, to in diary if what == "attempt"]
            for diary in (entries, late.of[helper])
        )
        length = min(len(attempts), len(same))
        assert attempts[:length] == same[:length]
        assert length > 5
    assert quick.of != late.of


def test_helpers_can_invite(help_desk: Changed) -> None:
    """Clients of version 7 on Windows are chosen first."""
    diary = lived(help_desk({"population.versions": {"6.3.2": 0.5, "7.1.4": 0.5}}))
    assert all(
        any(what in {"accepted", "over"} for _, what, _ in entries)
        for entries in diary.of.values()
    )


def test_too_few_on_windows_is_said(help_desk: Changed) -> None:
    """Before the run begins."""
    macs = {"population.platforms": {"windows": 0.2, "macos": 0.8}}
    with pytest.raises(UsageError, match="7 helpers are wanted"):
        LoadWorld(help_desk(macs))
