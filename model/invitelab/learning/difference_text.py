"""Differences as sentences."""

from collections.abc import Sequence

from invitelab.formats.machine import Difference, Standing
from invitelab.learning.judging import Judged
from invitelab.learning.sight import Output

ENDS = {
    Standing.ALLOWED: "both are allowed",
    Standing.UNJUDGED: "no clause is known that decides",
}


def difference_says(
    names: Sequence[str], here: Output, there: Output, told: Judged
) -> str:
    """A difference as a sentence."""
    end = ENDS.get(told.standing) or f"{told.clause} {_verb(told)}"
    if told.standing is Standing.ALLOWED and told.interpretation is not None:
        end += f", as {told.interpretation} is an interpretation"
    return f"{', '.join(names)}: {brief(here, there)}; {end}"


def _verb(told: Judged) -> str:
    return "is broken" if told.standing is Standing.BROKEN else "is interpreted so"


def brief(here: Output, there: Output) -> str:
    """Two outputs, without what both have."""
    mine = [one for one in here.changes if one not in there.changes]
    theirs = [one for one in there.changes if one not in here.changes]
    if here == there:
        return f"{here.answer} here and there"
    if here.answer != there.answer:
        mine, theirs = [here.answer, *mine], [there.answer, *theirs]
    return f"here {_listed(mine)}, there {_listed(theirs)}"


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts) or "nothing more"


def specification_says(found: Sequence[Difference], candidates: int) -> str:
    """What the specification says of a target."""
    broken = [one.clause or "" for one in found if one.standing is Standing.BROKEN]
    others = [one.clause or "" for one in found if one.standing is Standing.DEVIATES]
    parts: list[str] = []
    if broken:
        parts.append(f"required clauses are broken: {', '.join(broken)}")
    if others:
        parts.append(f"interpretations are other ones: {', '.join(others)}")
    if parts:
        return "; ".join(parts)
    if candidates:
        return (
            f"no clause is broken: in the {candidates} shortest differences from the "
            "reference both answers are allowed, or no clause is known that decides"
        )
    return "no difference: it behaves as the reference over this alphabet"
