"""Trials of a variant with several seeds are one result."""

from invitelab.formats.proof import ConformingVariantProof
from invitelab.formats.run import RunVerdict
from invitelab.proof.variant_seeds import is_wrong, over_seeds

RIGHT = ConformingVariantProof(
    name="lifetime_is_half_open",
    difference="the opposite",
    kind="interpretation",
    verdict=RunVerdict.CONFORMANT,
    clause="EXPIRY-6",
    deviations=("EXPIRY-6",),
)


def test_a_variant_is_wrong_for_each_reason() -> None:
    """It fails, does not conform, or does not deviate where it should."""
    changes: list[dict[str, object]] = [
        {"false_failures": ("TILE-1",)},
        {"verdict": RunVerdict.INCONCLUSIVE},
        {"deviations": ()},
    ]
    assert not is_wrong(RIGHT)
    assert all(is_wrong(RIGHT.model_copy(update=change)) for change in changes)
    unusual = {"clause": None, "deviations": ()}
    assert not is_wrong(RIGHT.model_copy(update=unusual))


def test_seeds_are_put_together() -> None:
    """Failures with any seed, and deviations with every seed."""
    failed = RIGHT.model_copy(
        update={
            "verdict": RunVerdict.NON_CONFORMANT,
            "deviations": (),
            "false_failures": ("TILE-1",),
            "failing_seeds": (1,),
        }
    )
    both = over_seeds([RIGHT, failed, RIGHT])
    assert (RunVerdict.NON_CONFORMANT, (), ("TILE-1",), 3, (1,)) == (
        both.verdict,
        both.deviations,
        both.false_failures,
        both.seeds,
        both.failing_seeds,
    )
    assert RIGHT == over_seeds([RIGHT])


def test_a_clause_that_fails_with_two_seeds_is_named_once() -> None:
    """Both seeds are."""
    failed = RIGHT.model_copy(update={"false_failures": ("TILE-1", "TILE-2")})
    trials = [failed.model_copy(update={"failing_seeds": (seed,)}) for seed in (3, 8)]
    both = over_seeds(trials)
    assert (("TILE-1", "TILE-2"), (3, 8)) == (both.false_failures, both.failing_seeds)
