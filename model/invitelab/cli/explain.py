"""`invitelab explain`: what a clause or a word of a verdict means, and what to do."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from invitelab.conformance.features.clauses import Clause
    from invitelab.conformance.glossary import Entry

WIDTH = 80

_WHY = {
    "required": "the specification requires it; breaking it is NON-CONFORMANT",
    "interpretation": "the specification leaves it open; to differ is a deviation",
}


@click.command()
@click.argument("word", required=False, metavar="[ID|WORD]")
def explain(word: str | None) -> None:
    """Explain a clause, or a word of a verdict, and what to do next.

    A word is a verdict, a kind of trouble, a blame, a clock, an exit code or a term of
    the proof. Examples: `EXPIRY-2`, `deviation`, `jump`, `5`. Without an argument, all
    are listed.
    """
    from invitelab.reporting.conformance.terminal import report_console

    lines = _everything() if word is None else _explained(word.strip())
    report_console().print("\n".join(lines), markup=False, soft_wrap=True)


def _explained(word: str) -> Iterator[str]:
    from invitelab.conformance.features.clauses import load
    from invitelab.conformance.glossary import look_up

    clause = load().get(word.upper())
    area = _areas().get(word.upper(), [])
    entries = look_up(word)
    if clause is not None:
        yield from _clause(clause)
    elif area:
        for one in area:
            yield f"{one.id:<12}{one.level.value:<16}{one.text}"
    elif entries:
        for number, entry in enumerate(entries):
            yield from [""] * min(number, 1)
            yield from _entry(entry)
    else:
        raise _unknown(word)


def _clause(clause: "Clause") -> Iterator[str]:
    """The lines of `invitelab clauses ID`, its level explained, and its mutants."""
    from invitelab.cli.clauses import clause_lines, scenarios_by_clause
    from invitelab.proof.mutants import MUTANTS

    yield from clause_lines(clause, scenarios_by_clause()[clause.id])
    yield f"why       {_WHY[clause.level.value]}"
    breaking = [mutant for mutant in MUTANTS.values() if mutant.clause == clause.id]
    if breaking:
        yield "breaks when"
        yield from (f"  {mutant.defect}   ({mutant.name})" for mutant in breaking)
    yield f"run       invitelab check TARGET --clause {clause.id}"


def _entry(entry: "Entry") -> Iterator[str]:
    yield f"{entry.word}   {entry.group.value}"
    if entry.synonyms:
        yield f"also      {', '.join(entry.synonyms)}"
    yield from textwrap.wrap(entry.meaning, WIDTH, break_on_hyphens=False)
    yield from textwrap.wrap(
        f"next      {entry.advice}",
        WIDTH,
        subsequent_indent=" " * 10,
        break_on_hyphens=False,
    )


def _everything() -> Iterator[str]:
    """A line per word, by group; then the areas of the clauses."""
    from invitelab.conformance.glossary import Group, glossary

    for group in Group:
        yield group.value
        for entry in glossary():
            if entry.group is group:
                first = entry.meaning.split(". ", maxsplit=1)[0].removesuffix(".")
                yield f"  {entry.word:<24}{first}"
        yield ""
    yield "clause"
    for area, clauses in _areas().items():
        yield f"  {area:<24}{clauses[0].id} to {clauses[-1].id}"
    yield "  invitelab clauses lists what each requires"


def _areas() -> dict[str, list["Clause"]]:
    """The clauses by area, the word before their number."""
    from invitelab.conformance.features.clauses import load

    areas: dict[str, list[Clause]] = {}
    for id_, clause in load().items():
        areas.setdefault(id_.rpartition("-")[0], []).append(clause)
    return areas


def _unknown(word: str) -> Exception:
    import difflib

    from invitelab.conformance.features.clauses import load
    from invitelab.conformance.glossary import glossary
    from invitelab.errors import UsageError

    names = [name for entry in glossary() for name in (entry.word, *entry.synonyms)]
    words = {name.lower(): name for name in names}
    words |= {id_.lower(): id_ for id_ in load()}
    near = difflib.get_close_matches(word.lower(), words, n=3)
    nearest = f"the nearest: {', '.join(words[one] for one in near)}; " if near else ""
    return UsageError(
        f"no clause or word is called {word!r}",
        hint=f"{nearest}invitelab explain lists all",
    )
