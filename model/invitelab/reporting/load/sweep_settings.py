"""What a sweep was run at: its load and its settings, in a short list.

A reader of the page alone must know at which load a value is enough. What all points
share is told once; what differs between them as `FIRST to LAST`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep
from invitelab.reporting.common.formatting import (
    clean,
    duration,
    grouped,
    listed,
    short,
)
from invitelab.reporting.load.grid_text import axes_of
from invitelab.reporting.load.scenario_text import is_document, is_list
from invitelab.reporting.load.source_text import given

MOST_LISTED = 6
"""Values that are listed; of more, the first and the last one."""
MOST_STAGES = 8
LONGEST = 300
"""Characters of a row; the scenario has the rest."""
DEEPEST = 4
KINDS = ("kind", "distribution")
"""Keys whose value says what a table is, so that they need not be named."""

Parts = tuple[tuple[str, str], ...]
"""What a row consists of: names, which may be empty, and values."""


def settings_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """Name and text of each row; a row that has nothing to tell is left out."""
    if not sweep.points:
        return []
    found = [point.results for point in sweep.points]
    rows = {
        "scenario": clean(found[0].name),
        "swept": _swept(sweep),
        "set": _given(sweep),
        **{name: _common(list(map(tell, found))) for name, tell in _TOLD.items()},
    }
    return [(name, short(text, LONGEST)) for name, text in rows.items() if text]


# --- The command -----------------------------------------------------------------


def _swept(sweep: Sweep) -> str:
    """The paths, each with its values; of a search, how many were tried."""
    firsts, seconds = axes_of(sweep)
    if sweep.search is not None:
        whole = f"{sweep.search.first} to {sweep.search.last}"
        tried = f"{listed(firsts)} tried" if len(firsts) <= MOST_LISTED else ""
        number = f"{len(firsts)} of {grouped(sweep.search.values)} values tried"
        return clean(f"{sweep.path}: {whole}, {tried or number}")
    told = [f"{sweep.path}: {_values(firsts)}"]
    if sweep.second_path:
        told.append(f"{sweep.second_path}: {_values(seconds)}")
    return clean("; ".join(told))


def _values(texts: Sequence[str]) -> str:
    if len(texts) <= MOST_LISTED:
        return listed(texts)
    return f"{texts[0]} to {texts[-1]}, {len(texts)} values"


def _given(sweep: Sweep) -> str:
    """What was set besides the values that were swept; an older file has none of it."""
    words = sweep.points[0].results.arguments
    ours = {sweep.path, sweep.second_path}
    return clean(", ".join(given(words, without=ours)))


# --- The scenario ----------------------------------------------------------------


def _common(rows: Sequence[Parts]) -> str:
    """The parts of all points as one text."""
    names = list(dict.fromkeys(name for parts in rows for name, _ in parts))
    told = (
        _part(name, [dict(parts).get(name, "") for parts in rows]) for name in names
    )
    return clean(", ".join(filter(None, told)))


def _part(name: str, texts: Sequence[str]) -> str:
    """One part: its text where all points have the same, else the first and last."""
    distinct = list(dict.fromkeys(filter(None, texts)))
    if not distinct:
        return ""
    value = distinct[0]
    if len(distinct) > 1:
        value = f"{distinct[0]} to {distinct[-1]}"
    return f"{name} {value}".strip()


def _population(results: Results) -> Parts:
    return tuple(_pairs(_table(results, "population"), ("clients", "room")))


def _arrivals(results: Results) -> Parts:
    table = _table(results, "arrivals")
    stages = table.get("stages")
    if is_list(stages):
        return (("kind", ""), ("", f"stages: {_stages(stages)}"))
    return tuple(_pairs(table))


def _relay(results: Results) -> Parts:
    return tuple(_pairs(_table(results, "relay")))


def _pairs(
    table: Mapping[str, object], names: Sequence[str] = ()
) -> Iterator[tuple[str, str]]:
    """The values of these names, by default of all."""
    for name, value in table.items():
        if value is not None and (not names or name in names):
            yield "" if name in KINDS else name, _told(value)


def _stages(stages: Sequence[object]) -> str:
    told = [_stage(one) for one in stages[:MOST_STAGES] if is_document(one)]
    more = len(stages) - len(told)
    return ", then ".join(told) + (f", and {more} more" if more else "")


def _stage(stage: Mapping[str, object]) -> str:
    """`2min at 20/s`, or `5s from 20/s to 400/s`."""
    if stage.get("rate") is not None:
        return f"{stage.get('for')} at {stage.get('rate')}"
    return f"{stage.get('for')} from {stage.get('from')} to {stage.get('to')}"


def _told(value: object, depth: int = 0) -> str:
    """A value of a scenario in words: `exponential (mean 8ms)`."""
    if depth >= DEEPEST:
        return "..."
    if is_document(value):
        told = {name: _told(inner, depth + 1) for name, inner in value.items()}
        kind = " ".join(text for name, text in told.items() if name in KINDS)
        rest = [f"{name} {text}" for name, text in told.items() if name not in KINDS]
        return f"{kind} ({', '.join(rest)})" if kind and rest else kind or listed(rest)
    if is_list(value):
        return " ".join(_told(inner, depth + 1) for inner in value[:MOST_STAGES])
    if isinstance(value, int) and not isinstance(value, bool):
        return grouped(value)
    return "" if value is None else clean(str(value))


def _table(results: Results, name: str) -> Mapping[str, object]:
    table = results.scenario.get(name)
    return table if is_document(table) else {}


# --- The run ---------------------------------------------------------------------


def _duration(results: Results) -> Parts:
    return (("", f"{duration(results.duration_us)} of virtual time"),)


def _warm_up(results: Results) -> Parts:
    return (("", f"{duration(results.warm_up_us)}, not counted"),)


def _replications(results: Results) -> Parts:
    return (("", str(len(results.replications))),)


def _seed(results: Results) -> Parts:
    return (("", str(results.seed)),)


_TOLD: Mapping[str, Callable[[Results], Parts]] = {
    "population": _population,
    "arrivals": _arrivals,
    "relay": _relay,
    "duration": _duration,
    "warm-up": _warm_up,
    "replications": _replications,
    "seed": _seed,
}
