"""The options that the commands around the simulator have in common."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

MOST_WORKERS = 61
"""What a pool of processes can wait for on every system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a scenario is run; None where the scenario, or a default, decides."""

    seed: int | None = None
    replications: int | None = None
    workers: int = 1
    output: Path | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A scenario by its name or path, with what is changed in it."""

    scenario: str
    changes: Mapping[str, object]
    given: tuple[str, ...] = ()
    """The changes as they were written."""


def processors() -> int:
    """How many processes can work at once."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def simulation_options(default_output: str) -> Callable[[Command], Command]:
    """Add `--seed` and so on to a command, as keyword arguments of those names."""
    options = (
        click.option(
            "--seed",
            type=click.IntRange(0, 2**63 - 1),
            metavar="N",
            help="Makes every draw exact.  [default: the scenario's]",
        ),
        click.option(
            "--replications",
            type=click.IntRange(1, 1000),
            metavar="N",
            help="Exactly so many independent runs.  [default: the scenario's]",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, MOST_WORKERS),
            metavar="N",
            default=processors,
            help="Processes; the results are the same.  [default: one a processor]",
        ),
        output_option(default_output),
        click.option("-q", "--quiet", is_flag=True, help="Only the verdict."),
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def output_option(default: str) -> Callable[[Command], Command]:
    """`--output`, a folder."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Where the report is written.  [default: {default}]",
    )
