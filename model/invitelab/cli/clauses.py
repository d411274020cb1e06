"""`invitelab clauses`: the clauses of the specification, and where they are tested."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from invitelab.cli.support.completion import complete_clauses
from invitelab.cli.support.output_format import answer, format_option

if TYPE_CHECKING:
    from rich.console import Console

    from invitelab.conformance.features.clauses import Clause
    from invitelab.conformance.features.lint import Outline


@click.command(options_metavar="[OPTIONS]")
@click.argument("clause", required=False, shell_complete=complete_clauses)
@format_option
def clauses(clause: str | None) -> int:
    """List all clauses, or show one: text, policy, scenarios."""
    from invitelab.cli.support.clause_answer import clauses_answer
    from invitelab.conformance.features.clauses import find, load
    from invitelab.reporting.conformance.terminal import report_console

    found = find(clause.upper()) if clause is not None else None
    console = report_console()
    scenarios = scenarios_by_clause()
    if found is None:
        _list(console, load(), scenarios)
    else:
        lines = clause_lines(found, scenarios[found.id])
        console.print("\n".join(lines), markup=False, soft_wrap=True)
    shown = [*load().values()] if found is None else [found]
    answer(lambda: clauses_answer(shown, scenarios))
    return 0


def scenarios_by_clause() -> Mapping[str, Sequence["Outline"]]:
    """The scenarios that cite each clause, by its ID."""
    from invitelab.conformance.features.clauses import load
    from invitelab.conformance.features.lint import outlines
    from invitelab.resources import feature_files, own_feature_files

    files = [*feature_files(), *own_feature_files()]
    scenarios = [outline for path in files for outline in outlines(path)]
    return {
        id_: [outline for outline in scenarios if id_ in outline.tags] for id_ in load()
    }


def _list(
    console: "Console",
    clauses: Mapping[str, "Clause"],
    scenarios: Mapping[str, Sequence["Outline"]],
) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, width in (("clause", 12), ("level", 14), ("scenarios", 9)):
        table.add_column(title, no_wrap=True, min_width=width)
    table.add_column("what must be observable", overflow="ellipsis", no_wrap=True)
    for clause in clauses.values():
        rows = sum(outline.rows for outline in scenarios[clause.id])
        table.add_row(clause.id, clause.level.value, str(rows), clause.text)
    console.print(table)
    total = sum(outline.rows for found in scenarios.values() for outline in found)
    console.print(f"{len(clauses)} clauses, {total} scenarios")


def clause_lines(clause: "Clause", scenarios: Sequence["Outline"]) -> list[str]:
    """Lines about a clause: text, section, policy, and the scenarios that test it."""
    from invitelab.protocol.policy import knobs
    from invitelab.resources import feature_label

    lines = [
        f"{clause.id}   {clause.level.value}",
        clause.text,
        "",
        f"section   {clause.section}",
    ]
    lines += [
        f"policy    {interpretation.name}: an interpretation; Policy can change it"
        for interpretation in knobs()
        if interpretation.clause == clause.id
    ]
    lines += ["scenarios"]
    lines += [
        f"  {feature_label(outline.path)}:{outline.line}   {outline.title}"
        + (f" ({outline.rows} rows)" if outline.rows > 1 else "")
        for outline in scenarios
    ]
    return lines
