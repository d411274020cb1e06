"""The model: what a scenario can say, and how a wrong value is refused."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from invitelab.inputs.units import duration_text
from invitelab.protocol.values import Platform
from invitelab.world.scenario.schema import (
    COUNTS,
    METRICS,
    Closed,
    Distribution,
    Objective,
    Poisson,
    Scenario,
    Skew,
    Stages,
)

LEAST: Mapping[str, object] = {
    "title": "Two desks",
    "duration": "10min",
    "population": {"clients": 100, "versions": {"7.1.4": 0.75, "6.3.2": 0.25}},
    "arrivals": {"kind": "poisson", "rate": "40/s"},
    "people": {
        "answer": {"accept": 0.6, "reject": 0.1, "ignore": 0.3},
        "think": {"distribution": "lognormal", "median": "9s", "sigma": 0.9},
    },
    "network": {"latency": {"distribution": "constant", "value": "40ms"}},
    "relay": {
        "servers": 8,
        "service": {"distribution": "exponential", "mean": "2ms"},
    },
}
STEADY = {"distribution": "constant", "value": "1s"}
LOSS = {"kind": "loss", "at": "1min", "for": "1s", "share": 0.1}
PROMISE = {"metric": "notify_delay", "quantile": 0.99, "at_most": "400ms"}
SMALL_MEMORY = {"servers": 1, "service": STEADY, "memory": 1}
CHANCE: TypeAdapter[Distribution] = TypeAdapter(Distribution)


def scenario(**changes: object) -> Scenario:
    """Make the least scenario, with some of its tables replaced."""
    return Scenario.model_validate({**LEAST, **changes})


def people(**changes: object) -> dict[str, object]:
    """Describe user behaviour that differs from the smallest scenario's."""
    return {
        "answer": {"accept": 0.6, "reject": 0.1, "ignore": 0.3},
        "think": STEADY,
        **changes,
    }


def population(**changes: object) -> dict[str, object]:
    """Describe a population that differs from the least scenario's."""
    return {"clients": 100, "versions": {"7.1.4": 1.0}, **changes}


def stages(*entries: Mapping[str, object]) -> dict[str, object]:
    """Describe arrivals in stages."""
    return {"kind": "stages", "stages": [*entries]}


def closed(helpers: int, pause: Mapping[str, object] = STEADY) -> dict[str, object]:
    """Describe closed arrivals."""
    return {"kind": "closed", "helpers": helpers, "pause": pause}


def sentences(**changes: object) -> list[str]:
    """Give the mistakes of a changed scenario: path and sentence."""
    with pytest.raises(ValidationError) as caught:
        scenario(**changes)
    return [
        f"{'.'.join(map(str, one['loc']))} {one['ctx']['error']}"
        for one in caught.value.errors()
        if "ctx" in one
    ]


def test_durations_are_microseconds_and_rates_per_second() -> None:
    """Quantities with units become plain numbers."""
    made = scenario(arrivals={"kind": "poisson", "rate": "90/min"})
    assert (600_000_000, 0, 180_000_000, 780_000_000) == (
        made.duration,
        made.warm_up,
        made.drain,
        made.end_us,
    )
    assert isinstance(made.arrivals, Poisson)
    assert 1.5 == made.arrivals.rate


def test_what_is_left_out_has_its_default() -> None:
    """Everything but the seven necessary keys may be left out."""
    made = scenario()
    assert (1, 5, None, (), ()) == (
        made.seed,
        made.replications,
        made.max_replications,
        made.faults,
        made.objectives,
    )
    assert {Platform.WINDOWS: 1.0} == made.population.platforms
    assert 15_000_000.0 == made.people.cancel_after.mean_us


def test_a_scenario_cannot_be_changed() -> None:
    """It is a value: a changed one is another one."""
    made = scenario()
    with pytest.raises(ValidationError, match="frozen"):
        made.seed = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # what is refused here


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"arrivals": stages({"for": "1min", "from": "0/s", "to": "20/min"})},
        {"arrivals": {"kind": "trace", "file": "calls.csv"}},
        {"arrivals": closed(40), "max_replications": 9},
        {"faults": [LOSS, {**LOSS, "kind": "skew", "by": "-3s", "drift_ppm": 50}]},
        {"objectives": [PROMISE, {"metric": "refused", "at_least": 0.1}]},
        {"relay": {"servers": 1, "service": STEADY, "queue": 0}},
        {"relay": SMALL_MEMORY, "objectives": [{**PROMISE, "metric": "gone_delay"}]},
    ],
)
def test_a_written_scenario_reads_back_equal(changes: dict[str, object]) -> None:
    """The document has every default, and units where they belong."""
    made = scenario(**changes)
    assert made == Scenario.model_validate(made.document())


