"""Options that the commands of the simulator share."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

MOST_WORKERS = 61
"""Limit of a process pool on Windows, and so everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of a simulation; None where the scenario or a default decides."""

    seed: int | None = None
    replications: int | None = None
    workers: int = 1
    output: Path | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRequest:
    """A scenario by its name or path, with overrides of its values."""

    scenario: str
    overrides: Mapping[str, object]
    given: tuple[str, ...] = ()
    """The overrides as they were written."""


def processors() -> int:
    """Default number of worker processes: one per processor."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def simulation_options(default_output: str) -> Callable[[Command], Command]:
    """Add the options of Settings to a command, as keyword arguments."""
    options = (
        click.option(
            "--seed",
            type=click.IntRange(0, 2**63 - 1),
            metavar="N",
            help="Seed of the random numbers.  [default: the scenario's]",
        ),
        click.option(
            "--replications",
            type=click.IntRange(1, 1000),
            metavar="N",
            help="Number of independent runs.  [default: the scenario's]",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, MOST_WORKERS),
            metavar="N",
            default=processors,
            help="Number of processes; it does not change the results.  "
            "[default: one per processor]",
        ),
        output_option(default_output),
        click.option("-q", "--quiet", is_flag=True, help="Print only the verdict."),
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def output_option(default: str) -> Callable[[Command], Command]:
    """`--output DIRECTORY`, with a default to be named in its help."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Folder of the report.  [default: {default}]",
    )
