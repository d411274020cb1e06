"""The header of a run: what is known of the target and its clock at each moment."""

import invitelab
from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.handshake import Initialized
from invitelab.conformance.execution.recorder import MOST_SHOWN, MOST_TARGET
from invitelab.conformance.execution.verdicts import sentence
from invitelab.conformance.factors.run_plan import RunPlan
from invitelab.errors import InvitelabError
from invitelab.formats.run import Header
from invitelab.resources import suite_digest
from invitelab.safe_text import escaped, escaped_lines


def begun(target: str, seed: int) -> Header:
    """The header before the target has been started."""
    return Header(
        harness=f"invitelab {invitelab.__version__}",
        suite=suite_digest(),
        target=escaped(target, MOST_TARGET),
        seed=seed,
    )


def answered(header: Header, answer: Initialized) -> Header:
    """With what the target says of itself."""
    named = answer.implementation
    update = {
        "implementation": escaped(f"{named.name} {named.version}".strip(), 200),
        "declined": {
            entry.capability: escaped(entry.reason, MOST_SHOWN)
            for entry in answer.declines
        },
    }
    return header.model_copy(update=update)


def timed(header: Header, terms: Terms, *, proven: bool) -> Header:
    """With the clock."""
    update = {
        "clock": terms.kind.value,
        "settle_ms": terms.settle_ms,
        "resolution_ms": terms.resolution_ms,
        "proven": proven,
    }
    return header.model_copy(update=update)


def planned(header: Header, plan: RunPlan) -> Header:
    """With the depth and the seed of the values that are tried."""
    return header.model_copy(update={"depth": plan.depth.value, "seed": plan.seed})


def stopped(header: Header, problem: InvitelabError, stderr: str) -> Header:
    """With the error because of which nothing could be run."""
    update = {
        "problem": sentence(str(problem)),
        "hint": sentence(problem.hint),
        "blame": problem.blame,
        "stderr": escaped_lines(stderr, MOST_SHOWN),
    }
    return header.model_copy(update=update)
