"""The header of a run: what is known of the target and its clock at each moment."""

import invitelab
from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.driver import Reachable
from invitelab.adapters.handshake import Initialized
from invitelab.adapters.target import Target
from invitelab.conformance.execution.judged import MOST_TARGET, product_record
from invitelab.conformance.execution.recorder import MOST_SHOWN
from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.conformance.execution.verdicts import sentence
from invitelab.conformance.factors.run_plan import RunPlan
from invitelab.errors import InvitelabError
from invitelab.formats.run import Header
from invitelab.resources import own_features_label, suite_digest
from invitelab.safe_text import escaped, escaped_lines
from invitelab.world.product import current_product


def begun(target: Reachable, seed: int) -> Header:
    """The header before the target has been started."""
    return Header(
        harness=f"invitelab {invitelab.__version__}",
        suite=suite_digest(),
        target=escaped(target.text, MOST_TARGET),
        name=target.name if isinstance(target, Target) else None,
        features=own_features_label(),
        profile=product_record(current_product()),
        seed=seed,
    )


def answered(header: Header, answer: Initialized) -> Header:
    """With what the target says of itself."""
    named = answer.implementation
    update = {
        "settle_assumed": True if answer.is_settling_assumed else None,
        "implementation": escaped(f"{named.name} {named.version}".strip(), 200),
        "declined": {
            entry.capability: escaped(entry.reason, MOST_SHOWN)
            for entry in answer.declines
        },
    }
    return header.model_copy(update=update)


def timed(header: Header, terms: Terms, *, proven: bool) -> Header:
    """With the clock."""
    scaled = terms.scale != 1

    def wall(ms: int | None) -> int | None:
        """As it was declared."""
        return None if ms is None else round(ms * terms.scale)

    update = {
        "clock": terms.kind.value,
        "settle_ms": wall(terms.settle_ms),
        "resolution_ms": wall(terms.resolution_ms),
        "early_ms": wall(terms.early_ms),
        "late_ms": wall(terms.late_ms),
        "lifetime_ms": wall(lifetime_ms()) if scaled else None,
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
