"""`invitelab explain`: what a clause or a word of a report means, and what to do."""

import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from invitelab.cli.support.check_options import features_option
from invitelab.cli.support.completion import complete_words

if TYPE_CHECKING:
    from invitelab.conformance.features.clauses import Clause
    from invitelab.reporting.common.glossary import Entry

WIDTH = 80

_WHY = {
    "required": "the specification requires it; breaking it is NON-CONFORMANT",
    "interpretation": "the specification leaves it open; to differ is a deviation",
}


@click.command()
@click.argument(
    "words",
    nargs=-1,
    metavar="[ID|WORD...]",
    shell_complete=complete_words,
)
@features_option
@click.pass_context
def explain(
    context: click.Context, words: tuple[str, ...], features: Path | None
) -> None:
    """Explain a clause or any word that is printed, and what to do next.

    A word is a verdict, a kind of trouble, a blame, a clock, an exit code, a term of a
    report or of the proof, a column, a chart, a capability, a factor, a value or a
    command. Examples: `EXPIRY-2`, `deviation`, `jump`, `5`, `notify_delay`,
    `what is broken`. Without an argument, all are listed. A clause of your own is
    explained with the folder that has it: `OWN-1 --features PATH`.
    """
    from invitelab.reporting.conformance.terminal import report_console

    group = context.find_root().command
    commands: Mapping[str, click.Command] = {}
    if isinstance(group, click.Group):
        commands = group.commands
    word = " ".join(words).strip()
    if features is not None and _is_of_clauses(word):
        from invitelab.conformance.features.own import use_own_features

        use_own_features(features)
    lines = _explained(word, commands, features) if words else _everything()
    report_console().print("\n".join(lines), markup=False, soft_wrap=True)


def _is_of_clauses(word: str) -> bool:
    """Whether a word is, or may be, a clause or an area: no other has to read them."""
    from invitelab.conformance.features.own import ID
    from invitelab.reporting.common.glossary import look_up

    return ID.fullmatch(word.upper()) is not None or not look_up(word)


def _explained(
    word: str, commands: Mapping[str, click.Command], features: Path | None
) -> Iterator[str]:
    from invitelab.conformance.features.clauses import load
    from invitelab.reporting.common.glossary import look_up

    clause = load().get(word.upper())
    area = _areas().get(word.upper(), [])
    if clause is not None:
        yield from _clause(clause, features)
        return
    listed = [f"{one.id:<12}{one.level.value:<16}{one.text}" for one in area]
    parts = [listed] if area else []
    parts += [list(_entry(entry)) for entry in look_up(word)]
    parts += [
        list(lines)
        for lines in (_capability(word), _factor(word), _command(word, commands))
        if lines is not None
    ]
    if not parts:
        raise _unknown(word, features)
    for number, lines in enumerate(parts):
        yield from [""] * min(number, 1)
        yield from lines


def _capability(word: str) -> list[str] | None:
    from invitelab.adapters.handshake import Capability

    if word.lower() not in set(Capability):
        return None
    return [
        f"{word.lower()}   capability",
        "A part of the protocol that an implementation declares or declines.",
        "next      declare it in the answer to initialize; adapters/PROTOCOL.md has it",
    ]


def _factor(word: str) -> list[str] | None:
    """A factor with its values, or the factors that have this value."""
    from invitelab.conformance.factors.table import factors

    folded = word.lower()
    for name, values in factors().items():
        if name.lower() == folded:
            told = ", ".join(value.name for value in values)
            return [
                f"{name}   factor",
                *textwrap.wrap(
                    f"What a scenario leaves open; its values: {told}.", WIDTH
                ),
                "next      invitelab coverage shows how often each value is tried",
            ]
    having = [
        name
        for name, values in factors().items()
        if folded in {value.name.lower() for value in values}
    ]
    if not having:
        return None
    return [
        f"{word}   value",
        *textwrap.wrap(f"A value of the factor {', '.join(having)}.", WIDTH),
        f'next      invitelab explain "{having[0]}"',
    ]


def _command(word: str, commands: Mapping[str, click.Command]) -> list[str] | None:
    found = commands.get(word.lower())
    if found is None:
        return None
    return [
        f"{word.lower()}   command",
        *textwrap.wrap(found.get_short_help_str(limit=400), WIDTH),
        f"next      invitelab {word.lower()} --help",
    ]


def _clause(clause: "Clause", features: Path | None) -> Iterator[str]:
    """The lines of `invitelab clauses ID`, its level explained, and its mutants."""
    from invitelab.cli.clauses import clause_lines, scenarios_by_clause
    from invitelab.formats.specification import own_clauses
    from invitelab.proof.mutants import MUTANTS

    yield from clause_lines(clause, scenarios_by_clause()[clause.id])
    why = _WHY[clause.level.value]
    if clause.id in own_clauses():
        why = why.replace("the specification", "your clauses.toml")
    yield f"why       {why}"
    breaking = [mutant for mutant in MUTANTS.values() if mutant.clause == clause.id]
    if breaking:
        yield "breaks when"
        yield from (f"  {mutant.defect}   ({mutant.name})" for mutant in breaking)
    own = "" if features is None else f" --features {shlex.quote(str(features))}"
    yield f"run       invitelab check TARGET --clause {clause.id}{own}"


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
    from invitelab.reporting.common.glossary import Group, glossary

    for group in Group:
        yield group.value
        for entry in glossary():
            if entry.group is group:
                first = entry.meaning.split(". ", maxsplit=1)[0].removesuffix(".")
                yield f"  {entry.word:<26}{first}"
        yield ""
    yield "clause"
    for area, clauses in _areas().items():
        yield f"  {area:<26}{clauses[0].id} to {clauses[-1].id}"
    yield "  invitelab clauses lists what each requires"


def _areas() -> dict[str, list["Clause"]]:
    """The clauses by area, the word before their number."""
    from invitelab.conformance.features.clauses import load

    areas: dict[str, list[Clause]] = {}
    for id_, clause in load().items():
        areas.setdefault(id_.rpartition("-")[0], []).append(clause)
    return areas


def _unknown(word: str, features: Path | None) -> Exception:
    from invitelab.conformance.features.clauses import load
    from invitelab.conformance.features.own import ID
    from invitelab.errors import UsageError
    from invitelab.reporting.common.glossary import glossary

    words = [entry.word for entry in glossary()] + list(load())
    synonyms = [name for entry in glossary() for name in entry.synonyms]
    near = _near(word, words) or _near(word, synonyms)
    nearest = f"the nearest: {', '.join(near)}; " if near else ""
    id_ = word.upper()
    if (
        features is None
        and ID.fullmatch(id_)
        and id_.rpartition("-")[0] not in _areas()
    ):
        return UsageError(
            f"no clause or word is called {word!r}",
            hint="a clause of your own is explained with the folder that has it:"
            f" invitelab explain {id_} --features PATH",
        )
    return UsageError(
        f"no clause or word is called {word!r}",
        hint=f"{nearest}invitelab explain lists all",
    )


def _near(word: str, names: Iterable[str]) -> list[str]:
    import difflib

    folded = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), folded, n=3)
    return [folded[one] for one in near]
