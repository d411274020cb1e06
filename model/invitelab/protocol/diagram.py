"""The state diagram of an invitation, made from the table as Mermaid text.

It has only the transitions that can change what a user sees. A refused or repeated
event leaves the state as it is, and would clutter the diagram.
"""

from invitelab.protocol.table import TABLE, Cell, Event
from invitelab.protocol.values import State


def _node(state: State | None) -> str:
    return "[*]" if state is None else state.value.upper()


def _label(event: Event, cell: Cell) -> str:
    effects = ", ".join(effect.value for effect in cell.effects)
    # Mermaid reads "<" and ";" as syntax, and a colon ends the node's name.
    return f"{event.value} / {effects}" if effects else event.value


def _is_drawn(state: State | None, cell: Cell) -> bool:
    changes = cell.next is not state
    stays_pending = state is State.PENDING and bool(cell.effects)
    refuses = any("refuse" in effect.value for effect in cell.effects)
    return (changes or stays_pending) and not refuses


def mermaid() -> str:
    """The diagram as Mermaid `stateDiagram-v2` source, ending in a newline.

    Transitions between the same two states share an arrow: Mermaid draws a second loop
    on top of the first.
    """
    labels: dict[tuple[str, str], list[str]] = {}
    for state, row in TABLE.items():
        for event, cell in row.items():
            if _is_drawn(state, cell):
                arrow = (_node(state), _node(cell.next))
                labels.setdefault(arrow, []).append(_label(event, cell))
    lines = [
        f"    {start} --> {end}: {'<br/>'.join(texts)}"
        for (start, end), texts in labels.items()
    ]
    ends = [f"    {_node(state)} --> [*]" for state in State if state.terminal]
    return "\n".join(["stateDiagram-v2", *lines, *ends]) + "\n"
