"""What is the same for all tests, and proofs that those of several folders show."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import settings

from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import (
    Fate,
    FloorProof,
    IdentityProof,
    MutantProof,
    PanelProof,
    Part,
    Proof,
)
from invitelab.formats.run import RunVerdict
from invitelab.proof.findings import LEAST
from invitelab.proof.prove import assemble

# A busy machine is no failure: how long an example may take is never judged.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:  # pyright: ignore[reportUnusedFunction] - by pytest
    """A shell starts jobs behind deaf to Ctrl-C, and what we start inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


# Proofs, put together by hand


def mutants() -> Iterator[MutantProof]:
    """Make as many as every clause needs, each killed by its own scenario."""
    clauses = [clause for clause in load().values() for _ in range(LEAST[clause.level])]
    for place, clause in enumerate(clauses):
        yield MutantProof(
            name=f"sinner-{place}",
            clause=clause.id,
            level=clause.level,
            sin="does it wrong",
            fate=Fate.KILLED,
            killers=(place,),
            red=(clause.id,),
            message="expected no session, found one",
        )


@pytest.fixture(scope="session")
def right_parts() -> Sequence[Part]:
    """Give what every job has found where all is as it must be; one is excused."""
    made = list(mutants())
    excused = made[0].model_copy(
        update={
            "name": "saint",
            "fate": Fate.EXCUSED,
            "killers": (),
            "red": (),
            "message": None,
            "excuse": "nobody can see it",
        }
    )
    floor = FloorProof(name="null", sin="does nothing", verdict=RunVerdict.INVALID)
    odd = PanelProof(
        name="odd",
        habit="is odd",
        kind="unusual",
        verdict=RunVerdict.CONFORMANT,
    )
    reading = odd.model_copy(
        update={
            "name": "other",
            "kind": "reading",
            "clause": "EXPIRY-6",
            "deviations": ("EXPIRY-6",),
        }
    )
    identity = IdentityProof(target="tcp", same=True)
    return [identity, floor, odd, reading, *made, excused]


@pytest.fixture(scope="session")
def proven(right_parts: Sequence[Part]) -> Proof:
    """Give a proof about which there is no complaint."""
    return assemble(right_parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One part that is not as it must be: its name, what is amiss, and the sentence."""

    part: str
    changes: Mapping[str, object]
    says: str


WRONGS = {
    "a mutant survives": Wrong(
        part="sinner-3",
        changes={"fate": Fate.SURVIVED, "killers": (), "red": ()},
        says="sinner-3 survived: nothing fails (EMAIL-1)",
    ),
    "only another clause kills it": Wrong(
        part="sinner-3",
        changes={"fate": Fate.ELSEWHERE, "killers": (), "red": ("TILE-1",)},
        says="sinner-3 broke EMAIL-1 unobserved; red: TILE-1",
    ),
    "a mutant crashes": Wrong(
        part="sinner-3",
        changes={"fate": Fate.BROKEN, "message": "it died"},
        says="sinner-3 is broken: it died",
    ),
    "nobody breaks a clause often enough": Wrong(
        part="sinner-3",
        changes={"clause": "PLATFORM-1"},
        says="EMAIL-1 has 1 mutant, and needs 2",
    ),
    "a hollow one conforms": Wrong(
        part="null",
        changes={"verdict": RunVerdict.CONFORMANT},
        says="null is CONFORMANT, though it does nothing",
    ),
    "a hollow one is left undecided": Wrong(
        part="null",
        changes={"verdict": RunVerdict.INCONCLUSIVE},
        says="null is INCONCLUSIVE, though it does nothing",
    ),
    "a clause asks for nothing": Wrong(
        part="null",
        changes={"passed": ("TILE-1", "TILE-2"), "hollow": ("TILE-1",)},
        says="null satisfies TILE-1, though it does nothing",
    ),
    "a clause fails on a right one": Wrong(
        part="odd",
        changes={"verdict": RunVerdict.NON_CONFORMANT, "wrong": ("TILE-1",)},
        says="odd is right, and TILE-1 is red",
    ),
    "a right one does not conform": Wrong(
        part="odd",
        changes={"verdict": RunVerdict.INCONCLUSIVE},
        says="odd is right, and INCONCLUSIVE",
    ),
    "a reading moves another clause": Wrong(
        part="other",
        changes={"deviations": ("EXPIRY-6", "TILE-5"), "wrong": ("TILE-5",)},
        says="other is right, and TILE-5 is red",
    ),
    "a reading is not seen": Wrong(
        part="other",
        changes={"deviations": ()},
        says="other reads EXPIRY-6 otherwise, and nothing deviates",
    ),
    "a transport changes the records": Wrong(
        part="tcp",
        changes={"same": False, "differing": ("One", "Two")},
        says="tcp is not the same: scenarios that differ: 2",
    ),
}


def name_of(part: Part) -> str:
    """What a part is called, whatever it is."""
    fields = part.model_dump()
    return str(fields.get("name") or fields["target"])


@pytest.fixture(params=WRONGS.values(), ids=list(WRONGS))
def unproven(
    request: pytest.FixtureRequest, right_parts: Sequence[Part]
) -> tuple[Proof, str]:
    """Give a proof in which one thing is wrong, and the sentence that says so."""
    wrong: Wrong = request.param
    parts = [
        part.model_copy(update=wrong.changes) if name_of(part) == wrong.part else part
        for part in right_parts
    ]
    assert list(right_parts) != parts
    return assemble(parts), wrong.says


@pytest.fixture(scope="session")
def doubtful(right_parts: Sequence[Part]) -> Proof:
    """Give a proof in which nearly everything is wrong, a mutant in each way."""
    kept = [wrong for wrong in WRONGS.values() if wrong.part != "sinner-3"]
    changes = {wrong.part: wrong.changes for wrong in kept}
    for number, wrong in enumerate(list(WRONGS.values())[:3], start=3):
        changes[f"sinner-{number}"] = wrong.changes
    return assemble(
        [part.model_copy(update=changes.get(name_of(part), {})) for part in right_parts]
    )
