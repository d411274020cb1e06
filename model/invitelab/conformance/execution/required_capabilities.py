"""Which capabilities a scenario needs, known before it is played.

It is played on the reference first, which declines nothing: so a scenario that needs
what a target has declined is not applicable from its first step, and cannot fail before
it comes to the one that says so.
"""

import threading
from functools import cache

from invitelab.adapters.clocks.virtual import VirtualClockDriver
from invitelab.adapters.driver import Driver, ScenarioSession
from invitelab.adapters.messages import Capability, Initialized
from invitelab.adapters.target import Target
from invitelab.conformance.execution.outcomes import NotApplicable
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext, SetUp
from invitelab.conformance.execution.step_runner import run_steps
from invitelab.conformance.features.gherkin import Pickle, key_of

TOKEN = "needs"

_lock = threading.Lock()
_needed: dict[object, tuple[Capability, ...]] = {}


def lacking(pickle: Pickle, answer: Initialized) -> NotApplicable | None:
    """The first capability that the scenario needs and the target has declined."""
    declined = {entry.capability: entry.reason for entry in answer.declines}
    if not declined:
        return None
    for capability in needed(pickle):
        if capability in declined:
            return NotApplicable(capability, declined[capability])
    return None


def needed(pickle: Pickle) -> tuple[Capability, ...]:
    """Every capability, in the order of the steps that need them."""
    with _lock:
        key = key_of(pickle)
        if key not in _needed:
            _needed[key] = _played(pickle)
        return _needed[key]


def _played(pickle: Pickle) -> tuple[Capability, ...]:
    driver, answer = _reference()
    lane = ScenarioSession(driver)
    keeper = VirtualClockDriver(answer)
    set_up = SetUp(
        lane=lane,
        target=answer,
        terms=keeper.terms,
        clock=keeper.clock(lane, TOKEN),
    )
    stage = ScenarioContext(set_up, TOKEN, Trace())
    run_steps(pickle.scenario, stage)
    return tuple(stage.needed)


@cache
def _reference() -> tuple[Driver, Initialized]:
    driver = Driver(Target.parse("reference"))
    return driver, driver.start()
