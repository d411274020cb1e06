"""A proof as Markdown: for a pull request, and for people without a browser."""

from collections.abc import Iterator

from invitelab.formats.proof import Place, Proof
from invitelab.reporting.common.formatting import listed, sentence
from invitelab.reporting.common.markdown import plain, row
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.proof.page import where
from invitelab.reporting.proof.summary import (
    areas,
    idle_by_feature,
    killed_by_one,
    lines,
    survivors,
    verdict,
    why,
)


def markdown(proof: Proof) -> str:
    """The report, ending in a newline."""
    proof = safe_document(proof)
    parts = (_head, _areas, _survivors, _mutants, _floor, _panel, _identity, _spare)
    return "\n".join(line for part in parts for line in part(proof)) + "\n"


def _head(proof: Proof) -> Iterator[str]:
    yield f"# {verdict(proof)}"
    yield ""
    yield f"- suite {plain(proof.suite)} ({plain(proof.harness)})"
    yield from (f"- {plain(line)}" for line in lines(proof))
    yield from ("", "![clauses against mutants, at a glance](matrix.svg)")
    if proof.complaints:
        yield from ("", "## Wrong", "")
        yield from (f"- {plain(complaint)}" for complaint in proof.complaints)


def _areas(proof: Proof) -> Iterator[str]:
    yield from ("", "## Kill rate by area", "")
    yield "| area | clauses | mutants | killed | excused |"
    yield "|---|--:|--:|--:|--:|"
    for area in areas(proof):
        figures = (len(area.clauses), area.mutants, area.killed, area.excused)
        yield row(area.name, *map(str, figures))


def _survivors(proof: Proof) -> Iterator[str]:
    yield from ("", "## Survivors", "")
    alive = survivors(proof)
    if not alive:
        yield "None: every mutant is killed by a scenario of the clause that it breaks."
        return
    yield "| mutant | clause | sin | fate | why |"
    yield "|---|---|---|---|---|"
    for one in alive:
        yield row(one.name, one.clause, one.sin, one.fate.value, why(one))


def _mutants(proof: Proof) -> Iterator[str]:
    yield from ("", "## Mutants", "")
    yield "| mutant | clause | sin | fate | killers | also red |"
    yield "|---|---|---|---|--:|--:|"
    for one in proof.mutants:
        also = sum(clause != one.clause for clause in one.red)
        figures = (str(len(one.killers)), str(also))
        yield row(one.name, one.clause, one.sin, one.fate.value, *figures)


def _floor(proof: Proof) -> Iterator[str]:
    yield from ("", "## Floor", "")
    yield "| implementation | what it does | verdict | clauses that pass |"
    yield "|---|---|---|---|"
    for one in proof.floor:
        passed = listed(one.passed) or "none"
        yield row(one.name, one.sin, one.verdict.value, passed)


def _panel(proof: Proof) -> Iterator[str]:
    yield from ("", "## Panel", "")
    yield "| implementation | habit | reads otherwise | deviates | wrong | verdict |"
    yield "|---|---|---|---|---|---|"
    for one in proof.panel:
        read = (one.clause or "", listed(one.deviations), listed(one.wrong))
        yield row(one.name, one.habit, *read, one.verdict.value)


def _identity(proof: Proof) -> Iterator[str]:
    yield from ("", "## Identity", "")
    yield "| reached by | same records | scenarios that differ |"
    yield "|---|---|--:|"
    for way in proof.identity:
        yield row(way.target, "yes" if way.same else "no", str(len(way.differing)))


def _spare(proof: Proof) -> Iterator[str]:
    yield from ("", "## Clauses that one scenario alone kills", "")
    alone = killed_by_one(proof)
    yield from (f"- {plain(one.clause)}: {_place(place)}" for one, place in alone)
    if not alone:
        yield "None."
    yield from ("", "## Scenarios that kill no mutant", "")
    for feature, count, places in idle_by_feature(proof):
        if places:
            name = sentence(plain(feature))
            yield f"- {name}: {len(places)} of {count}"
            yield from (f"  - {_place(place)}" for place in places)
    if not proof.idle:
        yield "None."


def _place(place: Place) -> str:
    return plain(where(place))
