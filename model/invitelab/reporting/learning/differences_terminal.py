"""The differences of two machines on a terminal, with the result last."""

from collections.abc import Iterator

from rich.console import Console

from invitelab.formats.machine import Machine, MachineStatus
from invitelab.reporting.common.formatting import clean, plural
from invitelab.reporting.conformance.terminal import line
from invitelab.reporting.learning.differences import (
    MachineDifference,
    MachineDifferences,
)
from invitelab.reporting.learning.summary import size

MOST_SHOWN = 8
"""Differences that are printed; a machine that shares nothing has hundreds."""


def print_machine_differences(
    console: Console,
    found: MachineDifferences,
    machines: tuple[Machine, Machine],
    *,
    quiet: bool = False,
) -> None:
    """Print all differences, the shortest first; with `quiet` the result alone."""
    if not quiet:
        for letter, machine in zip("AB", machines, strict=True):
            status = f", {machine.status.value}" * (
                machine.status is not MachineStatus.COMPLETE
            )
            title = clean(machine.target.title)
            line(console, f"{letter}  {title}   {clean(size(machine))}{status}")
        for text in _extent(found):
            line(console, f"   {text}")
        for one in found.found[:MOST_SHOWN]:
            console.print()
            _print_one(console, found, one)
        more = len(found.found) - MOST_SHOWN
        if more > 0:
            line(console, f"\nand {plural(more, 'more difference')}")
        console.print()
        for word, names in (("new", found.added), ("gone", found.gone)):
            if names:
                line(console, f"{word:<5} {_named(names)}")
    line(console, result(found), "bold red" if found.differ else "bold green")


def _extent(found: MachineDifferences) -> Iterator[str]:
    """What was not compared."""
    if found.left_out:
        yield f"not in both, and left out: {clean(', '.join(found.left_out))}"
    if found.unknown:
        yield f"only one of them answers {plural(found.unknown, 'question')}"


def _print_one(
    console: Console, found: MachineDifferences, one: MachineDifference
) -> None:
    words = {each.name: each.words for each in found.inputs}
    line(console, f"x  new: {clean(one.says)}", "red")
    for name in one.inputs:
        line(console, f"     {clean(words[name])}")
    line(console, f"       A  {clean(one.before.output)}")
    line(console, f"       B  {clean(one.after.output)}")
    if one.alike:
        line(console, f"     and alike after {plural(one.alike, 'other sequence')}")


def _named(names: tuple[str, ...]) -> str:
    return f"{plural(len(names), 'state')}: {clean('; '.join(names))}"


def result(found: MachineDifferences) -> str:
    """`DIFFERENT after 3 inputs: new: a third modify is refused`, or `THE SAME`."""
    if found.found:
        first = found.found[0]
        after = plural(len(first.inputs), "input")
        return f"DIFFERENT after {after}: new: {clean(first.says)}"
    if found.differ:
        return f"DIFFERENT: A is {found.statuses[0]}, B is {found.statuses[1]}"
    far = ", as far as both were learned" if found.unknown else ""
    return f"THE SAME over {plural(len(found.inputs), 'input')}{far}"