def test_a_fault_ends_after_its_time() -> None:
    """A skew may be behind, and lasts as long as every fault."""
    fault = {**LOSS, "kind": "skew", "by": "-3s"}
    (skew,) = scenario(faults=[fault]).faults
    assert isinstance(skew, Skew)
    assert (-3_000_000, 0.0, 61_000_000) == (skew.by, skew.drift_ppm, skew.until_us)


@pytest.mark.parametrize(
    ("described", "mean_us"),
    [
        ({"distribution": "constant", "value": "3ms"}, 3_000.0),
        ({"distribution": "uniform", "low": "1ms", "high": "2ms"}, 1_500.0),
        ({"distribution": "exponential", "mean": "2s"}, 2_000_000.0),
        ({"distribution": "lognormal", "median": "1s", "sigma": 0}, 1_000_000.0),
        (
            {"distribution": "lognormal", "median": "1s", "sigma": 1.0},
            pytest.approx(1_648_721.27),
        ),
    ],
)
def test_a_distribution_knows_its_mean(
    described: dict[str, object], mean_us: float
) -> None:
    """In microseconds; a lognormal's is above its median."""
    assert mean_us == CHANCE.validate_python(described).mean_us


def test_stages_hold_their_last_rate() -> None:
    """A minute from 0 to 60 a second makes 1,800; nine more at 60 make 32,400."""
    ramp = {"for": "1min", "from": "0/s", "to": "60/s"}
    made = scenario(arrivals=stages(ramp))
    assert isinstance(made.arrivals, Stages)
    assert 34_200.0 == made.arrivals.expected(made.duration)


def test_a_pool_forwards_its_servers_by_its_service() -> None:
    """Eight servers of two milliseconds take 4,000 messages a second."""
    assert 4_000.0 == scenario().relay.capacity_per_s
    endless = {"servers": 1, "service": {"distribution": "constant", "value": "0s"}}
    assert float("inf") == scenario(relay=endless).relay.capacity_per_s


@pytest.mark.parametrize(
    ("promise", "statement", "bound", "unit"),
    [
        (PROMISE, "99 % of notify_delay at most 400ms", 400_000, "us"),
        (
            {"metric": "expiry_lag", "statistic": "max", "at_least": "0s"},
            "max of expiry_lag at least 0s",
            0,
            "us",
        ),
        ({"metric": "refused", "at_most": 0.25}, "refused at most 0.25", 0.25, "1"),
        (
            {"metric": "pending_peak", "at_least": 9_000},
            "pending_peak at least 9000",
            9_000,
            "1",
        ),
    ],
)
def test_a_promise_can_be_said_in_words(
    promise: dict[str, object], statement: str, bound: float, unit: str
) -> None:
    """With its bound in microseconds or as a plain number."""
    made = Objective.model_validate(promise)
    assert (statement, bound, unit) == (made.statement, made.bound, made.unit)
    assert ("at_most" in promise) == made.is_at_most


