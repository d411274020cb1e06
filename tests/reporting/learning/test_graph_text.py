"""A machine as DOT and as Mermaid: names mean nothing to either."""

import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st
from learned_machines import SEND, machine_of, machines

from invitelab.formats.machine import Machine
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.learning.graph_text import dot, mermaid

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
NODE = re.compile(rf"  s(\d+) \[label={STRING.pattern}\];")
EDGE = re.compile(rf"  s(\d+) -> s(\d+) \[label={STRING.pattern}\];")
STATE = re.compile(r'  state "([^"]*)" as s(\d+)')
WAY = re.compile(r"  s(\d+) --> s(\d+) : (.*)")
ENTITY = re.compile(r"#(\d+);")


def unquoted(text: str) -> str:
    """Read a string of DOT as Graphviz does."""
    return unescape(re.sub(r"\\(.)", r"\1", text))


def decoded(text: str) -> str:
    """Read a text of Mermaid as a browser does."""
    return ENTITY.sub(lambda found: chr(int(found[1])), text)


def ways_of(machine: Machine) -> set[tuple[int, int, str]]:
    """Give source, target and input of all that changes something."""
    return {
        (one.state, one.next, one.input)
        for one in machine.transitions
        if one.next != one.state or one.changes
    }


def split(ways: list[tuple[str, str, str]]) -> set[tuple[int, int, str]]:
    """Give source, target and input of each way."""
    return {
        (int(source), int(target), name.removesuffix(" (refused)"))
        for source, target, names in ways
        for name in names.split(", ")
    }


def test_dot_has_every_state_and_every_way(plain: Machine) -> None:
    """And nothing else."""
    first, *lines, last = dot(plain).splitlines()[1:]
    assert ('digraph "acme" {', "}") == (first, last)
    nodes = [found.groups() for line in lines if (found := NODE.fullmatch(line))]
    edges = [found.groups() for line in lines if (found := EDGE.fullmatch(line))]
    assert [(str(one.id), f"{one.id} {one.name}") for one in plain.states] == nodes
    assert ways_of(plain) == split(edges)  # type: ignore[arg-type]
    assert 3 == len(lines) - len(nodes) - len(edges)


@given(machines())
def test_both_have_every_way_of_any_machine(machine: Machine) -> None:
    """With inputs that change nothing left out."""
    edges = [found.groups() for found in EDGE.finditer(dot(machine))]
    ways = [found.groups() for found in WAY.finditer(mermaid(machine))]
    assert ways_of(machine) == split(edges) == split(ways)  # type: ignore[arg-type]


@example(machine_of([[(0, "ok", ())]], names=['&lt;"\\N#35;'], inputs=[SEND]))
@given(machines(characters=st.characters()))
def test_any_name_is_read_as_it_was(machine: Machine) -> None:
    """Quotes, backslashes, brackets, entities and keywords."""
    names = [clean(f"{one.id} {one.name}") for one in machine.states]
    lines = dot(machine).split("\n")
    nodes = [found[2] for line in lines if (found := NODE.fullmatch(line))]
    assert names == [unquoted(one) for one in nodes]
    lines = mermaid(machine).split("\n")
    states = [found[1] for line in lines if (found := STATE.fullmatch(line))]
    assert names == [decoded(one) for one in states]


def test_mermaid_is_a_state_diagram(plain: Machine) -> None:
    """As GitHub draws it."""
    assert """\
%% inputs that change nothing are left out
stateDiagram-v2
  [*] --> s0
  state "0 before" as s0
  s0 --> s1 : send
  state "1 pending" as s1
  s1 --> s2 : modify
  s1 --> s3 : wait
  state "2 pending, changed" as s2
  s2 --> s3 : wait
  s2 --> s2 : modify
  state "3 over" as s3
  s3 --> s1 : send
""" == mermaid(plain)
