"""`proof.json`: what the suite catches and what it leaves alone, as `prove` found it.

Every report of a proof is a pure function of it. It holds no wall-clock time, so that
the same suite writes the same bytes.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, read_document
from invitelab.formats.run import Level, RunVerdict
from invitelab.safe_text import printable

FORMAT: Final = 1


class Part(BaseModel):
    """What all parts have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MutantStatus(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A scenario that cites its clause failed, at an observation."""
    ELSEWHERE = "killed elsewhere"
    """Only scenarios of other clauses failed."""
    BROKEN = "broken"
    """It crashed, hung or could not be run: that proves nothing."""
    EXCUSED = "excused"
    """It survived, and is justified in writing."""
    SURVIVED = "survived"


class Place(Part):
    """One scenario, or one row of an outline."""

    feature: str
    line: int
    title: str
    example: str | None = None


class MutantProof(Part):
    """One wrong implementation against the whole suite."""

    name: str
    clause: str
    level: Level
    sin: str
    fate: MutantStatus
    killers: tuple[int, ...] = ()
    """Which scenarios of its own clause failed, by their place in `scenarios`."""
    red: tuple[str, ...] = ()
    """Every clause that something was wrong with, its own included."""
    excuse: str | None = None
    message: str | None = None
    """What the first killer said, or what was broken."""


class FloorProof(Part):
    """An implementation that does nothing right: everything must be red."""

    name: str
    sin: str
    verdict: RunVerdict
    passed: tuple[str, ...] = ()
    """Clauses that passed all the same."""
    hollow: tuple[str, ...] = ()
    """Those of them that need an effect, and so must not."""


class PanelProof(Part):
    """A right implementation, however odd: nothing may fail."""

    name: str
    habit: str
    kind: Literal["unusual", "reading"]
    verdict: RunVerdict
    clause: str | None = None
    """The clause that it reads in another way, and deviates from."""
    deviations: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    """Clauses that fail, err, or deviate although nothing was read differently."""


class IdentityProof(Part):
    """The reference, reached in another way."""

    target: str
    same: bool
    differing: tuple[str, ...] = ()
    """Titles of scenarios with another record."""


class ClauseProof(Part):
    """A clause, and how many mutants it has."""

    clause: str
    level: Level
    text: str
    mutants: int
    killed: int
    killers: int
    """How many scenarios kill at least one of its mutants."""


class Proof(Part):
    """Everything that was found."""

    format: Literal[1] = FORMAT
    harness: str
    suite: str
    scenarios: tuple[Place, ...]
    clauses: tuple[ClauseProof, ...]
    mutants: tuple[MutantProof, ...]
    floor: tuple[FloorProof, ...]
    panel: tuple[PanelProof, ...]
    identity: tuple[IdentityProof, ...]
    idle: tuple[int, ...] = ()
    """Scenarios that kill no mutant, by their place in `scenarios`."""
    complaints: tuple[str, ...] = ()
    """What is not as it must be, a sentence each; none: the suite is proven."""


def read(path: Path) -> Proof:
    """Read a `proof.json`.

    Raises UsageError when it is missing, another document, of another format, or
    damaged.
    """
    hint = "name a proof.json that `invitelab prove` has written"
    proof = read_document(path, Proof, Kind.PROOF, known=FORMAT, hint=hint)
    if not _is_closed(proof):
        msg = f"{printable(str(path))} is damaged: it names what it does not have"
        raise UsageError(msg, hint=hint)
    return proof


def _is_closed(proof: Proof) -> bool:
    """Whether it has every scenario and clause that its mutants name."""
    places = {*proof.idle, *(at for one in proof.mutants for at in one.killers)}
    known = {clause.clause for clause in proof.clauses}
    named = {id_ for one in proof.mutants for id_ in (one.clause, *one.red)}
    return places <= set(range(len(proof.scenarios))) and named <= known
