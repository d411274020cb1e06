"""When the stage looks, what it waits for, and when it does not know."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from invitelab.adapters import messages as wire
from invitelab.adapters.base import Json
from invitelab.adapters.clocks.base import ClockKind
from invitelab.adapters.clocks.virtual import VirtualClockDriver
from invitelab.adapters.driver import Driver, InProcessTarget, ScenarioSession
from invitelab.adapters.messages import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
)
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import (
    POLLS,
    ScenarioContext,
    SetUp,
)
from invitelab.errors import HarnessError, MalformedError
from invitelab.formats.exchange_text import answer_text
from invitelab.formats.run import ScenarioRecord

Judge = Callable[..., Engine]

LATENCY_MS = 80
SETTLE_MS = 240


class Listening(Reference):
    """The reference, which keeps what it was asked."""

    def __init__(self, *, latency_ms: int = 0) -> None:
        super().__init__(latency_ms=latency_ms)
        self.asked: list[str] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the method, and by how much the time was advanced."""
        self.asked.append(f"{method} {params.get('ms', '')}".strip())
        return super().request(method, params)


def a_stage(
    adapter: Reference, *, kind: ClockKind = ClockKind.VIRTUAL, **claims: object
) -> ScenarioContext:
    """Make a stage with Ada and Bob; the target claims more if told to."""
    driver = Driver(InProcessTarget(adapter))
    answer = driver.start().model_copy(update=claims)
    keeper = VirtualClockDriver(answer)
    lane = ScenarioSession(driver)
    set_up = SetUp(
        lane=lane,
        target=answer,
        terms=replace(keeper.terms, kind=kind),
        clock=keeper.clock(lane, "k1"),
    )
    stage = ScenarioContext(set_up, "k1", Trace())
    stage.enter("Ada", "7.1.4")
    stage.enter("Bob", "7.1.4")
    return stage


@pytest.fixture
def adapter() -> Listening:
    """Give an adapter whose effects are there at once."""
    return Listening()


@pytest.fixture
def stage(adapter: Listening) -> ScenarioContext:
    """Give a stage in front of it."""
    return a_stage(adapter)


@pytest.fixture
def slow() -> Listening:
    """Give an adapter whose effects take a while."""
    return Listening(latency_ms=LATENCY_MS)


@pytest.fixture
def slow_stage(slow: Listening) -> ScenarioContext:
    """Give a stage in front of it."""
    return a_stage(slow)


def invite(stage: ScenarioContext) -> None:
    """Let Ada invite Bob."""
    ada, bob = stage.person("Ada"), stage.person("Bob")
    stage.send(ada, bob, entry="invitation-icon", to=bob.id, profile="Default")


def seen(stage: ScenarioContext) -> str | None:
    """Say what is wrong while Bob sees nothing."""
    rows = stage.view(stage.person("Bob")).notifications
    return None if rows else f"nothing at {stage.now_ms} ms"


def unseen(stage: ScenarioContext) -> str | None:
    """Say what is wrong while Bob sees something."""
    rows = stage.view(stage.person("Bob")).notifications
    return f"{len(rows)} rows at {stage.now_ms} ms" if rows else None


# Looking for what must be seen


def test_what_is_there_is_seen_at_once(
    stage: ScenarioContext, adapter: Listening
) -> None:
    """Without letting time pass."""
    invite(stage)
    stage.expect(lambda: seen(stage))
    assert ["invitation.send", "client.view"] == adapter.asked[-2:]
    assert 0 == stage.now_ms


def test_what_is_not_there_is_unmet_at_once(
    stage: ScenarioContext, adapter: Listening
) -> None:
    """A target that settles at once is looked at once."""
    with pytest.raises(ExpectationFailed, match="nothing at 0 ms"):
        stage.expect(lambda: seen(stage))
    assert 1 == adapter.asked.count("client.view")


def test_what_takes_a_while_is_looked_for(
    slow_stage: ScenarioContext, slow: Listening
) -> None:
    """In steps, and no longer than it takes."""
    invite(slow_stage)
    slow_stage.expect(lambda: seen(slow_stage))
    step = f"clock.advance {SETTLE_MS // POLLS}"
    assert [
        "invitation.send",
        "client.view",
        *[step, "client.view"] * 3,
    ] == slow.asked[-8:]
    assert 90 == slow_stage.now_ms


def test_what_never_comes_is_unmet_when_the_target_has_settled(
    slow_stage: ScenarioContext,
) -> None:
    """Not before, and not long after."""
    invite(slow_stage)
    with pytest.raises(ExpectationFailed, match="never"):
        slow_stage.expect(lambda: "never")
    assert SETTLE_MS == slow_stage.now_ms


def test_settling_is_a_step_at_a_time_however_short() -> None:
    """At least a millisecond, or the search would never end."""
    stage = a_stage(Listening(), settle_ms=3)
    invite(stage)
    with pytest.raises(ExpectationFailed, match="never"):
        stage.expect(lambda: "never")
    assert 3 == stage.now_ms


