"""A proof as Markdown, for pull requests and terminals."""

from collections.abc import Iterator

from invitelab.formats.proof import Proof, ScenarioLocation
from invitelab.reporting.common.formatting import listed
from invitelab.reporting.common.markdown import plain, row
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.proof.page import where
from invitelab.reporting.proof.summary import (
    areas,
    killed_by_one,
    lines,
    reason,
    redundant_by_feature,
    survivors,
    verdict,
)

PICTURE = "![clauses against mutants, at a glance](matrix.svg)"


def markdown(proof: Proof, *, has_picture: bool = True) -> str:
    """Make the report, which ends in a newline, with or without a link to a picture."""
    proof = safe_document(proof)
    parts = (
        _head,
        _areas,
        _survivors,
        _mutants,
        _null_implementations,
        _conforming_variants,
        _transport_equivalence,
        _scenarios,
    )
    lines = (line for part in parts for line in part(proof))
    kept = (line for line in lines if has_picture or line != PICTURE)
    return "\n".join(kept) + "\n"


def _head(proof: Proof) -> Iterator[str]:
    yield f"# {verdict(proof)}"
    yield ""
    yield f"- suite {plain(proof.suite)} ({plain(proof.harness)})"
    yield from (f"- {plain(line)}" for line in lines(proof))
    yield from ("", PICTURE)
    if proof.findings:
        yield from ("", "## Findings", "")
        yield from (f"- {plain(finding)}" for finding in proof.findings)


def _areas(proof: Proof) -> Iterator[str]:
    yield from ("", "## Kill rate by area", "")
    yield "| area | clauses | mutants | killed | waived |"
    yield "|---|--:|--:|--:|--:|"
    for area in areas(proof):
        figures = (len(area.clauses), area.mutants, area.killed, area.waived)
        yield row(area.name, *map(str, figures))


def _survivors(proof: Proof) -> Iterator[str]:
    yield from ("", "## Survivors", "")
    alive = survivors(proof)
    if not alive:
        yield "None: every mutant is killed by a scenario of the clause that it breaks."
        return
    yield "| mutant | clause | defect | status | reason |"
    yield "|---|---|---|---|---|"
    for one in alive:
        yield row(one.name, one.clause, one.defect, one.status.value, reason(one))


def _mutants(proof: Proof) -> Iterator[str]:
    yield from ("", "## Mutants", "")
    yield "| mutant | clause | defect | status | killers | other failing clauses |"
    yield "|---|---|---|---|--:|--:|"
    for one in proof.mutants:
        also = sum(clause != one.clause for clause in one.failing_clauses)
        figures = (str(len(one.killers)), str(also))
        yield row(one.name, one.clause, one.defect, one.status.value, *figures)


def _null_implementations(proof: Proof) -> Iterator[str]:
    yield from ("", "## Vacuity check: null implementations", "")
    yield "| implementation | behaviour | verdict | clauses that pass |"
    yield "|---|---|---|---|"
    for one in proof.null_implementations:
        passed = listed(one.passed) or "none"
        yield row(one.name, one.defect, one.verdict.value, passed)


def _conforming_variants(proof: Proof) -> Iterator[str]:
    yield from ("", "## False-positive check: conforming variants", "")
    yield "| variant | difference | clause | deviates | false failures | verdict |"
    yield "|---|---|---|---|---|---|"
    for one in proof.conforming_variants:
        read = (one.clause or "", listed(one.deviations), listed(one.false_failures))
        yield row(one.name, one.difference, *read, one.verdict.value)


def _transport_equivalence(proof: Proof) -> Iterator[str]:
    yield from ("", "## Transport equivalence", "")
    yield "| transport | same records | differing scenarios |"
    yield "|---|---|--:|"
    for one in proof.transport_equivalence:
        yield row(one.target, "yes" if one.same else "no", str(len(one.differing)))


def _scenarios(proof: Proof) -> Iterator[str]:
    yield from ("", "## Clauses covered by one scenario only", "")
    alone = killed_by_one(proof)
    yield from (f"- {plain(one.clause)}: {_place(place)}" for one, place in alone)
    if not alone:
        yield "None."
    yield from ("", "## Redundant scenarios: they kill no mutant", "")
    for feature, count, places in redundant_by_feature(proof):
        if places:
            yield f"- {plain(feature)}: {len(places)} of {count}"
            yield from (f"  - {_place(place)}" for place in places)
    if not proof.redundant:
        yield "None."


def _place(place: ScenarioLocation) -> str:
    return plain(where(place))
