"""The figures of a proof, and the sentences that every view says alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from invitelab.formats.proof import (
    ClauseProof,
    FloorProof,
    MutantProof,
    MutantStatus,
    PanelProof,
    Place,
    Proof,
)
from invitelab.formats.run import Level, RunVerdict
from invitelab.reporting.common.formatting import listed, plural

PROVEN = "PROVEN"
NOT_PROVEN = "NOT PROVEN"
RED_RUNS = frozenset({RunVerdict.NON_CONFORMANT, RunVerdict.INVALID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The clauses that share the first part of their names, and their mutants."""

    name: str
    clauses: tuple[ClauseProof, ...]
    excused: int

    @property
    def mutants(self) -> int:
        """How many there are."""
        return sum(clause.mutants for clause in self.clauses)

    @property
    def killed(self) -> int:
        """How many of them are killed by their own clause."""
        return sum(clause.killed for clause in self.clauses)

    @property
    def figure(self) -> str:
        """`12/13`: killed, of all."""
        return f"{self.killed}/{self.mutants}"


def area_of(clause: str) -> str:
    """The area of a clause: `Expiry`."""
    return clause.partition("-")[0].capitalize()


def areas(proof: Proof) -> tuple[Area, ...]:
    """Every area, in the order of the clauses."""
    excused = [m.clause for m in proof.mutants if m.fate is MutantStatus.EXCUSED]
    return tuple(
        Area(
            name=name,
            clauses=tuple(members),
            excused=sum(area_of(clause) == name for clause in excused),
        )
        for name, members in groupby(proof.clauses, lambda one: area_of(one.clause))
    )


def survivors(proof: Proof) -> list[MutantProof]:
    """Every mutant that its own clause has not killed, the excused ones last."""
    alive = [
        mutant for mutant in proof.mutants if mutant.fate is not MutantStatus.KILLED
    ]
    return sorted(alive, key=lambda mutant: mutant.fate is MutantStatus.EXCUSED)


def why(mutant: MutantProof) -> str:
    """Why a mutant is killed or not, in a few words."""
    match mutant.fate:
        case MutantStatus.EXCUSED:
            return mutant.excuse or ""
        case MutantStatus.ELSEWHERE:
            return f"its own clause shows nothing; red: {listed(mutant.red)}"
        case MutantStatus.SURVIVED:
            return "nothing fails"
        case MutantStatus.KILLED | MutantStatus.BROKEN:
            return mutant.message or ""


def is_red(hollow: FloorProof) -> bool:
    """Whether a member of the floor is what it must be."""
    return hollow.verdict in RED_RUNS and not hollow.hollow


def is_false_failure(member: PanelProof) -> bool:
    """Whether something is held against a right implementation."""
    return bool(member.wrong) or member.verdict is not RunVerdict.CONFORMANT


def is_unseen(member: PanelProof) -> bool:
    """Whether it reads a clause otherwise and nothing deviates."""
    return member.clause is not None and member.clause not in member.deviations


def killed_by_one(proof: Proof) -> list[tuple[ClauseProof, Place]]:
    """Clauses of whose mutants one scenario alone kills any, and that scenario."""
    killers = {
        mutant.clause: proof.scenarios[place]
        for mutant in proof.mutants
        for place in mutant.killers
    }
    return [
        (clause, killers[clause.clause])
        for clause in proof.clauses
        if clause.killers == 1
    ]


def idle_by_feature(proof: Proof) -> list[tuple[str, int, list[Place]]]:
    """Each feature, how many scenarios it has, and those that kill no mutant."""
    idle = frozenset(proof.idle)
    found: list[tuple[str, int, list[Place]]] = []
    numbered = enumerate(proof.scenarios)
    for feature, members in groupby(numbered, lambda pair: pair[1].feature):
        of_feature = list(members)
        places = [place for number, place in of_feature if number in idle]
        found.append((feature, len(of_feature), places))
    return found


def verdict(proof: Proof) -> str:
    """Whether everything is as it must be."""
    return NOT_PROVEN if proof.complaints else PROVEN


def lines(proof: Proof) -> Iterator[str]:
    """What was found, a line for each part."""
    yield mutants_line(proof)
    yield required_line(proof)
    yield scenarios_line(proof)
    yield panel_line(proof)
    yield floor_line(proof)
    yield identity_line(proof)


def mutants_line(proof: Proof) -> str:
    """`mutants 115: 114 killed, 1 excused; by area Platform 4/4, ...`."""
    counted = {
        fate: sum(mutant.fate is fate for mutant in proof.mutants)
        for fate in MutantStatus
    }
    fates = [f"{count} {fate.value}" for fate, count in counted.items() if count]
    by_area = ", ".join(f"{area.name} {area.figure}" for area in areas(proof))
    words = ", ".join(fates) or "none"
    return f"mutants {len(proof.mutants)}: {words}; by area {by_area}"


def required(proof: Proof) -> tuple[int, list[str]]:
    """How many required clauses there are, and those with mutants not killed."""
    wanted = [one for one in proof.clauses if one.level is Level.REQUIRED]
    short_of = [one.clause for one in wanted if not 0 < one.mutants == one.killed]
    return len(wanted), short_of


def required_line(proof: Proof) -> str:
    """`required 43/43 clauses: every mutant killed for the right reason`."""
    count, short_of = required(proof)
    but = f"; not of {listed(short_of)}" if short_of else ""
    done = f"{count - len(short_of)}/{count}"
    return f"required {done} clauses: every mutant killed for the right reason{but}"


def scenarios_line(proof: Proof) -> str:
    """`scenarios 228: 190 kill a mutant, 38 kill none; ...`."""
    count, idle = len(proof.scenarios), len(proof.idle)
    alone = plural(len(killed_by_one(proof)), "clause")
    return (
        f"scenarios {count}: {count - idle} kill a mutant, {idle} kill none;"
        f" {alone} killed by one only"
    )


def panel_line(proof: Proof) -> str:
    """`panel 34: 0 false failures`."""
    wrong = plural(sum(map(is_false_failure, proof.panel)), "false failure")
    unseen = [member.name for member in proof.panel if is_unseen(member)]
    but = f"; nothing deviates for {listed(unseen)}" if unseen else ""
    return f"panel {len(proof.panel)}: {wrong}{but}"


def floor_line(proof: Proof) -> str:
    """`floor 9: all red`."""
    passing = [hollow.name for hollow in proof.floor if not is_red(hollow)]
    words = f"not red: {listed(passing)}" if passing else "all red"
    return f"floor {len(proof.floor)}: {words}"


def identity_line(proof: Proof) -> str:
    """`identity 4 ways: the same`."""
    other = [way.target for way in proof.identity if not way.same]
    words = f"not the same over {listed(other)}" if other else "the same"
    return f"identity {plural(len(proof.identity), 'way')}: {words}"
