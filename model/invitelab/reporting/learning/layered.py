"""Places for boxes in rows, and for labelled arrows from one row to the next.

The layered drawing of K. Sugiyama, S. Tagawa and M. Toda ("Methods for visual
understanding of hierarchical system structures", IEEE Transactions on Systems, Man,
and Cybernetics 11 (1981), page 109): rows of boxes and rows of labels take turns, the
order within a row comes from the neighbours' order, and an exchange of neighbours is
kept where it saves crossings. A label has a place of its own, and lies on nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from invitelab.reporting.common.labels import spread

SWEEPS = 12
"""How often the order goes down and up the rows: later ones hardly change anything."""

Links = Mapping[int, Sequence[int]]
"""Neighbours of each item in one direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A box or a label: its row and its size; `above` are the items that lead to it."""

    row: int
    width: float
    height: float
    above: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item lies: its centre from left to right, and its upper edge."""

    x: float
    y: float


def places(items: Sequence[Item], *, gap: float, between: float) -> list[Place]:
    """The place of each item, beginning at 0; no two are nearer than `gap`.

    `between` is the distance of two rows.
    """
    rows = _rows(items)
    above = {n: item.above for n, item in enumerate(items)}
    below: dict[int, list[int]] = {n: [] for n in above}
    for n, ups in above.items():
        for up in ups:
            below[up].append(n)
    ordered = _ordered(rows, above, below)
    xs = _xs(ordered, items, above, below, gap)
    left = min((x - items[n].width / 2 for n, x in xs.items()), default=0.0)
    tops = _tops(ordered, items, between)
    return [Place(x=xs[n] - left, y=tops[item.row]) for n, item in enumerate(items)]


def _rows(items: Sequence[Item]) -> list[list[int]]:
    rows: list[list[int]] = [
        [] for _ in range(max((item.row for item in items), default=-1) + 1)
    ]
    for n, item in enumerate(items):
        rows[item.row].append(n)
    return rows


def _tops(
    rows: Sequence[Sequence[int]], items: Sequence[Item], between: float
) -> list[float]:
    """The upper edge of each row; its items hang from there."""
    tops = [0.0]
    for row in rows:
        highest = max((items[n].height for n in row), default=0.0)
        tops.append(tops[-1] + highest + between)
    return tops


# --- Order -----------------------------------------------------------------------


def _ordered(rows: list[list[int]], above: Links, below: Links) -> list[list[int]]:
    """The rows in the order with the fewest crossings that was seen."""
    best, least = rows, crossings(rows, below)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        rows = _swept(rows, above if downwards else below, downwards=downwards)
        rows = _exchanged(rows, above, below)
        count = crossings(rows, below)
        if count < least:
            best, least = rows, count
    return best


def _swept(rows: list[list[int]], links: Links, *, downwards: bool) -> list[list[int]]:
    """Each row in the order of the mean of its neighbours in the row before."""
    swept = [list(row) for row in rows]
    numbers = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
    for number in numbers:
        before = swept[number - 1 if downwards else number + 1]
        at = {n: place for place, n in enumerate(before)}
        means = {
            n: _mean([at[m] for m in links[n]], place)
            for place, n in enumerate(swept[number])
        }
        swept[number].sort(key=means.__getitem__)
    return swept


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _exchanged(rows: list[list[int]], above: Links, below: Links) -> list[list[int]]:
    """Neighbours of a row exchanged wherever that saves crossings."""
    changed = [list(row) for row in rows]
    for number, row in enumerate(changed):
        at = {
            n: place
            for beside in (number - 1, number + 1)
            if 0 <= beside < len(changed)
            for place, n in enumerate(changed[beside])
        }
        for left in range(len(row) - 1):
            pair = (row[left], row[left + 1])
            before = _crossed(pair, at, above) + _crossed(pair, at, below)
            pair = (pair[1], pair[0])
            if _crossed(pair, at, above) + _crossed(pair, at, below) < before:
                row[left], row[left + 1] = pair
    return changed


def _crossed(pair: tuple[int, int], at: Mapping[int, int], links: Links) -> int:
    """How many lines of a left item cross those of the item right of it."""
    left, right = pair
    return sum(at[a] > at[b] for a in links[left] for b in links[right])


def crossings(rows: Sequence[Sequence[int]], below: Links) -> int:
    """The number of pairs of lines that cross between the rows."""
    count = 0
    for row, next_row in pairwise(rows):
        at = {n: place for place, n in enumerate(next_row)}
        count += sum(_crossed(pair, at, below) for pair in combinations(row, 2))
    return count


# --- Places ----------------------------------------------------------------------


def _xs(
    rows: Sequence[Sequence[int]],
    items: Sequence[Item],
    above: Links,
    below: Links,
    gap: float,
) -> dict[int, float]:
    """The centre of each item, as near to its neighbours' as its row allows."""
    xs: dict[int, float] = {}
    for row in rows:
        xs.update(_in_row(row, items, dict.fromkeys(row, 0.0), gap))
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        links = above if downwards else below
        for row in rows if downwards else reversed(rows):
            wanted = {n: _mean([xs[m] for m in links[n]], xs[n]) for n in row}
            xs.update(_in_row(row, items, wanted, gap))
    return xs


def _in_row(
    row: Sequence[int], items: Sequence[Item], wanted: Mapping[int, float], gap: float
) -> Iterable[tuple[int, float]]:
    gaps = [(items[a].width + items[b].width) / 2 + gap for a, b in pairwise(row)]
    found = spread([wanted[n] for n in row], gaps, low=-1e9)
    return zip(row, found, strict=True)
