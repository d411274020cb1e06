"""The page of a proof: the matrix, and every figure behind the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.formats.proof import MutantProof, MutantStatus, Place, Proof
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
    idle_by_feature,
    is_false_failure,
    is_red,
    is_unseen,
    killed_by_one,
    required,
    survivors,
    verdict,
    why,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A mutant and what became of it, as a row of a table."""

    mutant: MutantProof
    sign: str
    why: str
    red: str
    """The other clauses that are red."""


def page(proof: Proof) -> str:
    """The whole `report.html`, ending in a newline."""
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
            (area, bar(area.killed, area.excused, area.mutants))
            for area in areas(proof)
        ],
        "required": Level.REQUIRED,
        "survivors": [_told(mutant) for mutant in survivors(proof)],
        "mutants": [_told(mutant) for mutant in shown.columns],
        "floor": [(hollow, is_red(hollow)) for hollow in proof.floor],
        "panel": [
            (member, not is_false_failure(member) and not is_unseen(member))
            for member in proof.panel
        ],
        "idle": idle_by_feature(proof),
        "alone": killed_by_one(proof),
        "place": where,
    }
    return html.page("invitelab.reporting.proof", "report.html.j2", values)


def where(place: Place) -> str:
    """A scenario as words: `features/expiry.feature:12 Title [example]`."""
    example = f" [{place.example}]" if place.example else ""
    return f"{place.feature}:{place.line} {place.title}{example}"


def _told(mutant: MutantProof) -> Told:
    others = [clause for clause in mutant.red if clause != mutant.clause]
    return Told(
        mutant=mutant,
        sign=MUTANT_SIGNS[mutant.fate],
        why=why(mutant),
        red=listed(others),
    )


def _cards(proof: Proof) -> Sequence[tuple[str, str]]:
    """Every denominator: a figure, and what it counts."""
    killed = sum(mutant.fate is MutantStatus.KILLED for mutant in proof.mutants)
    count, short_of = required(proof)
    red = sum(map(is_red, proof.floor))
    same = sum(way.same for way in proof.identity)
    useful = len(proof.scenarios) - len(proof.idle)
    wrong = sum(map(is_false_failure, proof.panel))
    panel = plural(len(proof.panel), "right implementation")
    return [
        (f"{killed}/{len(proof.mutants)}", "mutants killed by their own clause"),
        (f"{count - len(short_of)}/{count}", "required clauses: every mutant killed"),
        (str(wrong), f"false failures among {panel}"),
        (f"{red}/{len(proof.floor)}", "implementations that do nothing are red"),
        (f"{same}/{len(proof.identity)}", "other ways to the same verdicts"),
        (f"{useful}/{len(proof.scenarios)}", "scenarios kill a mutant"),
    ]
