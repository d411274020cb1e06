"""Values that cannot occur together."""

from collections.abc import Mapping

import pytest

from invitelab.conformance.factors import constraints
from invitelab.conformance.factors.constraints import TOGETHER, clash
from invitelab.conformance.factors.table import factors

VALUES = {str(value): value for values in factors().values() for value in values}
RULES = {rule.__name__: rule for rule in TOGETHER}


class Noted(dict[str, str]):
    """Values by factor that notes which factors it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        """Note the factor."""
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_names_the_factors_that_it_asks_for(name: str) -> None:
    """`clash` asks it only about two of them."""
    rule = RULES[name]
    asked: set[str] = set()
    for value in VALUES.values():
        values = Noted({value.factor: value.name})
        rule(values)
        asked |= values.asked
    assert asked <= TOGETHER[rule] <= set(factors())


@pytest.mark.parametrize("name", RULES)
def test_no_value_breaks_a_rule_alone(name: str) -> None:
    """What a row says nothing of is the first value of its factor."""
    rule = RULES[name]
    for value in VALUES.values():
        assert rule({value.factor: value.name}), value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("portable: recipient", "recipient's alias: dot"),
        ("portable: inviter", "way to invite: icon by alias"),
        ("recipient's platform: iOS", "history: rejected the other way"),
        ("inviter's alias: shared", "recipient's alias: digits"),
        ("profile: Full Access", "name of the custom profile: spaces"),
        ("permissions of the custom profile: none", "changes: two"),
        ("recipient's alias: one sign apart", "inviter's namespace: dot"),
    ],
)
def test_these_clash_whichever_comes_first(one: str, other: str) -> None:
    """Either of them may be chosen first."""
    assert clash(VALUES[one], VALUES[other])
    assert clash(VALUES[other], VALUES[one])


def test_a_value_goes_with_those_that_no_rule_speaks_of() -> None:
    """Such as an ID and a profile."""
    assert not clash(VALUES["inviter's ID: leading zero"], VALUES["profile: custom"])
    assert constraints.LIKE_ANOTHER <= {
        value.name for value in factors()["recipient's alias"]
    }
