"""Gates and compared objectives on a terminal."""

from rich.table import Table
from rich.text import Text

from invitelab.formats.gates import GateVerdict
from invitelab.formats.several_results import Comparison
from invitelab.reporting.load.gate_text import (
    gate_columns,
    gate_rows,
    objective_columns,
    objective_rows,
)

STYLES = {
    GateVerdict.FAILS: "bold red",
    GateVerdict.UNDECIDED: "yellow",
    GateVerdict.HOLDS: "green",
}
"""The style of several gates is the first of these that one of them has."""


def objectives_table(comparison: Comparison) -> Table:
    """The objectives of both runs, and which verdicts are others."""
    table = _table(*objective_columns(comparison)[:-1], "")
    for objective, a, b, change in objective_rows(comparison):
        table.add_row(Text(objective), Text(a), Text(b), Text(change, style="bold"))
    return table


def gates_table(comparison: Comparison) -> Table:
    """Verdict, gate, and what was found at it."""
    table = _table("", *gate_columns(comparison)[1:])
    rows = zip(gate_rows(comparison), comparison.gates, strict=True)
    for (word, gate, found), one in rows:
        table.add_row(Text(word, style=STYLES[one.verdict]), Text(gate), Text(found))
    return table


def gates_style(comparison: Comparison) -> str:
    """The style of the worst verdict."""
    verdicts = {gate.verdict for gate in comparison.gates}
    return next(style for verdict, style in STYLES.items() if verdict in verdicts)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for title in columns:
        table.add_column(title)
    return table
