"""Inputs as sentences: the steps of a feature, as far as an alphabet knows them.

So an input reads as it will read in the scenario that shows a difference.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invitelab.conformance.features.people import LISTS
from invitelab.conformance.features.steps.phrases import (
    EMAIL_ENTRIES,
    EMAIL_ENTRY,
    LIST,
    NAME,
    NUMBER,
)
from invitelab.learning.operations import (
    Answer,
    Cancel,
    Change,
    Connect,
    Dismiss,
    Edit,
    Email,
    Invite,
    Operation,
    Permit,
    Presence,
    Until,
    Wait,
)

Found = Mapping[str, str | None]
SURFACES = {None: None, " in the client": "client", " in the pop-up": "popup"}
PROFILE = 'to the permission profile "(?P<profile>[^"]+)"'
MS = {"milliseconds": 1, "millisecond": 1, "seconds": 1000, "second": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a sentence."""

    example: str
    pattern: re.Pattern[str]
    make: Callable[[Found, int], Operation]
    """Takes what was found, and the lifetime in milliseconds."""


def _form(example: str, pattern: str, make: Callable[[Found, int], Operation]) -> Form:
    return Form(example=example, pattern=re.compile(pattern), make=make)


def _invite(found: Found, _: int) -> Operation:
    list_ = found["list"]
    return Invite(
        by=found["by"] or "",
        to=found["to"] or "",
        list_=None if list_ is None else LISTS[list_],
        by_alias=found["alias"] is not None,
        profile=found["profile"] or "Default",
    )


def _change(found: Found, _: int) -> Operation:
    return Change(
        by=found["by"] or "", to=found["to"] or "", profile=found["profile"] or ""
    )


def _answer(found: Found, _: int) -> Operation:
    place = found["place"]
    return Answer(
        by=found["by"] or "",
        from_=found["to"] or "",
        verb="accept" if found["verb"] == "accepts" else "reject",
        surface="popup" if place == " in the pop-up" else "client" if place else None,
    )


def _permit(found: Found, _: int) -> Operation:
    return Permit(
        by=found["by"] or "",
        with_=found["to"] or "",
        permission=found["permission"] or "",
        allowed=found["verb"] == "allows",
    )


def _edit(found: Found, _: int) -> Operation:
    listed = found["permissions"] or ""
    return Edit(
        by=found["by"] or "",
        profile=found["profile"] or "",
        permissions=tuple(one for one in listed.split(", ") if one),
    )


def _ms(found: Found, lifetime_ms: int) -> int:
    """An amount, or the lifetime, or half of it, and a little more or less."""
    if found["amount"]:
        return int(found["amount"]) * MS[found["unit"] or ""]
    ms = lifetime_ms // (2 if found["half"] else 1)
    if found["less"]:
        ms -= int(found["less"]) * MS[found["less_unit"] or ""]
    if found["more"]:
        ms += int(found["more"]) * MS[found["more_unit"] or ""]
    return ms


def _wait(found: Found, lifetime_ms: int) -> Operation:
    return Wait(ms=_ms(found, lifetime_ms))


def _until(found: Found, lifetime_ms: int) -> Operation:
    return Until(by=found["by"] or "", to=found["to"] or "", ms=_ms(found, lifetime_ms))


UNIT = "(?:milli)?seconds?"
DURATION = (
    f"(?:(?P<amount>{NUMBER}) (?P<unit>{UNIT})"
    f"|(?P<half>half )?the lifetime(?: but (?P<less>{NUMBER}) (?P<less_unit>{UNIT}))?"
    f"(?: and (?P<more>{NUMBER}) (?P<more_unit>{UNIT}))?)"
)
BY, TO = f"(?P<by>{NAME})", f"(?P<to>{NAME})"

FORMS = (
    _form(
        "Ada invites Bob",
        f"{BY} invites {TO}(?P<alias> by alias)?"
        f"(?: from the tile in (?P<list>{LIST}))?"
        '(?: with the permission profile "(?P<profile>[^"]+)")?',
        _invite,
    ),
    _form(
        'Ada changes the invitation to Bob to the permission profile "Full Access"',
        f"{BY} changes the invitation to {TO} {PROFILE}",
        _change,
    ),
    _form(
        "Ada cancels the invitation to Bob",
        f"{BY} cancels the invitation to {TO}",
        lambda found, _: Cancel(by=found["by"] or "", to=found["to"] or ""),
    ),
    _form(
        "Bob accepts the invitation from Ada",
        f"{BY} (?P<verb>accepts|rejects) the invitation from {TO}"
        "(?P<place> in the client| in the pop-up)?",
        _answer,
    ),
    _form(
        "Bob closes the pop-up from Ada",
        f"{BY} closes the pop-up from {TO}",
        lambda found, _: Dismiss(by=found["by"] or "", from_=found["to"] or ""),
    ),
    _form(
        'Ada denies "input" in the session with Bob',
        f'{BY} (?P<verb>allows|denies) "(?P<permission>[^"]*)"'
        f" in the session with {TO}",
        _permit,
    ),
    _form(
        'Ada edits the permission profile "Default" to "view"',
        f'{BY} edits the permission profile "(?P<profile>[^"]+)"'
        ' to "(?P<permissions>[^"]*)"',
        _edit,
    ),
    _form(
        "Bob goes offline",
        f"{BY} goes offline",
        lambda found, _: Presence(by=found["by"] or "", online=False),
    ),
    _form(
        "Bob comes back online",
        f"{BY} comes back online",
        lambda found, _: Presence(by=found["by"] or "", online=True),
    ),
    _form(
        "Ada starts an invitation email from the context menu of the own ID",
        f"{BY} starts an invitation email from {EMAIL_ENTRY}",
        lambda found, _: Email(
            by=found["by"] or "", entry=EMAIL_ENTRIES[found["entry"] or ""]
        ),
    ),
    _form(
        "Bob connects to the address in the email",
        f"{BY} connects to the address in the email",
        lambda found, _: Connect(by=found["by"] or "", to=None),
    ),
    _form(
        "Bob connects to Ada",
        f"{BY} connects to {TO}",
        lambda found, _: Connect(by=found["by"] or "", to=found["to"] or ""),
    ),
    _form("60 seconds pass", f"{DURATION} pass(?:es)?", _wait),
    _form(
        "the lifetime but 1 millisecond has passed since Ada invited Bob",
        f"{DURATION} ha(?:s|ve) passed since {BY} invited {TO}",
        _until,
    ),
)
"""Every form, the first that fits."""

EXAMPLES = tuple(form.example for form in FORMS)


def operation_of(sentence: str, lifetime_ms: int) -> Operation | None:
    """What a sentence means; None if it has none of the forms."""
    for form in FORMS:
        found = form.pattern.fullmatch(sentence)
        if found is not None:
            return form.make(found.groupdict(), lifetime_ms)
    return None
