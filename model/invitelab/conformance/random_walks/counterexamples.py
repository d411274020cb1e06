"""Counterexamples: the finding of a walk as a scenario that fails at its end."""

from dataclasses import dataclass

from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_runner import Ready, run_steps
from invitelab.conformance.random_walks.findings import Finding
from invitelab.conformance.random_walks.gherkin_writer import feature, gherkin, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The finding of the shortest walk, as a scenario."""

    clause: str
    expected: str
    """The Then that did not hold, or the When that could not be run."""
    message: str
    """What was observed instead."""
    scenario: str
    """Tag, title and steps, indented to be pasted below a rule of a feature."""
    confirmed: bool
    """Whether the scenario, run again on its own, fails at its last step."""

    @property
    def feature(self) -> str:
        """A feature with this scenario only."""
        return feature(self.scenario)


def counterexample_of(finding: Finding, ready: Ready) -> Counterexample:
    """Write the finding as the most readable scenario that still fails at its end."""
    clause = finding.check.clause
    title = f"What a walk has found about {clause}"
    scenarios = [
        gherkin(title, clause, lines)
        for lines in finding.history.renderings(finding.check)
    ]
    confirmed = (
        scenario
        for number, scenario in enumerate(scenarios)
        if _fails_at_the_end(scenario, ready, f"w-{number}")
    )
    readable = next(confirmed, None)
    return Counterexample(
        clause=clause,
        expected=finding.check.text,
        message=finding.message,
        scenario=readable or scenarios[-1],
        confirmed=readable is not None,
    )


def _fails_at_the_end(scenario: str, ready: Ready, token: str) -> bool:
    """Whether only the last step fails, and it is not a Given."""
    trace = Trace()
    read = parsed(feature(scenario))
    ended = run_steps(read, ScenarioContext(ready.set_up(token), token, trace))
    whole = len(trace.records()) == len(read.steps)
    return (
        isinstance(ended.error, ExpectationFailed)
        and whole
        and ended.step_type != "given"
    )
