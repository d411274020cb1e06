"""Steps of this variant."""

from invitelab.conformance.steps import (
    ExpectationFailed,
    ScenarioContext,
    perform,
    person,
    phrase,
    then,
    when,
)

LIFETIME_MS = 300_000


@when(phrase(f"{person('name')} lets almost five minutes pass"))
def almost_over(context: ScenarioContext, name: str) -> None:
    """Wait until a second before the newest invitation of a person ends."""
    sent = context.invitation(name)
    context.pass_since(sent.at_ms, LIFETIME_MS - 1000)


@then(phrase(f"{person('guest')} gets into the device of {person('host')} at once"))
def gets_in(context: ScenarioContext, guest: str, host: str) -> None:
    """The session is there without any waiting."""
    before_ms = context.now_ms
    perform(context, "then", f"{guest} controls the device of {host}")
    if context.now_ms > before_ms:
        msg = f"{guest} had to wait for {context.now_ms - before_ms} ms"
        raise ExpectationFailed(msg)
