"""Learned machines to be shown: put together by hand, and drawn at random."""

import pytest
from learned_machines import MODIFY, SEND, WAIT, machine_of

from invitelab.formats.machine import (
    Bound,
    Comparison,
    Difference,
    Machine,
    MachineStatus,
    Standing,
    Timer,
    TwoAnswers,
)
from invitelab.formats.run import Level

APPEARS = 'Ada: + invitation to Bob with "Default"'
SHOWN = "Bob: + invitation from Ada as a pop-up"
GONE = 'Ada: - invitation to Bob with "Default"'
SCENARIO = "Feature: What was learned\n\n  Scenario: It ends\n    Given Ada and Bob\n"


@pytest.fixture(scope="session")
def plain() -> Machine:
    """Give a machine of four states, compared with nothing."""
    return machine_of(
        [
            [(1, "ok", (APPEARS, SHOWN)), (0, "nothing", ()), (0, "time", ())],
            [(1, "refused", ()), (2, "ok", ()), (3, "time", (GONE,))],
            [(2, "refused", ()), (2, "ok", (SHOWN,)), (3, "time", (GONE,))],
            [(1, "ok", (APPEARS, SHOWN)), (3, "refused", ()), (3, "time", ())],
        ],
        names=("before", "pending", "pending, changed", "over"),
        inputs=(SEND, MODIFY, WAIT),
    )


@pytest.fixture(scope="session")
def broken(plain: Machine) -> Machine:
    """Give it with a broken clause, a deviation, a timer and a bound."""
    early = Difference(
        inputs=("send", "wait"),
        here=f"time; {GONE}",
        there="time",
        standing=Standing.BROKEN,
        clause="EXPIRY-4",
        level=Level.REQUIRED,
        says="the invitation ends before its time",
        scenario=SCENARIO,
    )
    late = early.model_copy(
        update={
            "inputs": ("send", "wait", "modify"),
            "standing": Standing.DEVIATES,
            "clause": "MODIFY-9",
            "level": Level.INTERPRETATION,
            "says": "a change of what is over is refused",
            "here": "refused",
            "there": "ok",
            "scenario": None,
        }
    )
    return plain.model_copy(
        update={
            "timers": (
                Timer(
                    after=("send",),
                    ms=120_000,
                    changes=(GONE,),
                    says="the invitation expires 120,000 ms after send",
                ),
            ),
            "bound": Bound(
                states=6, extra=2, questions=321, says="all with at most 6 states"
            ),
            "comparisons": (
                Comparison(
                    against="specification",
                    differences=(early, late),
                    says="required clauses are broken: EXPIRY-4",
                ),
                Comparison(against="node", states=4, says="they behave alike"),
            ),
        }
    )


@pytest.fixture(scope="session")
def random_answers(plain: Machine) -> Machine:
    """Give the machine of a target that gave two answers to one question."""
    two = TwoAnswers(
        inputs=("send", "modify"), first=("ok", "ok"), second=("ok", "refused")
    )
    return plain.model_copy(
        update={
            "status": MachineStatus.NONDETERMINISTIC,
            "two_answers": two,
            "transitions": plain.transitions[:5],
            "hint": "look for what it keeps",
        }
    )


@pytest.fixture(scope="session")
def interrupted(plain: Machine) -> Machine:
    """Give a machine that was not learned to the end."""
    return plain.model_copy(
        update={
            "status": MachineStatus.INCOMPLETE,
            "problem": "it was interrupted",
            "transitions": plain.transitions[:7],
        }
    )


@pytest.fixture(scope="session")
def hostile(broken: Machine) -> Machine:
    """Give a machine with names that mean something to HTML, terminals and Markdown."""
    name = (
        '<b onmouseover="x">\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}|`*&amp;</b>' + "W" * 90
    )
    states = tuple(
        one.model_copy(update={"name": f"{name}{one.id}"}) for one in broken.states
    )
    target = broken.target.model_copy(update={"text": name, "name": None})
    first, *others = broken.comparisons
    told = first.differences[0].model_copy(update={"scenario": f"a\n{name}\nb"})
    first = first.model_copy(update={"differences": (told,)})
    return broken.model_copy(
        update={"states": states, "target": target, "comparisons": (first, *others)}
    )
