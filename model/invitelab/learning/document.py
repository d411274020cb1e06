"""What was learned as a document: `machine.json`."""

from collections.abc import Sequence

import invitelab
from invitelab.conformance.execution.judged import product_record
from invitelab.errors import InvitelabError
from invitelab.formats.machine import (
    AlphabetInput,
    AlphabetRecord,
    Bound,
    Comparison,
    Counts,
    LearnedTarget,
    Machine,
    MachineStatus,
    State,
    Transition,
    TwoAnswers,
)
from invitelab.learning.alphabet import Alphabet, Client, Input
from invitelab.learning.answers import TwoAnswersError
from invitelab.learning.doubts import TooManyError
from invitelab.learning.learning import (
    MOST_STATES,
    Ended,
    StoppedLearningError,
    TooManyStatesError,
)
from invitelab.learning.mealy import UNKNOWN
from invitelab.learning.operations import Until, Wait
from invitelab.learning.questions import OverBudgetError, TargetEndedError
from invitelab.learning.session import Learned
from invitelab.learning.state_names import names, sights
from invitelab.world.product import current_product


def machine_of(learned: Learned, comparisons: Sequence[Comparison] = ()) -> Machine:
    """The document of one target."""
    ended = learned.found.ended
    two = _two_answers(learned, ended) if isinstance(ended, TwoAnswersError) else None
    status = MachineStatus.COMPLETE
    if ended is not None:
        status = MachineStatus.INCOMPLETE
    if two is not None:
        status = MachineStatus.NONDETERMINISTIC
    questions = learned.questions
    return Machine(
        harness=f"invitelab {invitelab.__version__}",
        target=_target(learned),
        profile=product_record(current_product()),
        seed=learned.plan.wish.seed,
        alphabet=alphabet_record(learned.plan.alphabet),
        status=status,
        problem=None if ended is None else why(ended, learned.plan.alphabet),
        hint=_hint(ended),
        states=_states(learned),
        transitions=_transitions(learned),
        timers=learned.timers,
        bound=_bound(learned),
        comparisons=tuple(comparisons),
        two_answers=two,
        counts=Counts(
            scenarios=questions.scenarios + learned.probes,
            steps=questions.steps,
            questions=questions.questions,
            probes=learned.probes,
        ),
    )


def _target(learned: Learned) -> LearnedTarget:
    header = learned.engine.header
    return LearnedTarget(
        text=header.target,
        name=header.name,
        implementation=header.implementation,
        clock=header.clock,
        settle_ms=header.settle_ms,
        declined=header.declined,
    )


def alphabet_record(alphabet: Alphabet) -> AlphabetRecord:
    """The record of an alphabet."""
    return AlphabetRecord(
        name=alphabet.name,
        says=alphabet.says,
        file=alphabet.file,
        people={name: _client(one) for name, one in alphabet.clients.items()},
        inputs=tuple(map(_input, alphabet.inputs)),
    )


def _input(one: Input) -> AlphabetInput:
    said = AlphabetInput(name=one.name, words=one.words)
    match one.operation:
        case Wait(ms=ms):
            return said.model_copy(update={"wait_ms": ms})
        case Until(by=by, to=to, ms=ms):
            return said.model_copy(update={"until_ms": ms, "since": (by, to)})
        case _:
            return said


def _client(client: Client) -> str:
    parts = [f"{client.version} on {client.platform}"]
    parts += ["portable"] if client.portable else []
    parts += [] if client.online else ["offline"]
    parts += [f"{', '.join(who)} in {list_}" for list_, who in client.contacts.items()]
    parts += [
        f"{permission} locked as {'allowed' if allowed else 'denied'}"
        for permission, allowed in client.locked.items()
    ]
    return ", ".join(parts)


def _states(learned: Learned) -> tuple[State, ...]:
    machine, alphabet = learned.machine, learned.plan.alphabet
    known = machine if learned.complete else None
    if known is None and any(UNKNOWN in row for row in machine.output):
        return (State(id=0, name="before", access=()),)
    found = sights(machine, alphabet, learned.outputs.all)
    return tuple(
        State(id=number, name=name, access=alphabet.names(way), seen=one.rows)
        for number, (name, way, one) in enumerate(
            zip(names(found), machine.access, found, strict=True)
        )
    )


def _transitions(learned: Learned) -> tuple[Transition, ...]:
    machine, alphabet = learned.machine, learned.plan.alphabet
    outputs = learned.outputs.all
    return tuple(
        Transition(
            state=state,
            input=alphabet.inputs[letter].name,
            answer=outputs[number].answer,
            changes=outputs[number].changes,
            next=machine.next[state][letter],
        )
        for state in range(machine.size)
        for letter in machine.inputs
        if (number := machine.output[state][letter]) != UNKNOWN
    )


def _bound(learned: Learned) -> Bound | None:
    found = learned.found.bound
    if found is None or not learned.complete:
        return None
    states, questions = found
    return Bound(
        states=states,
        extra=states - learned.machine.size,
        questions=questions,
        says=(
            f"every implementation with at most {states} states over this alphabet "
            f"that answers these {questions:,} questions as this one does is "
            "equivalent to the learned machine; premise: it is deterministic, reset "
            "by scenario.begin, and seen through this alphabet"
        ),
    )


def _two_answers(learned: Learned, error: TwoAnswersError) -> TwoAnswers:
    outputs = learned.outputs.all
    return TwoAnswers(
        inputs=learned.plan.alphabet.names(error.word),
        first=tuple(outputs[number].text for number in error.first),
        second=tuple(outputs[number].text for number in error.second),
    )


def _hint(ended: Ended | None) -> str | None:
    """What to do about an early end; None where nothing is known."""
    match ended:
        case InvitelabError():
            return ended.hint or None
        case OverBudgetError() | TooManyStatesError():
            return (
                "a smaller alphabet has fewer states: --alphabet with a file of fewer"
                " inputs or people; `invitelab docs what-a-bound-means` explains its"
                " keys"
            )
        case _:
            return None


def why(ended: Ended, alphabet: Alphabet) -> str:
    """Why a learning ended early, in one sentence."""
    match ended:
        case StoppedLearningError():
            return "it was interrupted"
        case OverBudgetError():
            return "as many scenarios were begun as were allowed"
        case TooManyStatesError():
            return f"it shows more than {MOST_STATES} states over this alphabet"
        case TooManyError():
            return (
                f"the bound would take {ended.questions:,} questions for a machine of "
                f"{ended.states} states"
            )
        case TwoAnswersError():
            said = ", ".join(alphabet.names(ended.word))
            return f"it gives two answers to the same question: {said}"
        case TargetEndedError():
            again = (
                "and again when it was asked once more"
                if ended.again
                else ("and not when it was asked once more")
            )
            named = {one.operation: one.name for one in alphabet.inputs}
            said = ", ".join(
                named.get(one, f"{one.ms} ms" if isinstance(one, Wait) else "")
                for one in ended.operations
            )
            return f"{ended.error}, in {said}, {again}"
        case _:
            return str(ended)
