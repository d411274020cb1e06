"""The table of mutants that a thorough run finds, and by what."""

from collections.abc import Iterator, Mapping

from invitelab.proof.mutants import MUTANTS
from invitelab.target_load.trial import Trial


def summary(found: Mapping[str, Trial]) -> str:
    """How many mutants are found, and by what."""
    hit = sum(one.is_found for one in found.values())
    by_judge = sum(bool(one.broken) for one in found.values())
    failing = sum(one.is_found and not one.broken for one in found.values())
    return (
        f"{hit} of {len(found)} mutants of required clauses found = "
        f"{hit / len(found):.1%}: {by_judge} by a clause that breaks, {failing} only "
        "because calls fail or attempts go otherwise than with the reference."
    )


def page(found: Mapping[str, Trial], told: str) -> Iterator[str]:
    """The table of all mutants, in Markdown, those that are missed first."""
    yield "# Mutants under a thorough load"
    yield ""
    yield "What a thorough run of `scenarios/unusual_day.toml` finds without a feature."
    yield "Written by `python benchmarks/target_load.py --mutants`, in virtual time."
    yield ""
    yield f"**{told}**"
    yield ""
    yield "| clause | mutant | found |"
    yield "|---|---|---|"
    for name, one in sorted(found.items(), key=lambda pair: pair[1].is_found):
        yield f"| {MUTANTS[name].clause} | {name} | {how_found(one)} |"


def how_found(one: Trial) -> str:
    """By what a mutant is found, or why it is missed."""
    if one.broken:
        return f"breaks {', '.join(one.broken)}"
    if one.failed:
        return "calls fail"
    if one.unexplained:
        return "goes otherwise than the reference"
    if one.apart:
        return f"no: {', '.join(one.interpretations)} would explain it"
    return "no: nothing shows"
