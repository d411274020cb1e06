"""The table of known truths finds no fault in the simulator, and finds those put in."""

import pytest
from biased import Bias, biased
from findings import IDENTITY
from parameter_sets import InvitationSet, QueueSet, drawn
from table import Table, markdown, tabulate

from invitelab.resources import is_compiled
from invitelab.world.inviter import Inviter
from invitelab.world.load.intentions import Intentions
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.parts import Answer, Poisson

SETS = drawn(50)
TWO_KINDS = [SETS[22], SETS[24]]
"""Of invitations that are thought about for the same time each, and an M/D/2."""
FEW = 3


@pytest.fixture(scope="module")
def right() -> Table:
    """The table of the simulator as it is."""
    return tabulate(TWO_KINDS, replications=FEW)


def test_the_simulator_has_its_exact_values(right: Table) -> None:
    """Every exact value is inside its interval, and every identity exact."""
    assert [] == [row.finding.quantity for row in right.wrong]
    assert 13 == len(right.rows)


def test_the_formulas_apply(right: Table) -> None:
    """No message is repeated, nobody waits in a wide relay, and nobody is refused."""
    known = right.premises
    assert (0, 0, 0) == (known.repeated, known.delayed, known.refused)
    assert 2 * FEW == known.replications


def test_all_errors_together_are_one_percent(right: Table) -> None:
    """Each interval has its part of it; an identity needs none."""
    intervals = [row for row in right.rows if row.finding.kind != IDENTITY]
    assert right.error * len(intervals) == pytest.approx(0.01)


def test_a_biased_draw_is_found() -> None:
    """Think times that are two percent too long are outside."""
    with biased(Bias.DRAW):
        table = tabulate(TWO_KINDS[:1], replications=FEW)
    found = {row.finding.quantity for row in table.wrong}
    assert "mean time to a session, s" in found
    assert "Missed: " in markdown(table)


def mostly_ignored() -> InvitationSet:
    """A set of fewer invitations, of which most expire: a lost timer shows."""
    scenario = SETS[0].scenario
    answer = Answer(accept=0.1, reject=0.1, ignore=0.8)
    arrivals = Poisson.model_validate({"kind": "poisson", "rate": "3/s"})
    people = scenario.people.model_copy(update={"answer": answer})
    changes = {"people": people, "arrivals": arrivals}
    return InvitationSet(number=1, scenario=scenario.model_copy(update=changes))


@pytest.mark.slow
@pytest.mark.skipif(is_compiled(), reason="it replaces a method of the core")
def test_a_lost_timer_is_found() -> None:
    """One expiry in a thousand that never comes breaks Little's law; none holds it."""
    assert [] == list(tabulate([mostly_ignored()], replications=2).wrong)
    with biased(Bias.TIMER):
        table = tabulate([mostly_ignored()], replications=2, engine=Engine.EVENTS)
    assert "Little: area - lifetimes, us" in {
        row.finding.quantity for row in table.wrong
    }
    assert "**not exact**" in markdown(table)


def test_a_bias_ends_with_its_context() -> None:
    """Afterwards the simulator is as before."""
    right = Intentions.of_many, Inviter.perform
    with biased(Bias.DRAW), biased(Bias.TIMER):
        assert right[0] is not Intentions.of_many
        assert right[1] is not Inviter.perform
    assert right == (Intentions.of_many, Inviter.perform)


def test_sets_are_the_same_in_every_run() -> None:
    """They follow from their seed; a shorter list is the beginning of a longer one."""
    assert [one.text for one in SETS[:10]] == [one.text for one in drawn(10)]
    assert [one.text for one in SETS] != [one.text for one in drawn(50, seed=1)]


def test_three_of_five_sets_are_of_invitations() -> None:
    """The others are queues, with exponential and with constant services."""
    queues = [one for one in SETS if isinstance(one, QueueSet)]
    assert 30 == sum(isinstance(one, InvitationSet) for one in SETS)
    assert [10, 10] == [
        sum(one.exponential is kind for one in queues) for kind in (True, False)
    ]


def test_messages_are_never_so_late_that_they_would_be_repeated() -> None:
    """Twenty-five mean sojourns of the slowest pool are shorter than two seconds."""
    for one in SETS:
        if isinstance(one, QueueSet):
            relay = one.scenario.relay
            service_s = relay.service.mean_us / 1e6
            slowest_s = service_s * max(1, 1 / relay.servers / (1 - one.load))
            assert 25 * slowest_s < 2
