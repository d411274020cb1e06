"""A machine as Markdown, on a terminal, and as a story of its inputs."""

from io import StringIO
from pathlib import Path

import pytest
from learned_machines import MODIFY, SEND, WAIT
from rich.console import Console

from invitelab.formats.machine import Machine
from invitelab.reporting.common.markdown import FENCE
from invitelab.reporting.common.scene import Kind
from invitelab.reporting.learning.differences import machine_differences
from invitelab.reporting.learning.differences_terminal import print_machine_differences
from invitelab.reporting.learning.markdown import markdown
from invitelab.reporting.learning.story import named, scene, steps
from invitelab.reporting.learning.terminal import print_machine


def printed(machine: Machine, *, quiet: bool = False) -> list[str]:
    """Give the lines that a machine is on a terminal."""
    stream = StringIO()
    console = Console(file=stream, width=160)
    print_machine(console, machine, stored=Path("r/machine.html"), quiet=quiet)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_terminal_has_a_line_a_state(plain: Machine) -> None:
    """With what its inputs do, and the outcome last."""
    lines = printed(plain)
    assert [
        "   state             inputs that lead on",
        "0  before            send -> 1; 2 inputs change nothing",
        "1  pending           modify -> 2; wait -> 3; 1 input changes nothing",
        "2  pending, changed  wait -> 3; modify -> stays; 1 input changes nothing",
        "3  over              send -> 1; 2 inputs change nothing",
    ] == lines[3:8]
    assert "report  r/machine.html" in lines
    assert (
        "COMPLETE: 4 states over 3 inputs (alphabet core) explain every answer"
        == (lines[-1])
    )


def test_of_many_states_a_terminal_shows_twenty(plain: Machine) -> None:
    """And how many more the page has; the outcome counts all."""
    more = [
        plain.states[3].model_copy(update={"id": number, "name": f"over #{number}"})
        for number in range(4, 125)
    ]
    machine = plain.model_copy(update={"states": (*plain.states, *more)})
    lines = printed(machine)
    assert [line for line in lines if line.startswith("19  over #19 ")]
    assert not [line for line in lines if line.startswith("20 ")]
    assert "... and 105 more, in machine.html" in lines
    assert lines[-1].startswith("COMPLETE: 125 states over")


def test_a_terminal_tells_differences_with_both_answers(broken: Machine) -> None:
    """The broken clause with its steps; quietly without them."""
    lines = printed(broken)
    at = lines.index(
        "x  EXPIRY-4, required: broken: the invitation ends before its time"
    )
    assert [
        "     Ada invites Bob",
        "     120 seconds pass",
        '       here   time; Ada: - invitation to Bob with "Default"',
        "       there  time",
    ] == lines[at + 1 : at + 5]
    assert "=  Beside node: they behave alike" in lines
    assert "bound   all with at most 6 states" in lines
    assert lines[-1].startswith("NON-CONFORMANT: ")
    quietly = printed(broken, quiet=True)
    assert 4 == len(quietly)
    assert lines[-1] == quietly[-1]


def test_a_terminal_marks_the_step_with_two_answers(random_answers: Machine) -> None:
    """Both answers, one below the other."""
    lines = printed(random_answers)
    at = lines.index("two answers to one question:")
    assert "    Ada invites Bob: ok" == lines[at + 1]
    assert lines[at + 2].startswith("  x Ada changes the invitation")
    assert lines[at + 2].endswith(": ok")
    assert lines[at + 3].endswith("or: refused")
    assert "hint    look for what it keeps" == lines[-1]


def test_no_escape_reaches_a_terminal_or_markdown(hostile: Machine) -> None:
    """Whatever the names hold; in a fence, brackets are no tags."""
    for text in ("\n".join(printed(hostile)), markdown(hostile)):
        assert "\x1b" not in text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    unfenced = markdown(hostile).split(FENCE)[::2]
    assert 1 < len(unfenced)
    assert "<b onmouseover" not in "".join(unfenced)


