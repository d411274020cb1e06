"""The suite's times follow the lifetime of the product; a user's own do not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.conformance.execution.scenario_runner import left_to_product
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.conformance.features.own import use_own_features
from invitelab.conformance.features.retiming import retimed, retimed_text
from invitelab.conformance.features.steps.registry import matching
from invitelab.resources import feature_files
from invitelab.world.product import SPECIFIED, Product, use_product

Folder = Callable[..., Path]

FIVE = Product(name="Five", lifetime_us=300_000_000)
MINUTE = Product(name="Minute", lifetime_us=60_000_000)


@pytest.fixture(autouse=True)
def five() -> Iterator[None]:
    """Judge by five minutes."""
    use_product(FIVE)
    yield
    use_product(SPECIFIED)


@pytest.mark.parametrize(
    ("product", "text", "expected"),
    [
        (FIVE, "119 seconds have passed since x", "299 seconds have passed since x"),
        (FIVE, "119999 milliseconds have passed", "299999 milliseconds have passed"),
        (FIVE, "120000 milliseconds have passed", "300 seconds have passed"),
        (FIVE, "another 125 seconds have passed", "another 305 seconds have passed"),
        (FIVE, "another 10 minutes have passed", "another 10 minutes have passed"),
        (FIVE, "60 seconds have passed since x", "60 seconds have passed since x"),
        (MINUTE, "55 seconds have passed since x", "25 seconds have passed since x"),
        (MINUTE, "45 seconds have passed", "21667 milliseconds have passed"),
        (MINUTE, "another 71 seconds have passed", "another 31 seconds have passed"),
        (FIVE, "Ada has invited Bob", "Ada has invited Bob"),
        (FIVE, 'Ada invites "119 seconds"', 'Ada invites "119 seconds"'),
    ],
)
def test_a_step_says_the_time_that_it_waits(
    product: Product, text: str, expected: str
) -> None:
    """In a unit that its definition knows."""
    assert expected == retimed_text(text, product)


@pytest.mark.parametrize("product", [FIVE, MINUTE])
def test_every_step_of_the_suite_is_one_still(product: Product) -> None:
    """Each has exactly one definition."""
    changed = {
        (step.type, text)
        for pickle in pickles(paths=feature_files())
        for step in pickle.scenario.steps
        if (text := retimed_text(step.name, product)) != step.name
    }
    assert len(changed) > 10
    assert [] == [one for one in changed if len(matching(*one)) != 1]


def scenario_of(pickle: Pickle) -> list[str]:
    """Give the steps of a scenario as they are run."""
    return [step.name for step in retimed(pickle.scenario).steps]


def test_a_scenario_of_the_suite_is_run_at_other_times() -> None:
    """As it is written with the product of the specification."""
    (pickle, *_) = pickles("EXPIRY-1")
    late = "299 seconds have passed since the invitation was sent"
    assert late in scenario_of(pickle)
    use_product(SPECIFIED)
    assert late not in scenario_of(pickle)
    assert pickle.scenario is retimed(pickle.scenario)


def test_a_scenario_of_ones_own_is_run_as_it_is_written(folder: Folder) -> None:
    """Its author knows the product."""
    own = use_own_features(
        folder(
            five_feature="Feature: F\n  @FIVE-1\n  Scenario: S\n    Given Ada and Bob"
            " use version 7 or later\n    And Ada has invited Bob\n    When 119 seconds"
            " have passed since the invitation was sent\n"
        )
    )
    (pickle,) = pickles(paths=own.files)
    assert "119 seconds have passed since the invitation was sent" in scenario_of(
        pickle
    )


def test_what_the_product_has_otherwise_does_not_apply() -> None:
    """And the record says why."""
    use_product(Product(name="Five", otherwise=("modify_keeps_the_deadline",)))
    judged = left_to_product(("PENDING-6",))
    assert judged is not None
    expected = "Five reads PENDING-6 otherwise: modify_keeps_the_deadline = false"
    assert expected == judged.message
    assert left_to_product(("PENDING-1",)) is None
