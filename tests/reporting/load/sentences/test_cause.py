"""The sentences that put the cause first are parsed and compared with the results."""

import re
from collections.abc import Callable, Sequence

import pytest
from tests.reporting.load.sentences.test_sentences import (
    NUMBER,
    SHARE,
    TIME,
    number,
    plain,
    same,
    same_share,
    same_time,
    undrawn,
)

from invitelab.formats.flow import Flow, Spent
from invitelab.formats.results import Objective, ObjectiveVerdict, Results
from invitelab.reporting.load.cause_text import cause_lines, tile
from invitelab.reporting.load.charts import messages, spent
from invitelab.reporting.load.gone_text import gone_text
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.objective_text import statement

FULL = 0.98
WORDS = {
    "was people's own": "think_us",
    "was on the network": "network_us",
    "was in queues of the relay": "queue_us",
    "was work of the relay": "service_us",
    "was waiting for a repeat": "repeats_us",
}
REASONS = {
    "at a full queue": "queue full",
    "at a full memory": "memory full",
    "lost on the way": "loss",
    "by a partition": "partition",
    "by a restart of the relay": "relay-restart",
}
PART = rf"{SHARE} (?:{'|'.join(WORDS)})"
PARTS = rf"{PART}(?:(?:, | and ){PART})*"
__all__ = ["undrawn"]  # a fixture that is used by its name


@pytest.fixture
def flow(simulated: Results) -> Flow:
    """Give what became of messages."""
    assert simulated.flow is not None
    return simulated.flow


def full_windows(results: Results, flow: Flow, kind: str) -> list[int]:
    """The windows in which a pool was full."""
    assert len(results.windows) == len(flow.busy[kind])
    return [place for place, part in enumerate(flow.busy[kind]) if part >= FULL]


def lasts_us(results: Results, place: int) -> int:
    """How long a window was."""
    begin_us = results.windows[place].at_us
    return min(begin_us + results.window_us, results.reached_us) - begin_us


def check_full(results: Results, flow: Flow, line: str) -> None:
    """Every full pool is named, in order, with its first window and its whole time."""
    named = re.findall(
        rf"(\w+) from ({TIME}) on for ({TIME}?) in all(?=,| and|\.)", line
    )
    mean = r"(?: in the mean of (\d+) replications)?"
    if alone := re.fullmatch(
        rf"The (\w+) pool of the relay was full{mean} for ({TIME}) in all,"
        rf" from ({TIME}) on\.",
        line,
    ):
        named = [(alone[1], alone[4], alone[3])]
    if named:
        runs = re.search(rf"full{mean}", line)
        assert runs is not None
        assert int(runs[1] or 1) == len(results.replications)
    full = {kind: full_windows(results, flow, kind) for kind in flow.busy}
    assert {kind for kind, *_ in named} == {kind for kind in full if full[kind]}
    firsts = [full[kind][0] for kind, *_ in named]
    assert sorted(firsts) == firsts
    for kind, begin, whole in named:
        assert same_time(begin, results.windows[full[kind][0]].at_us)
        assert same_time(whole, sum(lasts_us(results, at) for at in full[kind]))
    if not named:
        check_never_full(results, flow, line)


def check_memory(results: Results, flow: Flow, line: str) -> str:
    """When the memory was full; gives what is left of the line."""
    series = flow.dropped.get("memory full", ())
    places = [place for place, rate in enumerate(series) if rate > 0]
    found = re.match(
        r"The memory of the relay was full, and it dropped messages, in windows of"
        rf" ({TIME}) in all, from ({TIME}) to ({TIME})\. ",
        line,
    )
    assert (found is None) == (not places)
    if found is None:
        return line
    assert same_time(found[1], sum(lasts_us(results, at) for at in places))
    assert same_time(found[2], results.windows[places[0]].at_us)
    last_us = results.windows[places[-1]].at_us + lasts_us(results, places[-1])
    assert same_time(found[3], last_us)
    return line[found.end() :]


def check_never_full(results: Results, flow: Flow, line: str) -> None:
    """No window of any pool had more work."""
    top = max(max(busy) for busy in flow.busy.values())
    if line == "The relay had nothing to do.":
        assert top == 0
        return
    found = re.fullmatch(
        rf"No pool of the relay was ever full: at most, ({SHARE}) of the (\w+) pool was"
        rf" busy, in the window from ({TIME}) on\.",
        line,
    )
    assert found is not None
    assert same_share(found[1], top)
    assert top == max(flow.busy[found[2]])
    at_us = results.windows[flow.busy[found[2]].index(top)].at_us
    assert same_time(found[3], at_us)


