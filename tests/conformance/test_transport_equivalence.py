"""The same implementation gets the same verdicts over every transport.

Each scenario is run once here, in a process of its own as by `invitelab check`;
`invitelab prove` compares the records of all values.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.run_outcome import Finished
from invitelab.conformance.isolation.subprocess_runner import run_suite
from invitelab.formats.run import RunVerdict
from invitelab.proof.suite_run import run_suite as run_here

SERVE = (sys.executable, "-m", "invitelab", "serve")
NAMES = ("reference", "py", "cmd", "tcp", "http")

pytestmark = pytest.mark.slow  # five whole runs


@pytest.fixture(scope="module")
def targets() -> Iterator[Mapping[str, str]]:
    """Name the reference in every way, and serve it where it has to be served."""
    named = {
        "reference": "reference",
        "py": "py:invitelab.adapters.reference:create",
        "cmd": f"cmd:{' '.join(SERVE)} --stdio",
    }
    with ExitStack() as stack:
        for scheme in ("tcp", "http"):
            command = [*SERVE, f"--{scheme}", "0"]
            server = stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(server.kill)
            assert server.stdout
            line = server.stdout.readline()
            named[scheme] = line.removeprefix("listening on ").strip()
        yield named


@pytest.fixture(scope="module")
def finished(targets: Mapping[str, str]) -> Mapping[str, Finished]:
    """Run the whole suite as `invitelab check` does, several at once."""
    with ThreadPoolExecutor(max_workers=3) as pool:
        quickly = partial(run_suite, options=RunOptions(depth=Depth.QUICK))
        runs = pool.map(quickly, targets.values())
        return dict(zip(targets, runs, strict=True))


@pytest.fixture(scope="module")
def at_hand() -> Engine:
    """Run the whole suite with the same values in this process."""
    target = InProcessTarget(Reference())
    return run_here(target, silent=False, depth=Depth.QUICK)


@pytest.mark.parametrize("name", NAMES)
def test_the_verdicts_are_those_of_the_reference_at_hand(
    finished: Mapping[str, Finished], at_hand: Engine, name: str
) -> None:
    """Clause by clause and scenario by scenario, with every step and exchange."""
    run = finished[name].run
    assert tuple(at_hand.clauses) == run.clauses
    assert tuple(at_hand.scenarios) == run.scenarios


@pytest.mark.parametrize("name", NAMES)
def test_the_run_is_conformant_and_its_header_the_same(
    finished: Mapping[str, Finished],
    targets: Mapping[str, str],
    at_hand: Engine,
    name: str,
) -> None:
    """But for the target's name."""
    run = finished[name].run
    assert run.footer is not None
    assert (RunVerdict.CONFORMANT, 0, 0) == (
        run.footer.verdict,
        run.footer.exit_code,
        run.footer.totals["untested"],
    )
    assert targets[name] == run.header.target
    renamed = run.header.model_copy(update={"target": at_hand.header.target})
    assert at_hand.header == renamed