def test_markdown_has_the_outcome_the_picture_and_every_transition(
    broken: Machine,
) -> None:
    """In the order of the page."""
    text = markdown(broken)
    order = [
        "# \N{BALLOT X} NON-CONFORMANT: acme",
        "## The picture",
        "```mermaid",
        "### Against the specification",
        "**EXPIRY-4, required: broken** the invitation ends before its time",
        "2. 120 seconds pass: here time; Ada: - invitation to Bob with",
        "~~~~gherkin\nFeature: What was learned\n\n  Scenario: It ends\n",
        "### Beside node",
        "## Timers",
        "## The bound",
        "| 1 pending | modify | ok |  | 2 pending, changed |",
    ]
    places = [text.index(one) for one in order]
    assert sorted(places) == places
    assert text.endswith("\n")


def test_two_answers_are_a_table_of_markdown(random_answers: Machine) -> None:
    """A row a step."""
    rows = [
        line for line in markdown(random_answers).splitlines() if "refused |" in line
    ]
    assert any(line.startswith("| 2 | Ada changes") for line in rows)


def test_steps_have_their_instants(plain: Machine) -> None:
    """A wait ends when its time has passed; what is not known has no transition."""
    walked = list(steps(plain, ("send", "wait", "modify", "unheard of", "send")))
    assert [0, 120_000, 120_000, 120_000, 120_000] == [one.at_ms for one in walked]
    assert [SEND, WAIT, MODIFY] == [one.input for one in walked[:3]]
    assert [1, 3, 3, None, None] == [
        one.transition and one.transition.next for one in walked
    ]


def test_a_story_is_drawn_like_a_failure(plain: Machine) -> None:
    """Arrows between people, what they see, and the trouble when it is seen."""
    drawn = scene(plain, ("send", "send", "wait"), "it ends too early")
    assert ("Ada", "Bob") == drawn.people
    assert [
        (0, Kind.ACT, "Ada", "Bob", "ok"),
        (0, Kind.LOOK, "Ada", None, "ok"),
        (0, Kind.LOOK, "Bob", None, "ok"),
        (0, Kind.ACT, "Ada", "Bob", "refused"),
        (120_000, Kind.LOOK, "Ada", None, "ok"),
        (120_000, Kind.TROUBLE, None, None, "ok"),
    ] == [
        (one.at_ms, one.kind, one.source, one.target, one.outcome)
        for one in drawn.marks
    ]


@pytest.mark.parametrize(
    ("words", "people", "found"),
    [
        ("Bob accepts the invitation from Ada", ("Ada", "Bob"), ["Bob", "Ada"]),
        ("Adam invites Ada", ("Ada", "Adam"), ["Adam", "Ada"]),
        ("60 seconds pass", ("Ada",), []),
        ("Ada leaves", (), []),
        ("A.a invites Aba", ("A.a", "Aba"), ["A.a", "Aba"]),
    ],
)
def test_people_are_found_in_a_sentence(
    words: str, people: tuple[str, ...], found: list[str]
) -> None:
    """In the order in which it names them; names are no patterns."""
    assert found == named(words, people)


def test_differences_of_two_machines_are_printed(plain: Machine) -> None:
    """Each with its steps and both outputs, and the result last."""
    transitions = [
        one.model_copy(update={"answer": "refused"})
        if (one.state, one.input) == (2, "modify")
        else one
        for one in plain.transitions
    ]
    other = plain.model_copy(update={"transitions": tuple(transitions)})
    stream = StringIO()
    print_machine_differences(
        Console(file=stream, width=160),
        machine_differences(plain, other),
        (plain, other),
    )
    assert """\
A  acme   4 states over 3 inputs (alphabet core)
B  acme   4 states over 3 inputs (alphabet core)

x  new: a second modify is refused
     Ada invites Bob
     Ada changes the invitation to Bob to the permission profile "Full Access"
     Ada changes the invitation to Bob to the permission profile "Full Access"
       A  ok; Bob: + invitation from Ada as a pop-up
       B  refused; Bob: + invitation from Ada as a pop-up

DIFFERENT after 3 inputs: new: a second modify is refused
""" == stream.getvalue()
