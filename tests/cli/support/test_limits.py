"""`--timeout` and its like, as limits of a target."""

import pytest

from invitelab.adapters.base import NO_LIMIT_S, Limits
from invitelab.cli.support.limits import Timeouts, limits_of
from invitelab.conformance.isolation.run_options import RunOptions, command
from invitelab.errors import UsageError


def asked(
    timeout: str | None = None, start: str | None = None, scenario: str | None = None
) -> Limits:
    """Give the limits for these options."""
    return limits_of(
        Timeouts(timeout=timeout, start_timeout=start, scenario_timeout=scenario)
    )


def test_without_options_the_limits_are_the_usual_ones() -> None:
    """Five seconds a call, ten to start, thirty a scenario."""
    assert Limits() == asked()


def test_each_limit_can_be_set() -> None:
    """In any unit of time."""
    assert Limits(call_s=0.25, start_s=60.0, scenario_s=90.0) == asked(
        "250ms", "1min", "90s"
    )


def test_a_scenario_may_take_as_long_as_a_call() -> None:
    """Or the limit of the scenario would end the call."""
    assert 120.0 == asked("2min").scenario_s
    assert 30.0 == asked("2min", None, "30s").scenario_s


def test_off_is_for_a_debugger() -> None:
    """It may stop at the start, in a call and between calls; each can still be set."""
    off = asked("off")
    assert {NO_LIMIT_S} == {off.call_s, off.start_s, off.scenario_s}
    assert NO_LIMIT_S == off.of("scenario.begin")
    assert 20.0 == asked("off", "20s").start_s
    assert Limits().call_s == asked(None, "off").call_s


@pytest.mark.parametrize("text", ["5", "0s", "-1s", "soon", "25h", ""])
def test_what_is_no_limit_is_refused(text: str) -> None:
    """The hint shows one, and how to have none."""
    with pytest.raises(UsageError, match="--timeout") as refused:
        asked(text)
    assert "--timeout 20s waits" in refused.value.hint


def test_limits_reach_the_process_that_judges() -> None:
    """As options of the plugin; the usual ones are not passed on."""
    words = command("reference", RunOptions(limits=asked("250ms")))
    assert "--call-limit=250" in words
    assert not any("-limit=" in word for word in command("reference", RunOptions()))
