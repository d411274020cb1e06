"""What rests on an interpretation is not asked of clients with another reading."""

from dataclasses import replace

import pytest

from invitelab.protocol.assumptions import RESTS_ON, holds_by
from invitelab.protocol.history import History
from invitelab.protocol.invariants import OVER_ALL, PER_INVITATION, violations
from invitelab.protocol.liveness import IN_TIME
from invitelab.protocol.policy import Policy, knobs


def test_every_name_is_an_invariant_or_an_interpretation() -> None:
    """So that none has become wrong unnoticed."""
    assert RESTS_ON.keys() <= {*PER_INVITATION, *OVER_ALL, *IN_TIME}
    named = {knob for some in RESTS_ON.values() for knob in some}
    assert named <= {knob.name for knob in knobs()}


def test_everything_holds_by_the_specification() -> None:
    """Whatever the lifetime."""
    policy = Policy(lifetime_us=300_000_000)
    names = {*PER_INVITATION, *OVER_ALL, *IN_TIME}
    assert all(holds_by(policy, name) for name in names)


@pytest.mark.parametrize("name", RESTS_ON)
def test_another_reading_frees_from_it(name: str) -> None:
    """Each one alone is enough, and frees from nothing that does not rest on it."""
    for knob in RESTS_ON[name]:
        policy = replace(Policy(), **{knob: False})
        assert not holds_by(policy, name)
        freed = {one for one in RESTS_ON if not holds_by(policy, one)}
        assert freed == {one for one in RESTS_ON if knob in RESTS_ON[one]}


def test_a_history_is_judged_by_the_policy_of_its_clients() -> None:
    """An empty one breaks nothing by any."""
    assert [] == list(violations(History(clients={}, facts=[])))
