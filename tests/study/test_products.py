"""A simulation of a variant of the product."""

from collections.abc import Callable, Iterator

import pytest

from invitelab.formats.results import Outcome
from invitelab.study.plan import digest, plan
from invitelab.study.replication import Job, replicate, why_events
from invitelab.study.run import simulate
from invitelab.world.product import SPECIFIED, Product, use_product
from invitelab.world.scenario.file import Loaded

ONE = Product(name="One", lifetime_us=60_000_000)
Tiny = Callable[[dict[str, object]], Loaded]


@pytest.fixture(autouse=True)
def specified() -> Iterator[None]:
    """Leave no product to other tests."""
    yield
    use_product(SPECIFIED)


def test_invitations_live_as_long_as_the_product_has_it(tiny: Tiny) -> None:
    """Those that nobody answers expire after a minute, and no invariant is broken."""
    ignored = {"accept": 0.0, "reject": 0.0, "ignore": 1.0}
    whole: dict[str, object] = {"people.answer": ignored, "drain": "61s"}
    whole |= {"warm_up": "0s", "people.cancel": 0.0}
    scenario = tiny(whole).scenario
    by_one = replicate(Job(scenario=scenario, seed=7, number=0, product=ONE))
    by_two = replicate(Job(scenario=scenario, seed=7, number=0))
    assert () == by_one.violations
    assert by_one.checked > 0
    assert by_one.outcomes[Outcome.EXPIRED] > 0
    assert 0 == by_one.outcomes[Outcome.PENDING]
    assert by_two.outcomes[Outcome.PENDING] > 0
    assert by_one.attempts == by_two.attempts


def test_another_product_runs_on_events(tiny: Tiny) -> None:
    """Cohorts know the product of the specification alone."""
    scenario = tiny({}).scenario
    assert "profile: One, with a lifetime of 1min" == why_events(scenario, ONE)
    assert "" == why_events(scenario) or "profile" not in why_events(scenario)


def test_the_product_in_use_is_simulated(tiny: Tiny) -> None:
    """The results have its lifetime, and a digest of their own."""
    loaded = tiny({})
    use_product(ONE)
    results = simulate(loaded, replications=1)
    assert 60_000_000 == results.lifetime_us
    assert results.engine_because.startswith("profile: One")
    use_product(SPECIFIED)
    assert results.scenario_digest != digest(loaded.scenario, ())
    assert 120_000_000 == simulate(loaded, replications=1).lifetime_us


def test_jobs_carry_it_to_other_processes(tiny: Tiny) -> None:
    """A worker has no product of its own."""
    use_product(ONE)
    jobs = plan(tiny({}), seed=None, replications=2).begin()
    assert {ONE} == {job.product for job in jobs}
