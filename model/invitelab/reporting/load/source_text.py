"""What the figures of a report are from, where that is not our own simulated world."""

from invitelab.formats.results import Results


def source_line(results: Results) -> str:
    """`measured: acme 2.3.1` or `imported from events.csv`; empty for a simulation."""
    name = results.subject
    if results.source == "target":
        return f"measured: {name}" if name else "measured on an implementation"
    if results.source == "import":
        return f"imported from {name}" if name else "imported from a table of events"
    return ""


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
