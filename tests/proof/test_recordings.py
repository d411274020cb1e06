"""Recorded answers are found by the calls before, by method and by position."""

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.run import RunVerdict
from invitelab.proof.recordings import (
    UNKNOWN,
    ByHistory,
    ByMethod,
    ByPosition,
    Exchange,
    Player,
    Recorder,
    Recording,
    record,
)
from invitelab.proof.suite_run import run_suite

PLAYERS = [ByHistory, ByMethod, ByPosition]

BEGIN = "scenario.begin"
SEND, VIEW = "invitation.send", "client.view"


def made(*exchanges: tuple[str, Json], scenario: str = "r") -> Recording:
    """Make a recording of one scenario; the answer to a call is also its argument."""
    params = {"scenario": scenario}
    return Recording(
        [
            Exchange(method, {**params, "said": answer}, answer)
            for method, answer in exchanges
        ]
    )


def ask(player: Player, method: str, said: Json, scenario: str = "p") -> Json:
    """Call the player in a scenario."""
    return player.request(method, {"scenario": scenario, "said": said})


# By the calls before.


def test_the_same_calls_have_the_same_answers() -> None:
    """Whatever the token of the scenario; each scenario begins anew."""
    player = ByHistory(made((BEGIN, 0), (SEND, 1), (VIEW, 2), (BEGIN, 3), (VIEW, 4)))
    for scenario in ("p", "q"):
        ask(player, BEGIN, 0, scenario)
    assert [1, 1] == [ask(player, SEND, 1, scenario) for scenario in ("p", "q")]
    assert 2 == ask(player, VIEW, 2)
    ask(player, BEGIN, 3, "another")
    assert 4 == ask(player, VIEW, 4, "another")


def test_after_other_calls_the_usual_answer_is_given() -> None:
    """The one that the method has had most often."""
    recording = made((BEGIN, 0), (VIEW, 1), (VIEW, 2), (VIEW, 2))
    player = ByHistory(recording)
    ask(player, BEGIN, 0)
    assert 2 == ask(player, VIEW, 9)
    assert 2 == ask(player, VIEW, 1)


# By method.


def test_each_method_has_its_own_answers_in_order() -> None:
    """After the last comes the first."""
    player = ByMethod(made((SEND, 1), (VIEW, 2), (SEND, 3)))
    assert [1, 3, 1] == [ask(player, SEND, 0) for _ in range(3)]
    assert 2 == ask(player, VIEW, 0)


# By position.


def test_the_answer_at_the_same_position_is_given() -> None:
    """If it was to the same method, otherwise the next one to this method."""
    player = ByPosition(made((SEND, 1), (VIEW, 2), (SEND, 3), (VIEW, 4)))
    asked = (SEND, SEND, VIEW, SEND, SEND)
    assert [1, 3, 4, 1, 1] == [ask(player, method, 0) for method in asked]


# All of them.


@pytest.mark.parametrize("make", PLAYERS)
def test_each_scenario_has_a_clock_of_its_own(make: type[Player]) -> None:
    """The time that has passed is no recorded answer; it begins at zero."""
    player = make(made((BEGIN, {}), ("clock.advance", {"now_ms": 7})))
    for scenario in ("p", "q"):
        ask(player, BEGIN, 0, scenario)

    def pass_ms(ms: int, scenario: str) -> Json:
        return player.request("clock.advance", {"scenario": scenario, "ms": ms})

    assert [{"now_ms": 5}, {"now_ms": 3}] == [pass_ms(5, "p"), pass_ms(3, "q")]
    assert {"now_ms": 15} == pass_ms(10, "p")
    ask(player, BEGIN, 0, "p")
    assert {"now_ms": 1} == pass_ms(1, "p")


@pytest.mark.parametrize("make", PLAYERS)
def test_a_method_that_was_never_called_is_acknowledged(make: type[Player]) -> None:
    """Without effect."""
    assert UNKNOWN == ask(make(made((VIEW, 1))), SEND, 0)


@pytest.mark.slow
@pytest.mark.parametrize("make", PLAYERS)
def test_with_the_recorded_seed_a_recording_conforms(make: type[Player]) -> None:
    """So that it is the other seed that it fails with, and not the player."""
    engine = run_suite(InProcessTarget(make(record(0))))
    assert engine.conclusion is not None
    assert RunVerdict.CONFORMANT is engine.conclusion.verdict


# The recording.


def test_a_recording_has_every_call() -> None:
    """From the handshake on; an answer is that of the adapter."""
    recorder = Recorder(Reference())
    hello: dict[str, Json] = {"name": "tests", "version": "0"}
    answer = recorder.request("initialize", {"protocol": 1, "harness": hello})
    assert [("initialize", answer)] == [
        (one.method, one.answer) for one in recorder.exchanges
    ]


def test_the_suite_is_recorded_once() -> None:
    """However often it is played in a process."""
    assert record(0) is record(0)
    assert {"initialize", BEGIN, SEND, VIEW} <= record(0).methods()
    assert len(record(0).exchanges) > len(record(0).of(VIEW)) > 0
