"""One sign a verdict, readable without colour, where every character can be shown.

Transcripts, which have to be readable anywhere, use signs of ASCII: see
`formats.transcript.GLYPHS`.
"""

from collections.abc import Mapping

from invitelab.formats.machine import Standing
from invitelab.formats.objectives import ObjectiveVerdict
from invitelab.formats.proof import MutantStatus
from invitelab.formats.run import RunVerdict, Verdict

GOOD = "\N{CHECK MARK}"
BAD = "\N{BALLOT X}"
OPEN = "?"
ERROR = "!"
OTHERWISE = "~"
"""Neither good nor bad: a deviation, or a mutant that is excused."""

SCENARIO_SIGNS: Mapping[Verdict, str] = {
    Verdict.PASS: GOOD,
    Verdict.FAIL: BAD,
    Verdict.DEVIATION: OTHERWISE,
    Verdict.INCONCLUSIVE: OPEN,
    Verdict.ERROR: ERROR,
    Verdict.BLOCKED: "/",
    Verdict.NOT_APPLICABLE: "\N{EN DASH}",
    Verdict.NOT_RUN: "\N{MIDDLE DOT}",
}
"""Of a scenario, and of a clause."""

RUN_SIGNS: Mapping[RunVerdict, str] = {
    RunVerdict.CONFORMANT: GOOD,
    RunVerdict.NON_CONFORMANT: BAD,
    RunVerdict.INCONCLUSIVE: OPEN,
    RunVerdict.INVALID: ERROR,
    RunVerdict.PARTIAL: "\N{WHITE CIRCLE}",
}

MUTANT_SIGNS: Mapping[MutantStatus, str] = {
    MutantStatus.KILLED: GOOD,
    MutantStatus.WAIVED: OTHERWISE,
    MutantStatus.KILLED_BY_OTHER: BAD,
    MutantStatus.BROKEN: ERROR,
    MutantStatus.SURVIVED: BAD,
}

OBJECTIVE_SIGNS: Mapping[ObjectiveVerdict, str] = {
    ObjectiveVerdict.MET: GOOD,
    ObjectiveVerdict.MISSED: BAD,
    ObjectiveVerdict.UNDECIDED: OPEN,
    ObjectiveVerdict.NOT_APPLICABLE: "\N{EN DASH}",
}

STANDING_SIGNS: Mapping[Standing, str] = {
    Standing.BROKEN: BAD,
    Standing.DEVIATES: OTHERWISE,
    Standing.ALLOWED: GOOD,
    Standing.UNJUDGED: OPEN,
}
