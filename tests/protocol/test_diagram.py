"""The drawn diagram is the table's, and the README's is the drawn one."""

import re
from pathlib import Path

import pytest

from invitelab.protocol.diagram import mermaid
from invitelab.protocol.table import TABLE, Effect, Event, step
from invitelab.protocol.values import State

README = Path(__file__).parents[2] / "README.md"
LINE = re.compile(r"    (\S+) --> (\S+?)(?:: (.+))?")
NODES: dict[str, State | None] = {
    "[*]": None,
    **{state.value.upper(): state for state in State},
}
REFUSALS = [effect for effect in Effect if effect.name.startswith("REFUSE")]

BREAK = "<br/>"

Arrow = tuple[State | None, State | None, str]


def lines() -> list[re.Match[str]]:
    """Read the diagram back, but for its first line: from, to and what is on it."""
    found = [LINE.fullmatch(line) for line in mermaid().splitlines()[1:]]
    assert None not in found
    return [match for match in found if match]


def arrows() -> list[Arrow]:
    """List what is on the lines, transition by transition."""
    return [
        (NODES[line[1]], NODES[line[2]], text)
        for line in lines()
        for text in (line[3] or "").split(BREAK)
    ]


def drawn() -> list[tuple[State | None, State | None, Event]]:
    """List the arrows that have an event."""
    return [(at, to, Event(text.split(" / ")[0])) for at, to, text in arrows() if text]


def test_it_is_a_state_diagram() -> None:
    """The first line says so, and the last one ends."""
    assert mermaid().startswith("stateDiagram-v2\n")
    assert mermaid().endswith("\n")


def test_what_is_drawn_is_in_the_table() -> None:
    """Every arrow is a cell, and leads where the cell leads."""
    assert [(at, step(at, event).next, event) for at, _, event in drawn()] == drawn()


def test_every_change_of_state_is_drawn() -> None:
    """Once each, with its event."""
    expected = [
        (state, cell.next, event)
        for state, row in TABLE.items()
        for event, cell in row.items()
        if cell.next is not state
    ]
    assert expected == [arrow for arrow in drawn() if arrow[0] is not arrow[1]]


def test_what_is_drawn_as_a_loop_does_something() -> None:
    """A pending invitation that stays so is modified or offered again."""
    loops = [event for at, to, event in drawn() if at is to]
    assert [Event.MODIFY, Event.RESTART] == loops


def test_every_effect_of_an_arrow_is_on_it() -> None:
    """In the order in which they happen, and no refusal among them."""
    for at, to, text in arrows():
        if text:
            event, _, effects = text.partition(" / ")
            cell = step(at, Event(event))
            assert ", ".join(cell.effects) == effects, (at, to)
            assert [] == [effect for effect in cell.effects if effect in REFUSALS]


def test_every_end_is_an_end() -> None:
    """All four lead to the end of the diagram."""
    ends = [at for at, to, text in arrows() if to is None and not text]
    assert [state for state in State if state.terminal] == ends


def test_two_states_share_one_line() -> None:
    """Mermaid would draw a second loop on top of the first."""
    pairs = [(line[1], line[2]) for line in lines()]
    assert sorted(set(pairs)) == sorted(pairs)


@pytest.mark.parametrize("sign", ["<", ";"])
def test_nothing_in_it_is_syntax(sign: str) -> None:
    """Mermaid would read these as its own."""
    assert sign not in mermaid().replace(BREAK, "")


@pytest.mark.parametrize("arrow", [text for _, _, text in arrows() if text])
def test_a_label_has_no_colon(arrow: str) -> None:
    """A colon ends the name before it."""
    assert ":" not in arrow


def test_the_readme_shows_this_diagram() -> None:
    """What is derived is generated: paste `mermaid()` between the two marks."""
    text = README.read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- diagram: begin -->\n")
    block, _, _ = rest.partition("\n<!-- diagram: end -->")
    assert f"```mermaid\n{mermaid()}```" == block.strip()
