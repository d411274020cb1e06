"""Findings of a proof: everything that is wrong with the suite, a sentence each."""

from collections.abc import Iterable, Iterator
from itertools import chain

from invitelab.formats.proof import (
    ClauseProof,
    ConformingVariantProof,
    MutantProof,
    MutantStatus,
    NullImplementationProof,
    Proof,
    TransportProof,
)
from invitelab.formats.run import Level, RunVerdict

MOST_SEEDS = 5
"""Number of seeds that a finding names."""

LEAST = {Level.REQUIRED: 2, Level.INTERPRETATION: 1}
"""Minimum number of mutants of a clause, by its level."""


def findings(proof: Proof) -> Iterator[str]:
    """Yield every finding of a proof; none if the suite is proven."""
    return chain(
        _missing_parts(proof),
        _clause_findings(proof.clauses),
        _mutant_findings(proof.mutants),
        _null_implementation_findings(proof.null_implementations),
        _variant_findings(proof.conforming_variants),
        _transport_findings(proof.transport_equivalence),
    )


def _missing_parts(proof: Proof) -> Iterator[str]:
    parts = {
        "null implementations": proof.null_implementations,
        "conforming variants": proof.conforming_variants,
        "transports": proof.transport_equivalence,
    }
    yield from (f"no {name} were tried" for name in parts if not parts[name])


def _clause_findings(clauses: Iterable[ClauseProof]) -> Iterator[str]:
    for clause in clauses:
        least = LEAST[clause.level]
        if clause.mutants < least:
            noun = "mutant" if clause.mutants == 1 else "mutants"
            yield f"{clause.clause} has {clause.mutants} {noun} of at least {least}"
        elif clause.level is Level.REQUIRED and not clause.killed:
            yield f"{clause.clause} has no mutant that is killed"


def _mutant_findings(mutants: Iterable[MutantProof]) -> Iterator[str]:
    for mutant in mutants:
        match mutant.status:
            case MutantStatus.SURVIVED:
                yield f"{mutant.name} ({mutant.clause}) survived: no scenario fails"
            case MutantStatus.KILLED_BY_OTHER:
                failing = ", ".join(mutant.failing_clauses)
                yield (
                    f"{mutant.name} ({mutant.clause}) is killed only by scenarios of"
                    f" other clauses: {failing}"
                )
            case MutantStatus.BROKEN:
                yield f"{mutant.name} ({mutant.clause}) is broken: {mutant.message}"
            case MutantStatus.WAIVED if not (mutant.waiver or "").strip():
                yield f"{mutant.name} ({mutant.clause}) survived with an empty waiver"
            case MutantStatus.KILLED | MutantStatus.WAIVED:
                pass


def _null_implementation_findings(
    implementations: Iterable[NullImplementationProof],
) -> Iterator[str]:
    for one in implementations:
        if one.verdict not in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}:
            yield f"null implementation {one.name} is {one.verdict.value}"
        if one.vacuous:
            clauses = ", ".join(one.vacuous)
            yield f"null implementation {one.name} satisfies {clauses}"


def _variant_findings(variants: Iterable[ConformingVariantProof]) -> Iterator[str]:
    for variant in variants:
        name = f"conforming variant {variant.name}"
        seeds = _seeds(variant)
        if variant.false_failures:
            yield f"{name} fails {', '.join(variant.false_failures)}{seeds}"
        elif variant.verdict is not RunVerdict.CONFORMANT:
            yield f"{name} is {variant.verdict.value}{seeds}"
        if variant.clause is not None and variant.clause not in variant.deviations:
            yield f"{name} interprets {variant.clause} differently: no deviation{seeds}"


def _seeds(variant: ConformingVariantProof) -> str:
    """The seeds to look at, where there were several."""
    if variant.seeds == 1:
        return ""
    told = ", ".join(map(str, variant.failing_seeds[:MOST_SEEDS]))
    more = ", ..." if len(variant.failing_seeds) > MOST_SEEDS else ""
    return f" (seed {told}{more})"


def _transport_findings(transports: Iterable[TransportProof]) -> Iterator[str]:
    for transport in transports:
        if not transport.same:
            count = len(transport.differing)
            noun = "scenario" if count == 1 else "scenarios"
            yield f"over {transport.target} the records of {count} {noun} differ"
