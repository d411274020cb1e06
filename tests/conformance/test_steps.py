"""The public module of steps: what it defines is called as it says."""

import pytest
from pytest_bdd import parsers

from invitelab.adapters.target import Target
from invitelab.conformance import steps
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.features.steps import registry
from invitelab.conformance.features.steps.registry import definition_of, matching
from invitelab.conformance.steps import (
    ExpectationFailed,
    ScenarioContext,
    given,
    perform,
    person,
    phrase,
    then,
    when,
)
from invitelab.errors import HarnessError


@pytest.fixture
def context() -> ScenarioContext:
    """Give the context of a scenario on the reference."""
    engine = Engine(Target.parse("reference"), None)
    ready = engine.shared()
    assert ready is not None
    return ScenarioContext(ready.set_up("t"), "t", Trace())


@pytest.fixture(autouse=True)
def forgotten() -> "pytest.FixtureRequest | None":
    """Start without definitions of others."""
    registry.forget_own()
    return None


def test_every_name_is_exported_once() -> None:
    """Each can be imported."""
    assert sorted(steps.__all__, key=str) == sorted(set(steps.__all__), key=str)
    assert [] == [name for name in steps.__all__ if not hasattr(steps, name)]


def test_a_definition_belongs_to_its_type() -> None:
    """And is found by plain words, a phrase or a parser of pytest-bdd."""

    @given("the sun shines")
    def sun(context: ScenarioContext) -> None:
        """Do nothing."""

    @when(phrase(f"{person('name')} smiles"))
    def smiles(context: ScenarioContext, name: str) -> None:
        """Do nothing."""

    @then(parsers.parse("it is {what}"))
    def it_is(context: ScenarioContext, what: str) -> None:
        """Do nothing."""

    assert sun is definition_of("given", "the sun shines").step_func
    assert [] == matching("when", "the sun shines")
    assert smiles is definition_of("when", "Ada smiles").step_func
    assert it_is is definition_of("then", "it is warm").step_func


def test_a_definition_that_is_read_again_replaces_itself() -> None:
    """As where two test modules import the same steps."""
    for _ in range(2):

        @given("the moon shines")
        def moon(context: ScenarioContext) -> None:
            """Do nothing."""

    assert 1 == len(matching("given", "the moon shines"))


def test_a_step_performs_others(context: ScenarioContext) -> None:
    """With what their words say, and with their failures."""
    perform(context, "given", "Ada and Bob use version 7 or later")
    perform(context, "given", "Ada has invited Bob")
    perform(context, "then", "Bob sees the invitation from Ada")
    with pytest.raises(ExpectationFailed):
        perform(context, "then", "Bob sees no invitation")
    with pytest.raises(HarnessError, match="is defined by nothing"):
        perform(context, "when", "Bob dances")
