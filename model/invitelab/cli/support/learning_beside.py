"""`check --learn`: the machine of each target within a budget, beside the verdict."""

from collections.abc import Sequence
from pathlib import Path

import click

from invitelab.adapters.base import Limits
from invitelab.adapters.target import Target
from invitelab.cli.support.run_learning import (
    folders_of,
    learned_targets,
    write_learned,
)
from invitelab.errors import RunError, UsageError
from invitelab.formats.machine import Machine, MachineStatus
from invitelab.learning.alphabet import find_alphabet
from invitelab.learning.learning import Wish
from invitelab.learning.session import Plan
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.learning.summary import is_broken, outcome

BUDGET = 3000
"""Scenarios: the core alphabet of the reference takes a quarter of it."""


def learn_beside(
    targets: Sequence[Target],
    *,
    seed: int,
    budget: int | None,
    limits: Limits,
    output: Path | None,
    quiet: bool,
) -> None:
    """Learn each target, write its machine and print a line for it.

    A target that cannot be learned has a line that says why. Raises KeyboardInterrupt
    after a signal.
    """
    plan = Plan(
        alphabet=find_alphabet("core"),
        wish=Wish(seed=seed, extra=0),
        budget=budget or BUDGET,
        limits=limits,
    )
    below = None if output is None else output / "learned"
    for target in targets:
        folder = folders_of([target], below)[0]
        with termination_interrupts():
            words = _learned(target, plan, folder, quiet=quiet)
        click.echo(f"learned {target.name or target.text}: {words}")


def _learned(target: Target, plan: Plan, folder: Path, *, quiet: bool) -> str:
    try:
        found = learned_targets([target], plan, [folder], quiet=quiet)
    except (UsageError, RunError) as error:
        return f"nothing: {error}"
    (machine,) = found.machines
    if machine.problem == INTERRUPTED:
        raise KeyboardInterrupt
    page = write_learned(folder, machine, found.begun)
    return f"{_words(machine)} ({page})"


INTERRUPTED = "it was interrupted"


def _words(machine: Machine) -> str:
    """States, the bound and what is broken, in a line."""
    if machine.status is not MachineStatus.COMPLETE or machine.bound is None:
        return f"{machine.status.value}: {outcome(machine)}"
    states = plural(len(machine.states), "state")
    covered = plural(machine.bound.states, "state")
    asked = f"{machine.bound.questions:,} questions"
    found = "no required clause was found broken"
    if is_broken(machine):
        found = "a required clause is broken"
    return f"{states} over the alphabet core, bound {covered} by {asked}; {found}"
