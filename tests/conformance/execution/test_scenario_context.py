"""When the context observes, what it waits for, and what is inconclusive."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from late_machine import LateMachine

from invitelab.adapters import handshake
from invitelab.adapters.base import Json
from invitelab.adapters.clocks.base import Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.clocks.virtual import VirtualClockDriver
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
)
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_state import SetUp
from invitelab.conformance.execution.timing import POLLS
from invitelab.conformance.features.steps.answers import answers
from invitelab.errors import HarnessError, MalformedError
from invitelab.formats.exchange_text import answer_text
from invitelab.formats.run import ScenarioRecord

Judge = Callable[..., Engine]

LATENCY_MS = 80
SETTLE_MS = 240


class Listening(Reference):
    """The reference, which keeps the names of its calls."""

    def __init__(self, *, latency_ms: int = 0) -> None:
        super().__init__(latency_ms=latency_ms)
        self.asked: list[str] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the method, and by how much the time was advanced."""
        self.asked.append(f"{method} {params.get('ms', '')}".strip())
        return super().request(method, params)


def a_context(
    adapter: Reference, *, kind: ClockKind = ClockKind.VIRTUAL, **claims: object
) -> ScenarioContext:
    """Make a context with Ada and Bob; `claims` change the handshake."""
    driver = Driver(InProcessTarget(adapter))
    answer = driver.start().model_copy(update=claims)
    clock_driver = VirtualClockDriver(answer)
    session = ScenarioSession(driver)
    set_up = SetUp(
        session=session,
        target=answer,
        terms=replace(clock_driver.terms, kind=kind),
        clock=clock_driver.clock(session, "k1"),
    )
    context = ScenarioContext(set_up, "k1", Trace())
    context.enter("Ada", "7.1.4")
    context.enter("Bob", "7.1.4")
    return context


@pytest.fixture
def adapter() -> Listening:
    """Give an adapter whose effects are there at once."""
    return Listening()


@pytest.fixture
def context(adapter: Listening) -> ScenarioContext:
    """Give the context of a scenario on it."""
    return a_context(adapter)


@pytest.fixture
def slow() -> Listening:
    """Give an adapter whose effects take a while."""
    return Listening(latency_ms=LATENCY_MS)


@pytest.fixture
def slow_context(slow: Listening) -> ScenarioContext:
    """Give the context of a scenario on it."""
    return a_context(slow)


def invite(context: ScenarioContext) -> None:
    """Let Ada invite Bob."""
    ada, bob = context.person("Ada"), context.person("Bob")
    context.send(ada, bob, entry="invitation-icon", to=bob.id, profile="Default")


def seen(context: ScenarioContext) -> str | None:
    """Say what is wrong while Bob sees nothing."""
    rows = context.view(context.person("Bob")).notifications
    return None if rows else f"nothing at {context.now_ms} ms"


def unseen(context: ScenarioContext) -> str | None:
    """Say what is wrong while Bob sees something."""
    rows = context.view(context.person("Bob")).notifications
    return f"{len(rows)} rows at {context.now_ms} ms" if rows else None


# Looking for what must be seen


def test_what_is_there_is_seen_at_once(
    context: ScenarioContext, adapter: Listening
) -> None:
    """Without letting time pass."""
    invite(context)
    context.expect(lambda: seen(context))
    assert ["invitation.send", "client.view"] == adapter.asked[-2:]
    assert 0 == context.now_ms


def test_a_missing_effect_fails_at_once_without_settling(
    context: ScenarioContext, adapter: Listening
) -> None:
    """A target that settles at once is observed once."""
    with pytest.raises(ExpectationFailed, match="nothing at 0 ms"):
        context.expect(lambda: seen(context))
    assert 1 == adapter.asked.count("client.view")


def test_what_takes_a_while_is_looked_for(
    slow_context: ScenarioContext, slow: Listening
) -> None:
    """In steps, and no longer than it takes."""
    invite(slow_context)
    slow_context.expect(lambda: seen(slow_context))
    step = f"clock.advance {SETTLE_MS // POLLS}"
    assert [
        "invitation.send",
        "client.view",
        *[step, "client.view"] * 3,
    ] == slow.asked[-8:]
    assert 90 == slow_context.now_ms


def test_a_missing_effect_fails_when_the_target_has_settled(
    slow_context: ScenarioContext,
) -> None:
    """Not before, and not long after."""
    invite(slow_context)
    with pytest.raises(ExpectationFailed, match="never"):
        slow_context.expect(lambda: "never")
    assert SETTLE_MS == slow_context.now_ms


def test_settling_is_a_step_at_a_time_however_short() -> None:
    """At least a millisecond, or the search would never end."""
    context = a_context(Listening(), settle_ms=3)
    invite(context)
    with pytest.raises(ExpectationFailed, match="never"):
        context.expect(lambda: "never")
    assert 3 == context.now_ms


# Looking for what must not be seen