def test_counts_are_metrics() -> None:
    """A count that no metric has would never be looked at."""
    assert set(COUNTS) <= set(METRICS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "title must not be empty"),
        ({"title": 3}, "title has to be a text in quotes, not 3"),
        ({"duration": 600}, 'duration is missing a unit: write for example "30s"'),
        ({"duration": "0s"}, "duration has to be longer than zero"),
        ({"duration": "169h"}, "duration has to be at most 7 days (168h), not 169h"),
        ({"duration": "999999h"}, "duration is longer than a year"),
        ({"duration": "-1s"}, 'duration must not be negative, and is "-1s"'),
        ({"duration": ["1s"]}, 'duration has to be a duration like "30s", not a list'),
        ({"warm_up": "10min"}, "warm_up has to be shorter than the duration of 10min"),
        ({"drain": "61min"}, "drain has to be at most 1h, not"),
        ({"seed": -1}, "seed has to be at least 0, not -1"),
        ({"seed": 2**63}, "seed has to be below 9223372036854775808, not"),
        ({"seed": 1.0}, "seed has to be a whole number, not 1.0"),
        ({"seed": True}, "seed has to be a whole number, not true"),
        ({"replications": 0}, "replications has to be at least 1, not 0"),
        ({"replications": 1_001}, "replications has to be at most 1000, not 1001"),
        (
            {"max_replications": 4},
            "max_replications has to be at least the 5 replications, not 4",
        ),
        ({"sed": 1}, 'sed.[key] is not a key: did you mean "seed"?'),
        ({"population": 3}, "population has to be a table, not 3"),
        (
            {"population": population(clients=0)},
            "population.clients has to be at least 2, not 0",
        ),
        (
            {"population": population(clients=16**5_000)},
            "population.clients has to be at most 20000000, not a huge number",
        ),
        (
            {"population": population(versions={"7.1.4": 0.5, "6.0.0": 0.4})},
            "population.versions has to sum to 1, and sums to 0.9",
        ),
        (
            {"population": population(versions={"7.1": 1.0})},
            "population.versions.7.1.[key] is not a version of the form",
        ),
        (
            {"population": population(platforms={"macos": 1.0})},
            "population.platforms has to give windows a share above 0",
        ),
        (
            {"population": population(platforms={"beos": 1.0})},
            'population.platforms.beos.[key] has to be "windows", "macos",',
        ),
        (
            {"population": population(portable=1.5)},
            "population.portable has to be at most 1, not 1.5",
        ),
        (
            {"arrivals": {"kind": "poisson", "rate": "-40/s"}},
            "arrivals.poisson.rate must not be negative",
        ),
        (
            {"arrivals": {"kind": "poisson", "rate": "0/s"}},
            "arrivals.poisson.rate has to be above zero",
        ),
        (
            {"arrivals": {"kind": "poisson", "rate": "9999999/s"}},
            "arrivals.poisson.rate has to be at most 1000000/s",
        ),
        (
            {"arrivals": {"kind": "poisson", "rate": "40000/s"}},
            "arrivals would make about 24,000,000 invitations in 10min",
        ),
        (
            {"arrivals": {"kind": "poison", "rate": "40/s"}},
            'arrivals.kind is unknown as "poison": did you mean "poisson"?',
        ),
        ({"arrivals": {"rate": "40/s"}}, "arrivals.kind is missing"),
        ({"arrivals": {"kind": "poisson"}}, "arrivals.poisson.rate is missing"),
        (
            {"arrivals": stages()},
            "arrivals.stages.stages has to have at least one stage",
        ),
        (
            {"arrivals": stages({"for": "1s", "rate": "0/s"})},
            "arrivals.stages.stages has to have a rate above zero somewhere",
        ),
        (
            {"arrivals": stages({"for": "1s", "from": "1/s"})},
            "arrivals.stages.stages.0 has to have a rate, or both from and to",
        ),
        (
            {"arrivals": stages({"for": "1s", "rate": "1/s", "to": "1/s"})},
            "arrivals.stages.stages.0 has to have a rate, or from and to, but not all",
        ),
        (
            {"arrivals": stages({"for": "11min", "rate": "1/s"})},
            "arrivals.stages.stages has stages of 11min, longer than the duration",
        ),
        (
            {"arrivals": closed(101)},
            "arrivals.closed.helpers has to be at most the 100 clients, not 101",
        ),
        (
            {"arrivals": closed(9, {"distribution": "constant", "value": "0s"})},
            "arrivals.closed.pause has to take some time",
        ),
        (
            {"arrivals": {"kind": "trace", "file": "/calls.csv"}},
            "arrivals.trace.file has to be relative to the scenario's folder",
        ),
        (
            {"people": people(cancel=1.2)},
            "people.cancel has to be at most 1, not 1.2",
        ),
        (
            {"people": people(cancel=float("nan"))},
            "people.cancel has to be a finite number, not nan",
        ),
        (
            {"people": people(answer={"accept": 0.5, "reject": 0.1, "ignore": 0.1})},
            "people.answer has to sum to 1, and sums to 0.7",
        ),
        (
            {"people": people(think={"distribution": "exponential", "mean": "0s"})},
            "people.think.exponential.mean has to be longer than zero",
        ),
        (
            {"network": {"latency": {"distribution": "uniform", "low": "2s"}}},
            "network.latency.uniform.high is missing",
        ),
        (
            {
                "network": {
                    "latency": {"distribution": "uniform", "low": "2s", "high": "1s"}
                }
            },
            "network.latency.uniform has to have a low that is not above its high",
        ),
        (
            {"relay": {"servers": 100_001, "service": STEADY}},
            "relay.servers has to be at most 100000, not 100001",
        ),
        (
            {"relay": {**SMALL_MEMORY, "memory": 0}},
            "relay.memory has to be at least 1, not 0",
        ),
        (
            {"relay": {**SMALL_MEMORY, "memory": 0.5}},
            "relay.memory has to be a whole number, not 0.5",
        ),
        (
            {"relay": {**SMALL_MEMORY, "memory": "64MB"}},
            'relay.memory has to be a whole number, not "64MB"',
        ),
        (
            {"relay": SMALL_MEMORY, "engine": "cohorts"},
            "engine has to be events or auto because of relay.memory: a full memory",
        ),
        (
            {"objectives": [PROMISE, {**PROMISE, "metric": "gone_delay"}]},
            "objectives.1.metric is measured only where relay.memory is set",
        ),
        ({"faults": LOSS}, "faults has to be a list, not a table"),
        (
            {"faults": [{**LOSS, "at": "13min"}]},
            "faults.0.loss.at has to be before the end of the world at 13min",
        ),
        (
            {"faults": [{**LOSS, "kind": "skew", "by": "25h"}]},
            "faults.0.skew.by has to be at most a day either way",
        ),
        (
            {"objectives": [{**PROMISE, "metric": "notify_daley"}]},
            'objectives.0.metric is unknown as "notify_daley": did you mean "notify_d',
        ),
        (
            {"objectives": [{**PROMISE, "quantile": 1}]},
            "objectives.0.quantile has to be below 1, not 1",
        ),
        (
            {"objectives": [{**PROMISE, "statistic": "mean"}]},
            "objectives.0 has to have either a quantile or a statistic",
        ),
        (
            {"objectives": [{**PROMISE, "at_least": "1s"}]},
            "objectives.0 has to have either at_most or at_least",
        ),
        (
            {"objectives": [{**PROMISE, "at_most": 0.4}]},
            "objectives.0.at_most is missing a unit",
        ),
        (
            {"objectives": [{**PROMISE, "at_most": True}]},
            "objectives.0.at_most has to be a number or a duration, not true",
        ),
        (
            {"objectives": [{"metric": "refused", "at_most": "4s"}]},
            'objectives.0.at_most has to be a number without a unit, not "4s"',
        ),
        (
            {"objectives": [{"metric": "refused", "at_most": 4}]},
            "objectives.0.at_most has to be a share from 0 to 1, not 4",
        ),
        (
            {"objectives": [{"metric": "pending_peak", "at_most": float("inf")}]},
            "objectives.0.at_most has to be from 0 to a million billions, not inf",
        ),
        (
            {"objectives": [{"metric": "refused", "at_most": 0.1, "quantile": 0.5}]},
            "objectives.0 must not have a quantile or a statistic: refused is one",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(
    changes: dict[str, object], sentence: str
) -> None:
    """The sentence continues the path, and it is the only one."""
    (told,) = sentences(**changes)
    assert sentence == told[: len(sentence)]
    assert "\n" not in told


def test_several_mistakes_are_told_together() -> None:
    """One that depends on a wrong value waits; all others do not."""
    told = sentences(
        warm_up="1h",
        population=population(clients=0),
        arrivals=closed(5_000),
        faults=[{**LOSS, "at": "1h"}, {**LOSS, "at": "2h"}],
    )
    paths = [sentence.split(" ")[0] for sentence in told]
    assert [
        "warm_up",
        "population.clients",
        "faults.0.loss.at",
        "faults.1.loss.at",
    ] == (paths)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1s", "2/s", "poisson", "lognormal", "7.1.4", "skew"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "distribution", "rate", "at", "for", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from([*Scenario.model_fields]), VALUES)
def test_any_value_anywhere_is_taken_or_refused_in_our_words(
    key: str, value: object
) -> None:
    """Nothing but ValidationError is raised, and every sentence is our own."""
    refused: ValidationError | None = None
    try:
        made = scenario(**{key: value})
        assert made == Scenario.model_validate(made.document())
    except ValidationError as error:
        refused = error
    if refused is not None:
        told = [str(one["ctx"]["error"]) for one in refused.errors() if "ctx" in one]
        assert len(told) == refused.error_count()
        assert [] == [words for words in told if re.search(r"\n|is wrong:", words)]


@given(st.integers(min_value=1, max_value=6_000_000_000))
def test_a_closed_desk_expects_at_least_its_helpers(pause_us: int) -> None:
    """Every helper begins once, however long the pause is."""
    pause = {"distribution": "constant", "value": duration_text(pause_us)}
    desk = Closed.model_validate(closed(7, pause))
    assert 7 <= desk.expected(600_000_000)