def check_messages(results: Results, flow: Flow, line: str) -> None:
    """Drops by reason and repeats are totals of the whole run."""
    drops = {
        key.removeprefix("dropped: "): value
        for key, value in results.messages.items()
        if key.startswith("dropped: ")
    }
    if line == "No message was dropped, and none had to be sent again.":
        assert ({}, 0) == (drops, flow.repeats)
        return
    found = re.match(
        rf"(?:No message was dropped|(?P<drops>{NUMBER}) messages? dropped"
        rf" \((?P<why>[^)]+)\)), and (?P<again>{NUMBER}) sent again for want of an"
        rf" acknowledgement(?:: together (?P<each>{NUMBER}) for each attempt)?\."
        rf"(?: Most were (?P<pool>\w+) messages: (?P<shed>{SHARE})\.)?"
        rf"(?: (?P<part>{SHARE}) of the drops)?(?: and)?"
        rf"(?: (?P<other>{SHARE}) of the repeats)?"
        r"(?: came while a pool was full\.)?$",
        line,
    )
    assert found is not None, line
    assert sum(drops.values()) == number(found["drops"] or "0")
    assert flow.repeats == number(found["again"])
    whole = sum(drops.values()) + flow.repeats
    assert not flow.attempts or same(number(found["each"]), whole / flow.attempts)
    for part in re.split(", | and ", found["why"] or ""):
        if part.startswith("all "):
            assert {REASONS[part.removeprefix("all ")]: sum(drops.values())} == drops
        elif part:
            digits = re.match(NUMBER, part)
            assert digits is not None
            assert drops[REASONS[part[digits.end() :].strip()]] == number(digits[0])
    shed = {pool.kind: pool.shed for pool in results.pools if pool.shed}
    assert (len(shed) > 1) == (found["pool"] is not None)
    if found["pool"]:
        assert max(shed.values()) == shed[found["pool"]]
        assert same_share(found["shed"], shed[found["pool"]] / sum(drops.values()))
    lost = [sum(rates) for rates in zip(*flow.dropped.values(), strict=True)]
    check_part(results, flow, lost, found["part"])
    check_part(results, flow, flow.repeated, found["other"])


def check_part(
    results: Results, flow: Flow, rates: Sequence[float], printed: str | None
) -> None:
    """The part of the messages in windows in which any pool was full."""
    full = {at for kind in flow.busy for at in full_windows(results, flow, kind)}
    amounts = [rate * lasts_us(results, at) for at, rate in enumerate(rates)]
    if not full or not sum(amounts):
        assert printed is None
        return
    assert printed is not None
    inside = sum(amounts[at] for at in full)
    assert same(number(printed.removesuffix(" %")) / 100, inside / sum(amounts))


def check_parts(groups: Sequence[Spent], text: str) -> None:
    """Each share is that of all of these delays; the largest are named, in order."""
    whole = sum(one.total_us for one in groups)
    parts = {
        name: sum(getattr(one, field) for one in groups) / whole
        for name, field in WORDS.items()
    }
    printed = re.findall(rf"({SHARE}) ({'|'.join(WORDS)})", text)
    named = [name for _, name in printed]
    expected = sorted((name for name in parts if parts[name] >= 0.05), key=parts.get)  # type: ignore[arg-type] # every name is there
    assert expected[::-1][:3] == named
    for part, name in printed:
        assert same_share(part, parts[name])


