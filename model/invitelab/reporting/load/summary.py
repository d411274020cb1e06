"""Sentences about a run that page, Markdown, JUnit and terminal share."""

import shlex
from collections.abc import Mapping

from invitelab.formats.results import (
    Distribution,
    Outcome,
    Pool,
    Results,
)
from invitelab.reporting.common.formatting import (
    clean,
    count,
    duration,
    grouped,
    measured,
    plural,
    share,
)
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.objective_text import objectives_line
from invitelab.reporting.load.source_text import of_time
from invitelab.reporting.load.target_text import target_verdict

OUTCOME_TEXT: Mapping[Outcome, str] = {
    Outcome.ACCEPTED: "the recipient said yes",
    Outcome.REJECTED: "the recipient said no",
    Outcome.CANCELLED: "the inviter withdrew it",
    Outcome.EXPIRED: "nobody answered in time",
    Outcome.REFUSED: "it could not be sent",
    Outcome.PENDING: "still open when the run ended",
}


def headline(results: Results) -> str:
    """The verdict in capitals, or INCOMPLETE."""
    if not results.complete:
        return "INCOMPLETE"
    if results.target is not None and target_verdict(results.target):
        return "NON-CONFORMANT" if results.target.usable else "INVALID"
    if not results.judged:
        return "NO OBJECTIVES"
    return results.verdict.value.upper()


def verdict_line(results: Results) -> str:
    """The verdict with its denominators: `MISSED - 2 of 4 objectives met, ...`."""
    text = [headline(results)]
    if not results.complete:
        text.append(incomplete_because(results))
    if results.target is not None and (wrong := target_verdict(results.target)):
        text.append(wrong)
    if results.objectives:
        text.append(objectives_line(results))
    if results.checked.violations:
        broken = len(results.checked.violations)
        text.append(f"{plural(broken, 'broken invariant')}")
    return " - ".join(text)


def incomplete_because(results: Results) -> str:
    """Why a run was cut off, and how far it came."""
    ended = results.target is not None and results.target.problem is not None
    reason = "it ended" if ended else "it was interrupted"
    if results.cut_off:
        reached = measured(results.reached_us, "us")
        reason += f" {reached} into the first replication"
    end_us = results.windows[-1].at_us + results.window_us if results.windows else 0
    # A replication that was cut off is only shown where none is complete.
    cut_off = results.cut_off or end_us < results.duration_us
    whole = 0 if cut_off else len(results.replications)
    return f"{reason}; {whole} of {planned_text(results)} done"


def planned_text(results: Results) -> str:
    """How many replications there were to be: `2 replications`, `at most 31 ...`.

    Where objectives may add replications, only the most is known beforehand.
    """
    most = results.scenario.get("max_replications")
    if isinstance(most, int) and most > results.replications_planned:
        return f"at most {plural(most, 'replication')}"
    return plural(results.replications_planned, "replication")


def sent(results: Results) -> int:
    """Invitations tried directly, refused ones too; the denominator of all shares."""
    return sum(results.outcomes.values())


def sent_line(results: Results) -> str:
    """The attempts to invite in three parts that add up, and the refusals.

    A refused invitation may have become an email, so refusals are no fourth part. An
    import has invitations alone.
    """
    tried = sent(results)
    refused = results.outcomes.get(Outcome.REFUSED, 0)
    direct = tried - refused
    if results.source == "import":
        whole = plural(results.attempts, "invitation")
        return f"{whole}: {grouped(direct)} sent, {grouped(refused)} refused"
    neither = max(results.attempts - direct - results.emailed, 0)
    return (
        f"{plural(results.attempts, 'attempt')} to invite:"
        f" {grouped(direct)} sent directly,"
        f" {grouped(results.emailed)} became an email, {grouped(neither)} neither;"
        f" {grouped(tried)} were tried directly, {grouped(refused)} of them refused"
    )


def never_lines(results: Results) -> list[str]:
    """For each time, how often it never came or was open at an interruption."""
    return [
        f"{metric_title(one.metric)}: {never_text(one)}"
        for one in results.distributions
        if one.never or one.still_open
    ]


def never_text(one: Distribution) -> str:
    """`610 of 656 never, 3 still open and not counted`; empty where neither is so."""
    parts: list[str] = []
    if one.never:
        parts.append(f"{grouped(one.never)} of {grouped(one.count + one.never)} never")
    if one.still_open:
        parts.append(f"{grouped(one.still_open)} still open and not counted")
    return ", ".join(parts)


def run_line(results: Results) -> str:
    """Duration, replications and seed of a run, which qualify every figure."""
    runs = f", {plural(len(results.replications), 'replication')}"
    seed = f", seed {results.seed}"
    if results.source == "import":
        runs = seed = ""
    return (
        f"{duration(results.duration_us)} {of_time(results)},"
        f" {duration(results.warm_up_us)} of it warm-up{runs}"
        f"{', cut off' if results.cut_off else ''}{seed}"
        f"{_left_out(results)}"
    )


def _left_out(results: Results) -> str:
    """How many trace rows are after the duration; empty where none is."""
    if not results.trace_rows_left_out:
        return ""
    rows = plural(results.trace_rows_left_out, "trace row")
    return f"; {rows} after the duration left out"


def checked_line(results: Results) -> str:
    """How much the invariants were checked on, and what was found."""
    checked = results.checked
    found = len(checked.violations)
    verdict = f"{plural(found, 'violation')} found" if found else "none was broken"
    return (
        f"invariants checked on {plural(checked.invitations, 'invitation')}"
        f" and {plural(checked.facts, 'fact')}: {verdict}"
    )


ENGINES = {
    "events": "events, each message and timer one of them",
    "cohorts": "cohorts, all invitations at once as arrays",
    "both": "cohorts, and events for some replications",
}


def engine_line(results: Results) -> str:
    """What ran it, and why not the other engine or how that is known to be right."""
    ran, because = ENGINES[results.engine], clean(results.engine_because)
    if results.engine == "cohorts":
        again = plural(results.checked.invitations, "invitation")
        because = f"the core computed {again} again, the same to the microsecond"
    return f"{ran} ({because})" if because else ran


def reproduce(results: Results) -> str:
    """The command that reproduces these results."""
    arguments = [clean(word) for word in results.arguments or (results.name,)]
    if results.source == "import":
        return shlex.join(["invitelab", "import", *arguments])
    if "--seed" not in arguments:
        arguments += ["--seed", str(results.seed)]
    return shlex.join(["invitelab", "simulate", *arguments])


def share_of(results: Results, outcome: Outcome) -> str:
    """The share of an outcome, with its interval."""
    estimate = results.outcome_shares.get(outcome)
    if estimate is None:
        total = sent(results)
        return share(results.outcomes.get(outcome, 0) / total) if total else "-"
    text = share(estimate.mean)
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text} ({share(max(estimate.low, 0))} to {share(min(estimate.high, 1))})"


def busiest(results: Results) -> Pool | None:
    """The pool of the relay that was used most."""
    return max(results.pools, key=lambda pool: pool.utilisation.mean, default=None)


def pool_line(pool: Pool) -> str:
    """Utilisation, waits and losses of a pool in one line, each loss with its span."""
    shed = f", {count(pool.shed)} shed in the whole run" if pool.shed else ""
    never = ""
    if pool.never:
        never = f", {count(pool.never)} between warm-up and drain never served"
    wait = duration(pool.wait_us.mean) if pool.wait_us else "no"
    return (
        f"{clean(pool.kind)}: {share(pool.utilisation.mean)} busy,"
        f" {wait} mean wait, longest queue {grouped(pool.longest_queue)}{shed}{never}"
    )
