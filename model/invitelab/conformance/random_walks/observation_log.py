"""A stage that keeps what was seen first, whoever has looked."""

from invitelab.adapters import messages as wire
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext, SetUp
from invitelab.conformance.features.people import Person


class ObservedScenarioContext(ScenarioContext):
    """A Then that looks for one thing sees all the others, and would not tell."""

    def __init__(self, set_up: SetUp, token: str, trace: Trace) -> None:
        super().__init__(set_up, token, trace)
        self.first: dict[str, wire.View] = {}
        """What everybody saw first, by name, since it was cleared."""

    def view(self, person: Person) -> wire.View:
        """What this person sees now."""
        view = super().view(person)
        self.first.setdefault(person.name, view)
        return view
