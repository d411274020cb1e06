"""Run of `invitelab learn`: start all, learn each, compare, write, print, exit code."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from invitelab.adapters.target import Kind as TargetKind
from invitelab.adapters.target import Target
from invitelab.cli.support.progress import learning_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import report_writing
from invitelab.errors import ExitCode, InvitelabError
from invitelab.formats.machine import (
    REFERENCE,
    Comparison,
    Difference,
    Machine,
    MachineStatus,
)
from invitelab.formats.reading import Kind
from invitelab.learning.answers import TwoAnswersError
from invitelab.learning.comparing import comparisons
from invitelab.learning.document import machine_of
from invitelab.learning.learning import StoppedLearningError
from invitelab.learning.questions import TargetEndedError
from invitelab.learning.reference import ReferenceTarget
from invitelab.learning.session import Learned, Plan, learn_started, started
from invitelab.learning.sight import Outputs
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import prepare, refuse_others, write_whole
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.learning.files import MACHINE_FILES, write_machine
from invitelab.reporting.learning.summary import is_broken
from invitelab.reporting.learning.terminal import print_machine, print_matrix
from invitelab.study.interruption import Interruption

ROOT = Path("reports") / "learn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedTargets:
    """What was learned of several targets, and when it was begun."""

    learned: Sequence[Learned]
    machines: Sequence[Machine]
    begun: datetime

    @property
    def code(self) -> ExitCode:
        """The worst exit code."""
        return max(map(_exit_code, self.learned, self.machines), key=_WORST.index)


def learn_targets(
    targets: Sequence[Target], plan: Plan, output: Path | None, *, quiet: bool
) -> int:
    """Learn targets and write a folder for each; the worst exit code.

    Raises UsageError and RunError, before anything is asked, for a target that cannot
    be learned, and UsageError for a report that cannot be written.
    """
    folders = folders_of(targets, output)
    with termination_interrupts():
        found = learned_targets(targets, plan, folders, quiet=quiet)
        with report_writing() as attempt:
            for folder, machine in zip(folders, found.machines, strict=True):
                page = attempt(partial(write_learned, folder, machine, found.begun))
                print_machine(report_console(), machine, stored=page, quiet=quiet)
            if len(targets) > 1:
                print_matrix(report_console(), found.machines)
    return found.code


def learned_targets(
    targets: Sequence[Target], plan: Plan, folders: Sequence[Path], *, quiet: bool
) -> LearnedTargets:
    """Start all targets, learn one after the other, and compare them."""
    for folder in folders:
        prepare(folder, MACHINE_FILES)
        refuse_others(folder, Kind.MACHINE)
    with ExitStack() as stack:
        running = [stack.enter_context(started(one, plan)) for one in targets]
        begun = now()
        outputs = Outputs()
        stop = stack.enter_context(Interruption())
        learned: list[Learned] = []
        for target, one, folder in zip(targets, running, folders, strict=True):
            with _progress(target.text, stop, quiet=quiet) as (tell, check):
                found = learn_started(
                    target, plan, one, outputs, folder=folder, tell=tell, check=check
                )
            found.shown = target.name or target.text
            if found.anew and not quiet:
                _say_anew(target)
            learned.append(found)
        reference = _reference(learned, plan, stop, outputs, stack)
        machines = [_document(one, learned, reference) for one in learned]
    return LearnedTargets(learned=learned, machines=machines, begun=begun)


def folders_of(targets: Sequence[Target], output: Path | None) -> list[Path]:
    """A folder for each target."""
    if output is not None and len(targets) == 1:
        return [output]
    return [(output or ROOT) / target.slug for target in targets]


@contextmanager
def _progress(
    text: str, stop: Interruption, *, quiet: bool
) -> Generator[tuple[Callable[[int, int], None], Callable[[], None]]]:
    """What tells the states so far, and what ends the learning after a signal."""

    def check() -> None:
        if stop.asked:
            raise StoppedLearningError

    with learning_progress(f"learning {text}", quiet=quiet) as tell:
        yield tell, check


def _say_anew(target: Target) -> None:
    words = "answers otherwise than in the run before: it was asked anew"
    click.echo(f"invitelab: {target.text} {words}", err=True)


# --- Comparing -------------------------------------------------------------------


def _reference(
    learned: Sequence[Learned],
    plan: Plan,
    stop: Interruption,
    outputs: Outputs,
    stack: ExitStack,
) -> Learned | None:
    """The reference, learned as the targets were; None where nothing is compared."""
    if not any(one.found.comparable for one in learned):
        return None
    for one in learned:
        target = one.target
        if isinstance(target, Target) and target.kind is TargetKind.REFERENCE:
            return one if one.complete else None
    target = ReferenceTarget()
    running = stack.enter_context(started(target, plan))
    with _progress(REFERENCE, stop, quiet=True) as (tell, check):
        found = learn_started(target, plan, running, outputs, tell=tell, check=check)
    found.shown = REFERENCE
    return found if found.complete else None


def _document(
    one: Learned, learned: Sequence[Learned], reference: Learned | None
) -> Machine:
    """The document of a target, with its comparisons."""
    found: list[Comparison] = []
    others = [other for other in learned if other.found.comparable]
    if one.found.comparable and reference is not None:
        try:
            found = list(comparisons(one, others, reference))
        except (TargetEndedError, InvitelabError) as error:
            one.end(error)
    return machine_of(one, found)


# --- Files, and the end ----------------------------------------------------------


def write_learned(folder: Path, machine: Machine, begun: datetime) -> Path:
    """Write the report, and each difference as a feature; the path of its page."""
    page = write_machine(folder, machine, provenance(begun, machine.harness))
    for name in folder.glob("difference-*.feature"):
        name.unlink()
    for comparison in machine.comparisons:
        for number, one in enumerate(comparison.differences, start=1):
            _write_feature(folder, comparison, number, one)
    return page


def _write_feature(
    folder: Path, comparison: Comparison, number: int, one: Difference
) -> None:
    if one.scenario is None:
        return
    slug = "".join(c if c.isalnum() else "-" for c in comparison.against.lower())
    write_whole(folder / f"difference-{slug[:40]}-{number}.feature", one.scenario)


def _exit_code(learned: Learned, machine: Machine) -> ExitCode:
    """The exit code of one target: an early end first, then a broken clause."""
    ended = learned.found.ended
    match ended:
        case None:
            bad = is_broken(machine)
            return ExitCode.NON_CONFORMANT if bad else ExitCode.CONFORMANT
        case StoppedLearningError():
            return ExitCode.INTERRUPTED
        case TargetEndedError():
            return ended.error.code
        case InvitelabError():
            return ended.code
        case TwoAnswersError():
            return ExitCode.NON_CONFORMANT
        case _:
            assert machine.status is MachineStatus.INCOMPLETE
            return ExitCode.INCONCLUSIVE


_WORST = (
    ExitCode.CONFORMANT,
    ExitCode.INCONCLUSIVE,
    ExitCode.NON_CONFORMANT,
    ExitCode.USAGE,
    ExitCode.INVALID,
    ExitCode.INTERRUPTED,
    ExitCode.HARNESS,
)