# Looking for what must not be seen


def test_silence_is_judged_when_the_target_has_settled(
    slow_stage: ScenarioContext, slow: Listening
) -> None:
    """At first there was nothing, which proves nothing."""
    invite(slow_stage)
    with pytest.raises(ExpectationFailed, match="2 rows at 240 ms"):
        slow_stage.expect_settled(lambda: unseen(slow_stage))
    assert [
        "invitation.send",
        f"clock.advance {SETTLE_MS}",
        "client.view",
    ] == slow.asked[-3:]


def test_silence_is_judged_at_once_where_everything_is_there_at_once(
    stage: ScenarioContext, adapter: Listening
) -> None:
    """Nothing is waited for."""
    stage.expect_settled(lambda: unseen(stage))
    assert "client.view" == adapter.asked[-1]
    assert not any("clock" in call for call in adapter.asked)


def test_silence_after_a_wait_is_judged_after_settling_again(
    slow_stage: ScenarioContext,
) -> None:
    """What was due at the end of the wait may still be on its way."""
    invite(slow_stage)
    slow_stage.pass_since(0, 10_000)
    with pytest.raises(ExpectationFailed, match="2 rows at 10240 ms"):
        slow_stage.expect_settled(lambda: unseen(slow_stage))


def test_what_people_do_in_turn_does_not_overtake(slow_stage: ScenarioContext) -> None:
    """The second operation waits until the first one has settled."""
    invite(slow_stage)
    assert 0 == slow_stage.now_ms
    slow_stage.attempt(
        "invitation.cancel",
        slow_stage.person("Ada"),
        invitation=slow_stage.invitation().id,
    )
    assert SETTLE_MS == slow_stage.now_ms


def test_an_operation_follows_a_wait_at_once(slow_stage: ScenarioContext) -> None:
    """A time that a scenario names is the time at which it happens."""
    invite(slow_stage)
    slow_stage.pass_since(0, 60_000)
    slow_stage.attempt(
        "invitation.cancel",
        slow_stage.person("Ada"),
        invitation=slow_stage.invitation().id,
    )
    assert 60_000 == slow_stage.now_ms


# Time


def test_times_count_from_the_send(slow_stage: ScenarioContext) -> None:
    """Settling on the way is part of the time, and does not add up."""
    slow_stage.begin()
    slow_stage.pass_until(5_000)
    invite(slow_stage)
    slow_stage.expect_settled(lambda: None)
    sent_ms = slow_stage.invitation().at_ms
    slow_stage.pass_since(sent_ms, 60_000)
    slow_stage.pass_since(sent_ms, 110_000)
    assert 115_000 == slow_stage.now_ms


def test_a_time_that_settling_has_passed_is_inconclusive(
    slow_stage: ScenarioContext,
) -> None:
    """What should have been looked at then cannot be looked at any more."""
    invite(slow_stage)
    slow_stage.expect_settled(lambda: None)
    with pytest.raises(Inconclusive, match="until 240 ms, past the 100 ms to judge at"):
        slow_stage.pass_since(0, 100)


BLUR_MS = SETTLE_MS + 1


@pytest.mark.parametrize(
    "elapsed_ms", [120_000 - BLUR_MS, 119_999, 120_000, 120_001, 120_000 + BLUR_MS]
)
def test_near_the_deadline_a_slow_target_is_inconclusive(
    slow_stage: ScenarioContext, elapsed_ms: int
) -> None:
    """Resolution and settling together are the blur."""
    invite(slow_stage)
    with pytest.raises(Inconclusive, match=rf"{elapsed_ms} ms lies within 241 ms"):
        slow_stage.pass_since(0, elapsed_ms)


@pytest.mark.parametrize("elapsed_ms", [119_758, 120_242])
def test_further_from_the_deadline_a_slow_target_is_judged(
    slow_stage: ScenarioContext, elapsed_ms: int
) -> None:
    """By one millisecond."""
    invite(slow_stage)
    slow_stage.pass_since(0, elapsed_ms)
    assert elapsed_ms == slow_stage.now_ms


@pytest.mark.parametrize("elapsed_ms", [119_999, 120_000, 120_001])
def test_a_virtual_clock_without_settling_is_judged_at_the_tick(
    stage: ScenarioContext, elapsed_ms: int
) -> None:
    """Whatever resolution was declared: the clock stands still between calls."""
    invite(stage)
    stage.pass_since(0, elapsed_ms)
    assert elapsed_ms == stage.now_ms


def test_a_real_clock_is_not_judged_at_the_tick() -> None:
    """Even if everything is there at once."""
    stage = a_stage(Listening(), kind=ClockKind.REAL, settle_ms=0, resolution_ms=5)
    invite(stage)
    with pytest.raises(Inconclusive, match="119995 ms lies within 5 ms"):
        stage.pass_since(0, 119_995)


