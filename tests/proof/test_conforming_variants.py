"""Nothing fails on who is right; whoever is wrong would be noticed there."""

import pytest

from invitelab.formats.run import RunVerdict
from invitelab.proof.conforming_variants import (
    PANEL,
    READINGS,
    Renaming,
    Unusual,
    numbers,
    try_reading,
    try_unusual,
)
from invitelab.proof.mutant_trial import Direct
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import knobs

AT_HAND = ["uuids", "numbers", "talkative", "taciturn", "obliging", "latency"]


@pytest.mark.parametrize("name", AT_HAND)
def test_nothing_is_held_against_an_odd_one(name: str) -> None:
    """It conforms, and nothing deviates; those on the wire take a process each."""
    tried = try_unusual(name)
    assert (RunVerdict.CONFORMANT, (), ()) == (
        tried.verdict,
        tried.deviations,
        tried.wrong,
    )


def test_one_of_each_kind() -> None:
    """What is kept of them."""
    odd, other = try_unusual("taciturn"), try_reading("lifetime_is_half_open")
    assert ("unusual", None, ()) == (odd.kind, odd.clause, odd.deviations)
    assert ("reading", "EXPIRY-6", ("EXPIRY-6",)) == (
        other.kind,
        other.clause,
        other.deviations,
    )
    assert ((), ()) == (odd.wrong, other.wrong)


def test_whoever_is_wrong_does_not_belong_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clause that fails is told, and one that deviates for no reason."""
    mutant = MUTANTS["alias-missing"]
    unusual = Unusual(
        name="wrong", habit=mutant.sin, reach=lambda: Direct(mutant.make())
    )
    monkeypatch.setitem(PANEL, "wrong", unusual)
    tried = try_unusual("wrong")
    assert RunVerdict.NON_CONFORMANT is tried.verdict
    assert ("TILE-5", "NOTIFY-4") == tried.wrong
    assert ("TILE-5",) == tried.deviations


def test_a_reading_that_moves_another_clause_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It deviates where nothing was read otherwise."""
    monkeypatch.setitem(READINGS, "lifetime_is_half_open", "TILE-5")
    tried = try_reading("lifetime_is_half_open")
    assert ("TILE-5", ("EXPIRY-6",)) == (tried.clause, tried.wrong)


def test_every_point_that_can_be_read_otherwise_is_there() -> None:
    """With its clause."""
    assert {knob.name: knob.clause for knob in knobs()} == READINGS


def test_names_are_keys() -> None:
    """None is there twice."""
    assert list(PANEL) == [unusual.name for unusual in PANEL.values()]


def test_each_client_has_names_of_its_own() -> None:
    """Each counts its own; the same id has the same name there each time."""
    renaming = Renaming(numbers())
    asked = (("ada", "i"), ("ada", "j"), ("bob", "j"), ("bob", "i"), ("ada", "i"))
    names = ("1", "2", "1", "2", "1")
    told = [renaming.told(who, {"ok": {"invitation": id_}}) for who, id_ in asked]
    assert [{"ok": {"invitation": name}} for name in names] == told
