"""What the specification says of a difference: the model of random walks judges it.

The inputs are given once more as the moves of a walk. A check of the model that does
not hold names its clause, and is written as a scenario; where none fails, and the model
has known every move, both answers are allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.features.people import LISTS, PLATFORMS
from invitelab.conformance.random_walks.counterexamples import counterexample_of
from invitelab.conformance.random_walks.executor import WalkExecutor, declared
from invitelab.conformance.random_walks.findings import Finding, TargetEnded
from invitelab.conformance.random_walks.moves.base import Move
from invitelab.conformance.random_walks.moves.waits import wait_until
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)
from invitelab.formats.machine import Standing
from invitelab.formats.run import Level
from invitelab.learning.alphabet import Alphabet, Client, Input
from invitelab.learning.operations import NOTHING, Dismiss, Operation, Until, Wait
from invitelab.learning.sight import Output
from invitelab.protocol.values import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The judgement of a sequence of inputs."""

    standing: Standing
    inputs: int
    """How many of the inputs it takes."""
    clause: str | None = None
    level: Level | None = None
    message: str = ""
    """What was expected, and what was observed."""
    feature: str | None = None
    interpretation: str | None = None
    """The clause of the interpretation that decides the last answer, if nothing else
    does."""


def judged(
    ready: Ready,
    token: str,
    alphabet: Alphabet,
    inputs: Sequence[Input],
    told: Sequence[Output],
) -> Judged:
    """Judge a sequence of inputs, of which these outputs are known."""
    walk = WalkExecutor(
        ready, token, participants(alphabet, ready), with_interpretations=True
    )
    walk.open(menus=False)
    known, made = True, 0
    move: Move | None = None
    try:
        for one, output in zip(inputs, told, strict=True):
            made += 1
            move = None
            if output.answer == NOTHING:
                continue
            move = _move(walk, one)
            known = _made(walk, one, move)
            if not known:
                break
        walk.close()
    except Finding as finding:
        return _of_finding(finding, ready, made)
    except TargetEnded as ended:
        raise ended.error from ended
    standing = Standing.ALLOWED if known else Standing.UNJUDGED
    return Judged(
        standing=standing,
        inputs=len(inputs),
        interpretation=_deciding(inputs[-1], move) if made == len(inputs) else None,
    )


def _deciding(last: Input, move: Move | None) -> str | None:
    """The clause of an operation that is an interpretation.

    What is seen after a wait depends on the operations before it as well.
    """
    if move is None or isinstance(last.operation, Wait | Until):
        return None
    return move.interpretation


def _move(walk: WalkExecutor, one: Input) -> Move | None:
    """The move of an input; None where walks know none, and for a wait that is over."""
    then_ms = _then_ms(walk, one.operation)
    if then_ms is not None:
        return wait_until(walk.state, then_ms)
    return walk.called(walk_line(one))


def _made(walk: WalkExecutor, one: Input, move: Move | None) -> bool:
    """Make the move of an input; False where walks know none."""
    if move is not None:
        walk.make(move)
    elif not isinstance(one.operation, Wait | Until):
        return False
    return not walk.state.undetermined


def _then_ms(walk: WalkExecutor, operation: Operation) -> int | None:
    """When a wait is over; None for an input that is none."""
    match operation:
        case Wait():
            return walk.context.now_ms + operation.ms
        case Until():
            sent = walk.state.newest(operation.by, operation.to)
            return 0 if sent is None else sent.at_ms + operation.ms
        case _:
            return None


def walk_line(one: Input) -> str:
    """The step of a walk that does what an input does; waits have none of their own."""
    if isinstance(one.operation, Dismiss):
        return f"{one.operation.by} closes the pop-up"
    return one.words.removesuffix(' with the permission profile "Default"')


def _of_finding(finding: Finding, ready: Ready, inputs: int) -> Judged:
    found = counterexample_of(finding, ready)
    level = level_of((found.clause,))
    standing = Standing.BROKEN if level is Level.REQUIRED else Standing.DEVIATES
    return Judged(
        standing=standing,
        inputs=inputs,
        clause=found.clause,
        level=level,
        message=found.message,
        feature=found.feature,
    )


def participants(alphabet: Alphabet, ready: Ready) -> Participants:
    """The people of an alphabet as those of a walk."""
    specs = {name: _spec(client) for name, client in alphabet.clients.items()}
    whole = Participants(specs=dict(sorted(specs.items())))
    return whole.supported(declared(ready.answer))


def _spec(client: Client) -> ParticipantSpec:
    return ParticipantSpec(
        version=client.version,
        platform=PLATFORMS[Platform(client.platform)],
        portable=client.portable,
        contacts=tuple(
            (list_, names) for list_, names in client.contacts.items() if list_ in LISTS
        ),
        locks=tuple(client.locked.items()),
    )
