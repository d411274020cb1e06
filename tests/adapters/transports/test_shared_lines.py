"""Several calls under way on one connection, and what becomes of them at its end."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.transports import stream_choice
from invitelab.adapters.transports.shared_lines import (
    GivenUpError,
    SharedLines,
    StuckError,
)
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.errors import CrashError, LostError, MalformedError

FAKE = Path(__file__).parents[1] / "fakes" / "pipelined.py"
LIMITS = Limits(grace_s=0.05)
PATIENCE_S = 20.0


@pytest.fixture(params=[False, True], ids=["polled", "threaded"])
def shared(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SharedLines]:
    """A connection to the fake after a first call, as after a handshake."""
    monkeypatch.setattr(stream_choice, "THREADED", request.param)
    transport = StdioTransport([sys.executable, str(FAKE)], LIMITS)
    assert transport.call("echo", {"n": 0}, PATIENCE_S) == {"n": 0}
    with transport.shared() as shared:
        yield shared


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that make calls."""
    with ThreadPoolExecutor(16) as pool:
        yield pool


def test_a_slow_call_does_not_hold_up_another(
    shared: SharedLines, pool: ThreadPoolExecutor
) -> None:
    """The answers come in another order than the requests."""
    slow = pool.submit(shared.call, "wait", {"s": 1.0}, PATIENCE_S)
    time.sleep(0.1)
    began_s = time.monotonic()
    assert shared.call("echo", {"n": 1}, PATIENCE_S) == {"n": 1}
    assert time.monotonic() - began_s < 0.7
    assert not slow.done()
    assert slow.result() == {"s": 1.0}


def test_each_call_gets_its_own_answer(
    shared: SharedLines, pool: ThreadPoolExecutor
) -> None:
    """However many there are, and of whatever length."""

    def ask(number: int) -> Json:
        text = "x" * (number % 7 * 20_000)
        return shared.call("wait", {"s": number % 5 / 100, "text": text}, PATIENCE_S)

    for number, answer in enumerate(pool.map(ask, range(200))):
        assert isinstance(answer, dict)
        assert (number % 5 / 100, number % 7 * 20_000) == (
            answer["s"],
            len(str(answer["text"])),
        )


def test_a_call_that_hangs_costs_no_other(shared: SharedLines) -> None:
    """The connection stays usable."""
    with pytest.raises(
        GivenUpError, match=r"no answer to hang within 0\.2 s"
    ) as caught:
        shared.call("hang", {}, 0.2)
    assert not caught.value.fatal
    assert shared.call("echo", {"n": 1}, PATIENCE_S) == {"n": 1}
    with pytest.raises(GivenUpError):
        shared.call("hang", {}, 0.2)


def test_a_late_answer_is_dropped(shared: SharedLines) -> None:
    """Nobody waits for it any more."""
    with pytest.raises(GivenUpError):
        shared.call("wait", {"s": 0.5}, 0.1)
    assert shared.call("wait", {"s": 0.8}, PATIENCE_S) == {"s": 0.8}


def test_a_target_that_answers_nothing_any_more_is_found_out(
    shared: SharedLines,
) -> None:
    """By the call after the one that hung: that one is not to blame."""
    with pytest.raises(GivenUpError):
        shared.call("freeze", {}, 0.2)
    with pytest.raises(StuckError):
        shared.call("echo", {"n": 1}, 0.2)


def test_an_operation_that_always_hangs_is_not_a_frozen_target(
    shared: SharedLines,
) -> None:
    """Two scenarios may call it one after the other; the next one is answered."""
    for _ in range(3):
        with pytest.raises(GivenUpError):
            shared.call("hang", {}, 0.2)
    assert shared.call("echo", {"n": 1}, PATIENCE_S) == {"n": 1}


def outcome(call: Future[Json]) -> str:
    """How a call ended."""
    error = call.exception(PATIENCE_S)
    return "answered" if error is None else type(error).__name__


def test_a_crash_is_that_of_the_newest_call(
    shared: SharedLines, pool: ThreadPoolExecutor
) -> None:
    """The others are lost, and can be made again."""
    slow = [pool.submit(shared.call, "wait", {"s": 30}, PATIENCE_S) for _ in range(3)]
    time.sleep(0.2)
    with pytest.raises(CrashError, match="exited with code 7 instead of answering cra"):
        shared.call("crash", {}, PATIENCE_S)
    assert ["LostError"] * 3 == [outcome(call) for call in slow]
    assert "as it was asked to" in shared.stderr
    with pytest.raises(CrashError):
        shared.call("echo", {}, PATIENCE_S)


def test_a_line_that_nobody_asked_for_ends_the_connection(shared: SharedLines) -> None:
    """As on a connection with one call at a time."""
    with pytest.raises(MalformedError, match="not JSON"):
        shared.call("stray", {}, PATIENCE_S)


def test_closing_ends_what_is_under_way(
    shared: SharedLines, pool: ThreadPoolExecutor
) -> None:
    """Nobody waits for an answer that cannot come."""
    call = pool.submit(shared.call, "hang", {}, PATIENCE_S)
    time.sleep(0.1)
    shared.close()
    assert "LostError" == outcome(call)
    with pytest.raises(LostError):
        shared.call("echo", {}, PATIENCE_S)