def test_absence_is_judged_when_the_target_has_settled(
    slow_context: ScenarioContext, slow: Listening
) -> None:
    """Before that, absence proves nothing."""
    invite(slow_context)
    with pytest.raises(ExpectationFailed, match="2 rows at 240 ms"):
        slow_context.expect_settled(lambda: unseen(slow_context))
    assert [
        "invitation.send",
        f"clock.advance {SETTLE_MS}",
        "client.view",
    ] == slow.asked[-3:]


def test_absence_is_judged_at_once_without_settling(
    context: ScenarioContext, adapter: Listening
) -> None:
    """Nothing is waited for."""
    context.expect_settled(lambda: unseen(context))
    assert "client.view" == adapter.asked[-1]
    assert not any("clock" in call for call in adapter.asked)


def test_absence_after_a_wait_is_judged_after_settling_again(
    slow_context: ScenarioContext,
) -> None:
    """Effects that were due at the end of the wait may not be visible yet."""
    invite(slow_context)
    slow_context.pass_since(0, 10_000)
    with pytest.raises(ExpectationFailed, match="2 rows at 10240 ms"):
        slow_context.expect_settled(lambda: unseen(slow_context))


def test_operations_do_not_overtake_each_other(
    slow_context: ScenarioContext,
) -> None:
    """The second operation waits until the first one has settled."""
    invite(slow_context)
    assert 0 == slow_context.now_ms
    slow_context.attempt(
        "invitation.cancel",
        slow_context.person("Ada"),
        invitation=slow_context.invitation().id,
    )
    assert SETTLE_MS == slow_context.now_ms


def test_an_operation_follows_a_wait_at_once(slow_context: ScenarioContext) -> None:
    """A time that a scenario names is the time at which it happens."""
    invite(slow_context)
    slow_context.pass_since(0, 60_000)
    slow_context.attempt(
        "invitation.cancel",
        slow_context.person("Ada"),
        invitation=slow_context.invitation().id,
    )
    assert 60_000 == slow_context.now_ms


# Time


def test_times_count_from_the_send(slow_context: ScenarioContext) -> None:
    """Settling on the way is part of the time, and does not add up."""
    slow_context.begin()
    slow_context.pass_until(5_000)
    invite(slow_context)
    slow_context.expect_settled(lambda: None)
    sent_ms = slow_context.invitation().at_ms
    slow_context.pass_since(sent_ms, 60_000)
    slow_context.pass_since(sent_ms, 110_000)
    assert 115_000 == slow_context.now_ms


def test_a_time_that_settling_has_passed_is_inconclusive(
    slow_context: ScenarioContext,
) -> None:
    """The state at that time cannot be observed any more."""
    invite(slow_context)
    slow_context.expect_settled(lambda: None)
    with pytest.raises(Inconclusive, match="until 240 ms, past the 100 ms to judge at"):
        slow_context.pass_since(0, 100)


BLUR_MS = SETTLE_MS + 1


@pytest.mark.parametrize(
    "elapsed_ms", [120_000 - BLUR_MS, 119_999, 120_000, 120_001, 120_000 + BLUR_MS]
)
def test_near_the_deadline_a_slow_target_is_inconclusive(
    slow_context: ScenarioContext, elapsed_ms: int
) -> None:
    """Resolution and settling together are the blur."""
    invite(slow_context)
    with pytest.raises(Inconclusive, match=rf"{elapsed_ms} ms lies within 241 ms"):
        slow_context.pass_since(0, elapsed_ms)


@pytest.mark.parametrize("elapsed_ms", [119_758, 120_242])
def test_further_from_the_deadline_a_slow_target_is_judged(
    slow_context: ScenarioContext, elapsed_ms: int
) -> None:
    """By one millisecond."""
    invite(slow_context)
    slow_context.pass_since(0, elapsed_ms)
    assert elapsed_ms == slow_context.now_ms


@pytest.mark.parametrize("elapsed_ms", [119_999, 120_000, 120_001])
def test_a_virtual_clock_without_settling_is_judged_at_the_tick(
    context: ScenarioContext, elapsed_ms: int
) -> None:
    """Whatever resolution was declared: the clock stands still between calls."""
    invite(context)
    context.pass_since(0, elapsed_ms)
    assert elapsed_ms == context.now_ms


def test_a_real_clock_is_not_judged_at_the_tick() -> None:
    """Even if everything is there at once."""
    context = a_context(Listening(), kind=ClockKind.REAL, settle_ms=0, resolution_ms=5)
    invite(context)
    with pytest.raises(Inconclusive, match="119995 ms lies within 5 ms"):
        context.pass_since(0, 119_995)


