"""Checks of earlier: their reports drawn again, alone or side by side."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from invitelab.cli.support.provenance import told_facts
from invitelab.conformance.execution.conclusion import read_run
from invitelab.errors import ExitCode, UsageError
from invitelab.reporting.common.files import prepare, refuse_others
from invitelab.reporting.conformance.files import (
    RUN,
    RUN_FILES,
    write_again,
    write_comparison,
)
from invitelab.safe_text import printable


def is_check(path: Path) -> bool:
    """Whether a path is a run of `invitelab check`, or the folder of one."""
    # Whatever has the name: why it is none is told when it is read.
    return path.suffix == ".jsonl" or (path / RUN).exists()


def beside(path: Path) -> int:
    """Write the report of one run anew, beside its records."""
    file = _file(path)
    click.echo(f"report   {_draw_again(file)}")
    return ExitCode.CONFORMANT


def _draw_again(file: Path) -> Path:
    run, folder = read_run(file), _views_of(file)
    prepare(folder, RUN_FILES)
    return write_again(folder, run, told_facts(file.parent))


def side_by_side(paths: Sequence[Path], output: Path | None) -> int:
    """Write the common report of runs, in the folder that has them all by default."""
    files = [_file(path) for path in paths]
    folders = [_views_of(file) for file in files]
    places = [file.parent.absolute() for file in files]
    base = output or Path(os.path.commonpath(places))
    _check_apart(paths, files)
    refuse_others(base, None)
    page = write_comparison(base, [read_run(file) for file in files], folders)
    click.echo(f"report   {page}")
    return ExitCode.CONFORMANT


def _check_apart(paths: Sequence[Path], files: Sequence[Path]) -> None:
    """Raise UsageError where a run is named twice."""
    places = [file.resolve() for file in files]
    for path, place in zip(paths, places, strict=True):
        if places.count(place) > 1:
            msg = f"{printable(str(path))} is named twice"
            raise UsageError(msg, hint="name each run once")


def _views_of(file: Path) -> Path:
    """The folder of a run's views: its own, or one below if that is another run's."""
    is_second = file.name != RUN and (file.parent / RUN).is_file()
    return file.parent / file.stem if is_second else file.parent


def _file(path: Path) -> Path:
    return path / RUN if path.is_dir() else path
