"""Conforming variants over several seeds: one result for all trials of a variant."""

from collections.abc import Iterable

from invitelab.formats.proof import ConformingVariantProof
from invitelab.formats.run import RunVerdict


def is_wrong(tried: ConformingVariantProof) -> bool:
    """Whether the suite accuses this variant, or misses its interpretation."""
    missed = tried.clause is not None and tried.clause not in tried.deviations
    conforms = tried.verdict is RunVerdict.CONFORMANT
    return missed or not conforms or bool(tried.false_failures)


def over_seeds(trials: Iterable[ConformingVariantProof]) -> ConformingVariantProof:
    """One variant, tried with several seeds, as one result; at least one is given.

    It deviates if it does so with every seed, and fails if it does so with any.
    """
    first, *others = trials
    for other in others:
        failures = dict.fromkeys((*first.false_failures, *other.false_failures))
        conforms = first.verdict is RunVerdict.CONFORMANT
        first = first.model_copy(
            update={
                "verdict": other.verdict if conforms else first.verdict,
                "deviations": tuple(
                    clause for clause in first.deviations if clause in other.deviations
                ),
                "false_failures": tuple(failures),
                "seeds": first.seeds + other.seeds,
                "failing_seeds": (*first.failing_seeds, *other.failing_seeds),
            }
        )
    return first
