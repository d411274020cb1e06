"""What the invitations give: permission profiles, locks, and changes."""

import re
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import Final

from invitelab.conformance.factors.retelling.telling import Table, Telling, cells
from invitelab.conformance.features.people import built_in_profiles
from invitelab.protocol.values import Permission

HEADING = ("name", "permissions", "enabled")
ALL = tuple(permission.value for permission in Permission)
CUSTOM_NAMES: Final[Mapping[str, str]] = {
    "letters": "Helpdesk",
    "spaces": "Second level support",
    "not ASCII": "Prüfung für Ωμέγα 支援",
    "1 character": "P",
    "a number": "0",
    "signs": "Desk-2 (a.b) + [c]? ^5%",
    "64 characters, not ASCII": (
        "Fernwartung für Außenstellen, Büros und Köche in Łódź und Århus✓"
    ),
    "64 characters": "Remote assistance with everything for people of the second level",
}
CUSTOM_PERMISSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "some": ("view", "audio", "restart"),
    "none": (),
    "one": ("clipboard",),
    "all": ALL,
}
BUILT_IN = {profile.name: profile.permissions for profile in built_in_profiles()}
CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "one": ("Screen Sharing",),
    "two": ("Screen Sharing", "Full Access"),
    "four": ("Screen Sharing", "Full Access", "Unattended Access", "Screen Sharing"),
}
LOCKS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "some allowed": (("privacy-mode", "allowed"), ("view", "allowed")),
    "some denied": (("input", "denied"), ("tcp-tunnel", "denied")),
    "both": (("privacy-mode", "allowed"), ("clipboard", "denied")),
}
NEAR = ("view", "files", "recording")
"""Permissions of the profile whose name is nearly that of the custom one."""
EARLIER: Final[Mapping[str, int]] = {"two": 2, "eleven": 11}


def table_of(table: Mapping[str, Sequence[str]]) -> Table:
    """A step's table of permission profiles, all of them enabled."""
    rows = ((name, ", ".join(some), "yes") for name, some in table.items())
    return (HEADING, *rows)


def custom_names(telling: Telling) -> None:
    """Another name for the first profile that is not built in."""
    shape = telling.values.get("name of the custom profile", "letters")
    named = [
        name
        for step in telling.steps
        for name in re.findall(r'permission profile "([^"]+)"', step.name)
        if name not in BUILT_IN
    ]
    if not named or shape == "letters":
        return
    old, chosen = named[0], CUSTOM_NAMES[shape]
    for place, step in enumerate(telling.steps):
        table = tuple(
            tuple(chosen if cell == old else cell for cell in row)
            for row in cells(step)
        )
        told = step.name.replace(f'"{old}"', f'"{chosen}"')
        if told != step.name or table != cells(step):
            telling.rewrite(place, told, table)


def _custom_profile(telling: Telling) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The name of the custom profile, and all profiles of the inviter.

    Before and after it there is one whose name differs in the last character only, and
    before it one in the letter case.
    """
    shape = telling.values.get("name of the custom profile", "letters")
    some = telling.values.get("permissions of the custom profile", "some")
    name = CUSTOM_NAMES[shape]
    before, after = f"{name[:-1]}X", f"{name[:-1]}Y"
    swapped = name.swapcase()
    cases = {swapped: NEAR} if swapped != name and len(swapped) == len(name) else {}
    chosen = {before: NEAR, **cases, name: CUSTOM_PERMISSIONS[some], after: NEAR}
    return name, BUILT_IN | chosen


def story_profile(telling: Telling) -> None:
    """A custom profile in place of one that the story names."""
    if telling.values.get("profile of the story") != "custom":
        return
    name, table = _custom_profile(telling)
    named = [
        found
        for step in telling.steps
        for found in re.findall(r'permission profile "([^"]+)"', step.name)
    ]
    old = named[-1]
    for place, step in enumerate(telling.steps):
        telling.rewrite(place, step.name.replace(f'"{old}"', f'"{name}"'))
    telling.declare(f"{telling.inviter} has the permission profiles", table_of(table))


def profiles(telling: Telling) -> None:
    """The profile of the invitation, and the same names at the other's client."""
    chosen = telling.values.get("profile", "Default")
    table = dict(BUILT_IN)
    if chosen == "custom":
        chosen, table = _custom_profile(telling)
        telling.declare(
            f"{telling.inviter} has the permission profiles", table_of(table)
        )
    if telling.values.get("profile of the same name elsewhere") == "other permissions":
        others = dict(zip(table, [*[*table.values()][1:], ALL], strict=True))
        others["Default"] = ("view", "files")
        text = f"{telling.recipient} has the permission profiles"
        telling.declare(text, table_of(others))
    if chosen == "Default":
        return
    telling.profile = chosen
    sends = rf"{telling.inviter} (has invited|invites) {telling.recipient}\b"
    for place in telling.find(sends):
        text = telling.steps[place].name
        telling.rewrite(place, f'{text} with the permission profile "{chosen}"')


def locks(telling: Telling) -> None:
    """Permissions that the settings of the inviter's client lock."""
    for permission, value in LOCKS.get(telling.values.get("locks", "none"), ()):
        telling.declare(f'{telling.inviter}\'s client locks "{permission}" as {value}')


def changes(telling: Telling) -> None:
    """Changes right after the invitation was sent."""
    chosen = telling.values.get("changes", "none")
    profiles = CHANGES.get(chosen, ())
    if chosen == "back to the first":
        profiles = ("Screen Sharing", telling.profile)
    sends = rf"{telling.inviter} has invited {telling.recipient}\b"
    for place in telling.find(sends)[:1]:
        changed = f"{telling.inviter} has changed the invitation"
        texts = (f'{changed} to the permission profile "{p}"' for p in profiles)
        telling.insert(place + 1, "given", *texts)


def earlier_changes(telling: Telling) -> None:
    """Changes before the first one that the story itself tells.

    To other profiles, or it would not show if a later change were lost.
    """
    number = EARLIER.get(telling.values.get("earlier changes", "none"), 0)
    own = rf"{telling.inviter} (has changed|changes) the invitation"
    for place in telling.find(own)[:1]:
        verb = "has changed" if telling.steps[place].type == "given" else "changes"
        told = f"{telling.inviter} {verb} the invitation to the permission profile"
        step = telling.steps[place]
        others = [one for one in BUILT_IN if f'"{one}"' not in step.name]
        profiles = islice(cycle(others), number)
        texts = (f'{told} "{profile}"' for profile in profiles)
        telling.insert(place, step.type, *texts)
