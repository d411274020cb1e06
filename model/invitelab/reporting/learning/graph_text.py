"""A machine as text for other tools: DOT of Graphviz, and a state diagram of Mermaid.

Both leave out the inputs that change nothing.
"""

from collections.abc import Iterator

from invitelab.formats.machine import Machine
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.learning.states import StateView, state_views

LEFT_OUT = "inputs that change nothing are left out"


def dot(machine: Machine) -> str:
    """The machine for Graphviz, ending in a newline."""
    lines = [
        f"// {LEFT_OUT}",
        f"digraph {_quoted(machine.target.title)} {{",
        "  node [shape=box, style=rounded];",
        "  begin [shape=point];",
        f"  begin -> s{machine.initial};",
    ]
    for view in state_views(machine):
        lines.append(f"  s{view.state.id} [label={_quoted(_name(view))}];")
        lines += [
            f"  s{view.state.id} -> s{target} [label={_quoted(words)}];"
            for target, words in _ways(view)
        ]
    return "\n".join([*lines, "}", ""])


def mermaid(machine: Machine) -> str:
    """The machine for Mermaid, ending in a newline."""
    lines = [
        f"%% {LEFT_OUT}",
        "stateDiagram-v2",
        f"  [*] --> s{machine.initial}",
    ]
    for view in state_views(machine):
        lines.append(f'  state "{_encoded(_name(view))}" as s{view.state.id}')
        lines += [
            f"  s{view.state.id} --> s{target} : {_encoded(words)}"
            for target, words in _ways(view)
        ]
    return "\n".join([*lines, ""])


def _name(view: StateView) -> str:
    return f"{view.state.id} {view.state.name}"


def _ways(view: StateView) -> Iterator[tuple[int, str]]:
    for way in view.ways:
        yield way.target, ", ".join(way.inputs)
    if view.seen_within:
        yield view.state.id, ", ".join(view.seen_within)


def _quoted(text: str) -> str:
    """A string of DOT, in which Graphviz reads backslashes and entities of HTML."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped.replace("&", "&amp;")}"'


def _encoded(text: str) -> str:
    """Text for Mermaid, which reads `#34;` as a quotation mark."""
    plain = frozenset(" ,.()+-_/")
    return "".join(
        char if char.isalnum() or char in plain else f"#{ord(char)};"
        for char in clean(text)
    )
