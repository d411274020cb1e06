"""How calls fail on a stream: who is to blame for a crash."""

import sys
from pathlib import Path

import pytest

from invitelab.adapters import messages, wire_types
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import BYSTANDER
from invitelab.adapters.driver import Driver
from invitelab.adapters.target import Target
from invitelab.errors import Blame, CannotStartError, CrashError, HandshakeError

IN_FRONT = Path(__file__).parents[1] / "fakes" / "in_front.py"


@pytest.mark.parametrize(
    ("words", "blame"),
    [([], Blame.EITHER), (["alone"], Blame.IMPLEMENTATION)],
)
def test_a_crash_in_front_of_another_program_may_be_of_either(
    words: list[str], blame: Blame
) -> None:
    """The traceback says more than we can know."""
    target = Target.from_argv([sys.executable, str(IN_FRONT), *words])
    driver = Driver(target, Limits(grace_s=0.05))
    driver.start()
    begin = messages.Begin(scenario="k1", clients=(BYSTANDER,))
    driver.call("scenario.begin", begin, wire_types.Empty)
    call = messages.ClientCall(scenario="k1", client="c1")
    with pytest.raises(CrashError) as caught:
        driver.call("client.menu", call, messages.MenuOutcome)
    assert blame is caught.value.blame
    assert "KeyError: 'client.menu'" in driver.stderr


SILENT = "import sys, time; {}; time.sleep(60)"


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("pass", "System.out.flush()"),
        ("print('ready', file=sys.stderr, flush=True)", "on stderr: ready"),
        ("print('{}')", "System.out.flush()"),
    ],
)
def test_a_target_that_never_answers_may_not_flush(said: str, ends: str) -> None:
    """Its answer is in a buffer, as in Python where stdout is a pipe."""
    target = Target.from_argv([sys.executable, "-E", "-c", SILENT.format(said)])
    driver = Driver(target, Limits(start_s=0.4, grace_s=0.05))
    with pytest.raises(CannotStartError) as caught:
        driver.start()
    assert "flush every line once it is written: print(..., flush=True)" in (
        caught.value.hint
    )
    assert caught.value.hint.endswith(ends)


def test_a_stray_print_is_told_where_to_go() -> None:
    """By the name of what prints to stderr, in three languages."""
    code = "print('debug', flush=True); import time; time.sleep(60)"
    driver = Driver(
        Target.from_argv([sys.executable, "-c", code]), Limits(grace_s=0.05)
    )
    with pytest.raises(HandshakeError) as caught:
        driver.start()
    assert "print to stderr instead: print(..., file=sys.stderr)" in caught.value.hint
