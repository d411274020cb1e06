"""A failure names a missing message only where nothing came."""

import json
from collections.abc import Mapping, Sequence

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.steps.absence import arriving
from invitelab.formats.run import Absent, ScenarioRecord
from invitelab.proof import mutants

ABSENT = Absent(source="Ada", target="Bob", what="pop-up")


@pytest.mark.parametrize(("come", "absent"), [([], ABSENT), (["something"], None)])
def test_only_nothing_is_absent(come: Sequence[str], absent: Absent | None) -> None:
    """A wrong message is not missing; the sentence is unchanged."""
    with (
        pytest.raises(ExpectationFailed, match="expected it") as caught,
        arriving(ABSENT, come),
    ):
        raise ExpectationFailed("expected it")
    assert absent == caught.value.absent


class Elsewhere(Reference):
    """Pops up in another corner."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Move what pops up."""
        answer = super().request(method, params)
        text = json.dumps(answer).replace("bottom-right", "top-left")
        moved: Json = json.loads(text)
        return moved


def failures(implementation: Reference, clause: str) -> list[ScenarioRecord]:
    """Judge by one clause, and give the failed expectations."""
    engine = Engine(InProcessTarget(implementation), None, plan=NO_PLAN)
    records = [engine.run(pickle) for pickle in pickles(clause)]
    engine.finish(selected_all=False)
    return [record for record in records if record.message]


def test_a_pop_up_that_does_not_come_is_absent() -> None:
    """From the inviter to the recipient."""
    found = [record.absent for record in failures(mutants.no_popup(), "NOTIFY-2")]
    assert found
    assert all(one is not None and one.what == "pop-up" for one in found)
    assert all(one is not None and one.source == "Ada" for one in found)


def test_a_pop_up_in_another_corner_is_not() -> None:
    """It came."""
    found = failures(Elsewhere(), "NOTIFY-2")
    assert found
    assert all(record.absent is None for record in found)
