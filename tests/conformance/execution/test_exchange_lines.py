"""What a run writes to `exchanges.jsonl`; `run.jsonl` does not depend on it."""

import json
from collections.abc import Mapping

import pytest

from invitelab.adapters import messages, wire_types
from invitelab.adapters.base import Json
from invitelab.adapters.clocks.base import BYSTANDER
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution import exchange_lines
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.formats.exchanges import OUTSIDE, Played, RawExchange, key_of, parse
from invitelab.formats.run import Run, Verdict
from invitelab.formats.run import parse as parse_run
from invitelab.proof import mutants

CLAUSE = "DIRECT-5"


class Kept:
    """A journal in memory; without `exchanges` no bytes are kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def record(self, line: str) -> None:
        """Keep it."""
        self.lines.append(line)

    def progress(self, done: int, busy: int) -> None:
        """Ignore it."""

    def walk(self, feature: str) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Do nothing."""


class KeptWithBytes(Kept):
    """A journal that takes the bytes as well."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def exchanges(self, lines: str) -> None:
        """Keep them."""
        self.text += lines


def judged(journal: Kept) -> None:
    """Judge an implementation that takes an ID for a number, by one clause."""
    engine = Engine(InProcessTarget(mutants.typed_id_is_a_number()), journal)
    for pickle in pickles(CLAUSE):
        engine.run(pickle)
    engine.finish(selected_all=False)


@pytest.fixture(scope="module")
def run() -> tuple[Run, str]:
    """Give a run with one failure, and its bytes."""
    journal = KeptWithBytes()
    judged(journal)
    text = "".join(f"{line}\n" for line in journal.lines)
    return parse_run(text), journal.text


def played(run: tuple[Run, str], verdict: Verdict) -> Played:
    """Give the calls of the scenario that ended so."""
    (record,) = (one for one in run[0].scenarios if one.verdict is verdict)
    return parse(run[1])[key_of(record)]


def test_the_records_do_not_depend_on_it(run: tuple[Run, str]) -> None:
    """The same bytes are written whether anybody listens to the calls or not."""
    without = Kept()
    judged(without)
    assert run[0] == parse_run("".join(f"{line}\n" for line in without.lines))


def test_each_scenario_has_the_calls_of_the_run_on_record(
    run: tuple[Run, str],
) -> None:
    """Of twelve rows it is the one that failed, reduced to what the failure needs."""
    found = played(run, Verdict.FAIL)
    (record,) = (one for one in run[0].scenarios if one.verdict is Verdict.FAIL)
    recorded = [call for step in record.steps for call in step.exchanges]
    methods = [call.method for call in found.calls]
    assert ["scenario.begin", "invitation.send", "scenario.end"] == methods
    assert ["invitation.send"] == [call.method for call in recorded]
    sent = json.loads(found.calls[1].sent)
    assert "098874281" == sent["params"]["to"] == recorded[0].params["to"]
    assert found.scenario.token == sent["params"]["scenario"]
    assert found.calls[1].id == sent["id"]


class Unchanging(Reference):
    """Refuses every change of an invitation."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer a request."""
        if method == "invitation.modify":
            return {"refused": {"reason": "never"}}
        return super().request(method, params)


def test_each_record_of_a_scenario_has_calls_of_its_own() -> None:
    """A history that is blocked is on record beside the scenario, which passes."""
    journal = KeptWithBytes()
    engine = Engine(InProcessTarget(Unchanging()), journal)
    for pickle in pickles("EXPIRY-2"):
        engine.run(pickle)
    engine.finish(selected_all=False)
    (further,) = (one for one in engine.scenarios if one.besides)
    (itself,) = (
        one
        for one in engine.scenarios
        if (one.title, one.example) == (further.title, further.example)
        and not one.besides
    )
    assert (itself.clauses, Verdict.PASS) == (further.clauses, itself.verdict)
    calls = parse(journal.text)
    changes = [
        [call.method for call in calls[key_of(one)].calls].count("invitation.modify")
        for one in (itself, further)
    ]
    assert [0, 1] == changes
    assert 1 == journal.text.count('"besides":')


def test_calls_have_protocol_time_and_wall_time(run: tuple[Run, str]) -> None:
    """Protocol time stands still here; wall time goes on."""
    calls = played(run, Verdict.PASS).calls
    assert {0} == {call.at_ms for call in calls}
    walls = [call.wall_s for call in calls]
    assert sorted(walls) == walls
    assert len(set(walls)) > 1
    assert list(range(1, len(calls) + 1)) == [call.call for call in calls]


def test_what_belongs_to_no_scenario_is_there(run: tuple[Run, str]) -> None:
    """The handshake, the proof of the clock, and the end."""
    methods = [call.method for call in parse(run[1])[OUTSIDE].calls]
    assert "initialize" == methods[0]
    assert "clock.advance" in methods
    assert "shutdown" == methods[-1]


def test_calls_that_nobody_asked_for_are_left_out() -> None:
    """A random walk opens scenarios of its own, and only its finding is kept."""
    journal = KeptWithBytes()
    engine = Engine(InProcessTarget(mutants.typed_id_is_a_number()), journal)
    ready = engine.shared()
    assert ready is not None
    session = ready.set_up("walk").session
    call = beginning()
    session.call("scenario.begin", call, wire_types.Empty)
    engine.finish(selected_all=False)
    calls = parse(journal.text)[OUTSIDE].calls
    assert "initialize" == calls[0].method
    assert not any('"scenario":"walk"' in one.sent for one in calls)


def beginning() -> messages.Begin:
    """Begin a scenario with nobody in it."""
    return messages.Begin(scenario="walk", clients=(BYSTANDER,))


def test_the_file_of_a_run_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that answers at great length fills no disk."""
    monkeypatch.setattr(exchange_lines, "MOST_OF_RUN", 1000)
    journal = KeptWithBytes()
    judged(journal)
    kept = [json.loads(line)["record"] for line in journal.text.splitlines()]
    assert "scenario" not in kept
    assert kept[0] == "exchanges"


def test_the_bytes_of_a_scenario_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls are all there; of the later ones only the sizes are."""
    monkeypatch.setattr(exchange_lines, "MOST_BYTES_OF_ALL", 700)
    journal = KeptWithBytes()
    judged(journal)
    for one in parse(journal.text).values():
        kept = sum(len(call.request) + len(call.answer) for call in one.calls)
        assert kept <= 1400
        last: RawExchange = one.calls[-1]
        assert last.sent_bytes is not None or last.scenario is None
