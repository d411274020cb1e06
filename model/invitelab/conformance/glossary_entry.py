"""One word of the glossary, and the kinds of words there are."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What kind of word it is."""

    SCENARIO = "verdict of a scenario"
    RUN = "verdict of a run"
    KIND = "kind of trouble"
    BLAME = "blame"
    CLOCK = "clock"
    EXIT = "exit code"
    PROOF = "what the suite is worth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word. The first sentence of `meaning` can stand alone."""

    group: Group
    word: str
    meaning: str
    advice: str
