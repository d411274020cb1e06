"""Which values cannot occur together in one row."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, TypeAlias

from invitelab.conformance.factors.table import Value

LIKE_ANOTHER = frozenset({"shared", "one sign apart"})
"""Shapes of the name in an alias that need a second alias."""
LIKE_ANOTHER_ID = frozenset({"one digit apart", "begins like another"})
"""Shapes of an ID that need a second one."""


@cache
def clash(one: Value, other: Value) -> bool:
    """Whether two values cannot occur together."""
    names = {one.factor: one.name, other.factor: other.name}
    return not all(
        rule(names) for rule, among in TOGETHER.items() if among.issuperset(names)
    )


def _alias_needs_a_client_that_has_one(row: Mapping[str, str]) -> bool:
    """A portable client has no alias, whatever its shape."""
    portable = row.get("portable", "nobody")
    shaped = {
        role
        for role in ("inviter", "recipient")
        if row.get(f"{role}'s alias", "letters") != "letters"
        or row.get(f"{role}'s namespace", "ad") != "ad"
    }
    if row.get("way to invite") == "icon by alias":
        return portable == "nobody"
    return not shaped or (portable != "both" and portable not in shaped)


def _a_name_is_shared_by_two(row: Mapping[str, str]) -> bool:
    """Neither of the two is portable where they share the name of an alias."""
    shapes = {row.get(f"{one}'s alias") for one in ("inviter", "recipient")}
    return shapes.isdisjoint(LIKE_ANOTHER) or row.get("portable", "nobody") == "nobody"


def _the_second_is_like_the_first(row: Mapping[str, str]) -> bool:
    """Who is like the inviter has no shape of their own."""
    alias = row.get("recipient's alias", "shared") in {"letters", "shared"}
    first = row.get("inviter's ID", "nine digits")
    id_ = row.get("recipient's ID", "nine digits") in {"nine digits", first}
    apart = row.get("recipient's alias") == "one sign apart"
    if apart and row.get("inviter's alias") == "1 character":
        return False  # no sign of it could be another one
    return (alias or row.get("inviter's alias") != "shared") and (
        id_ or first not in LIKE_ANOTHER_ID
    )


def _only_windows_sends(row: Mapping[str, str]) -> bool:
    sends = row.get("history") in {"rejected the other way", "session the other way"}
    hosts = row.get("bystander") == "session hosted by the recipient"
    windows = row.get("recipient's platform", "Windows") == "Windows"
    return windows or not (sends or hosts)


def _the_custom_profile_is_chosen(row: Mapping[str, str]) -> bool:
    """Its name and its permissions matter to no other choice."""
    chosen = (row.get("profile", "custom"), row.get("profile of the story", "custom"))
    return set(chosen) == {"custom"} or (
        row.get("name of the custom profile", "letters") == "letters"
        and row.get("permissions of the custom profile", "some") == "some"
    )


def _permissions_stay(row: Mapping[str, str]) -> bool:
    """Neither a lock adds to few permissions, nor does a change replace the profile."""
    few = row.get("permissions of the custom profile", "some") in {"none", "one"}
    kept = row.get("changes", "none") in {"none", "back to the first"}
    return not few or (kept and row.get("locks", "none") in {"none", "some denied"})


def _one_sign_apart_in_one_namespace(row: Mapping[str, str]) -> bool:
    apart = row.get("recipient's alias") == "one sign apart"
    spaces = {row.get(f"{one}'s namespace", "ad") for one in ("inviter", "recipient")}
    return not apart or spaces == {"ad"}


def _a_while_after_something(row: Mapping[str, str]) -> bool:
    """Time passes after a history, not after none."""
    at_once = row.get("after the history", "at once") == "at once"
    return at_once or row.get("history", "rejected") != "nothing"


_Rule: TypeAlias = Callable[[Mapping[str, str]], bool]

TOGETHER: Final[Mapping[_Rule, frozenset[str]]] = {
    _alias_needs_a_client_that_has_one: frozenset(
        {
            "portable",
            "inviter's alias",
            "recipient's alias",
            "inviter's namespace",
            "recipient's namespace",
            "way to invite",
        }
    ),
    _only_windows_sends: frozenset({"history", "bystander", "recipient's platform"}),
    _a_name_is_shared_by_two: frozenset(
        {"inviter's alias", "recipient's alias", "portable"}
    ),
    _the_second_is_like_the_first: frozenset(
        {"inviter's alias", "recipient's alias", "inviter's ID", "recipient's ID"}
    ),
    _the_custom_profile_is_chosen: frozenset(
        {
            "profile",
            "profile of the story",
            "name of the custom profile",
            "permissions of the custom profile",
        }
    ),
    _permissions_stay: frozenset(
        {"permissions of the custom profile", "changes", "locks"}
    ),
    _a_while_after_something: frozenset({"history", "after the history"}),
    _one_sign_apart_in_one_namespace: frozenset(
        {"recipient's alias", "inviter's namespace", "recipient's namespace"}
    ),
}
"""What holds of values that occur together, with the factors that it speaks of."""
