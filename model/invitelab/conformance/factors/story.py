"""What a story fixes: its people, who invites whom, and what its steps speak of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

NAME = "[A-Z][a-z]+"
ENTERS = re.compile(
    rf"({NAME}(?:, {NAME})*(?: and {NAME})?) uses? (?:version )?"
    r"(?P<version>.+?)(?: on (?P<platform>Windows|macOS|Linux|Android|iOS))?"
)
_SENDS = re.compile(
    rf"(?P<by>{NAME}) (?:has invited|invites) (?P<to>{NAME})\b(?P<how>.*)"
)
_MAILS = re.compile(rf"(?P<by>{NAME}) (?:starts|has started) an invitation email")
_CALLS = re.compile(rf"({NAME}) connects to the address in the email")
_PORTABLE = re.compile(rf"({NAME}) has a portable client")

NEW = "7 or later"
OLD = "a version before 7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One person as the story has it; None where the story leaves it open."""

    name: str
    version: str | None
    """None: any version of 7 or later, or an older one where `old` says so."""
    old: bool
    platform: str
    portable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The steps of a scenario as far as they decide what may be varied."""

    steps: tuple[str, ...]
    people: Mapping[str, Character]
    inviter: str | None
    """Who sends the first invitation or email; else the first of the people."""
    recipient: str | None
    """The person whom the first invitation names, or who connects to the address in an
    email; None for a typed address."""
    sends: int
    """How many invitations are sent."""
    senders: frozenset[str] = frozenset()
    """Who sends an invitation or an email."""
    clauses: frozenset[str] = frozenset()
    """What the story is told for."""

    text: str
    """The steps, a line each."""

    def says(self, *patterns: str) -> bool:
        """Whether any step matches any of these patterns."""
        text = self.text
        for pattern in patterns:  # noqa: SIM110 - a generator takes twice as long
            if _matches(text, pattern):
                return True
        return False


@cache
def _matches(text: str, pattern: str) -> bool:
    """Kept, as many values depend on the same words."""
    return re.search(pattern, text, re.MULTILINE) is not None


def read(steps: Sequence[str], clauses: Iterable[str] = ()) -> Story:
    """The story that these steps tell, Givens first."""
    people = {one.name: one for one in _people(steps)}
    sends = [found for step in steps if (found := _SENDS.match(step))]
    mails = [found for step in steps if (found := _MAILS.match(step))]
    first = sends[0] if sends else None
    lead = first or (mails[0] if mails else None)
    inviter = lead["by"] if lead else next(iter(people), None)
    caller = next((found[1] for step in steps if (found := _CALLS.match(step))), None)
    recipient = first["to"] if first else caller if mails else None
    recipient = recipient if recipient in people else None
    return Story(
        steps=tuple(steps),
        people=people,
        inviter=inviter,
        recipient=recipient,
        sends=len(sends),
        senders=frozenset(found["by"] for found in (*sends, *mails)),
        clauses=frozenset(clauses),
        text="\n".join(steps),
    )


def _people(steps: Sequence[str]) -> Iterator[Character]:
    portable = {found[1] for step in steps if (found := _PORTABLE.fullmatch(step))}
    for step in steps:
        found = ENTERS.fullmatch(step)
        if found is None:
            continue
        version = found["version"]
        open_ = version in {NEW, OLD}
        for name in re.findall(NAME, found[1]):
            yield Character(
                name=name,
                version=None if open_ else version,
                old=version == OLD or (not open_ and int(version.split(".")[0]) < 7),  # noqa: PLR2004 - direct invitations came with version 7
                platform=found["platform"] or "Windows",
                portable=name in portable,
            )
