"""Which factors a story leaves open, and with which values.

A value that would change what the story is about is not among them: a portable client
has no alias to be invited by, and a session that runs beside it would be counted.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from invitelab.conformance.factors.story import Character, Story
from invitelab.conformance.factors.table import Value, factors

Allowed: TypeAlias = Callable[[Story, str], bool]
"""Whether a story leaves room for the value of that name."""

PERMISSIONS = (r"permission", r'(allows|denies) "')
SESSIONS = (r"\bsession\b", r"\bcontrols?\b")
ANSWERS = (r"(accepts|rejects) the invitation", r"has (accepted|rejected)")
LASTING = (
    r"controls? the device",
    r"session has started",
    r"the session .*(has exactly|allows|denies)",
    r"sees no invitation",
    r"no longer sees",
)
"""Steps that hold for ever once they hold, if nothing more is done."""


def open_values(story: Story) -> Mapping[str, tuple[Value, ...]]:
    """The values that a story leaves room for, by factor; two at least of each."""
    found: dict[str, tuple[Value, ...]] = {}
    for name, values in factors().items():
        allowed = RULES[name]
        left = tuple(value for value in values if allowed(story, value.name))
        if len(left) > 1:
            found[name] = left
    return found


def agree(row: Mapping[str, Value], value: Value) -> bool:
    """Whether a value goes with those of a row."""
    names = {factor: other.name for factor, other in row.items()}
    names[value.factor] = value.name
    return all(rule(names) for rule in _TOGETHER)


def _inviter(story: Story) -> Character | None:
    return story.people.get(story.inviter or "")


def _recipient(story: Story) -> Character | None:
    return story.people.get(story.recipient or "")


def _able(person: Character | None) -> bool:
    """Whether this client can send and take a direct invitation."""
    return person is not None and not person.old and person.platform == "Windows"


def _pair(story: Story) -> bool:
    return _able(_inviter(story)) and _able(_recipient(story))


def _has_alias(person: Character | None) -> bool:
    return person is not None and not person.portable


def _needs_alias(story: Story, person: Character) -> bool:
    return story.says(rf"{person.name} by alias", rf"the alias of {person.name}\b")


def _portable(story: Story, value: str) -> bool:
    """Whether the story has these two people portable, or leaves room for it."""
    inviter, recipient = _inviter(story), _recipient(story)
    for person, names in ((inviter, "inviter both"), (recipient, "recipient both")):
        chosen = value in names.split()
        if person is None:
            if chosen:
                return False
        elif chosen != person.portable and (
            person.portable or _needs_alias(story, person)
        ):
            return False
    return inviter is not None


def _platform(story: Story, value: str) -> bool:
    person = _recipient(story)
    if person is None or person.old or person.platform != "Windows":
        return False
    acts = rf"{person.name} (invites|has invited|is|starts|has started|connects|allows)"
    return value == "Windows" or not story.says(acts, "pop-up")


def _way(story: Story, value: str) -> bool:
    person = _recipient(story)
    if person is None or not _pair(story) or story.says("by ID", "by alias", "tile"):
        return False
    if story.says("icon", "goes offline", "offline"):
        return False
    return value != "icon by alias" or not person.portable


def _list(story: Story, _value: str) -> bool:
    return _pair(story) and not story.says("offered") and story.says("tile in")


def _profile(story: Story, _value: str) -> bool:
    return _pair(story) and not story.says(*PERMISSIONS)


def _profile_name(story: Story, _value: str) -> bool:
    return _pair(story) and (_profile(story, "") or story.says("permission profile"))


def _elsewhere(story: Story, _value: str) -> bool:
    person = _recipient(story)
    return person is not None and not story.says(
        rf"{person.name} (has the permission profiles|invites|has invited)"
    )


def _locks(story: Story, _value: str) -> bool:
    return _pair(story) and not story.says("locks", *PERMISSIONS)


def _history(story: Story, value: str) -> bool:
    if not _pair(story) or story.sends != 1 or story.says("offline", "email"):
        return False
    return value != "session running" or not story.says(*SESSIONS)


def _changes(story: Story, _value: str) -> bool:
    given = rf"{story.inviter} has invited {story.recipient}\b"
    counted = (*PERMISSIONS, "changed?s? the", "unchanged", "exactly one invitation")
    return (
        _pair(story)
        and story.sends == 1
        and story.says(given)
        and not story.says(*counted)
    )


def _bystander(story: Story, value: str) -> bool:
    rules: tuple[str, ...]
    match value:
        case "none" | "third client":
            return story.inviter is not None
        case "pending with the inviter":
            rules = ("lists no invitation", "offline", "email")
        case "pending with the recipient":
            rules = ("sees no", "notification", "pop-up", "exactly one", "offline")
        case _:
            rules = (*SESSIONS, "offline", "email")
    return _pair(story) and not story.says(*rules)


def _answered(story: Story, _value: str) -> bool:
    said = ("in the client", "in the pop-up", "closes the pop-up")
    return story.says(*ANSWERS) and not story.says(*said)


def _when(story: Story, _value: str) -> bool:
    return _pair(story) and story.says(*ANSWERS) and not story.says("have passed")


def _again(story: Story, _value: str) -> bool:
    return any(
        re.search(pattern, step) for pattern in LASTING for step in story.steps[-1:]
    )


def _new_and_open(person: Character | None) -> bool:
    return person is not None and not person.old and person.version is None


RULES: Final[Mapping[str, Allowed]] = {
    "inviter's ID": lambda story, _: story.inviter is not None,
    "recipient's ID": lambda story, _: story.recipient is not None,
    "inviter's alias": lambda story, _: _has_alias(_inviter(story)),
    "recipient's alias": lambda story, _: _has_alias(_recipient(story)),
    "inviter's namespace": lambda story, _: _has_alias(_inviter(story)),
    "recipient's namespace": lambda story, _: _has_alias(_recipient(story)),
    "portable": _portable,
    "inviter's version": lambda story, _: _new_and_open(_inviter(story)),
    "recipient's version": lambda story, _: _new_and_open(_recipient(story)),
    "older version": lambda story, _: any(
        one.old and one.version is None for one in story.people.values()
    ),
    "recipient's platform": _platform,
    "way to invite": _way,
    "place in the list": _list,
    "lists with the contact": _list,
    "profile": _profile,
    "name of the custom profile": _profile_name,
    "permissions of the custom profile": _profile,
    "profile of the same name elsewhere": _elsewhere,
    "locks": _locks,
    "history": _history,
    "changes": _changes,
    "bystander": _bystander,
    "where it is answered": _answered,
    "when": _when,
    "look again": _again,
}
"""What decides whether a value of the factor of that name is open."""


def _alias_needs_a_client_that_has_one(row: Mapping[str, str]) -> bool:
    return row.get("way to invite") != "icon by alias" or row.get(
        "portable", "nobody"
    ) in {"nobody", "inviter"}


def _only_windows_sends(row: Mapping[str, str]) -> bool:
    return (
        row.get("history") != "rejected the other way"
        or row.get("recipient's platform", "Windows") == "Windows"
    )


_TOGETHER: tuple[Callable[[Mapping[str, str]], bool], ...] = (
    _alias_needs_a_client_that_has_one,
    _only_windows_sends,
)
