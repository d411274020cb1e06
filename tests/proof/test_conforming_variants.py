"""Nothing fails on conforming variants; a wrong implementation among them is told."""

import pytest

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.run import RunVerdict
from invitelab.proof.conforming_variants import (
    INTERPRETATIONS,
    VARIANTS,
    ConformingVariant,
    OneAtATime,
    OwnIds,
    numbers,
    try_interpretation,
    try_variant,
)
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import knobs

IN_PROCESS = [
    "uuids",
    "plain-uuids",
    "numbers",
    "talkative",
    "taciturn",
    "obliging",
    "latency",
    "slow",
    "one-at-a-time",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_PROCESS)
def test_nothing_fails_on_an_unusual_variant(name: str) -> None:
    """The variants on the wire are left out here: each takes a process."""
    tried = try_variant(name)
    assert (RunVerdict.CONFORMANT, (), ()) == (
        tried.verdict,
        tried.deviations,
        tried.false_failures,
    )


@pytest.mark.slow
def test_a_variant_of_each_kind_is_recorded() -> None:
    """With its kind, its clause and its deviations."""
    unusual, other = (
        try_variant("taciturn"),
        try_interpretation("lifetime_is_half_open"),
    )
    assert ("unusual", None, ()) == (unusual.kind, unusual.clause, unusual.deviations)
    assert ("interpretation", "EXPIRY-6", ("EXPIRY-6",)) == (
        other.kind,
        other.clause,
        other.deviations,
    )
    assert ((), ()) == (unusual.false_failures, other.false_failures)


def test_a_wrong_implementation_has_false_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each clause that fails, and each that deviates without another interpretation."""
    mutant = MUTANTS["alias-missing"]
    variant = ConformingVariant(
        name="wrong",
        difference=mutant.defect,
        reach=lambda: DirectTarget(mutant.make()),
    )
    monkeypatch.setitem(VARIANTS, "wrong", variant)
    tried = try_variant("wrong")
    assert RunVerdict.NON_CONFORMANT is tried.verdict
    assert ("TILE-5", "NOTIFY-4") == tried.false_failures
    assert ("TILE-5",) == tried.deviations


@pytest.mark.slow
def test_the_seed_of_a_failure_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a variant that fails, and of an interpretation that does not deviate."""
    assert () == try_variant("taciturn", seed=3).failing_seeds
    mutant = MUTANTS["alias-missing"]
    variant = ConformingVariant(
        name="wrong",
        difference=mutant.defect,
        reach=lambda: DirectTarget(mutant.make()),
    )
    monkeypatch.setitem(VARIANTS, "wrong", variant)
    assert (3,) == try_variant("wrong", seed=3).failing_seeds
    assert () == try_interpretation("lifetime_is_half_open", seed=4).failing_seeds
    monkeypatch.setitem(INTERPRETATIONS, "lifetime_is_half_open", "TILE-5")
    assert (4,) == try_interpretation("lifetime_is_half_open", seed=4).failing_seeds


def test_a_second_scenario_at_a_time_is_rejected() -> None:
    """By the variant that says so in its handshake."""
    one = OneAtATime()
    hello: dict[str, Json] = {"name": "tests", "version": "0"}
    answer = one.request("initialize", {"protocol": 1, "harness": hello})
    assert isinstance(answer, dict)
    assert answer["parallel"] is False
    one.request("scenario.begin", {"scenario": "s1", "clients": []})
    with pytest.raises(AdapterError, match="another scenario is open"):
        one.request("scenario.begin", {"scenario": "s2", "clients": []})
    one.request("scenario.end", {"scenario": "s1"})
    assert {} == one.request("scenario.begin", {"scenario": "s2", "clients": []})


def test_an_interpretation_that_affects_another_clause_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That clause deviates without another interpretation of it."""
    monkeypatch.setitem(INTERPRETATIONS, "lifetime_is_half_open", "TILE-5")
    tried = try_interpretation("lifetime_is_half_open")
    assert ("TILE-5", ("EXPIRY-6",)) == (tried.clause, tried.false_failures)


def test_every_interpretation_is_tried() -> None:
    """With its clause."""
    assert {knob.name: knob.clause for knob in knobs()} == INTERPRETATIONS


def test_names_are_unique() -> None:
    """Each is the key of its variant."""
    assert list(VARIANTS) == [variant.name for variant in VARIANTS.values()]


def test_each_client_has_its_own_ids() -> None:
    """Each client counts its own; an ID is translated the same way each time."""
    own_ids = OwnIds(numbers())
    asked = (("ada", "i"), ("ada", "j"), ("bob", "j"), ("bob", "i"), ("ada", "i"))
    names = ("1", "2", "1", "2", "1")
    translated = [
        own_ids.translated(who, {"ok": {"invitation": id_}}) for who, id_ in asked
    ]
    assert [{"ok": {"invitation": name}} for name in names] == translated
