"""What a target declines is not judged under load either, as in a check."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.handshake import Capability
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.run import Level, Verdict
from invitelab.formats.specification import load
from invitelab.proof.conforming_variants import Declining
from invitelab.proof.suite_run import run_suite
from invitelab.target_load.declined import NOT_JUDGED, not_judged
from invitelab.target_load.part import Part
from invitelab.target_load.trial import Trials
from invitelab.world.scenario import file

SCENARIO = Path(__file__).parents[2] / "scenarios" / "unusual_day.toml"
REQUIRED = frozenset(id_ for id_, one in load().items() if one.level is Level.REQUIRED)
ENTRIES = {Capability.EMAIL: "email", Capability.TILES: "tile"}
"""How the entry points of a capability begin."""


NOTHING = ((), 0, 0, ())


class Without(Declining):
    """Declines capabilities, and has no entry points for them either."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Leave them out of menus."""
        answer = super().request(method, params)
        if method == "client.menu":
            assert isinstance(answer, dict), "it is a result"
            menu = answer["ok"]
            assert isinstance(menu, dict), "nobody is refused a menu"
            rows = menu["entries"]
            assert isinstance(rows, list), "of which there are several"
            menu["entries"] = [row for row in rows if not self._is_declined(row)]
        return answer

    def _is_declined(self, row: Json) -> bool:
        assert isinstance(row, dict), "an entry has a name"
        name = str(row["entry"])
        return any(name.startswith(ENTRIES.get(one, "-")) for one in self.declined)


@pytest.mark.slow
@pytest.mark.parametrize("capability", NOT_JUDGED)
def test_a_check_finds_the_same_not_applicable(capability: Capability) -> None:
    """The clauses of each capability, and no others."""
    engine = run_suite(DirectTarget(Declining(capability)))
    left_out = {
        one.clause for one in engine.clauses if one.verdict is Verdict.NOT_APPLICABLE
    }
    assert left_out == not_judged([capability])


def test_every_capability_that_may_be_declined_is_known() -> None:
    """Without direct invitations there is no load."""
    assert set(NOT_JUDGED) == set(Capability) - {Capability.DIRECT}


@pytest.mark.parametrize(
    "declined",
    [
        (Capability.EMAIL,),
        (Capability.TILES,),
        (Capability.SESSION_PERMISSIONS,),
        (Capability.EMAIL, Capability.TILES, Capability.SESSION_PERMISSIONS),
    ],
    ids=["email", "tiles", "session", "all of them"],
)
def test_what_is_declined_breaks_nothing(declined: tuple[Capability, ...]) -> None:
    """A target without emails, tiles or permissions of sessions conforms."""
    scenario = file.load(SCENARIO).scenario
    part = Part(scenario=scenario, seed=scenario.seed, thorough=True, rooms=range(3))
    found = Trials(part, REQUIRED).on(lambda: DirectTarget(Without(*declined)))
    assert (found.broken, found.failed, found.unexplained, found.deviations) == NOTHING
