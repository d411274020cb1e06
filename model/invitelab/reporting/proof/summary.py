"""The figures of a proof, and the sentences that all views share."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from invitelab.formats.proof import (
    ClauseProof,
    ConformingVariantProof,
    MutantProof,
    MutantStatus,
    NullImplementationProof,
    Proof,
    ScenarioLocation,
)
from invitelab.formats.run import Level, RunVerdict
from invitelab.reporting.common.formatting import listed, plural

PROVEN = "PROVEN"
NOT_PROVEN = "NOT PROVEN"
RED_RUNS = frozenset({RunVerdict.NON_CONFORMANT, RunVerdict.INVALID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The clauses whose IDs begin with the same word, and their mutants."""

    name: str
    clauses: tuple[ClauseProof, ...]
    waived: int

    @property
    def mutants(self) -> int:
        """Number of mutants."""
        return sum(clause.mutants for clause in self.clauses)

    @property
    def killed(self) -> int:
        """Number of mutants that are killed by their own clause."""
        return sum(clause.killed for clause in self.clauses)

    @property
    def figure(self) -> str:
        """Killed mutants of all mutants, as `12/13`."""
        return f"{self.killed}/{self.mutants}"


def area_of(clause: str) -> str:
    """The area of a clause, such as `Expiry`."""
    return clause.partition("-")[0].capitalize()


def areas(proof: Proof) -> tuple[Area, ...]:
    """The areas, in the order of the clauses."""
    waived = [m.clause for m in proof.mutants if m.status is MutantStatus.WAIVED]
    return tuple(
        Area(
            name=name,
            clauses=tuple(variants),
            waived=sum(area_of(clause) == name for clause in waived),
        )
        for name, variants in groupby(proof.clauses, lambda one: area_of(one.clause))
    )


def survivors(proof: Proof) -> list[MutantProof]:
    """The mutants that their own clause has not killed, the waived ones last."""
    alive = [
        mutant for mutant in proof.mutants if mutant.status is not MutantStatus.KILLED
    ]
    return sorted(alive, key=lambda mutant: mutant.status is MutantStatus.WAIVED)


def reason(mutant: MutantProof) -> str:
    """Why a mutant is killed or not, as a phrase."""
    match mutant.status:
        case MutantStatus.WAIVED:
            return mutant.waiver or ""
        case MutantStatus.KILLED_BY_OTHER:
            failing = listed(mutant.failing_clauses)
            return f"no scenario of its clause fails, only of {failing}"
        case MutantStatus.SURVIVED:
            return "no scenario fails"
        case MutantStatus.KILLED | MutantStatus.BROKEN:
            return mutant.message or ""


def is_rejected(one: NullImplementationProof) -> bool:
    """Whether the suite rejects a null implementation, and no clause is vacuous."""
    return one.verdict in RED_RUNS and not one.vacuous


def is_false_failure(variant: ConformingVariantProof) -> bool:
    """Whether anything fails on a conforming variant."""
    return bool(variant.false_failures) or variant.verdict is not RunVerdict.CONFORMANT


def is_missed_deviation(variant: ConformingVariantProof) -> bool:
    """Whether the clause that is interpreted differently does not deviate."""
    return variant.clause is not None and variant.clause not in variant.deviations


def killed_by_one(proof: Proof) -> list[tuple[ClauseProof, ScenarioLocation]]:
    """The clauses whose mutants only one scenario kills, with that scenario."""
    killers = {
        mutant.clause: proof.scenarios[place]
        for mutant in proof.mutants
        for place in mutant.killers
    }
    return [
        (clause, killers[clause.clause])
        for clause in proof.clauses
        if clause.killers == 1
    ]


def redundant_by_feature(proof: Proof) -> list[tuple[str, int, list[ScenarioLocation]]]:
    """Each feature with its number of scenarios, and those that kill no mutant."""
    redundant = frozenset(proof.redundant)
    found: list[tuple[str, int, list[ScenarioLocation]]] = []
    numbered = enumerate(proof.scenarios)
    for feature, variants in groupby(numbered, lambda pair: pair[1].feature):
        of_feature = list(variants)
        places = [place for number, place in of_feature if number in redundant]
        found.append((feature, len(of_feature), places))
    return found


def verdict(proof: Proof) -> str:
    """`PROVEN`, or `NOT PROVEN` if there are findings."""
    return NOT_PROVEN if proof.findings else PROVEN


def lines(proof: Proof) -> Iterator[str]:
    """A line for each part of the proof."""
    yield mutants_line(proof)
    yield required_line(proof)
    yield scenarios_line(proof)
    yield variants_line(proof)
    yield null_implementations_line(proof)
    yield transports_line(proof)


def mutants_line(proof: Proof) -> str:
    """`mutants 115: 114 killed, 1 waived; by area Platform 4/4, ...`."""
    counted = {
        status: sum(mutant.status is status for mutant in proof.mutants)
        for status in MutantStatus
    }
    statuses = [f"{count} {status.value}" for status, count in counted.items() if count]
    by_area = ", ".join(f"{area.name} {area.figure}" for area in areas(proof))
    words = ", ".join(statuses) or "none"
    return f"mutants {len(proof.mutants)}: {words}; by area {by_area}"


def required(proof: Proof) -> tuple[int, list[str]]:
    """The number of required clauses, and those with mutants that are not killed."""
    wanted = [one for one in proof.clauses if one.level is Level.REQUIRED]
    short_of = [one.clause for one in wanted if not 0 < one.mutants == one.killed]
    return len(wanted), short_of


def required_line(proof: Proof) -> str:
    """`required 43/43 clauses: every mutant killed by its own clause`."""
    count, short_of = required(proof)
    but = f"; not of {listed(short_of)}" if short_of else ""
    done = f"{count - len(short_of)}/{count}"
    return f"required {done} clauses: every mutant killed by its own clause{but}"


def scenarios_line(proof: Proof) -> str:
    """`scenarios 228: 190 kill a mutant, 38 redundant; ...`."""
    count, redundant = len(proof.scenarios), len(proof.redundant)
    alone = plural(len(killed_by_one(proof)), "clause")
    return (
        f"scenarios {count}: {count - redundant} kill a mutant, {redundant} redundant;"
        f" {alone} covered by one scenario only"
    )


def variants_line(proof: Proof) -> str:
    """`conforming variants 34: 0 false failures`."""
    wrong = plural(
        sum(map(is_false_failure, proof.conforming_variants)), "false failure"
    )
    missed = [
        variant.name
        for variant in proof.conforming_variants
        if is_missed_deviation(variant)
    ]
    but = f"; no deviation for {listed(missed)}" if missed else ""
    return f"conforming variants {len(proof.conforming_variants)}: {wrong}{but}"


def null_implementations_line(proof: Proof) -> str:
    """`null implementations 9: all rejected`."""
    passing = [one.name for one in proof.null_implementations if not is_rejected(one)]
    words = f"not rejected: {listed(passing)}" if passing else "all rejected"
    return f"null implementations {len(proof.null_implementations)}: {words}"


def transports_line(proof: Proof) -> str:
    """`transport equivalence 4: the same records`."""
    other = [one.target for one in proof.transport_equivalence if not one.same]
    words = f"other records over {listed(other)}" if other else "the same records"
    return f"transport equivalence {len(proof.transport_equivalence)}: {words}"
