"""Who takes part: versions, platforms, portable clients, and ways to invite them."""

import re

from invitelab.conformance.factors.retelling.telling import Telling
from invitelab.conformance.factors.story import ENTERS, NAME, NEW, OLD
from invitelab.conformance.features.people import LISTS


def people(telling: Telling) -> None:
    """Versions of all whose version is open, and the recipient's platform."""
    versions = [
        telling.values.get(f"{role}'s version") for role in ("inviter", "recipient")
    ]
    older, platform = (
        telling.values.get("older version"),
        telling.values.get("recipient's platform", "Windows"),
    )
    for place in reversed(telling.find(ENTERS.pattern)):
        found = ENTERS.fullmatch(telling.steps[place].name)
        assert found is not None, "it was found"
        version = found["version"]
        if version not in {NEW, OLD}:
            continue
        texts: list[str] = []
        told = False
        names: list[str] = re.findall(NAME, found[1])
        for name in names:
            chosen: str | None
            if version == OLD:
                chosen = older
            elif name in {telling.inviter, telling.recipient}:
                chosen = versions[name == telling.recipient]
            else:
                chosen = versions[name not in telling.story.senders]
            words = version if version == OLD else f"version {version}"
            text = f"{name} uses {f'version {chosen}' if chosen else words}"
            told = told or chosen is not None
            own = platform if name == telling.recipient else "Windows"
            on = found["platform"] or own
            told = told or on != (found["platform"] or "Windows")
            texts.append(text + ("" if on == "Windows" else f" on {on}"))
        if told:
            telling.insert(place + 1, "given", *texts)
            telling.drop(place)


def portable(telling: Telling) -> None:
    """Portable clients for the inviter, the recipient, or both."""
    chosen = telling.values.get("portable", "nobody")
    for role, name in (("inviter", telling.inviter), ("recipient", telling.recipient)):
        person = telling.story.people.get(name)
        if chosen in {role, "both"} and person is not None and not person.portable:
            telling.declare(f"{name} has a portable client")


def ways(telling: Telling) -> None:
    """Another way to invite, in every invitation of the story."""
    way = telling.values.get("way to invite", "icon by ID")
    list_ = way.removeprefix("tile in ")
    how = {"icon by ID": "", "icon by alias": " by alias"}.get(
        way, f" from the tile in {list_}"
    )
    if not how:
        return
    contacts: dict[str, None] = {}
    sends = rf"(?P<by>{NAME}) (?:has invited|invites) (?P<to>{NAME})\b"
    for place in telling.find(sends):
        found = re.match(sends, telling.steps[place].name)
        assert found is not None, "it was found"
        rest = telling.steps[place].name[found.end() :]
        telling.rewrite(place, f"{found[0]}{how}{rest}")
        contacts[f"{found['to']} is in {found['by']}'s {list_}"] = None
    if list_ in LISTS:
        for contact in contacts:
            telling.declare(contact)


def lists(telling: Telling) -> None:
    """Other contacts around the recipient, and the recipient in other lists."""
    contact = rf"{telling.recipient} is in {telling.inviter}'s "
    place = telling.values.get("place in the list", "only")
    if place != "only":
        other = telling.newcomer()
        for at in reversed(telling.find(contact)):
            text = telling.steps[at].name.replace(telling.recipient, other, 1)
            telling.insert(at + (place == "first"), "given", text)
    if telling.values.get("lists with the contact") == "all":
        known = {telling.steps[at].name.split("'s ")[1] for at in telling.find(contact)}
        for list_ in LISTS:
            if list_ not in known:
                telling.declare(contact + list_)
