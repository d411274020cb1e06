"""Transport equivalence: the same records over every transport."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from invitelab.adapters.target import Target
from invitelab.formats.proof import TransportProof
from invitelab.proof.suite_run import run_suite

SERVE = (sys.executable, "-m", "invitelab", "serve")
TRANSPORTS = ("py", "cmd", "tcp", "http")
"""The transports that are compared with a call of the reference in this process."""

STOP_S = 5


def try_transport(transport: str) -> TransportProof:
    """Compare the records of the reference in this process and over a transport."""
    in_process = run_suite(Target.parse("reference"), silent=False)
    with _target(transport) as target:
        remote = run_suite(target, silent=False)
    differing = tuple(
        one.title
        for one, other in zip(in_process.scenarios, remote.scenarios, strict=True)
        if one != other
    )
    same = not differing and in_process.clauses == remote.clauses
    return TransportProof(target=transport, same=same, differing=differing)


@contextmanager
def _target(transport: str) -> Generator[Target]:
    if transport == "py":
        yield Target.parse("py:invitelab.adapters.reference:create")
    elif transport == "cmd":
        yield Target.from_argv([*SERVE, "--stdio"])
    else:
        with subprocess.Popen(
            [*SERVE, f"--{transport}", "0"], stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None, "a pipe was asked for"
            try:
                address = server.stdout.readline().split()[-1]
                yield Target.parse(address)
            finally:
                server.terminate()
                server.wait(STOP_S)
