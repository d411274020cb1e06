"""A user's code over the public names: type-checked, and run by a test."""

import sys
from collections.abc import Mapping
from typing import assert_type

import invitelab
from invitelab import (
    Adapter,
    AdapterError,
    Json,
    Policy,
    Reference,
    serve_stdio,
)
from invitelab.conformance.steps import (
    ExpectationFailed,
    Person,
    ScenarioContext,
    person,
    phrase,
    then,
)


@then(phrase(f"{person('name')} sees nothing at all"))
def sees_nothing(context: ScenarioContext, name: str) -> None:
    """Define a step as the author of features does."""
    someone = context.person(name)
    assert_type(someone, Person)
    if context.view(someone).notifications:
        msg = f"{name} sees something after {context.now_ms} ms"
        raise ExpectationFailed(msg)


class Echo:
    """An adapter as an author writes it, without a base class."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one method and reject the others."""
        if method != "echo":
            raise AdapterError(-32601, "no such method", data=method)
        return dict(params)


def create() -> Adapter:
    """Make the adapter that `py:module:create` names."""
    return Echo()


def policy() -> Policy:
    """Choose another interpretation than the default."""
    return Policy(one_accept_counts=False, lifetime_us=60_000_000)


def variant() -> Adapter:
    """Make the reference with that policy, and with latency between its clients."""
    return Reference(policy=policy(), latency_ms=80)


def main() -> None:
    """Serve the adapter, as `invitelab check cmd:'python api.py serve'` expects."""
    serve_stdio(variant())


assert_type(invitelab.__version__, str)
assert_type(policy().one_accept_counts, bool)

if sys.argv[1:] == ["serve"]:
    main()
