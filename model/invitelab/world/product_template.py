"""The text of a new product file: every key, explained, with its default."""

import textwrap
from collections.abc import Iterator

from invitelab.formats.specification import shipped_clauses
from invitelab.inputs.units import duration_text
from invitelab.protocol.policy import knobs
from invitelab.protocol.values import EntryPoint, Permission
from invitelab.world.product import LONGEST_US, SHORTEST_US, SPECIFIED

WIDTH = 88


def template(name: str) -> str:
    """A file that describes the product of the specification under another name."""
    permissions = ", ".join(one.value for one in Permission)
    entries = ", ".join(one.value for one in EntryPoint if one.contact_list is None)
    shortest, longest = duration_text(SHORTEST_US), duration_text(LONGEST_US)
    return f"""\
# A variant of the product, for `invitelab check TARGET --profile FILE`, `serve` and
# `simulate`. Every key has its default here: change those in which the variant differs,
# and leave out the others if you like.

# Verdicts say "by NAME".
name = "{name}"

# How long an invitation can be accepted, from {shortest} to {longest}. The suite's
# times near the end follow: 119 seconds of two minutes are 299 of five.
lifetime = "{SPECIFIED.lifetime_text}"

# Each point on which the specification is silent, and how invitelab reads it. Set one
# to false where the product has another reading: the suite's scenarios of this clause
# then do not apply, and features of your own can say what does (--features).
[interpretations]
{_interpretations()}
# Permission profiles that every client has, beside those that are built in. Of
{_commented(permissions)}
#
# [[profiles]]
# name = "Support"
# permissions = ["view", "input"]
# enabled = true

# Further entry points, for your own features: each does what one of these does:
{_commented(entries)}
#
# [[entry_points]]
# name = "tray-menu"
# like = "invitation-icon"
"""


def _commented(words: str) -> str:
    """A sentence as lines of comment."""
    lines = textwrap.wrap(f"{words}.", WIDTH - 2, break_on_hyphens=False)
    return "\n".join(f"# {line}" for line in lines)


def _interpretations() -> str:
    return "".join(f"{line}\n" for knob in _knobs() for line in knob)


def _knobs() -> Iterator[list[str]]:
    """The lines of each interpretation: its clause, and the key."""
    clauses = shipped_clauses()
    for knob in knobs():
        words = f"{knob.clause}: {clauses[knob.clause].text}"
        lines = textwrap.wrap(words, WIDTH - 2, subsequent_indent="  ")
        yield [*(f"# {line}" for line in lines), f"{knob.name} = true", ""]
