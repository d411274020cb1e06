"""The cause first: full pools, lost messages, and what missed objectives have of them.

A pool is *full* in a window in which at least 98 % of its workers' time was taken.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from invitelab.formats.flow import Flow
from invitelab.formats.percentiles import lasting
from invitelab.formats.results import (
    Objective,
    ObjectiveVerdict,
    Outcome,
    Pool,
    Results,
)
from invitelab.reporting.common.formatting import (
    clean,
    count,
    duration,
    figures,
    grouped,
    instant,
    listed,
    plural,
    share,
    spoken,
)
from invitelab.reporting.load.gone_text import METRIC as GONE
from invitelab.reporting.load.gone_text import gone_text
from invitelab.reporting.load.objective_text import statement
from invitelab.reporting.load.spent_text import beyond, largest_parts, of_those
from invitelab.reporting.load.summary import busiest

FULL = 0.98
"""The least utilisation of a pool that is called full."""

SPENT = frozenset({"notify_delay", "decision_delay", "session_delay"})
"""The delays that end too late, or never, where an invitation is not shown."""

DROPPED = "dropped: "
"""How the kinds of dropped messages begin in the table of messages."""


@dataclass(frozen=True, slots=True)
class FullPool:
    """A pool that was full: from when on, for how long, and in which windows."""

    kind: str
    first_us: int
    lasts_us: int
    windows: frozenset[int]


def lengths_us(results: Results) -> list[int]:
    """How long each window lasted: an interruption or the end cuts the last one."""
    width_us, end_us = results.window_us, results.reached_us
    return [max(min(width_us, end_us - one.at_us), 0) for one in results.windows]


def full_pools(results: Results) -> list[FullPool]:
    """The pools that were full, in the order in which they filled up."""
    if results.flow is None:
        return []
    lasting_us = lengths_us(results)
    found: list[FullPool] = []
    for kind, busy in results.flow.busy.items():
        places = frozenset(place for place, part in enumerate(busy) if part >= FULL)
        if places:
            first_us = results.windows[min(places)].at_us
            lasts_us = sum(lasting_us[place] for place in places)
            found.append(FullPool(kind, first_us, lasts_us, places))
    return sorted(found, key=lambda pool: (pool.first_us, -pool.lasts_us))


def cause_lines(results: Results) -> list[str]:
    """What happened in the relay, and what each missed objective has of it."""
    flow = results.flow
    if flow is None:
        return []
    return [
        _full_text(results, flow),
        _messages_text(results, flow),
        *_missed_lines(results, flow),
        *_next_lines(results),
    ]


# The relay and its messages


def memory_full(results: Results) -> tuple[int, int, int] | None:
    """From when to when windows have messages dropped at a full memory, and how long.

    In microseconds; None where there are none.
    """
    series = results.flow.dropped.get("memory full", ()) if results.flow else ()
    places = [place for place, rate in enumerate(series) if rate]
    if not places:
        return None
    lasting_us = lengths_us(results)
    first_us = results.windows[places[0]].at_us
    last_us = results.windows[places[-1]].at_us + lasting_us[places[-1]]
    return first_us, last_us, sum(lasting_us[place] for place in places)


def _full_text(results: Results, flow: Flow) -> str:
    return f"{memory_text(results)} {_pools_text(results, flow)}".strip()


def memory_text(results: Results) -> str:
    """When the memory of the relay was full; empty if it never was."""
    memory = memory_full(results)
    if memory is None:
        return ""
    first_us, last_us, lasts_us = memory
    return (
        "The memory of the relay was full, and it dropped messages, in windows of"
        f" {duration(lasts_us)} in all, from {instant(first_us)} to {instant(last_us)}."
    )


def _pools_text(results: Results, flow: Flow) -> str:
    pools = full_pools(results)
    if not pools:
        return _never_full(results, flow)
    if len(pools) == 1:
        (pool,) = pools
        return (
            f"The {spoken(pool.kind)} pool of the relay was full{_mean(results)} for"
            f" {duration(pool.lasts_us)} in all, from {instant(pool.first_us)} on."
        )
    parts = [
        f"{spoken(pool.kind)} from {instant(pool.first_us)} on for"
        f" {duration(pool.lasts_us)} in all"
        for pool in pools
    ]
    return (
        f"{len(pools)} pools of the relay were full{_mean(results)}, in the order in"
        f" which they filled up: {listed(parts)}."
    )


def _mean(results: Results) -> str:
    """That fullness is a mean, where there are several replications to take it of."""
    runs = len(results.replications)
    return f" in the mean of {runs} replications" if runs > 1 else ""


def _never_full(results: Results, flow: Flow) -> str:
    part, place, kind = max(
        (part, -place, kind)
        for kind, busy in flow.busy.items()
        for place, part in enumerate(busy)
    )
    if not part:
        return "The relay had nothing to do."
    return (
        f"No pool of the relay was ever full: at most, {share(part)} of the"
        f" {spoken(kind)} pool was busy, in the window from"
        f" {instant(results.windows[-place].at_us)} on."
    )


def dropped_by_reason(results: Results) -> dict[str, int]:
    """How many messages were dropped in the whole run, by reason, most first."""
    found = {
        kind.removeprefix(DROPPED): number
        for kind, number in results.messages.items()
        if kind.startswith(DROPPED)
    }
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


REASONS: Mapping[str, str] = {
    "queue full": "at a full queue",
    "memory full": "at a full memory",
    "loss": "lost on the way",
    "partition": "by a partition",
    "relay-restart": "by a restart of the relay",
}


def reason_text(reason: str) -> str:
    """Why messages were dropped, in words."""
    return REASONS.get(reason, spoken(reason))


def _messages_text(results: Results, flow: Flow) -> str:
    reasons = dropped_by_reason(results)
    dropped = sum(reasons.values())
    if not dropped and not flow.repeats:
        return "No message was dropped, and none had to be sent again."
    text = "No message was dropped"
    if dropped:
        parts = [f"{grouped(n)} {reason_text(why)}" for why, n in reasons.items()]
        if len(reasons) == 1:
            parts = [f"all {reason_text(why)}" for why in reasons]
        text = f"{plural(dropped, 'message')} dropped ({listed(parts)})"
    text += f", and {grouped(flow.repeats)} sent again for want of an acknowledgement"
    if flow.attempts:
        whole = (dropped + flow.repeats) / flow.attempts
        text += f": together {figures(whole)} for each attempt"
    return f"{text}.{_most_shed(results, dropped)}{_while_full(results, flow)}"


def most_shed(results: Results) -> Pool | None:
    """The pool whose messages were dropped most often; None where none was."""
    pool = max(results.pools, key=lambda one: one.shed, default=None)
    return pool if pool is not None and pool.shed else None


def _most_shed(results: Results, dropped: int) -> str:
    pool = most_shed(results)
    if pool is None or sum(bool(one.shed) for one in results.pools) == 1:
        return ""
    part = share(min(pool.shed / dropped, 1)) if dropped else ""
    return f" Most were {spoken(pool.kind)} messages: {part}."


def _while_full(results: Results, flow: Flow) -> str:
    """What part of that was while a pool was full; empty where none was."""
    windows = {place for pool in full_pools(results) for place in pool.windows}
    if not windows:
        return ""
    lasting_us = lengths_us(results)
    parts: list[str] = []
    lost = [sum(rates) for rates in zip(*flow.dropped.values(), strict=True)]
    for what, rates in (("drops", lost), ("repeats", flow.repeated)):
        amounts = [rate * us for rate, us in zip(rates, lasting_us, strict=False)]
        if whole := sum(amounts):
            inside = sum(amounts[place] for place in windows)
            parts.append(f"{share(min(inside / whole, 1))} of the {what}")
    return f" {listed(parts)} came while a pool was full." if parts else ""


# Missed objectives


def _missed_lines(results: Results, flow: Flow) -> Iterator[str]:
    for objective in results.objectives:
        if objective.verdict is ObjectiveVerdict.MISSED:
            found = _evidence(objective, results, flow)
            if found:
                yield f"Missed: {statement(objective)}. {found}"


TIMES = 16
"""How many times as much of what was full is tried."""


def _next_lines(results: Results) -> Iterator[str]:
    """The command that looks for what is enough, where something was full."""
    name, what = "memory", "memory"
    if memory_full(results) is None:
        name, what = "servers", "workers of each pool"
        if not full_pools(results):
            return
    relay = cast("Mapping[str, object]", results.scenario.get("relay") or {})
    now = relay.get(name)
    missed = results.verdict is ObjectiveVerdict.MISSED
    if not (missed and results.is_simulated and isinstance(now, int)):
        return
    path, words = f"relay.{name}", list(results.arguments or (results.name,))
    for place, word in enumerate(words):
        if word.startswith(f"{path}="):
            del words[place - 1 : place + 1]  # with its --set
            break
    values = f"{path}={now}..{TIMES * now}..{now}"
    command = shlex.join(["invitelab", "sweep", *words, "--find", values])
    yield f"To find out whether more {what} would be enough: {clean(command)}"


def _evidence(objective: Objective, results: Results, flow: Flow) -> str:
    """What was measured that bears on a missed objective; empty where nothing is."""
    metric = objective.metric
    if metric == Outcome.REFUSED:
        return _refusals_text(results)
    if metric in {outcome.value for outcome in Outcome}:
        return _unseen_text(results)
    if metric == "relay_wait":
        return _waiting_text(results, flow)
    if metric == GONE:
        return gone_text(results)
    if metric == "relay_utilisation":
        return _busiest_text(results)
    groups = beyond(objective, flow.spent)
    parts = largest_parts(groups)
    found = [late] if (late := _late_text(objective, results)) else []
    if parts:
        mine = [one for one in flow.spent if one.metric == metric]
        those = of_those(groups, is_last=groups[-1] == mine[-1])
        found.append(f"Of the time of {those}, {listed(parts)}.")
    notify = results.distribution("notify_delay")
    if metric in SPENT and notify is not None and notify.never:
        found.append(_unseen_text(results))
    return " ".join(found)


def _late_text(objective: Objective, results: Results) -> str:
    """How many delays were longer than promised; empty if none was promised for most.

    To a bin of the histogram, as the delays of a bin that has the bound count as kept.
    """
    found = results.distribution(objective.metric)
    if found is None or objective.quantile is None or not objective.at_most:
        return ""
    whole = found.count + found.never
    if not whole:
        return ""
    late = lasting(found, objective.bound)
    never = f" or never happened ({grouped(found.never)})" if found.never else ""
    return (
        f"{grouped(late)} of {grouped(whole)} ({share(late / whole)})"
        f" took longer{never}."
    )


def _unseen_text(results: Results) -> str:
    notify = results.distribution("notify_delay")
    if notify is None or not notify.count + notify.never:
        return ""
    everybody = plural(notify.count + notify.never, "invitation")
    if not notify.never:
        return f"Each of {everybody} was shown to its recipient before it ended."
    part = share(notify.never / (notify.count + notify.never))
    return (
        f"Of {everybody}, {grouped(notify.never)} ({part}) were never shown to their"
        " recipients before they ended."
    )


def _refusals_text(results: Results) -> str:
    ranked = sorted(results.refusals.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{count(number)} for {spoken(reason)}" for reason, number in ranked[:3]]
    return f"Refused were {listed(parts)}." if parts else ""


def _busiest_text(results: Results) -> str:
    pool = busiest(results)
    if pool is None:
        return ""
    return (
        f"The busiest pool is that of the {spoken(pool.kind)} messages,"
        f" {share(pool.utilisation.mean)} busy between warm-up and drain."
    )


def _waiting_text(results: Results, flow: Flow) -> str:
    """For which pool messages waited the longest, and how many never came to a worker.

    The sums are of the whole run.
    """
    never = sum(pool.never for pool in results.pools)
    text = ""
    if never:
        text = (
            f" Of the messages between warm-up and drain, {grouped(never)} never came"
            " to a worker: dropped, or in a queue at the end."
        )
    sums = {kind: sum(series) for kind, series in flow.queued.items()}
    whole = sum(sums.values())
    if not whole:
        return f"No message waited.{text}"
    kind = max(sums, key=lambda one: sums[one])
    return (
        f"Of all the time that messages waited, {share(sums[kind] / whole)} was for the"
        f" {spoken(kind)} pool.{text}"
    )


def tile(results: Results) -> tuple[str, str] | None:
    """What was full for how long, and a caption; None where nothing was.

    The memory, or the pool that dropped most; of pools that dropped as many, it is the
    one that was full first.
    """
    if (memory := memory_full(results)) is not None:
        first_us, _, lasts_us = memory
        caption = f"memory of the relay full, from {instant(first_us)} on"
        return duration(lasts_us), caption
    pools: Sequence[FullPool] = full_pools(results)
    if not pools:
        return None
    shed = {pool.kind: pool.shed for pool in results.pools}
    pool = max(pools, key=lambda one: shed.get(one.kind, 0))
    caption = f"{spoken(pool.kind)} pool of the relay full, from"
    return duration(pool.lasts_us), f"{caption} {instant(pool.first_us)} on"
