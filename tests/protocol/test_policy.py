"""Every interpretation is one field of the policy, and one clause."""

import tomllib
from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.protocol.policy import LIFETIME_US, Knob, Policy, knobs
from invitelab.resources import features_dir

KNOBS = list(knobs())
MANY = st.integers(min_value=0, max_value=10**15)


def clauses(level: str) -> set[str]:
    """Read which clauses the specification has at a level."""
    text = (features_dir() / "clauses.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)["clause"]
    return {clause["id"] for clause in listed if clause["level"] == level}


def test_every_interpretation_has_exactly_one_knob() -> None:
    """Interpretations can be flipped; what the specification states cannot."""
    expected = Counter(clauses("interpretation"))
    assert expected == Counter(knob.clause for knob in KNOBS)


def test_no_knob_turns_a_required_clause() -> None:
    """The clause of an interpretation is never a required one."""
    assert set[str]() == {knob.clause for knob in KNOBS} & clauses("required")


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_an_interpretation_is_true_by_default(knob: Knob) -> None:
    """The default is the interpretation that its name states."""
    assert True is getattr(Policy(), knob.name)


def test_every_choice_of_yes_or_no_is_a_knob() -> None:
    """No interpretation is among the engineering choices."""
    expected = [entry.name for entry in fields(Policy) if entry.default is True]
    assert expected == [knob.name for knob in KNOBS]
    assert all(entry.default is not False for entry in fields(Policy))


def test_the_lifetime_is_the_pages() -> None:
    """Two minutes (EXPIRY-1, EXPIRY-2)."""
    assert 120_000_000 == LIFETIME_US == Policy().lifetime_us


@pytest.mark.parametrize("half_open", [True, False])
@settings(deadline=None)
@given(now_us=MANY, deadline_us=MANY)
def test_a_timer_wakes_at_the_first_instant_that_is_due(
    *, half_open: bool, now_us: int, deadline_us: int
) -> None:
    """Not one microsecond earlier, and for all instants from then on (EXPIRY-6)."""
    policy = Policy(lifetime_is_half_open=half_open)
    wakes = now_us >= policy.wake_us(deadline_us)
    assert wakes == policy.due(now_us, deadline_us)
