"""Labels along a line: moved apart only as far as they must be."""

from collections.abc import Sequence
from math import inf


def spread(
    places: Sequence[float], gaps: Sequence[float], *, low: float, high: float = inf
) -> list[float]:
    """Positions as near to `places` as the gaps between neighbours allow.

    `places` is in ascending order, `gaps[i]` is the least distance of `i` and `i + 1`,
    and all positions lie between `low` and `high`; all are in one unit, whichever it
    is. Gaps that have no room there shrink by the same factor. The sum of squared moves
    is the least possible: isotonic regression by pooling adjacent violators (M. Ayer
    and others, "An empirical distribution function for sampling with incomplete
    information", Annals of Mathematical Statistics 26 (1955), page 641), clipped to the
    ends. Raises ValueError unless there is one gap less than there are places.
    """
    if not places:
        return []
    room = high - low
    shrink = min(1.0, room / total) if (total := sum(gaps)) else 1.0
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap * shrink)
    # Without the gaps, positions only have to ascend: groups that do not are pooled.
    groups: list[tuple[float, int]] = []
    for place, offset in zip(places, offsets, strict=True):
        groups.append((place - offset, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (first, many), (second, more) = groups[-2:]
            mean = (first * many + second * more) / (many + more)
            groups[-2:] = [(mean, many + more)]
    starts = [
        min(max(mean, low), high - offsets[-1])
        for mean, many in groups
        for _ in range(many)
    ]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]
