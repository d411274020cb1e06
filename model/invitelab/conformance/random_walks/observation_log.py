"""Scenario context that keeps the first view of every participant."""

from invitelab.adapters import messages as wire
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_state import SetUp
from invitelab.conformance.features.people import Person


class ObservedScenarioContext(ScenarioContext):
    """Context for walks: a Then checks one thing of a view, the walk all the others."""

    def __init__(self, set_up: SetUp, token: str, trace: Trace) -> None:
        super().__init__(set_up, token, trace)
        self.first: dict[str, wire.View] = {}
        """First view of each participant by name, since it was cleared."""

    def view(self, person: Person) -> wire.View:
        """Get the view of a person, and keep the first."""
        view = super().view(person)
        self.first.setdefault(person.name, view)
        return view
