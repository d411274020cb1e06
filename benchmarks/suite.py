"""What the suite and the command line cost, beside what Python and pytest cost alone.

Prints seconds of CPU (user and system, children included), the best of several rounds,
and the ratio to the peer of the same run: machines differ, ratios less so.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

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


def main() -> None:
    """Print the table."""
    module = [PYTHON, "-m", "invitelab"]
    serve = f"cmd:{PYTHON} -m invitelab serve --stdio"
    python = best([PYTHON, "-c", "pass"])
    pytest = best([PYTHON, "-m", "pytest", "--version"])
    usage = best([*module, "--help"])
    suite = best([*module, "check", "reference"])
    stdio = best([*module, "check", serve])
    rows = [
        ("python -c pass", python, "the peer of --help"),
        ("invitelab --help", usage, f"{usage / python:.1f} x python"),
        ("pytest --version", pytest, "the peer of the suite"),
        ("invitelab check reference", suite, f"{suite - pytest:.2f} s beyond pytest"),
        ("invitelab check cmd:serve", stdio, f"{stdio / suite:.2f} x in process"),
    ]
    print(f"{'command':28} {'CPU s':>6}  ratio")
    for name, seconds, ratio in rows:
        print(f"{name:28} {seconds:6.3f}  {ratio}")


if __name__ == "__main__":
    main()
