"""Names of states: what people see in them, and how they differ from others."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.learning.alphabet import Alphabet, Input
from invitelab.learning.instants import instants
from invitelab.learning.mealy import UNKNOWN, Mealy, Word
from invitelab.learning.operations import OK, Invite
from invitelab.learning.sight import Output

_CHANGE = re.compile(
    r"(?P<who>\w+): (?P<sign>[+-]) (?P<row>.*?)( \((?P<times>\d) times\))?"
)
_PROFILE = re.compile(r'invitation to \w+ with "(.*)"')
FIRST, PENDING, SESSION, REQUESTED, OVER = (
    "before",
    "pending",
    "in session",
    "requested",
    "over",
)
KINDS = {PENDING: "invitation ", SESSION: "session: ", REQUESTED: "session request "}
"""How a row begins that shows each."""
MS_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """What is seen in a state."""

    rows: tuple[str, ...]
    """A line for each thing that somebody sees after the shortest way to it, such as
    `Bob: session request ...`."""
    kinds: frozenset[str]
    """What is there whichever way leads to it, of PENDING, SESSION and REQUESTED."""
    waited_ms: int
    is_first: bool

    @property
    def base(self) -> str:
        """The name, as far as it follows from what is there."""
        parts = [kind for kind in KINDS if kind in self.kinds]
        return " and ".join(parts) or (FIRST if self.is_first else OVER)

    @property
    def profile(self) -> str:
        """The profiles of what is pending, each once."""
        found = [_PROFILE.search(row) for row in self.rows]
        counts = Counter(one[1] for one in found if one is not None)
        return ", ".join(
            f"{name} ({count} times)" if count > 1 else name
            for name, count in counts.items()
        )

    @property
    def waited(self) -> str:
        """How much time has passed on the way."""
        if not self.waited_ms:
            return ""
        seconds = self.waited_ms / MS_PER_S
        return (
            f"after {seconds:g} s"
            if self.waited_ms < 10**6
            else f"after {seconds:.0f} s"
        )


def sights(
    machine: Mealy, alphabet: Alphabet, outputs: Sequence[Output]
) -> list[Sights]:
    """What is seen in each state: after the shortest way, and after every one.

    A session goes on whatever happens to an invitation: where one way leads through an
    accepted invitation and another does not, it is nothing that the state shows.
    """
    found: list[Sights] = []
    ways = _ways(machine)
    for state, way in enumerate(machine.access):
        seen = [_rows(machine, one, outputs) for one in ways[state]]
        first, *others = map(_kinds, seen)
        told = [outputs[number] for number in machine.run(way)]
        inputs = [alphabet.inputs[letter] for letter in way]
        found.append(
            Sights(
                rows=tuple(sorted(seen[0].elements())),
                kinds=first.intersection(*others),
                waited_ms=_waited_ms(inputs, told),
                is_first=not way,
            )
        )
    return found


def _ways(machine: Mealy) -> list[list[Word]]:
    """For each state the shortest way to it, and one by each transition to it."""
    found = [[way] for way in machine.access]
    for way, nexts, answers in zip(
        machine.access, machine.next, machine.output, strict=True
    ):
        for letter, (state, answer) in enumerate(zip(nexts, answers, strict=True)):
            if answer != UNKNOWN:
                found[state].append((*way, letter))
    return found


def _rows(machine: Mealy, way: Word, outputs: Sequence[Output]) -> Counter[str]:
    """What is seen after a way."""
    rows: Counter[str] = Counter()
    for number in machine.run(way):
        _apply(outputs[number].changes, rows)
    return rows


def _kinds(rows: Counter[str]) -> frozenset[str]:
    there = [row.partition(": ")[2] for row in rows.elements()]
    return frozenset(
        kind
        for kind, begin in KINDS.items()
        if any(row.startswith(begin) for row in there)
    )


def _waited_ms(inputs: Sequence[Input], told: Sequence[Output]) -> int:
    """How long it took since the last invitation, or since the beginning."""
    ends_ms = [0, *instants(inputs, told)]
    begun_ms = 0
    for one, output, end_ms in zip(inputs, told, ends_ms[1:], strict=True):
        if isinstance(one.operation, Invite) and output.answer == OK:
            begun_ms = end_ms
    return ends_ms[-1] - begun_ms


def _apply(changes: Sequence[str], rows: Counter[str]) -> None:
    for change in changes:
        found = _CHANGE.fullmatch(change)
        if found is None:
            continue
        row = f"{found['who']}: {found['row']}"
        times = int(found["times"] or 1)
        rows[row] = max(0, rows[row] + (times if found["sign"] == "+" else -times))


def names(found: Sequence[Sights]) -> list[str]:
    """A name for each state, each once."""
    said = [one.base for one in found]
    said = _told_apart(said, [one.profile for one in found])
    said = _told_apart(said, [one.waited for one in found])
    return _numbered(said)


def _told_apart(said: Sequence[str], details: Sequence[str]) -> list[str]:
    """Names with a detail where several states have the same one."""
    of: dict[str, set[str]] = {}
    for name, detail in zip(said, details, strict=True):
        of.setdefault(name, set()).add(detail)
    return [
        f"{name}, {detail}" if detail and len(of[name]) > 1 else name
        for name, detail in zip(said, details, strict=True)
    ]


def _numbered(said: Sequence[str]) -> list[str]:
    counts = Counter(said)
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in said:
        seen[name] += 1
        found.append(f"{name} #{seen[name]}" if counts[name] > 1 else name)
    return found
