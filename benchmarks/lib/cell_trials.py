"""What settles the fate of a mutation of the state machine: four trials.

Each trial knows what the reference as it is does, and which cells that takes. Without
its cell a mutation cannot change anything, so only what reaches the cell is tried.
"""

import signal
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product

from cells import Mutation, Place, in_force, reached
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import make_plan
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import InvitelabError
from invitelab.formats.run import ScenarioRecord
from invitelab.learning.alphabet import Alphabet
from invitelab.learning.bounds import Suite
from invitelab.learning.learning import Wish
from invitelab.learning.mealy import Mealy, Word
from invitelab.learning.questions import Target, TargetEndedError
from invitelab.learning.reference import ReferenceTarget
from invitelab.learning.session import Plan, learn_started, started
from invitelab.learning.sight import Outputs
from invitelab.proof.suite_run import RED, every_pickle, run_suite
from invitelab.protocol.history import Fact
from invitelab.protocol.host import (
    AnswerFrom,
    Cancel,
    Decision,
    HostEvent,
    Modify,
    PollFrom,
    Restart,
    SessionOver,
    Tick,
    decide,
    open_invitation,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Identity,
    Invitation,
    State,
    Version,
)
from invitelab.study.traces import Sample, broken_invariants
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.schema import Scenario

TOO_LONG_S = 20.0


class NeverEndsError(BaseException):
    """A mutation never comes to rest: messages go to and fro at one instant.

    No Exception, which would be told as a crash of the target, and be tried again.
    """


@contextmanager
def limited() -> Generator[None]:
    """Raise NeverEndsError within what takes too long; in the main thread alone."""

    def end(_number: int, _frame: object) -> None:
        raise NeverEndsError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, TOO_LONG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- Decisions -------------------------------------------------------------------

INVITER, RECIPIENT, OTHER = map(ClientId, ("100200300", "400500600", "700800900"))
CLICK, NEXT_CLICK = f"i/{RECIPIENT}/1", f"i/{RECIPIENT}/2"
DEADLINE_US = 125_000_000
EVENTS: Sequence[HostEvent] = (
    *(
        Modify(by=by, profile=profile)
        for by, profile in product((INVITER, RECIPIENT), (BUILT_IN_PROFILES[2], None))
    ),
    *(Cancel(by=by) for by in (INVITER, RECIPIENT)),
    *(
        AnswerFrom(by=by, answer=click, accept=accept)
        for by, click, accept in product(
            (RECIPIENT, OTHER), (CLICK, NEXT_CLICK), (True, False)
        )
    ),
    PollFrom(by=RECIPIENT),
    Tick(),
    Restart(),
    SessionOver(),
)


def decisions() -> list[tuple[str, Decision | str]]:
    """What the host decides in every case: each state, event, and time."""
    host = ClientSpec(
        identity=Identity(id=INVITER, alias="ada@ad"), version=Version(7, 0, 0)
    )
    policy = Policy()
    fresh = Invitation(
        id="i",
        inviter=INVITER,
        recipient=RECIPIENT,
        profile=BUILT_IN_PROFILES[0].name,
        permissions=BUILT_IN_PROFILES[0].permissions,
        listed_to=RECIPIENT,
        revision=1,
        sent_us=0,
        deadline_us=DEADLINE_US,
    )
    found: list[tuple[str, Decision | str]] = []

    def note(case: str, decided: Decision | str) -> None:
        found.append((case, decided))

    try:
        note("send", open_invitation(fresh, 0, host, policy))
    except AssertionError as error:
        note("send", str(error))
    for state, event, now_us in product(State, EVENTS, (1, DEADLINE_US)):
        session = f"session-{CLICK}" if state is State.ACCEPTED else None
        invitation = replace(fresh, state=state, answer=CLICK, session=session)
        case = f"{state.value}, {event}, {now_us}"
        try:
            note(case, decide(invitation, event, now_us, host, policy))
        except (AssertionError, LookupError) as error:
            note(case, str(error))
    return found


# --- The suite -------------------------------------------------------------------


