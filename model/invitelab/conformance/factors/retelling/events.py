"""What happens beside the story, and when: before it, at others, and long after."""

import re
from collections.abc import Mapping
from typing import Final

from invitelab.conformance.factors.retelling.telling import Telling

PASSED: Final[Mapping[str, int]] = {"after a while": 45, "just before the end": 119}
BEFORE: Final[Mapping[str, int]] = {"after 59 minutes": 3547, "after a day": 86341}
"""Seconds: no multiples of anything at which a timer might look."""
A_WHILE_S: Final = 71
"""A timer of the history would end what begins then in its first minute."""
LATER: Final[Mapping[str, int]] = {"after ten minutes": 10, "after an hour": 60}
"""Minutes."""


def history(telling: Telling) -> None:
    """What was between the same two before."""
    at = telling.first_send()
    if at is None:
        return
    one, other = telling.inviter, telling.recipient
    invited, rejected = (
        f"{one} has invited {other}",
        f"{other} has rejected the invitation",
    )
    endings: dict[str, tuple[str, ...]] = {
        "rejected": (invited, rejected),
        "rejected in the pop-up": (invited, f"{rejected} in the pop-up"),
        "cancelled": (invited, f"{one} has cancelled the invitation"),
        "expired": (
            invited,
            "135 seconds have passed since the invitation was sent",
        ),
        "two rejected": (invited, rejected, invited, rejected),
        "rejected the other way": (
            f"{other} has invited {one}",
            f"{one} has rejected the invitation",
        ),
        "session running": (invited, f"{other} has accepted the invitation"),
        "session the other way": (
            f"{other} has invited {one}",
            f"{one} has accepted the invitation",
        ),
    }
    chosen = telling.values.get("history", "nothing")
    told = endings.get(chosen, ())
    if told and telling.values.get("after the history") == "after a while":
        told = (*told, f"another {A_WHILE_S} seconds have passed")
    telling.insert(at, "given", *told)


def bystander(telling: Telling) -> None:
    """Somebody else, perhaps with something of theirs under way."""
    chosen = telling.values.get("bystander", "none")
    if chosen == "none":
        return
    name, at = telling.newcomer(), telling.history_end()
    if chosen in {"third client", "back online", "earlier recipient"}:
        telling.uninvolved.append(name)
    if at is None or chosen == "third client":
        return
    if chosen == "back online":
        telling.insert(at + 1, "given", f"{name} has come back online")
        telling.insert(at, "given", f"{name} has gone offline")
        return
    if chosen in {"pending between two others", "session between two others"}:
        other = telling.newcomer()
        at = telling.history_end() or at
        told = [f"{name} has invited {other}"]
        if chosen == "session between two others":
            _name_the_guest(telling)
            telling.guests.append(other)
            told.append(f"{other} has accepted the invitation from {name}")
        telling.insert(at, "given", *told)
        return
    if chosen == "session hosted by the recipient":
        _name_the_guest(telling)
    steps: dict[str, tuple[str, ...]] = {
        "earlier recipient": (
            f"{telling.inviter} has invited {name}",
            f"{name} has rejected the invitation",
        ),
        "pending with the inviter": (f"{telling.inviter} has invited {name}",),
        "pending with the recipient": (f"{name} has invited {telling.recipient}",),
        "session with the recipient": (
            f"{name} has invited {telling.recipient}",
            f"{telling.recipient} has accepted the invitation from {name}",
        ),
        "session hosted by the recipient": (
            f"{telling.recipient} has invited {name}",
            f"{name} has accepted the invitation from {telling.recipient}",
        ),
    }
    telling.insert(at, "given", *steps[chosen])


def _name_the_guest(telling: Telling) -> None:
    """Say which session is meant, where there will be two."""
    guest = f"the session with {telling.recipient}"
    for place, step in enumerate(telling.steps):
        text = re.sub("in the session$", f"in {guest}", step.name)
        text = re.sub("^the session (?=has|allows|denies)", f"{guest} ", text)
        telling.rewrite(place, text)


def was_offline(telling: Telling) -> None:
    """Away and back, before anything happens."""
    role = telling.values.get("was offline", "nobody")
    name = {"inviter": telling.inviter, "recipient": telling.recipient}.get(role)
    if name is not None:
        at = telling.first_event()
        told = (f"{name} has gone offline", f"{name} has come back online")
        telling.insert(at, "given", *told)


def start(telling: Telling) -> None:
    """Time before anything happens."""
    seconds = BEFORE.get(telling.values.get("start", "at once"))
    if seconds is not None:
        text = f"another {seconds} seconds have passed"
        telling.insert(telling.first_event(), "given", text)


def when(telling: Telling) -> None:
    """Time before the first answer of the recipient."""
    seconds = PASSED.get(telling.values.get("when", "at once"))
    if seconds is None:
        return
    at = telling.answer(
        rf"{telling.recipient} (accepts|rejects|has accepted|has rejected)"
    )
    if at is not None:
        text = f"{seconds} seconds have passed since the invitation was sent"
        telling.insert(at, telling.steps[at].type, text)


def place_of_the_answer(telling: Telling) -> None:
    """Where the recipient presses, and whether the pop-up was closed before."""
    chosen = telling.values.get("where it is answered")
    if chosen is None:
        return
    answers = rf"{telling.recipient} (accepts|rejects) the invitation(?! meant)"
    first = telling.answer(answers)
    place = "pop-up" if chosen == "pop-up" else "client"
    for at in telling.find(answers):
        telling.rewrite(at, f"{telling.steps[at].name} in the {place}")
    if "closing" in chosen and first is not None:
        telling.insert(first, "when", f"{telling.recipient} closes the pop-up")


def look_again(telling: Telling) -> None:
    """The last step once more, long after."""
    minutes = LATER.get(telling.values.get("look again", "never"))
    if minutes is None:
        return
    last, end = telling.steps[-1], len(telling.steps)
    telling.insert(end, "when", f"another {minutes} minutes have passed")
    telling.insert(end + 1, "then", last.name)


def nothing_for_others(telling: Telling) -> None:
    """Whoever takes no part gets nothing, neither after the invitation nor ever.

    A session of two others has the permissions that it started with.
    """
    for guest in telling.guests:
        rest = 'has exactly the permissions of the permission profile "Default"'
        text = f"the session with {guest} {rest}"
        telling.insert(len(telling.steps), "then", text)
    for name in telling.uninvolved:
        text = f"{name} has got nothing of it"
        telling.insert(len(telling.steps), "then", text)
        back = telling.find(rf"{name} has come back online")
        at = back[-1] if back else telling.history_end(besides=name)
        if at is not None:
            telling.insert(at + 1, "then", text)
