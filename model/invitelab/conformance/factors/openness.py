"""Which factors a story leaves open, and with which values.

A value that would change what the story is about is not among them: a portable client
has no alias to be invited by, and a session that runs beside it would be counted.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, TypeAlias

from invitelab.conformance.factors.constraints import LIKE_ANOTHER
from invitelab.conformance.factors.story import Character, Story
from invitelab.conformance.factors.table import Value, factors

_TILE = re.compile(
    "from the tile in (Favorites|Recent Sessions|Discovery|Address Book)"
)

_PROFILE = re.compile('permission profile "([^"]+)"')

Allowed: TypeAlias = Callable[[Story], bool]
"""Whether a story leaves room for a factor, with all of its values."""
AllowedValue: TypeAlias = Callable[[Story, str], bool]
"""Whether a story leaves room for the value of that name."""

PERMISSIONS = (r"permission", r'(allows|denies) "')
CUSTOM = r'permission profile "(?!Default|Screen Sharing|Full Access|Unattended Access)'
SHOWN = ("sees no", "notification", "pop-up", "exactly one")
"""What a story says of all that is shown to somebody."""
SESSIONS = (r"\bsession\b", r"\bcontrols?\b")
ANSWERS = (r"(accepts|rejects) the invitation", r"has (accepted|rejected)")
PRESSES = r"(accepts|rejects) the invitation(?! meant)"
GONE = (r"no session has started", r"sees no invitation", r"no longer sees")
"""Last steps that hold for ever once they hold, if nothing more is done."""
RUNNING = (
    r"controls? the device",
    r"exactly one session has started",
    r"the session .*(has exactly|allows|denies)",
)
"""The same of a session: for the clauses that say that it goes on as it is."""
ONE_SESSION = ("no session", "exactly one", "new session", "session with")
"""What cannot be said where there is a second session."""
SWITCHES = frozenset({"SESSION-5", "SESSION-10"})
"""What is about the permissions of a running session."""
GOES_ON = frozenset({"EXPIRY-5", "PENDING-4", "PENDING-5", "SESSION-5", "SESSION-6"})


def open_values(
    story: Story, without: Collection[Value] = ()
) -> Mapping[str, tuple[Value, ...]]:
    """The values that a story leaves room for, by factor; two at least of each.

    `without` has the values that the target cannot be given.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for name, values in _allowed(story).items():
        left = tuple(value for value in values if value not in without)
        if len(left) > 1:
            found[name] = left
    return found


def _allowed(story: Story) -> Mapping[str, tuple[Value, ...]]:
    """The values that fit a story, whatever the target; kept by its object."""
    if id(story) not in _known:
        _known[id(story)] = (
            story,
            {name: _fitting(story, name, values) for name, values in factors().items()},
        )
    return _known[id(story)][1]


