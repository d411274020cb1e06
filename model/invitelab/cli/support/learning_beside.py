"""`check --learn`: the machine of a target within a budget, beside its verdict."""

from pathlib import Path

from invitelab.adapters.base import Limits
from invitelab.adapters.target import Target
from invitelab.cli.support.run_learning import learned_targets, write_learned
from invitelab.errors import RunError, UsageError
from invitelab.formats.learned_beside import LearnedBeside
from invitelab.formats.machine import Machine, MachineStatus
from invitelab.learning.alphabet import find_alphabet
from invitelab.learning.learning import StoppedLearningError, Wish
from invitelab.learning.session import Plan
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.learning.summary import is_broken, outcome


def learn_beside(
    target: Target,
    folder: Path,
    *,
    seed: int,
    budget: int,
    limits: Limits,
    quiet: bool,
) -> LearnedBeside | None:
    """Learn a target and write its machine; None where the user has ended it.

    Of a target that cannot be learned it says why.
    """
    plan = Plan(
        alphabet=find_alphabet("core"),
        wish=Wish(seed=seed, extra=0),
        budget=budget,
        limits=limits,
    )
    try:
        found = learned_targets([target], plan, [folder], quiet=quiet)
    except (UsageError, RunError) as error:
        return LearnedBeside(says=f"nothing: {error}")
    (machine,), (learned,) = found.machines, found.learned
    page = write_learned(folder, machine, found.begun)
    if isinstance(learned.found.ended, StoppedLearningError):
        return None
    return LearnedBeside(says=_words(machine), page=f"{folder.name}/{page.name}")


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