def check_missed(results: Results, flow: Flow, line: str) -> None:
    """It names a missed objective, and every number in it is one of the results."""
    missed = {
        plain(statement(one)): one
        for one in results.objectives
        if one.verdict is ObjectiveVerdict.MISSED
    }
    found = re.match(r"Missed: (?P<what>[^.]+(?:\.\d+)?)\. (?P<rest>.+)$", line)
    assert found is not None
    objective = missed[found["what"]]
    rest = found["rest"]
    if objective.metric == "gone_delay":
        # Its numbers are compared where the chart has them.
        assert rest == plain(gone_text(results))
        return
    late = re.match(
        rf"({NUMBER}) of ({NUMBER}) \(({SHARE})\) took longer"
        rf"(?: or never happened \(({NUMBER})\))?\.(?: |$)",
        rest,
    )
    measured = results.distribution(objective.metric)
    any_ = measured is not None and measured.count + measured.never > 0
    assert (late is not None) == (objective.quantile is not None and any_)
    if late is not None:
        check_late(results, objective, late)
        rest = rest[late.end() :]
    of_time = re.match(
        rf"Of the time of the (?P<count>{NUMBER}) \w+ delays?(?: [\w. ]+)?"
        rf" \((?P<low>{TIME}) to (?P<high>{TIME})\), (?P<parts>{PARTS})\.",
        rest,
    )
    if of_time is not None:
        groups = [
            one
            for one in flow.spent
            if one.metric == objective.metric
            and one.lower_us * 1.003 >= us_of(of_time["low"])
            and one.upper_us <= us_of(of_time["high"]) * 1.003 + 5e5
        ]
        assert sum(one.count for one in groups) == number(of_time["count"])
        if objective.quantile is not None:
            mine = [one for one in flow.spent if one.metric == objective.metric]
            beyond = [one for one in mine if one.low >= objective.quantile]
            assert groups == (beyond or mine[-1:])
        check_parts(groups, of_time["parts"])
        rest = rest[of_time.end() :].lstrip()
    if rest:
        check_unseen(results, rest)


def check_late(results: Results, objective: Objective, found: re.Match[str]) -> None:
    """To one bin of the histogram, which ends less than a percent above the bound."""
    measured = results.distribution(objective.metric)
    assert measured is not None
    within = sum(one.count for one in measured.bins if one.lower < objective.bound)
    inside = sum(one.count for one in measured.bins if one.upper <= objective.bound)
    assert within - inside == sum(
        one.count
        for one in measured.bins
        if one.lower < objective.bound < one.upper <= objective.bound * 1.01
    )
    whole = measured.count + measured.never
    assert whole - within == number(found[1])
    assert whole == number(found[2])
    assert same_share(found[3], (whole - within) / whole)
    assert measured.never == number(found[4] or "0")


def test_the_command_that_looks_for_what_is_enough(
    make_results: Callable[[str], Results],
) -> None:
    """Around the value of the run, which a --set of its own would contradict."""
    whole = make_results("spike")
    words = ("desk", "--set", "relay.servers=4", "--set", "duration=1min")
    run = whole.model_copy(
        update={"arguments": words, "scenario": {"relay": {"servers": 4}}}
    )
    assert run.flow is not None
    busy = {kind: (1.0, *busy[1:]) for kind, busy in run.flow.busy.items()}
    full = run.model_copy(update={"flow": run.flow.model_copy(update={"busy": busy})})
    assert cause_lines(full)[-1] == (
        "To find out whether more workers of each pool would be enough: invitelab sweep"
        " desk --set duration=1min --find relay.servers=4..64..4"
    )
    met = full.model_copy(update={"objectives": ()})
    assert not cause_lines(met)[-1].startswith("To find out")


def us_of(text: str) -> float:
    """Read a time back, in microseconds."""
    units = {"h": 3.6e9, "min": 6e7, "s": 1e6, "ms": 1e3, "us": 1.0}
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return sum(float(value) * units[unit] for value, unit in pairs)


def check_unseen(results: Results, text: str) -> None:
    """Whom nothing was shown, or why all were refused."""
    notify = results.distribution("notify_delay")
    assert notify is not None
    whole = notify.count + notify.never
    if all_shown := re.fullmatch(
        rf"Each of ({NUMBER}) invitations was shown to its recipient before it ended\.",
        text,
    ):
        assert (number(all_shown[1]), 0) == (whole, notify.never)
        return
    found = re.fullmatch(
        rf"Of ({NUMBER}) invitations?, ({NUMBER}) \(({SHARE})\) were never shown to"
        r" their recipients before they ended\.",
        text,
    )
    assert found is not None, text
    assert (number(found[1]), number(found[2])) == (whole, notify.never)
    assert same_share(found[3], notify.never / whole)


