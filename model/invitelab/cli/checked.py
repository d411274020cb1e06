"""Checks of earlier: their reports drawn again, alone or side by side."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from invitelab.errors import ExitCode
from invitelab.records import read
from invitelab.reporting.files import RUN, write_again, write_comparison


def is_check(path: Path) -> bool:
    """Whether a path is a run of `invitelab check`, or the folder of one."""
    return path.suffix == ".jsonl" or (path / RUN).is_file()


def beside(path: Path) -> int:
    """Write the report of one run anew, beside its records."""
    file = _file(path)
    click.echo(f"report   {write_again(file.parent, read(file))}")
    return ExitCode.CONFORMANT


def side_by_side(paths: Sequence[Path], output: Path | None) -> int:
    """Write the common report of runs, in the folder that has them all by default."""
    files = [_file(path) for path in paths]
    folders = [file.parent for file in files]
    base = output or Path(os.path.commonpath([folder.absolute() for folder in folders]))
    page = write_comparison(base, [read(file) for file in files], folders)
    click.echo(f"report   {page}")
    return ExitCode.CONFORMANT


def _file(path: Path) -> Path:
    return path / RUN if path.is_dir() else path