def test_a_clock_that_overshoots_is_malformed() -> None:
    """Judging at another time than was asked for would be judging another clause."""

    class Hasty(Reference):
        """A clock that runs a little fast."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Run ahead."""
            answer = super().request(method, params)
            return {"now_ms": 1001} if method == "clock.advance" else answer

    stage = a_stage(Hasty())
    with pytest.raises(MalformedError, match=r"stands at 1001 ms, not at 1000 ms"):
        stage.pass_until(1000)


# People


@pytest.mark.parametrize("name", ["Ada", "Eve"])
def test_only_people_of_the_features_enter_and_once(
    stage: ScenarioContext, name: str
) -> None:
    """Anybody else is a mistake in a feature."""
    with pytest.raises(HarnessError, match=f"{name} cannot enter here"):
        stage.enter(name, "7.1.4")


def test_nobody_enters_a_scenario_that_has_begun(stage: ScenarioContext) -> None:
    """The target has been told who there is."""
    stage.begin()
    with pytest.raises(HarnessError, match="too late"):
        stage.enter("Cid", "7.1.4")


def test_who_has_not_entered_does_not_take_part(stage: ScenarioContext) -> None:
    """Which is a mistake in a feature too."""
    with pytest.raises(HarnessError, match="Cid does not take part"):
        stage.person("Cid")


def test_a_target_is_told_no_names(stage: ScenarioContext) -> None:
    """It sees tokens, IDs and aliases: it cannot tell one scenario from another."""
    declared = stage.person("Ada").declaration().model_dump_json()
    assert "Ada" not in declared
    assert '"client":"c1","id":"100200300","alias":"ada@ad"' in declared


# What was declined


def declines(capability: Capability) -> tuple[wire.Decline, ...]:
    """Claim to do without."""
    return (wire.Decline(capability=capability, reason="too hard"),)


def test_a_call_of_a_declined_capability_is_not_made() -> None:
    """The target would not know the method."""
    adapter = Listening()
    stage = a_stage(adapter, declines=declines(Capability.DIRECT))
    with pytest.raises(NotApplicable, match=r"^direct is declined: too hard$"):
        invite(stage)
    assert "invitation.send" not in adapter.asked


@pytest.mark.parametrize(
    ("capability", "field", "value"),
    [
        (Capability.PRESENCE, "online", False),
        (Capability.SESSION_PERMISSIONS, "locked", {"input": False}),
    ],
)
def test_a_description_of_what_is_declined_is_not_given(
    capability: Capability, field: str, value: object
) -> None:
    """The scenario is not even begun."""
    adapter = Listening()
    stage = a_stage(adapter, declines=declines(capability))
    setattr(stage.person("Ada"), field, value)
    with pytest.raises(NotApplicable, match=f"^{capability} is declined"):
        stage.begin()
    assert ["initialize"] == adapter.asked


# The end


def test_a_scenario_that_was_begun_is_ended(
    stage: ScenarioContext, adapter: Listening
) -> None:
    """And one that was not, is not."""
    stage.end()
    assert ["initialize"] == adapter.asked
    stage.begin()
    stage.end()
    assert ["scenario.begin", "scenario.end"] == adapter.asked[-2:]


# The record


class Renaming(Reference):
    """The reference under other ids, as another implementation would have them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Translate there and back."""
        own = {name: key for key, name in self.names.items()}
        translated = {
            key: own.get(value, value) if isinstance(value, str) else value
            for key, value in params.items()
        }
        return self.renamed(super().request(method, translated))

    def renamed(self, value: Json) -> Json:
        """Give every id of an answer its other name."""
        if isinstance(value, list):
            return [self.renamed(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.other(entry)
            if key in {"invitation", "session"} and isinstance(entry, str)
            else self.renamed(entry)
            for key, entry in value.items()
        }

    def other(self, id_: str) -> str:
        """Make up a name, once."""
        return self.names.setdefault(id_, f"👍{uuid.uuid4()}")


def test_a_record_does_not_depend_on_the_targets_ids(judge: Judge) -> None:
    """A failure prints the same words for a counter and for a random number."""
    clauses = ("SESSION-2", "PENDING-3", "SESSION-7")

    def told(adapter: Reference) -> list[ScenarioRecord]:
        scenarios: list[ScenarioRecord] = judge(adapter, *clauses).scenarios
        return scenarios

    assert told(Reference()) == told(Renaming())


def test_a_record_names_the_people() -> None:
    """Never their tokens, and their IDs only where they were typed."""
    stage = a_stage(Reference())
    stage.trace.begin("When", "Ada invites Bob", 1, 0)
    invite(stage)
    stage.view(stage.person("Bob"))
    stage.trace.end("passed")
    (step,) = stage.trace.records()
    _begin, sent, viewed = (None, *step.exchanges[-2:])
    typed = {"entry": "invitation-icon", "to": "400500600", "profile": "Default"}
    assert ("Ada", "Bob", typed, {"invitation": "i1"}) == (
        sent.client,
        sent.other,
        sent.params,
        sent.result,
    )
    assert ("Bob", "notifications [i1 from Ada (client); i1 from Ada (popup)]") == (
        viewed.client,
        answer_text(viewed),
    )
