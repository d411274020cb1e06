"""One target from its start to its machine: started, asked, timed, and stopped."""

from collections.abc import Callable, Generator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import invitelab
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Reachable
from invitelab.adapters.handshake import Capability, Initialized
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.people import Person
from invitelab.errors import HandshakeError, InvitelabError, UsageError
from invitelab.formats.machine import Timer
from invitelab.learning.alphabet import Alphabet, find_alphabet, known
from invitelab.learning.answers import TwoAnswersError
from invitelab.learning.bounds import MOST_QUESTIONS, fewest_questions
from invitelab.learning.learning import Found, StoppedLearningError, Wish, learn
from invitelab.learning.mealy import Mealy
from invitelab.learning.questions import (
    Questions,
    Target,
    TargetEndedError,
    Teller,
)
from invitelab.learning.sight import Outputs
from invitelab.learning.store import NAME, Store
from invitelab.learning.timers import Stopwatch
from invitelab.reporting.common.formatting import listed, plural
from invitelab.world.product import current_product

Tell = Callable[[int, int], None]
"""Takes the number of states and of scenarios so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be learned, and how thoroughly."""

    alphabet: Alphabet
    wish: Wish
    budget: int | None = None
    """How many scenarios are begun at most; None: as many as it takes."""
    limits: Limits | None = None

    def check(self) -> None:
        """Raise UsageError for a bound that could never be asked to its end."""
        extra = self.wish.extra
        if extra is None:
            return
        inputs = len(self.alphabet.inputs)
        questions = fewest_questions(inputs, extra)
        if questions > MOST_QUESTIONS:
            raise too_many(inputs, extra, questions)


def too_many(inputs: int, extra: int, questions: int) -> UsageError:
    """The refusal of a bound that would take too many questions."""
    more = plural(extra, "more state")
    msg = (
        f"--complete {extra} takes at least {questions:,} questions over {inputs} "
        f"inputs, and at most {MOST_QUESTIONS:,} are asked: {more} cannot be covered"
    )
    return UsageError(msg, hint="give a smaller number, or an alphabet of fewer inputs")


@dataclass(slots=True, kw_only=True)
class Learned:
    """What was learned of one target."""

    target: Reachable
    engine: Engine
    answer: Initialized
    plan: Plan
    people: Mapping[str, Person]
    asked: Target
    found: Found
    questions: Questions
    outputs: Outputs
    timers: tuple[Timer, ...] = ()
    probes: int = 0
    anew: bool = False
    """Whether answers of an earlier run were dropped, as the target had changed."""
    shown: str = ""
    """The name of the target in comparisons."""

    @property
    def machine(self) -> Mealy:
        """The machine."""
        return self.found.machine

    def end(self, error: TargetEndedError | InvitelabError) -> None:
        """End it early after all: the target has ended meanwhile."""
        self.found = Found(machine=self.machine, ended=error)

    @property
    def complete(self) -> bool:
        """Whether the learning came to its end."""
        return self.found.ended is None


@contextmanager
def started(target: Reachable, plan: Plan) -> Generator[tuple[Engine, Initialized]]:
    """A target that can be asked; it is stopped in the end.

    Raises UsageError for one that cannot be learned, and RunError for one that cannot
    be used, before anything is asked.
    """
    engine = Engine(target, None, plan.limits, silent=True, plan=NO_PLAN)
    try:
        ready = engine.shared()
        if ready is None:
            problem = engine.problem
            raise problem or HandshakeError("the target cannot be used")
        _check_clock(target, ready.clock_driver.terms.kind, ready.answer)
        _check_capabilities(target, plan, ready.answer)
        yield engine, ready.answer
    finally:
        engine.close()


def _check_clock(target: Reachable, kind: ClockKind, answer: Initialized) -> None:
    if kind is not ClockKind.VIRTUAL:
        msg = (
            f"{target.text} has a real clock, and learning takes thousands of "
            "scenarios that wait"
        )
        raise UsageError(
            msg, hint='an adapter that moves its clock: "clock": "virtual"'
        )
    if answer.settling_ms:
        msg = (
            f"the effects of {target.text} take up to {answer.settling_ms} ms, and "
            "learning needs them at once"
        )
        raise UsageError(msg, hint='an adapter that waits for them: "settle_ms": 0')


