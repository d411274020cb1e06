"""`--timeout` and its like: how long a target may take, in wall time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from invitelab.adapters.base import Limits

Command = TypeVar("Command", bound=Callable[..., Any])

OFF = "off"
US_PER_S = 1_000_000

_OPTIONS = (
    click.option(
        "--timeout",
        metavar="TIME|off",
        help="Longest wait for an answer, such as 20s; off, for a debugger, switches "
        "all three limits off.  [default: 5s]",
    ),
    click.option(
        "--start-timeout",
        metavar="TIME|off",
        help="Longest wait for the target to start.  [default: 10s]",
    ),
    click.option(
        "--scenario-timeout",
        metavar="TIME|off",
        help="Longest time that a scenario may take, its waits excluded.  "
        "[default: 30s]",
    ),
)


def limit_options(command: Command) -> Command:
    """Add `--timeout`, `--start-timeout` and `--scenario-timeout` to a command."""
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command


class Timeouts(TypedDict):
    """The options, as they were written."""

    timeout: str | None
    start_timeout: str | None
    scenario_timeout: str | None


def limits_of(asked: Timeouts) -> "Limits":
    """The limits that were asked for. Raises UsageError."""
    from invitelab.adapters.base import NO_LIMIT_S, Limits

    default = Limits()
    others_s = NO_LIMIT_S if asked["timeout"] == OFF else None
    call_s = _seconds("--timeout", asked["timeout"]) or default.call_s
    start_s = _seconds("--start-timeout", asked["start_timeout"]) or others_s
    scenario_s = _seconds("--scenario-timeout", asked["scenario_timeout"]) or others_s
    if scenario_s is None:  # a call may take as long as it was given
        scenario_s = max(default.scenario_s, call_s)
    return Limits(
        start_s=start_s or default.start_s, call_s=call_s, scenario_s=scenario_s
    )


def _seconds(option: str, text: str | None) -> float | None:
    """A limit in seconds; None where none is given. Raises UsageError."""
    from invitelab.adapters.base import NO_LIMIT_S
    from invitelab.errors import UsageError
    from invitelab.inputs.units import parse_duration

    if text is None:
        return None
    if text == OFF:
        return NO_LIMIT_S
    hint = f"{option} 20s waits for 20 seconds, {option} off without end"
    try:
        wait_us = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}", hint=hint) from error
    if not 0 < wait_us <= NO_LIMIT_S * US_PER_S:
        msg = f"{option} {text} is no limit: it is from 1 ms to 24 h"
        raise UsageError(msg, hint=hint)
    return max(wait_us / US_PER_S, 0.001)