def _fitting(story: Story, name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    if name in OF_VALUES:
        fits = OF_VALUES[name]
        return tuple(one for one in values if fits(story, one.name))
    return tuple(values) if OF_STORIES[name](story) else ()


_known: dict[int, tuple[Story, Mapping[str, tuple[Value, ...]]]] = {}
"""With the story, so that no other object gets its id."""


def _inviter(story: Story) -> Character | None:
    return story.people.get(story.inviter or "")


def _recipient(story: Story) -> Character | None:
    return story.people.get(story.recipient or "")


def _able(person: Character | None) -> bool:
    """Whether this client can send and take a direct invitation."""
    return person is not None and not person.old and person.platform == "Windows"


def _two(story: Story) -> bool:
    """Whether the inviter and the recipient can invite each other."""
    return _able(_inviter(story)) and _able(_recipient(story))


def _pair(story: Story) -> bool:
    """Whether one of two who can invite each other does."""
    return _two(story) and story.sends > 0


def _has_alias(person: Character | None) -> bool:
    return person is not None and not person.portable


def _needs_alias(story: Story, person: Character) -> bool:
    return story.says(
        rf"{person.name} by (the )?alias", rf"the alias of {person.name}\b"
    )


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
    if (
        person is None
        or not _pair(story)
        or story.says("by ID", "by alias", "by the", "tile")
    ):
        return False
    if story.says("icon", "goes offline", "offline"):
        return False
    return value != "icon by alias" or not any(
        other.portable for other in story.people.values()
    )


def _list(story: Story) -> bool:
    """Whether the contact is in every list from whose tiles it is invited."""
    lists = {found[1] for step in story.steps if (found := _TILE.search(step))}
    known = {
        found[1]
        for step in story.steps
        if (
            found := re.fullmatch(
                rf"{story.recipient} is in {story.inviter}'s (.+)", step
            )
        )
    }
    return (
        _pair(story) and not story.says("offered") and len(lists) > 0 and lists <= known
    )


def _profile(story: Story) -> bool:
    return _pair(story) and not story.says(*PERMISSIONS)


def _story_profile(story: Story) -> bool:
    """Whether one inviter names built-in profiles, and nothing of what is in them."""
    literal = ('permissions "', '(allows|denies) "', "edits", "locks", "meant for")
    named = _PROFILE.findall(story.text)
    return (
        _pair(story)
        and [*story.senders] == [story.inviter]
        and named[-1:] != ["Default"]  # the last one is what the story looks at
        and len(named) > 0
        and not story.says(CUSTOM, "has the permission profiles", *literal)
    )


def _custom(story: Story) -> bool:
    return _profile(story) or _story_profile(story)


def _profile_name(story: Story) -> bool:
    named = _inviter(story) is not None and story.says(CUSTOM)
    return named or _custom(story)


def _elsewhere(story: Story) -> bool:
    person = _recipient(story)
    return (
        person is not None
        and story.sends > 0
        and not story.says(
            rf"{person.name} (has the permission profiles|invites|has invited)"
        )
    )


def _locks(story: Story) -> bool:
    return _pair(story) and not story.says("locks", *PERMISSIONS)


def _history(story: Story, value: str) -> bool:
    email = story.sends == 0 and story.says("connects to the address in the email")
    if not _two(story) or story.says("offline") or not (email or story.sends == 1):
        return False
    match value:
        case "session running":
            return not email and not story.says(*SESSIONS, *SHOWN)
        case "session the other way":
            counted = (r"\bsession\b", "does not control", *SHOWN)
            return not email and not story.says(*counted)
        case _:
            return email or not story.says("email")


def _was_offline(story: Story) -> bool:
    """Whether both are there from the start, and nothing is about their presence."""
    named = _inviter(story) is not None and _recipient(story) is not None
    return named and not story.says("offline", "online")


def _changes(story: Story) -> bool:
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
        case "earlier recipient":
            rules = (*SHOWN, "lists no invitation", "offline", "online", "email")
        case "back online" | "pending between two others":
            rules = ("offline", "online")
        case "session between two others":
            if story.clauses.isdisjoint(SWITCHES) or _another_accepts(story):
                return False
            rules = (*ONE_SESSION, "offline", "email")
        case "session hosted by the recipient":
            if _another_accepts(story):
                return False
            rules = (*ONE_SESSION, "offline", "email")
        case "pending with the inviter":
            rules = ("lists no invitation", "offline", "online", "email")
        case "pending with the recipient":
            rules = (*SHOWN, "offline")
        case _:
            rules = (*SESSIONS, *SHOWN, "offline", "email")
    return _pair(story) and not story.says(*rules)


def _another_accepts(story: Story) -> bool:
    """Whether a session may not be that with the recipient."""
    return story.says(rf"^(?!{story.recipient}\b)\w+ (accepts|has accepted)")


def _earlier_changes(story: Story) -> bool:
    own = rf"{story.inviter} (has changed|changes) the invitation"
    others = ("offline", "has the permission profiles", "edits")
    refused = any(clause.startswith("REFUSE") for clause in story.clauses)
    once = _pair(story) and story.sends == 1 and not refused
    return once and story.says(own) and not story.says(*others)


def _answered(story: Story) -> bool:
    said = ("in the client", "in the pop-up", "closes the pop-up", "offline")
    pressed = rf"^{story.recipient} {PRESSES}"
    return _pair(story) and story.says(pressed) and not story.says(*said)


def _when(story: Story) -> bool:
    said = ("have passed", "offline")
    return _pair(story) and story.says(*ANSWERS) and not story.says(*said)


def _again(story: Story) -> bool:
    last = story.steps[-1] if story.steps else ""
    lasting = GONE if story.clauses.isdisjoint(GOES_ON) else (*GONE, *RUNNING)
    return any(re.search(pattern, last) for pattern in lasting)


def _new_and_open(person: Character | None) -> bool:
    return person is not None and not person.old and person.version is None


def _alias(story: Story, person: Character | None, value: str) -> bool:
    """Whether it has an alias; one that is shared needs a second person with one."""
    others = [one for one in story.people.values() if one is not person]
    alone = not others or any(one.portable for one in others)
    first = value == "one sign apart" and person is _inviter(story)
    return _has_alias(person) and not first and not (value in LIKE_ANOTHER and alone)


OF_STORIES: Final[Mapping[str, Allowed]] = {
    "inviter's ID": lambda story: story.inviter is not None,
    "recipient's ID": lambda story: story.recipient is not None,
    "inviter's namespace": lambda story: _has_alias(_inviter(story)),
    "recipient's namespace": lambda story: _has_alias(_recipient(story)),
    "inviter's version": lambda story: _new_and_open(_inviter(story)),
    "recipient's version": lambda story: _new_and_open(_recipient(story)),
    "older version": lambda story: any(
        one.old and one.version is None for one in story.people.values()
    ),
    "place in the list": _list,
    "lists with the contact": _list,
    "profile": _profile,
    "name of the custom profile": _profile_name,
    "permissions of the custom profile": _custom,
    "profile of the story": _story_profile,
    "start": lambda story: story.inviter is not None,
    "earlier changes": _earlier_changes,
    "profile of the same name elsewhere": _elsewhere,
    "locks": _locks,
    "was offline": _was_offline,
    "changes": _changes,
    "where it is answered": _answered,
    "when": _when,
    "look again": _again,
}
"""What decides whether the factor of that name is open, whatever its value."""

OF_VALUES: Final[Mapping[str, AllowedValue]] = {
    "inviter's alias": lambda story, value: _alias(story, _inviter(story), value),
    "recipient's alias": lambda story, value: _alias(story, _recipient(story), value),
    "portable": _portable,
    "recipient's platform": _platform,
    "way to invite": _way,
    "history": _history,
    "after the history": _history,
    "bystander": _bystander,
}
"""What decides whether a value of the factor of that name is open."""
