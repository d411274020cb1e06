"""Options that the commands of the simulator share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from invitelab.errors import UsageError
from invitelab.processes.processors import MOST_WORKERS

Command = TypeVar("Command", bound=Callable[..., object])

AUTO = "auto"

ENGINES = ("auto", "events", "cohorts")
"""The values of `scenario.exactness.Engine`, without the time to import it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of a simulation; None where the scenario or a default decides.

    `workers` is None for as many as pay. `cluster` is the address of a scheduler.
    """

    seed: int | None = None
    replications: int | None = None
    workers: int | None = None
    cluster: str | None = None
    output: Path | None = None
    quiet: bool = False
    live: bool = False
    """Whether a page shows the run while it goes on."""

    def __post_init__(self) -> None:
        """Raise UsageError where two things should run the jobs."""
        if self.workers is not None and self.cluster is not None:
            raise UsageError(
                "--workers and --cluster do not go together",
                hint="a cluster has as many workers as were started for it",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRequest:
    """A scenario by its name or path, with overrides of its values."""

    scenario: str
    overrides: Mapping[str, object]
    given: tuple[str, ...] = ()
    """The overrides as they were written."""
    scale: int = 1
    """How many times the clients, arrivals and workers of the file."""

    def by_engine(self, engine: str | None) -> "ScenarioRequest":
        """The same on another engine; None for the scenario's."""
        if engine is None:
            return self
        return ScenarioRequest(
            scenario=self.scenario,
            overrides={**self.overrides, "engine": engine},
            given=(*self.given, f"engine={engine}"),
            scale=self.scale,
        )


class WorkerCount(click.ParamType[int | None]):
    """A number of worker processes, or `auto`, which is None."""

    name = "workers"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int | None:
        """The number; a mistake ends the command."""
        if value is None or value == AUTO:
            return None
        within = click.IntRange(1, MOST_WORKERS)
        return within.convert(value, param, ctx)  # type: ignore[arg-type]


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
            type=WorkerCount(),
            metavar="N|auto",
            default=AUTO,
            help="Number of processes; it does not change the results. auto: 1 for "
            "less than about 5 s of work, else one per processor.  [default: auto]",
        ),
        click.option(
            "--cluster",
            metavar="ADDRESS",
            help="Run on the workers of the Dask scheduler there, such as "
            "tcp://127.0.0.1:8786; it does not change the results.",
        ),
        click.option(
            "--scale",
            type=click.IntRange(1, 100_000),
            metavar="N",
            default=1,
            help="N times the clients, arrivals and workers of the relay.",
        ),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            help="What runs it; it does not change the results.  "
            "[default: the scenario's, which is auto]",
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