class SuiteTrial:
    """The scenarios of the suite, with the values of the standard depth."""

    def __init__(self) -> None:
        self._plan = make_plan(0, Depth.STANDARD)
        self._by_place: dict[Place, list[Pickle]] = {}
        for pickle in every_pickle():
            places: set[Place] = set()
            with reached(places):
                records = self._run(pickle)
            assert not [one for one in records if one.verdict in RED], pickle
            for place in places:
                self._by_place.setdefault(place, []).append(pickle)

    def killer(self, mutation: Mutation) -> str | None:
        """The first scenario that fails, with its clauses; None: all pass."""
        with in_force(mutation):
            for pickle in self._by_place.get(mutation.place, ()):
                try:
                    with limited():
                        records = self._run(pickle)
                except NeverEndsError:
                    return f"{pickle.scenario.name}: it never ends"
                for record in records:
                    if record.verdict in RED:
                        return f"{', '.join(record.clauses)}: {record.title}"
        return None

    def _run(self, pickle: Pickle) -> Sequence[ScenarioRecord]:
        target = DirectTarget(Reference())
        return run_suite(target, plan=self._plan, pickles=[pickle]).scenarios


# --- Learning --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The questions of an alphabet, and the machine that answers them."""

    plan: Plan
    outputs: Outputs
    machine: Mealy
    by_place: Mapping[Place, Sequence[Word]]
    count: int

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet."""
        return self.plan.alphabet

    def witness(self, mutation: Mutation) -> Word | None:
        """The first question that is answered otherwise, up to where; None: none."""
        words = self.by_place.get(mutation.place, ())
        if not words:
            return None
        with in_force(mutation), started(ReferenceTarget(), self.plan) as (engine, _):
            target = Target(engine, self.alphabet.people(self.plan.wish.seed))
            for word in words:
                end = self._difference(target, word)
                if end is not None:
                    return word[:end]
        return None

    def _difference(self, target: Target, word: Word) -> int | None:
        inputs = self.alphabet.inputs
        try:
            with limited():
                told = target.outputs([inputs[letter].operation for letter in word])
        except (TargetEndedError, InvitelabError, NeverEndsError):
            return len(word)
        for place, number in enumerate(self.machine.run(word)):
            if told[place] != self.outputs.all[number]:
                return place + 1
        return None


def ask_all(alphabet: Alphabet, extra: int) -> Questions:
    """Learn the reference over an alphabet, and see which cells each question takes.

    The questions are those of the Wp-method for `extra` states more than it has, the
    shortest first, without those that only begin another one.
    """
    plan = Plan(alphabet=alphabet, wish=Wish(words_per_state=5))
    outputs, target = Outputs(), ReferenceTarget()
    with started(target, plan) as running:
        found = learn_started(target, plan, running, outputs)
    assert found.complete, f"the reference is not learned over {alphabet.name}"
    words = _whole(Suite(found.machine, extra))
    by_place: dict[Place, list[Word]] = {}
    with started(target, plan) as (engine, _):
        asked = Target(engine, plan.alphabet.people(plan.wish.seed))
        for word in words:
            places: set[Place] = set()
            with reached(places):
                asked.outputs([plan.alphabet.inputs[one].operation for one in word])
            for place in places:
                by_place.setdefault(place, []).append(word)
    return Questions(
        plan=plan,
        outputs=outputs,
        machine=found.machine,
        by_place=by_place,
        count=len(words),
    )


def _whole(words: Iterable[Word]) -> list[Word]:
    """The questions that do not only begin another one, the shortest first."""
    all_ = set(words)
    begun = {word[:end] for word in all_ for end in range(1, len(word))}
    return sorted(all_ - begun, key=lambda word: (len(word), word))


# --- Busy worlds -----------------------------------------------------------------


class _Everything(Instrument):
    """All facts of a world, in order."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def happened(self, at_us: int, fact: Fact) -> None:  # noqa: ARG002 - the hook's
        """Note it."""
        self.facts.append(fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened in a busy world, and what of it is wrong."""

    facts: Sequence[Fact]
    broken: frozenset[str]
    """The invariants that do not hold."""
    places: frozenset[Place]
    """The cells that were asked for."""


def history(scenario: Scenario) -> History:
    """Run a busy world to its end."""
    sample, all_ = Sample(every=1), _Everything()
    places: set[Place] = set()
    with reached(places), limited():
        world = LoadWorld(scenario, instruments=[sample, all_])
        world.run()
    assert not world.panel.removals, world.panel.removals
    clients = world.directory.specs()
    broken = broken_invariants(
        sample,
        clients,
        spells=world.fault_schedule.spells(clients),
        until_us=world.env.now_us,
    )
    return History(
        facts=all_.facts,
        broken=frozenset(one.invariant for one in broken),
        places=frozenset(places),
    )