def test_every_line_of_the_cause_agrees_with_the_numbers(
    simulated: Results, flow: Flow
) -> None:
    """The pools, the messages, and one line at most for each missed objective."""
    pools, lost, *missed = map(plain, cause_lines(simulated))
    check_full(simulated, flow, check_memory(simulated, flow, pools))
    check_messages(simulated, flow, lost)
    if missed and missed[-1].startswith("To find out"):
        assert simulated.verdict is ObjectiveVerdict.MISSED
        assert any(full_windows(simulated, flow, kind) for kind in flow.busy) or (
            "more memory" in missed[-1] and any(flow.dropped.get("memory full", ()))
        )
        missed.pop()
    for line in missed:
        check_missed(simulated, flow, line)


def test_the_tile_has_the_full_pool_that_dropped_most(
    simulated: Results, flow: Flow
) -> None:
    """Or that was full first, or there is none."""
    full = {kind: full_windows(simulated, flow, kind) for kind in flow.busy}
    shed = {pool.kind: pool.shed for pool in simulated.pools if full.get(pool.kind)}
    found = tile(simulated)
    memory = [at for at, rate in enumerate(flow.dropped.get("memory full", ())) if rate]
    assert (found is None) == (not any(full.values()) and not memory)
    if found is not None and memory:
        assert same_time(plain(found[0]), sum(lasts_us(simulated, at) for at in memory))
        begin_us = simulated.windows[memory[0]].at_us
        words = re.search(
            rf"memory of the relay full, from ({TIME}) on", plain(found[1])
        )
        assert words is not None
        assert same_time(words[1], begin_us)
    elif found is not None:
        kind = found[1].split()[0]
        most = [one for one in shed if shed[one] == max(shed.values())]
        assert min(full[one][0] for one in most) == full[kind][0]
        assert same_time(
            plain(found[0]), sum(lasts_us(simulated, at) for at in full[kind])
        )


def test_the_chart_of_messages_tells_the_worst_windows(
    simulated: Results, flow: Flow
) -> None:
    """No window has more, and a thing that never happened is said not to have."""
    text = plain(messages.chart(simulated).description)
    if text == "The relay had nothing to do.":
        assert not any(map(any, flow.busy.values()))
        return
    nothing = [0.0] * len(flow.repeated)
    rows = {
        "were dropped a second": zip(nothing, *flow.dropped.values(), strict=True),
        "were sent again a second": zip(flow.repeated, strict=True),
        "waited at a time": zip(*flow.queued.values(), strict=True),
    }
    never = ("dropped", "sent again", "kept waiting")
    for word, (what, series) in zip(never, rows.items(), strict=True):
        sums = [sum(values) for values in series]
        found = re.search(
            rf"In the window from ({TIME}) on, ({NUMBER})(?: messages)? {what}, the"
            r" most\.",
            text,
        )
        assert (f"No message was {word}." in text) == (max(sums) == 0) == (not found)
        if found:
            assert same(number(found[2]), max(sums))
            at_us = simulated.windows[sums.index(max(sums))].at_us
            assert same_time(found[1], at_us)


def test_the_chart_of_parts_has_those_of_every_delay(
    simulated: Results, flow: Flow
) -> None:
    """Of all, and of the slowest."""
    text = plain(spent.chart(simulated).description)
    metrics = list(dict.fromkeys(one.metric for one in flow.spent))
    if not metrics:
        assert text.startswith("There is nothing to draw: no delay")
    for metric in metrics:
        groups = [one for one in flow.spent if one.metric == metric]
        found = re.search(
            rf"{metric_title(metric)}: of all the time (?P<all>{PARTS})"
            rf"(?:; of that of the slowest, [\w. ]+, (?P<last>{PARTS}))?\.",
            text,
        )
        assert found is not None
        check_parts(groups, found["all"])
        assert (found["last"] is None) == (len(groups) == 1)
        if found["last"]:
            check_parts(groups[-1:], found["last"])


def test_the_parts_are_those_of_the_same_delays(simulated: Results, flow: Flow) -> None:
    """As many as were measured, and as long in all."""
    for one in simulated.distributions:
        mine = [group for group in flow.spent if group.metric == one.metric]
        if one.metric not in {"notify_delay", "decision_delay", "session_delay"}:
            assert not mine
            continue
        assert one.count == sum(group.count for group in mine)
        for group in mine:
            inside = [b for b in one.bins if group.lower_us <= b.lower < group.upper_us]
            assert group.count == sum(b.count for b in inside)


def test_an_older_file_has_no_cause(simulated: Results) -> None:
    """It does not say what it does not know."""
    older = simulated.model_copy(update={"flow": None})
    assert ([], None) == (cause_lines(older), tile(older))
