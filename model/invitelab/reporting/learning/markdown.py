"""A learned machine as Markdown, for pull requests and terminals."""

from collections.abc import Iterator

from invitelab.formats.machine import Difference, Machine
from invitelab.reporting.common.markdown import fenced, folded, plain, row
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.learning.graph_text import mermaid
from invitelab.reporting.learning.story import told
from invitelab.reporting.learning.summary import (
    asked,
    bound_words,
    heading,
    headline,
    judged,
    outcome,
    sign,
    transition_rows,
)


def markdown(machine: Machine) -> str:
    """Make the report, which ends in a newline."""
    machine = safe_document(machine)
    parts = (_head, _two_answers, _picture, _differences, _timers, _bound, _transitions)
    return "\n".join(line for part in parts for line in part(machine)) + "\n"


def _head(machine: Machine) -> Iterator[str]:
    target = machine.target
    yield f"# {sign(machine)} {headline(machine)}: {plain(target.title)}"
    yield ""
    yield plain(f"{outcome(machine)}.")
    yield ""
    itself = f" ({target.implementation})" if target.implementation else ""
    yield f"- target {plain(target.text)}{plain(itself)}, {plain(machine.harness)}"
    yield f"- {plain(asked(machine))}, seed {machine.seed}"
    yield f"- alphabet {plain(machine.alphabet.name)}: {plain(machine.alphabet.says)}"
    if machine.hint:
        yield f"- hint: {plain(machine.hint)}"


def _two_answers(machine: Machine) -> Iterator[str]:
    two = machine.two_answers
    if two is None:
        return
    yield from ("", "## Two answers", "")
    yield "| step | input | first answer | second answer |"
    yield "|--:|---|---|---|"
    words = [said for said, _ in told(machine, two.inputs)]
    for number, cells in enumerate(zip(words, two.first, two.second, strict=False), 1):
        yield row(str(number), *cells)


def _picture(machine: Machine) -> Iterator[str]:
    yield from ("", "## The picture", "", "```mermaid")
    yield mermaid(machine).rstrip("\n")
    yield "```"


def _differences(machine: Machine) -> Iterator[str]:
    for one in machine.comparisons:
        yield from (
            ("", "## Differences", "") if one is machine.comparisons[0] else ("",)
        )
        yield f"### {plain(heading(one))}"
        yield from ("", plain(one.says))
        for difference in one.differences:
            yield from _difference(machine, difference)


def _difference(machine: Machine, one: Difference) -> Iterator[str]:
    yield from ("", f"**{plain(judged(one))}** {plain(one.says)}", "")
    walked = list(told(machine, one.inputs))
    for number, (words, output) in enumerate(walked, start=1):
        is_last = number == len(walked)
        answer = f"here {one.here}, there {one.there}" if is_last else output
        yield f"{number}. {plain(words)}: {plain(answer)}"
    if one.scenario:
        yield from ("", folded("The scenario that shows it"), "")
        yield from fenced(one.scenario.splitlines(), "gherkin")
        yield "</details>"


def _timers(machine: Machine) -> Iterator[str]:
    if machine.timers:
        yield from ("", "## Timers", "")
        yield from (f"- {plain(timer.says)}" for timer in machine.timers)


def _bound(machine: Machine) -> Iterator[str]:
    yield from ("", "## The bound", "", plain(bound_words(machine.bound)))


def _transitions(machine: Machine) -> Iterator[str]:
    yield from ("", "## Every transition", "")
    yield "| state | input | answer | what changes | next |"
    yield "|---|---|---|---|---|"
    names = {state.id: f"{state.id} {state.name}" for state in machine.states}
    for state in machine.states:
        for inputs, answer, changes, then in transition_rows(machine, state.id):
            following = "stays" if then == state.id else names[then]
            yield row(names[state.id], inputs, answer, "; ".join(changes), following)
