"""Steps that let time pass, counted from a send rather than from the previous step."""

from pytest_bdd import given, when

from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.steps.phrases import NUMBER, person, phrase

MS_PER = {"minutes": 60_000, "seconds": 1000, "milliseconds": 1}
AMOUNT = f"(?P<amount>{NUMBER}) (?P<unit>seconds|milliseconds) have passed since"


@given(phrase(f"{AMOUNT} the invitation was sent"))
@when(phrase(f"{AMOUNT} the invitation was sent"))
def since_sent(context: ScenarioContext, amount: str, unit: str) -> None:
    """Wait until that time since the newest invitation was sent."""
    context.pass_since(context.invitation().at_ms, int(amount) * MS_PER[unit])


@when(phrase(f"{AMOUNT} {person('inviter')} invited {person('recipient')}"))
def since_invited(
    context: ScenarioContext, amount: str, unit: str, inviter: str, recipient: str
) -> None:
    """Wait until that time since the newest invitation of this pair was sent."""
    start_ms = context.invitation(inviter, recipient).at_ms
    context.pass_since(start_ms, int(amount) * MS_PER[unit])


ANOTHER = f"another (?P<amount>{NUMBER}) (?P<unit>minutes|seconds) have passed"


@given(phrase(ANOTHER))
@when(phrase(ANOTHER))
def later(context: ScenarioContext, amount: str, unit: str) -> None:
    """Wait that long from now on."""
    context.pass_until(context.now_ms + int(amount) * MS_PER[unit])


@when(phrase(f"{AMOUNT} the email was started"))
def since_email(context: ScenarioContext, amount: str, unit: str) -> None:
    """Wait until that time since the newest email was opened."""
    context.pass_since(context.email().at_ms, int(amount) * MS_PER[unit])
