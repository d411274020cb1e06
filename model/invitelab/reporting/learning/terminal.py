"""A learned machine on a terminal: a line a state, what was found, the outcome last."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.formats.machine import (
    REFERENCE,
    Comparison,
    Machine,
    MachineStatus,
    Standing,
)
from invitelab.reporting.common.formatting import clean, plural
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.terminal import line
from invitelab.reporting.learning.states import StateView, quiet_words, state_views
from invitelab.reporting.learning.story import told
from invitelab.reporting.learning.summary import (
    NO_BOUND,
    asked,
    heading,
    headline,
    is_broken,
    judged,
    outcome,
)

MOST_TOLD = 3
"""Differences of a comparison that are told in full; the report has all."""
MOST_STATES = 20
"""States that are shown; the page has all."""
MOST_NAMED = 3
"""Inputs that are named; more are counted."""
GLYPHS = {
    Standing.BROKEN: "x",
    Standing.DEVIATES: "~",
    Standing.ALLOWED: "=",
    Standing.UNJUDGED: "?",
}
"""Signs of ASCII, which can be read anywhere."""
STYLES = {
    Standing.BROKEN: "bold red",
    Standing.DEVIATES: "yellow",
    Standing.ALLOWED: "green",
    Standing.UNJUDGED: "yellow",
}


def print_machine(
    console: Console, machine: Machine, *, stored: Path | None, quiet: bool = False
) -> None:
    """Print the machine, the outcome last; `quiet`: only differences and the outcome.

    `stored` is its page, None where it was not written.
    """
    machine = safe_document(machine)
    if not quiet:
        line(console, f"target  {machine.target.title} ({_itself(machine)})")
        line(console, f"asked   {asked(machine)}, seed {machine.seed}")
        console.print()
        console.print(machine_table(machine))
        more = len(machine.states) - MOST_STATES
        if more > 0:
            line(console, f"... and {more} more, in machine.html")
        console.print()
        for timer in machine.timers:
            line(console, f"timer   {timer.says}")
    _print_two_answers(console, machine)
    for one in machine.comparisons:
        _print_comparison(console, machine, one, quiet=quiet)
    if not quiet:
        line(console, f"bound   {machine.bound.says if machine.bound else NO_BOUND}")
        if stored is not None:
            line(console, f"report  {stored}")
    _print_outcome(console, machine)


def _itself(machine: Machine) -> str:
    return machine.target.implementation or "it does not say what it is"


def machine_table(machine: Machine) -> Table:
    """A row a state, of the first ones: where its inputs lead."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    table.add_column("inputs that lead on", overflow="fold", ratio=1)
    inputs = len(machine.alphabet.inputs)
    for view in state_views(machine)[:MOST_STATES]:
        table.add_row(
            str(view.state.id),
            Text(clean(view.state.name)),
            Text(clean(ways_words(view, inputs))),
        )
    return table


def ways_words(view: StateView, inputs: int) -> str:
    """`modify -> 2; cancel, accept -> 3; 1 input changes nothing`."""
    parts = [f"{', '.join(way.inputs)} -> {way.target}" for way in view.ways]
    if view.seen_within:
        parts.append(f"{', '.join(view.seen_within)} -> stays")
    if view.quiet:
        parts.append(quiet_words(len(view.quiet), inputs))
    if view.untried:
        parts.append(f"not tried: {untried_words(view)}")
    return "; ".join(parts)


def untried_words(view: StateView) -> str:
    """The inputs by name, or how many where they are many."""
    if len(view.untried) > MOST_NAMED:
        return plural(len(view.untried), "input")
    return ", ".join(view.untried)


def _print_two_answers(console: Console, machine: Machine) -> None:
    two = machine.two_answers
    if two is None:
        return
    line(console, "two answers to one question:", "bold red")
    words = [said for said, _ in told(machine, two.inputs)]
    for said, first, second in zip(words, two.first, two.second, strict=False):
        if first == second:
            line(console, f"    {said}: {first}")
        else:
            line(console, f"  x {said}: {first}", "red")
            line(console, f"    {'or':>{len(said)}}: {second}", "red")


def _print_comparison(
    console: Console, machine: Machine, one: Comparison, *, quiet: bool
) -> None:
    if one.same:
        if not quiet:
            line(console, f"=  {heading(one)}: {one.says}", "green")
        return
    line(console, f"{heading(one)}: {one.says}")
    for each in one.differences[:MOST_TOLD]:
        text = f"{GLYPHS[each.standing]}  {judged(each)}: {each.says}"
        line(console, text, STYLES[each.standing])
        if quiet:
            continue
        for words, _ in told(machine, each.inputs):
            line(console, f"     {words}")
        line(console, f"       here   {each.here}")
        line(console, f"       there  {each.there}")
    more = len(one.differences) - MOST_TOLD
    if more > 0:
        line(console, f"   and {more} more: machine.md has all")


def _print_outcome(console: Console, machine: Machine) -> None:
    good = machine.status is MachineStatus.COMPLETE and not is_broken(machine)
    text = f"{headline(machine)}: {outcome(machine)}"
    line(console, text, "bold green" if good else "bold red")
    if machine.hint:
        line(console, f"hint    {machine.hint}")


def print_matrix(console: Console, machines: Sequence[Machine]) -> None:
    """The shortest difference of each pair of targets, as a table."""
    shown = [safe_document(machine) for machine in machines]
    names = [machine.target.title for machine in shown]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("shortest difference")
    for name in names[1:]:
        table.add_column(Text(name), overflow="fold")
    for row, machine in enumerate(shown[:-1]):
        cells = [
            _shortest(machine, shown[column], names[column]) if column > row else ""
            for column in range(1, len(shown))
        ]
        table.add_row(Text(names[row]), *cells)
    console.print()
    console.print(table)


def _shortest(machine: Machine, other: Machine, name: str) -> str:
    against = {REFERENCE, name} if other.target.text == REFERENCE else {name}
    for comparison in machine.comparisons:
        if comparison.against in against:
            if comparison.same:
                return "none"
            return ", ".join(comparison.differences[0].inputs)
    return "not compared"