def _check_capabilities(target: Reachable, plan: Plan, answer: Initialized) -> None:
    declined = {entry.capability: entry.reason for entry in answer.declines}
    people = plan.alphabet.people(plan.wish.seed)
    for capability, who in plan.alphabet.needs(people).items():
        if capability in declined:
            name = plan.alphabet.name
            needs = (
                f"needs {capability.value}"
                if who == name
                else (f"has {who}, which needs {capability.value}")
            )
            msg = (
                f"the alphabet {name} {needs}, and {target.text} declines that: "
                f"{declined[capability]}"
            )
            raise UsageError(msg, hint=_fitting_hint(plan, set(declined)))


def _fitting_hint(plan: Plan, declined: AbstractSet[Capability]) -> str:
    """The alphabets that ship and need nothing that is declined."""
    fitting = [
        name
        for name in known()
        for one in [find_alphabet(name)]
        if not declined & one.needs(one.people(plan.wish.seed)).keys()
    ]
    own = (
        "a file of your own, --alphabet FILE.toml, which `invitelab docs"
        " what-a-bound-means` explains"
    )
    if not fitting:
        return f"no alphabet that ships fits this target; write {own}"
    fit = "fits" if len(fitting) == 1 else "fit"
    return f"--alphabet NAME: {listed(fitting)} {fit} this target; or {own}"


def learn_started(
    target: Reachable,
    plan: Plan,
    running: tuple[Engine, Initialized],
    outputs: Outputs,
    *,
    folder: Path | None = None,
    tell: Tell = lambda _states, _scenarios: None,
    check: Callable[[], None] = lambda: None,
) -> Learned:
    """Learn a target that runs, with the questions of an earlier run in the folder."""
    engine, answer = running
    aliases = Capability.ALIAS not in {entry.capability for entry in answer.declines}
    people = plan.alphabet.people(plan.wish.seed, aliases=aliases)
    asked = Target(engine, people)
    store = _store(target, plan, engine, folder)
    operations = [one.operation for one in plan.alphabet.inputs]

    def once(store: Store | None) -> tuple[Questions, Found]:
        questions = Questions(
            asked, operations, outputs, store, budget=plan.budget, check=check
        )
        return questions, learn(questions, len(operations), plan.wish, tell)

    anew = False
    try:
        questions, found = once(store)
        changed = isinstance(found.ended, TwoAnswersError) and bool(questions.taken)
        if changed and store is not None:
            anew = True
            store.forget()
            questions, found = once(None)
        if store is not None and found.ended is None:
            store.finish()
    finally:
        if store is not None:
            store.close()
    learned = Learned(
        target=target,
        engine=engine,
        answer=answer,
        plan=plan,
        people=people,
        asked=asked,
        found=found,
        questions=questions,
        outputs=outputs,
        anew=anew,
    )
    return learned if found.ended else _timed(learned, asked, check)


def _timed(learned: Learned, teller: Teller, check: Callable[[], None]) -> Learned:
    """The same with its timers; what ends the target meanwhile ends the learning."""
    watch = Stopwatch(
        teller=teller,
        alphabet=learned.plan.alphabet,
        lifetime_ms=lifetime_ms(),
        check=check,
    )
    try:
        learned.timers = watch.timers(learned.machine)
    except (StoppedLearningError, TargetEndedError, InvitelabError) as error:
        learned.found = Found(machine=learned.machine, ended=error)
    learned.probes = watch.probes
    return learned


def _store(
    target: Reachable, plan: Plan, engine: Engine, folder: Path | None
) -> Store | None:
    if folder is None:
        return None
    header, product = engine.header, current_product()
    identity = {
        "invitelab": invitelab.__version__,
        "target": target.text,
        "implementation": header.implementation,
        "seed": plan.wish.seed,
        "lifetime_ms": product.lifetime_ms,
        "profiles": [one.name for one in product.profiles],
        "people": {
            name: repr(client) for name, client in plan.alphabet.clients.items()
        },
        "inputs": [one.words for one in plan.alphabet.inputs],
    }
    store = Store(folder / NAME, identity)
    store.load()
    store.open()
    return store
