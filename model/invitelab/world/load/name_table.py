"""The names of a world's users: a table that ships, and how Faker makes it.

    python -m invitelab.world.load.name_table > model/invitelab/world/load/names.txt

A world reads the table and does not use Faker: another version of Faker may make other
names from the same seed, and drawing from a table is a hundred times faster.
"""

import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("names.txt")
"""First names, last names and namespaces, a paragraph each, with repetitions."""

NAMES = 1_000
NAMESPACES = 40
WIDTH = 88


@dataclass(frozen=True, slots=True)
class NameTable:
    """The parts of aliases: first name, last name and namespace."""

    first: Sequence[str]
    last: Sequence[str]
    namespaces: Sequence[str]


@cache
def name_table() -> NameTable:
    """The table that ships, the same in every run."""
    paragraphs = FILE.read_text("ascii").split("\n\n")
    first, last, namespaces = (paragraph.split() for paragraph in paragraphs)
    return NameTable(first=first, last=last, namespaces=namespaces)


def made_by_faker() -> str:
    """The text of the table as the installed Faker makes it (en_US, seed 0)."""
    return "\n\n".join(_paragraphs()) + "\n"


def _paragraphs() -> Iterator[str]:
    from faker import Faker  # noqa: PLC0415 - no world needs it

    faker = Faker("en_US")
    faker.seed_instance(0)
    for make, count in (
        (faker.first_name, NAMES),
        (faker.last_name, NAMES),
        (faker.domain_word, NAMESPACES),
    ):
        names = [_plain(make()) for _ in range(count)]
        yield textwrap.fill(" ".join(names), WIDTH)


def _plain(name: str) -> str:
    """A name reduced to the lower-case letters and digits that an alias may have."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


if __name__ == "__main__":
    sys.stdout.write(made_by_faker())
