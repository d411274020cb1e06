"""The tables of `invitelab schedule`, printed while they are made."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import click

from invitelab.cli.support.options import ScenarioRequest
from invitelab.cli.support.run_simulation import load
from invitelab.world.load.schedule import PlannedAttempt, PlannedClient, Schedule
from invitelab.world.scenario.arrival_trace import trace_of

AT_ONCE = 1_000
"""Rows that are written together."""

Cell = str | int | bool | None
Row = PlannedAttempt | PlannedClient


def print_schedule(
    request: ScenarioRequest, seed: int | None, replication: int, *, clients: bool
) -> None:
    """Print the attempts of a replication, or its clients, as CSV with a header.

    `seed` is None for the scenario's. Raises UsageError for a wrong scenario, and for
    closed-loop arrivals, before anything is printed.
    """
    loaded = load(request)
    update = {} if seed is None else {"seed": seed}
    scenario = loaded.scenario.model_copy(update=update)
    made = Schedule(scenario, replication, trace_of(loaded))
    if clients:
        _print_table(PlannedClient._fields, made.clients())
    else:
        _print_table(PlannedAttempt._fields, made.attempts())


def _print_table(columns: Sequence[str], rows: Iterable[Row]) -> None:
    click.echo(_text([columns]), nl=False)
    remaining: Iterator[Row] = iter(rows)
    while some := list(islice(remaining, AT_ONCE)):
        click.echo(_text([_cell(cell) for cell in row] for row in some), nl=False)


def _text(rows: Iterable[Sequence[str | int]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _cell(cell: Cell) -> str | int:
    """A cell: empty for None, `yes` or `no` for a Boolean."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else cell
