"""The two machines that `invitelab diff` compares, and their comparison."""

from pathlib import Path

from invitelab.errors import ExitCode, UsageError
from invitelab.formats.machine import Machine, read
from invitelab.formats.reading import Kind, document_at, kind_at
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.learning.differences import machine_differences
from invitelab.reporting.learning.differences_terminal import print_machine_differences
from invitelab.safe_text import printable

_HINT = "name a folder that invitelab learn has written, or its machine.json"


def are_machines(a: str | None, b: str | None) -> bool:
    """Whether one of the names is that of a learned machine; nothing is read."""
    named = [Path(name) for name in (a, b) if name is not None]
    return any(kind_at(path) is Kind.MACHINE for path in named)


def compare_machines(a: str | None, b: str | None, *, quiet: bool) -> int:
    """Print how two machines differ; the exit code, 1 if they do. Raises UsageError."""
    if a is None or b is None:
        name = printable(a or b or "")
        msg = f"{name} is a learned machine, and nothing else is named"
        raise UsageError(msg, hint="name a second machine to compare it with")
    machines = _read(a), _read(b)
    found = machine_differences(*machines)
    print_machine_differences(report_console(), found, machines, quiet=quiet)
    return ExitCode.NON_CONFORMANT if found.differ else ExitCode.CONFORMANT


def _read(name: str) -> Machine:
    return safe_document(read(document_at(Path(name), Kind.MACHINE, hint=_HINT)))
