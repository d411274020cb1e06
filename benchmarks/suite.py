"""What the suite and the command line cost, beside what Python and pytest cost alone.

Prints seconds of CPU (user and system, children included), the best of several rounds,
and the ratio to the peer of the same run: machines differ, ratios less so.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from invitelab import Reference
from invitelab.proof.recordings import record

assert sys.platform != "win32", "it needs POSIX"

ROUNDS = 5
PYTHON = sys.executable


def cpu_s(argv: Sequence[str]) -> float:
    """CPU seconds of one command, its children included; it must succeed."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        msg = f"{' '.join(argv)} ended with {child.returncode}"
        raise SystemExit(msg)
    return usage.ru_utime + usage.ru_stime


def best(argv: Sequence[str]) -> float:
    """The least of several rounds: what noise cannot make smaller."""
    return min(cpu_s(argv) for _ in range(ROUNDS))


def target_alone_s() -> float:
    """CPU seconds of the reference for the calls of the suite, and for nothing else."""
    calls = record(seed=0).exchanges

    def once() -> float:
        target, begin_s = Reference(), time.process_time()
        for call in calls:
            target.request(call.method, call.params)
        return time.process_time() - begin_s

    return min(once() for _ in range(ROUNDS))


def main() -> None:
    """Print the table."""
    module = [PYTHON, "-m", "invitelab"]
    serve = f"cmd:{PYTHON} -m invitelab serve --stdio"
    python = best([PYTHON, "-c", "pass"])
    pytest = best([PYTHON, "-m", "pytest", "--version"])
    usage = best([*module, "--help"])
    clause = best([*module, "check", "reference", "--clause", "EXPIRY-1"])
    suite = best([*module, "check", "reference"])
    scenarios = best([*module, "check", "reference", "--walks", "0"])
    alone = target_alone_s()
    stdio = best([*module, "check", serve])
    rows = [
        ("python -c pass", python, "the peer of --help"),
        ("invitelab --help", usage, f"{usage / python:.1f} x python"),
        ("pytest --version", pytest, "the peer of the suite"),
        ("check --clause EXPIRY-1", clause, f"{clause - pytest:.2f} s beyond pytest"),
        ("invitelab check reference", suite, f"{suite - pytest:.2f} s beyond pytest"),
        ("the same without walks", scenarios, f"{scenarios / suite:.2f} of it"),
        ("the target alone", alone, f"the suite costs {scenarios - alone:.2f} s more"),
        ("invitelab check cmd:serve", stdio, f"{stdio / suite:.2f} x in process"),
    ]
    print(f"{'command':28} {'CPU s':>6}  ratio")
    for name, seconds, ratio in rows:
        print(f"{name:28} {seconds:6.3f}  {ratio}")


if __name__ == "__main__":
    main()
