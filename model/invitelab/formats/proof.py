"""`proof.json`: which defects the suite detects and which implementations it accepts.

Every report of a proof is a pure function of this document. It holds no wall-clock
time, so that the same suite writes the same bytes. Format 1, which had other keys, is
read as well.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, model_validator

from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, read_document
from invitelab.formats.run import Level, RunVerdict
from invitelab.safe_text import printable

FORMAT: Final = 2
OLDEST_FORMAT: Final = 1


class ProofPart(BaseModel):
    """Base of every record in a proof."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MutantStatus(StrEnum):
    """Result of running the whole suite on a mutant."""

    KILLED = "killed"
    """A scenario that cites the mutant's clause failed, at an observation."""
    KILLED_BY_OTHER = "killed-by-other"
    """Only scenarios of other clauses failed."""
    BROKEN = "broken"
    """It crashed, hung or could not be run: that proves nothing."""
    WAIVED = "waived"
    """It survived, and a waiver gives the reason."""
    SURVIVED = "survived"


class ScenarioLocation(ProofPart):
    """A scenario, or one row of an outline, and where it is written."""

    feature: str
    line: int
    title: str
    example: str | None = None


class MutantProof(ProofPart):
    """A mutant, tried against the whole suite."""

    name: str
    clause: str
    level: Level
    defect: str
    value: str | None = None
    """The value of a factor that shows the defect, "factor: value"; None: none does."""
    status: MutantStatus
    killers: tuple[int, ...] = ()
    """The failed scenarios of the mutant's clause, as indexes into `scenarios`."""
    failing_clauses: tuple[str, ...] = ()
    """Every clause that failed, erred or deviated, the mutant's own included."""
    waiver: str | None = None
    message: str | None = None
    """Message of the first killer, or what broke."""


class NullImplementationProof(ProofPart):
    """Vacuity check: on an implementation without any effect every clause must fail."""

    name: str
    defect: str
    verdict: RunVerdict
    passed: tuple[str, ...] = ()
    """Clauses that passed nevertheless."""
    vacuous: tuple[str, ...] = ()
    """Those of `passed` that require an effect, and so must not pass."""


class ConformingVariantProof(ProofPart):
    """False-positive check: nothing may fail on a conforming implementation."""

    name: str
    difference: str
    """How the variant differs from the reference."""
    kind: Literal["unusual", "interpretation"]
    verdict: RunVerdict
    clause: str | None = None
    """The clause that is interpreted differently, and so must deviate."""
    deviations: tuple[str, ...] = ()
    false_failures: tuple[str, ...] = ()
    """Clauses that fail or err, or deviate without another interpretation of them."""
    seeds: int = 1
    """Number of seeds with which it was tried; `deviations` are those of every seed."""
    failing_seeds: tuple[int, ...] = ()
    """Those with which a clause fails that may not, or does not deviate."""


class TransportProof(ProofPart):
    """Transport equivalence: the reference, reached over another transport."""

    target: str
    same: bool
    differing: tuple[str, ...] = ()
    """Titles of the scenarios whose records differ."""


class ClauseProof(ProofPart):
    """A clause, and the number of its mutants."""

    clause: str
    level: Level
    text: str
    mutants: int
    killed: int
    killers: int
    """Number of scenarios that kill at least one of the mutants."""


class Proof(ProofPart):
    """Everything that `invitelab prove` has found."""

    format: Literal[2] = FORMAT
    harness: str
    suite: str
    scenarios: tuple[ScenarioLocation, ...]
    clauses: tuple[ClauseProof, ...]
    mutants: tuple[MutantProof, ...]
    null_implementations: tuple[NullImplementationProof, ...]
    conforming_variants: tuple[ConformingVariantProof, ...]
    transport_equivalence: tuple[TransportProof, ...]
    redundant: tuple[int, ...] = ()
    """Scenarios that kill no mutant, as indexes into `scenarios`."""
    findings: tuple[str, ...] = ()
    """What is wrong with the suite, a sentence each; the suite is proven if empty."""

    @model_validator(mode="before")
    @classmethod
    def _accept_format_1(cls, value: object) -> object:
        """Translate a document of format 1; leave every other value as it is."""
        if not isinstance(value, dict):
            return value
        document = cast("dict[str, Any]", value)
        number: object = document.get("format")
        if isinstance(number, bool) or number != OLDEST_FORMAT:
            return document
        return {**_renamed(document), "format": FORMAT}


_NEW_KEYS: Final[Mapping[str, str]] = {
    "floor": "null_implementations",
    "panel": "conforming_variants",
    "identity": "transport_equivalence",
    "idle": "redundant",
    "complaints": "findings",
    "sin": "defect",
    "fate": "status",
    "excuse": "waiver",
    "hollow": "vacuous",
    "habit": "difference",
    "wrong": "false_failures",
    "red": "failing_clauses",
}
_NEW_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("fate", "killed elsewhere"): MutantStatus.KILLED_BY_OTHER.value,
    ("fate", "excused"): MutantStatus.WAIVED.value,
    ("kind", "reading"): "interpretation",
}
"""Of a key, by the value in format 1."""


def _renamed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of format 1, or an entry of one, with the keys of format 2."""
    return {
        _NEW_KEYS.get(key, key): _translated(key, value)
        for key, value in document.items()
    }


def _translated(key: str, value: object) -> object:
    if isinstance(value, str):
        return _NEW_VALUES.get((key, value), value)
    if not isinstance(value, list):
        return value
    return [
        _renamed(cast("dict[str, Any]", entry)) if isinstance(entry, dict) else entry
        for entry in cast("list[object]", value)
    ]


def read(path: Path) -> Proof:
    """Read a `proof.json` of format 1 or 2.

    Raises UsageError when the file is missing, another document, of another format, or
    damaged.
    """
    hint = "name a proof.json that `invitelab prove` has written"
    proof = read_document(
        path, Proof, Kind.PROOF, known=FORMAT, oldest=OLDEST_FORMAT, hint=hint
    )
    if not _is_closed(proof):
        msg = f"{printable(str(path))} is damaged: it refers to a missing entry"
        raise UsageError(msg, hint=hint)
    return proof


def _is_closed(proof: Proof) -> bool:
    """Whether every scenario and clause that the mutants refer to is in the proof."""
    places = {*proof.redundant, *(at for one in proof.mutants for at in one.killers)}
    known = {clause.clause for clause in proof.clauses}
    named = {id_ for one in proof.mutants for id_ in (one.clause, *one.failing_clauses)}
    return places <= set(range(len(proof.scenarios))) and named <= known