class SlowAccept(Listening):
    """An adapter whose answer to an accept comes late: the machine is busy."""

    def __init__(self, *, refuses: bool) -> None:
        super().__init__()
        self.clock = LateMachine()
        self.refuses = refuses

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer after nine tenths of a second."""
        answer = super().request(method, params)
        if method == "invitation.accept":
            self.clock.now_ms += 900
            return {"refused": {"reason": "busy"}} if self.refuses else answer
        return answer


@pytest.mark.parametrize("refuses", [False, True])
def test_an_accept_that_is_acknowledged_late_counts(*, refuses: bool) -> None:
    """Unless it is refused: that may be because the invitation has expired."""
    adapter = SlowAccept(refuses=refuses)
    driver = Driver(InProcessTarget(adapter))
    answer = driver.start()
    session = ScenarioSession(driver)
    terms = Terms(kind=ClockKind.REAL, resolution_ms=1, settle_ms=150)
    set_up = SetUp(session=session, target=answer, terms=terms, clock=adapter.clock)
    context = ScenarioContext(set_up, "k1", Trace())
    for name in ("Ada", "Bob"):
        context.enter(name, "7.1.4")
    invite(context)
    context.pass_since(0, 119_000)
    if refuses:
        with pytest.raises(Inconclusive, match="came to its deadline"):
            answers(context, "Bob", "accepts", inviter="Ada")
        return
    answers(context, "Bob", "accepts", inviter="Ada")
    context.expect_settled(lambda: None)
    assert context.outcome is not None
    assert context.outcome.refused is None


def test_a_clock_that_overshoots_is_malformed() -> None:
    """Judging at another time than was asked for would be judging another clause."""

    class Hasty(Reference):
        """A clock that runs a little fast."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Run ahead."""
            answer = super().request(method, params)
            return {"now_ms": 1001} if method == "clock.advance" else answer

    context = a_context(Hasty())
    with pytest.raises(MalformedError, match=r"stands at 1001 ms, not at 1000 ms"):
        context.pass_until(1000)


# People


def test_a_person_enters_once(context: ScenarioContext) -> None:
    """A second client of the same name is a mistake in a feature."""
    with pytest.raises(HarnessError, match="Ada cannot enter here"):
        context.enter("Ada", "7.1.4")


def test_a_given_identity_replaces_the_drawn_one(context: ScenarioContext) -> None:
    """In the declaration, and where an ID is put into words."""
    before = context.person("Ada").id
    context.identify("Ada", id_="012345678", alias="a.b@corp")
    declared = context.person("Ada").declaration()
    assert ("012345678", "a.b@corp") == (declared.id, declared.alias)
    assert ("Ada", before) == (
        context.trace.name_of("012345678"),
        context.trace.name_of(before),
    )


def test_nobody_gets_another_identity_later(context: ScenarioContext) -> None:
    """The client has been declared to the target."""
    context.begin()
    with pytest.raises(HarnessError, match="Ada is known already"):
        context.identify("Ada", id_="012345678")


def test_no_person_enters_after_the_scenario_has_begun(
    context: ScenarioContext,
) -> None:
    """The clients have been declared to the target."""
    context.begin()
    with pytest.raises(HarnessError, match="too late"):
        context.enter("Cid", "7.1.4")


def test_a_person_who_was_not_declared_does_not_take_part(
    context: ScenarioContext,
) -> None:
    """Which is a mistake in a feature too."""
    with pytest.raises(HarnessError, match="Cid does not take part"):
        context.person("Cid")


def test_a_target_gets_no_names(context: ScenarioContext) -> None:
    """It gets tokens, IDs and aliases, which do not identify the scenario."""
    ada = context.person("Ada")
    declared = ada.declaration().model_dump_json()
    assert "Ada" not in declared
    assert re.fullmatch("c[0-9a-z]{6}", ada.token)
    assert f'"client":"{ada.token}","id":"{ada.id}","alias":"{ada.alias}"' in declared


# What was declined


def declines(capability: Capability) -> tuple[handshake.Decline, ...]:
    """Claim to do without."""
    return (handshake.Decline(capability=capability, reason="too hard"),)


def test_a_call_of_a_declined_capability_is_not_made() -> None:
    """The target has no such method."""
    adapter = Listening()
    context = a_context(adapter, declines=declines(Capability.DIRECT))
    with pytest.raises(NotApplicable, match=r"^direct is declined: too hard$"):
        invite(context)
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
    context = a_context(adapter, declines=declines(capability))
    setattr(context.person("Ada"), field, value)
    with pytest.raises(NotApplicable, match=f"^{capability} is declined"):
        context.begin()
    assert ["initialize"] == adapter.asked


# The end


def test_a_scenario_that_was_begun_is_ended(
    context: ScenarioContext, adapter: Listening
) -> None:
    """And one that was not, is not."""
    context.end()
    assert ["initialize"] == adapter.asked
    context.begin()
    context.end()
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

    def reported(adapter: Reference) -> list[ScenarioRecord]:
        scenarios: list[ScenarioRecord] = judge(adapter, *clauses).scenarios
        return scenarios

    assert reported(Reference()) == reported(Renaming())


def test_a_record_names_the_people() -> None:
    """Never their tokens, and their IDs only where they were typed."""
    context = a_context(Reference())
    context.trace.begin("When", "Ada invites Bob", 1, 0)
    invite(context)
    context.view(context.person("Bob"))
    context.trace.end("passed")
    (step,) = context.trace.records()
    _begin, sent, viewed = (None, *step.exchanges[-2:])
    bob = context.person("Bob").id
    typed = {"entry": "invitation-icon", "to": bob, "profile": "Default"}
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
