"""A difference as a scenario: the inputs as steps, and what the other one answered."""

from collections.abc import Iterator, Sequence

from invitelab.conformance.random_walks.gherkin_writer import LOOK, feature, gherkin
from invitelab.conformance.random_walks.moves.base import SUCCEEDS
from invitelab.conformance.random_walks.participants import (
    Line,
    Participants,
    given,
    givens,
)
from invitelab.learning.alphabet import Alphabet, Input
from invitelab.learning.instants import instants, is_wait
from invitelab.learning.judging import walk_line
from invitelab.learning.operations import NOTHING, OK, REFUSED, Invite
from invitelab.learning.sight import Output

IS_REFUSED = "the attempt is refused"


def scenario_of(
    alphabet: Alphabet,
    people: Participants,
    inputs: Sequence[Input],
    told: Sequence[Output],
    *,
    expected: Output,
    title: str,
) -> str:
    """A feature with one scenario, whose end is what the other machine answers.

    Inputs that did nothing are left out, and waits count from the newest invitation.
    """
    offline = (
        given(f"{name} is offline")
        for name, client in alphabet.clients.items()
        if not client.online
    )
    steps = list(_steps(inputs, told))
    end = {
        OK: Line(kind="then", text=SUCCEEDS),
        REFUSED: Line(kind="then", text=IS_REFUSED),
    }.get(expected.answer, Line(kind="when", text=LOOK))
    return feature(gherkin(title, "", [*givens(people), *offline, *steps, end]))


def _steps(inputs: Sequence[Input], told: Sequence[Output]) -> Iterator[Line]:
    sent_ms, newest, before_ms = 0, "", 0
    for one, output, now_ms in zip(inputs, told, instants(inputs, told), strict=True):
        if is_wait(one):
            if now_ms > before_ms and newest:
                elapsed = f"{now_ms - sent_ms} milliseconds have passed"
                yield Line(kind="when", text=f"{elapsed} since {newest}")
        elif output.answer != NOTHING:
            if isinstance(one.operation, Invite) and output.answer == OK:
                newest = f"{one.operation.by} invited {one.operation.to}"
                sent_ms = now_ms
            yield Line(kind="when", text=walk_line(one))
        before_ms = now_ms
