"""The HTML page of a proof: the matrix, and every figure behind the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.formats.proof import MutantProof, MutantStatus, Proof, ScenarioLocation
from invitelab.formats.run import Level
from invitelab.reporting.common import html
from invitelab.reporting.common.formatting import listed, plural
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.common.signs import MUTANT_SIGNS
from invitelab.reporting.proof.drawing import bar, picture, sample
from invitelab.reporting.proof.matrix import MEANINGS, Mark, matrix
from invitelab.reporting.proof.overview import overview
from invitelab.reporting.proof.summary import (
    areas,
    is_false_failure,
    is_missed_deviation,
    is_rejected,
    killed_by_one,
    reason,
    redundant_by_feature,
    required,
    survivors,
    verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantRow:
    """A mutant as a row of a table, with its status."""

    mutant: MutantProof
    sign: str
    reason: str
    also_red: str
    """The other clauses that fail."""


def page(proof: Proof) -> str:
    """Make the whole `report.html`, which ends in a newline."""
    proof = safe_document(proof)
    shown = matrix(proof)
    values: dict[str, object] = {
        "title": f"The suite is {verdict(proof).lower()}",
        "proof": proof,
        "verdict": verdict(proof),
        "cards": _cards(proof),
        "overview": overview(shown),
        "picture": picture(shown),
        "legend": [(sample(mark), MEANINGS[mark]) for mark in Mark],
        "areas": [
            (area, bar(area.killed, area.waived, area.mutants)) for area in areas(proof)
        ],
        "required": Level.REQUIRED,
        "survivors": [_mutantrow(mutant) for mutant in survivors(proof)],
        "mutants": [_mutantrow(mutant) for mutant in shown.columns],
        "null_implementations": [
            (one, is_rejected(one)) for one in proof.null_implementations
        ],
        "conforming_variants": [
            (one, not is_false_failure(one) and not is_missed_deviation(one))
            for one in proof.conforming_variants
        ],
        "redundant": redundant_by_feature(proof),
        "alone": killed_by_one(proof),
        "place": where,
    }
    return html.page("invitelab.reporting.proof", "report.html.j2", values)


def where(place: ScenarioLocation) -> str:
    """A scenario as text: `features/expiry.feature:12 Title [example]`."""
    example = f" [{place.example}]" if place.example else ""
    return f"{place.feature}:{place.line} {place.title}{example}"


def _mutantrow(mutant: MutantProof) -> MutantRow:
    others = [clause for clause in mutant.failing_clauses if clause != mutant.clause]
    return MutantRow(
        mutant=mutant,
        sign=MUTANT_SIGNS[mutant.status],
        reason=reason(mutant),
        also_red=listed(others),
    )


def _cards(proof: Proof) -> Sequence[tuple[str, str]]:
    """The figures on top of the page: each, and what it counts."""
    killed = sum(mutant.status is MutantStatus.KILLED for mutant in proof.mutants)
    count, short_of = required(proof)
    rejected = sum(map(is_rejected, proof.null_implementations))
    same = sum(one.same for one in proof.transport_equivalence)
    useful = len(proof.scenarios) - len(proof.redundant)
    wrong = sum(map(is_false_failure, proof.conforming_variants))
    variants = plural(len(proof.conforming_variants), "conforming variant")
    return [
        (f"{killed}/{len(proof.mutants)}", "mutants killed by their own clause"),
        (f"{count - len(short_of)}/{count}", "required clauses: every mutant killed"),
        (str(wrong), f"false failures among {variants}"),
        (
            f"{rejected}/{len(proof.null_implementations)}",
            "null implementations rejected",
        ),
        (
            f"{same}/{len(proof.transport_equivalence)}",
            "transports with the same records",
        ),
        (f"{useful}/{len(proof.scenarios)}", "scenarios kill a mutant"),
    ]
