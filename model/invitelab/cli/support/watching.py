"""`--watch`: a check that is run again whenever a file changes.

Files are looked at by their times of change: that needs no library, and works on every
system and over every network.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from invitelab.cli.support.run_check import Checks
from invitelab.cli.support.run_store import ROOT
from invitelab.errors import InvitelabError

POLL_S = 0.25
QUIET_S = 0.2
"""Seconds without another change after which a check begins: an editor or a compiler
writes several files."""

IGNORED = frozenset(
    {
        *(".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode"),
    }
)
"""Folders that change while nobody edits anything, or are too large to look at."""

IGNORED_ENDS = ("~", ".swp", ".swx", ".pyc", ".tmp")

Times = Mapping[str, tuple[int, int]]
"""By path: the time of the last change in nanoseconds, and the size."""


def watching(paths: Sequence[Path], checks: Checks, once: Callable[[], int]) -> int:
    """Check, and check again after each change, until Ctrl-C; the last exit code."""
    reports = [ROOT.absolute()]
    if checks.output is not None:
        reports.append(checks.output.absolute())
    names = ", ".join(map(str, paths))
    code = 0
    while True:
        before = times(paths, reports)
        code = _attempt(once)
        click.echo(f"watch   {names}; Ctrl-C ends it", err=True)
        try:
            changed = wait_for_change(paths, reports, before)
        except KeyboardInterrupt:
            return code
        click.echo(f"watch   {changed} has changed\n", err=True)


def _attempt(once: Callable[[], int]) -> int:
    """Check once. An error, such as a target that does not start, ends no watch."""
    try:
        return once()
    except InvitelabError as error:
        click.echo(f"invitelab: {error}", err=True)
        if error.hint:
            click.echo(f"  hint: {error.hint}", err=True)
        return error.code


def wait_for_change(
    paths: Sequence[Path], ignored: Sequence[Path], before: Times
) -> str:
    """Wait until a file is not as it was, and no file changes any more; its path."""
    while True:
        now = times(paths, ignored)
        changed = first_change(before, now)
        if changed is not None:
            break
        time.sleep(POLL_S)
    while True:
        time.sleep(QUIET_S)
        later = times(paths, ignored)
        if later == now:
            return changed
        now = later


def first_change(before: Times, now: Times) -> str | None:
    """The first path, by name, that is new, gone or different; None if none is."""
    either = sorted(before.keys() | now.keys())
    return next((one for one in either if before.get(one) != now.get(one)), None)


def times(paths: Sequence[Path], ignored: Sequence[Path]) -> Times:
    """The times of all files at and below these paths, but for ignored folders."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        for name in _files(path, ignored):
            try:
                status = os.stat(name)  # noqa: PTH116 - thousands of them
            except OSError:
                continue
            found[name] = status.st_mtime_ns, status.st_size
    return found


def _files(path: Path, ignored: Sequence[Path]) -> Iterator[str]:
    if not path.is_dir():
        yield str(path)
        return
    for folder, below, names in os.walk(path):
        here = Path(folder)
        below[:] = [
            one
            for one in below
            if one not in IGNORED and (here / one).absolute() not in ignored
        ]
        for name in names:
            if not name.endswith(IGNORED_ENDS):
                yield str(here / name)
