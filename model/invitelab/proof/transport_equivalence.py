"""The same implementation gets the same records, however it is reached."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from invitelab.adapters.target import Target
from invitelab.formats.proof import IdentityProof
from invitelab.proof.mutant_trial import run_all

SERVE = (sys.executable, "-m", "invitelab", "serve")
WAYS = ("py", "cmd", "tcp", "http")
"""How the reference is reached, beside by its name."""

STOP_S = 5


def try_way(way: str) -> IdentityProof:
    """Run the whole suite on the reference at hand, and on the reference reached so."""
    at_hand = run_all(Target.parse("reference"), silent=False)
    with _target(way) as target:
        reached = run_all(target, silent=False)
    differing = tuple(
        one.title
        for one, other in zip(at_hand.scenarios, reached.scenarios, strict=True)
        if one != other
    )
    same = not differing and at_hand.clauses == reached.clauses
    return IdentityProof(target=way, same=same, differing=differing)


@contextmanager
def _target(way: str) -> Generator[Target]:
    if way == "py":
        yield Target.parse("py:invitelab.adapters.reference:create")
    elif way == "cmd":
        yield Target.from_argv([*SERVE, "--stdio"])
    else:
        with subprocess.Popen(
            [*SERVE, f"--{way}", "0"], stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None, "a pipe was asked for"
            try:
                address = server.stdout.readline().split()[-1]
                yield Target.parse(address)
            finally:
                server.terminate()
                server.wait(STOP_S)
