"""What the figures of a report are from, where that is not our own simulated world."""

from collections.abc import Container, Sequence
from itertools import pairwise

from invitelab.formats.results import Results
from invitelab.reporting.common.formatting import clean, listed


def source_line(results: Results) -> str:
    """`measured: acme 2.3.1` or `imported from events.csv`; empty for a simulation."""
    name = results.subject
    if results.source == "target":
        return f"measured: {name}" if name else "measured on an implementation"
    if results.source == "import":
        return f"imported from {name}" if name else "imported from a table of events"
    return ""


def given(
    arguments: Sequence[str], *, without: Container[str] = frozenset[str]()
) -> list[str]:
    """What was set on the command line; not the paths that are in `without`."""
    return [
        value if option == "--set" else f"{option} {value}"
        for option, value in pairwise(arguments[1:])
        if option in {"--set", "--scale", "--profile"}
        and not (option == "--set" and value.partition("=")[0].strip() in without)
    ]


def changed_line(results: Results) -> str:
    """What was set for this run, so that its file does not say it; else empty."""
    words = given(results.arguments)
    if not words:
        return ""
    return clean(f"changed for this run, unlike what its file says: {listed(words)}")


def of_time(results: Results) -> str:
    """What a duration is one of: `of virtual time`, or `measured`."""
    return "of virtual time" if results.is_simulated else "measured"


def time_axis(results: Results) -> str:
    """The name of an axis of time."""
    return "virtual time" if results.is_simulated else "time"


def virtual_time(results: Results) -> str:
    """`virtual time · ` for a subtitle; empty where time was real."""
    return f"{time_axis(results)} · " if results.is_simulated else ""


def was_checked(results: Results) -> bool:
    """Whether invariants were checked; an import has no histories to check."""
    return results.is_simulated or bool(results.checked.invitations)


def no_objectives(results: Results) -> str:
    """Why there is no verdict, as a sentence."""
    if not results.scenario:
        return "There are no objectives: the import names no scenario."
    if results.objectives:
        return "None of the objectives of the scenario applies to what was measured."
    return "The scenario promises nothing: it has no objectives."
