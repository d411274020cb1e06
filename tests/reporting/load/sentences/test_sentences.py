"""Every sentence of a load report is parsed and compared with the results."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping

import pytest

from invitelab.formats.results import (
    Distribution,
    Estimate,
    ObjectiveVerdict,
    Outcome,
    Pool,
    Replication,
    Results,
    Window,
)
from invitelab.reporting.load.cause_text import memory_text
from invitelab.reporting.load.charts.all import load_charts
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.objective_text import reason, statement
from invitelab.reporting.load.plotting.canvas import Canvas, Picture
from invitelab.reporting.load.summary import (
    never_lines,
    pool_line,
    run_line,
    sent_line,
    verdict_line,
)
from invitelab.reporting.load.warm_up_text import warm_up_text

UNITS_US = {"d": 86_400e6, "h": 3_600e6, "min": 60e6, "s": 1e6, "ms": 1e3, "us": 1.0}
TIME = r"(?:never|[\d.]+ (?:d|h|min|s|ms|us)(?: [\d.]+ (?:h|min|s))?)"
NUMBER = r"\d+(?: \d{3})*(?:\.\d+)?"
SHARE = r"[\d.]+ %"
WHEN = rf"from (?P<at>{TIME}) on"
P = r"(?:By the window in which they were sent, )?;? ?(?P<name>p50|p99) was"
TITLES = r"From (?:sending|the deadline) to (?:being shown|the \w+)"
NOTHING = "There is nothing to draw: "
Check = Callable[[Results, re.Match[str]], None]
SENTENCES: defaultdict[str, list[tuple[str, Check]]] = defaultdict(list)


def check_of(chart: str, pattern: str) -> Callable[[Check], Check]:
    """Register a check for a sentence of a chart, given as a pattern."""

    def keep(check: Check) -> Check:
        SENTENCES[chart].append((pattern, check))
        return check

    return keep


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not render pictures, which takes ten times as long."""

    def finish(self: Canvas, *, name: str, title: str, description: str) -> Picture:
        del self
        return Picture(svg=f"{name} {title} {description}", png=b"")

    monkeypatch.setattr(Canvas, "finish", finish)


def plain(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u00b5", "u")


def us(text: str) -> float:
    """Read a time back."""
    if text == "never":
        return math.inf
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return sum(float(number) * UNITS_US[unit] for number, unit in pairs)


def number(text: str) -> float:
    """Read a number back."""
    return float(text.replace(" ", ""))


def same(printed: float, found: float) -> bool:
    """Whether they agree in three digits."""
    return printed == found or math.isclose(
        printed, found, rel_tol=0.0051, abs_tol=1e-9
    )


def same_time(printed: str, found_us: float) -> bool:
    """The same for times, which are in whole seconds from a minute on."""
    if found_us < 59.9e6:
        return same(us(printed), found_us)
    return us(printed) == found_us or abs(us(printed) - found_us) <= 0.5e6


def same_share(printed: str, found: float) -> bool:
    """Whether a share agrees in three digits, and is 0 or 1 only if it is so."""
    value = number(printed.removesuffix(" %")) / 100
    return same(value, found) and (value < 1 or found == 1) and (value > 0 or not found)


def counted(results: Results) -> list[Window]:
    """The windows from the warm-up to the end of the duration."""
    return [
        w
        for w in results.windows
        if results.warm_up_us <= w.at_us < results.duration_us
    ]


def known(results: Results, name: str) -> list[float]:
    """A quantile of the counted windows that have one; infinity where it is never."""
    found: list[float] = []
    for window in counted(results):
        value = getattr(window, f"notify_{name}_us")
        never = getattr(window, f"notify_{name}_never")
        found += [math.inf] if never else [] if value is None else [value]
    return sorted(found)


def of(results: Results, title: str) -> Distribution:
    """The distribution of that title."""
    return next(
        one for one in results.distributions if metric_title(one.metric) == title
    )


# What each sentence has to agree with


@check_of(
    "objectives",
    r"(?P<met>\d+) of (?P<of>\d+) objectives? met(?:, (?P<missed>\d+) missed)?"
    r"(?:, (?P<undecided>\d+) undecided)?\.",
)
def objectives_met(results: Results, found: re.Match[str]) -> None:
    """The counts of each verdict."""
    verdicts = [one.verdict for one in results.objectives]
    printed = [int(found[n] or 0) for n in ("met", "missed", "undecided")]
    expected = [
        verdicts.count(ObjectiveVerdict(n)) for n in ("met", "missed", "undecided")
    ]
    assert [*expected, len(verdicts)] == [*printed, int(found["of"])]


@check_of(
    "objectives",
    r"(?P<statement>(?!The scenario)[^:]+): (?P<reason>.+?)\."
    r"(?=$| (?:[\d.]+ % of |\w+ of )?\w+ at (?:most|least) )",
)
def open_objective(results: Results, found: re.Match[str]) -> None:
    """Each that is not met has its reason."""
    one = next(o for o in results.objectives if statement(o) == found["statement"])
    assert one.verdict in {ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED}
    assert plain(reason(one, results)).lower() == found["reason"].lower()


@check_of(
    "percentiles",
    rf"(?P<title>{TITLES}): (?P<parts>.+?)\.(?= From|$)",
)
def delays(results: Results, found: re.Match[str]) -> None:
    """Shares and times are those of the curve, other numbers are counts."""
    one = of(results, found["title"])
    for part in found["parts"].split(", "):
        if within := re.fullmatch(rf"(half|[\d.]+ %) within ({TIME})", part):
            share = 0.5 if within[1] == "half" else number(within[1][:-2]) / 100
            above = [p for p in one.curve if p.probability >= share - 1e-9]
            at = above[0]
            assert at.probability - share < 0.1 * (1 - share)
            assert same_time(within[2], at.value.mean)
        elif never := re.fullmatch(rf"({NUMBER}) of ({NUMBER}) never", part):
            printed = number(never[1]), number(never[2])
            assert printed == (one.never, one.count + one.never)
        elif still := re.fullmatch(rf"({NUMBER}) still open and not counted", part):
            assert one.still_open == number(still[1])
        elif few := re.fullmatch(rf"({NUMBER}) samples?, too few for a curve", part):
            assert (one.count, ()) == (number(few[1]), one.curve)
        else:
            assert "half never" == part
            assert one.never > one.count


@check_of(
    "percentiles",
    NOTHING + r"no curve reaches half\.",
)
@check_of(
    "percentiles",
    NOTHING + r"\d+ samples are too few, .*of a curve\.",
)
def no_curve(results: Results, _found: re.Match[str]) -> None:
    """No delay has a middle."""
    for one in results.distributions[:3]:
        assert all(point.probability < 0.5 for point in one.curve)


@check_of(
    "percentiles",
    NOTHING + r"no delay(?: of what was sent (?P<after>after the warm-up))? was"
    r" measured\.",
)
def nothing_measured(results: Results, found: re.Match[str]) -> None:
    """No delay has a sample; whatever the warm-up had is not denied."""
    assert found["after"] or not results.warm_up_us
    assert 0 == sum(one.count + one.never for one in results.distributions[:3])


@check_of(
    "outcomes",
    rf"The busiest window, {WHEN}, had (?P<rate>{NUMBER}) attempts a second;",
)
def busiest_window(results: Results, found: re.Match[str]) -> None:
    """No window has a higher rate."""
    top = max(window.offered for window in results.windows)
    assert same(number(found["rate"]), top)
    (at,) = [w for w in results.windows if same_time(found["at"], w.at_us)]
    assert top == at.offered
    late = [w for w in results.windows if w.at_us >= results.duration_us]
    printed = "Attempts in the drain were held back" in found.string
    assert printed == any(window.offered for window in late)


@check_of(
    "outcomes",
    rf"in the fullest, {WHEN}, (?P<pending>{NUMBER}) were pending on average\.",
)
def fullest_window(results: Results, found: re.Match[str]) -> None:
    """No window has more pending."""
    top = max(window.pending for window in results.windows)
    assert same(number(found["pending"]), top)
    assert any(
        same_time(found["at"], w.at_us) and w.pending == top for w in results.windows
    )


@check_of(
    "outcomes",
    r"Attempts in the drain were held back by devices that slept: each is counted when"
    r" its device woke\.",
)
def held_back(results: Results, _found: re.Match[str]) -> None:
    """There are some, at the end of a suspension."""
    late = [w for w in results.windows if w.at_us >= results.duration_us and w.offered]
    woke = [one.until_us for one in results.faults if one.kind == "suspend"]
    assert late
    assert all(any(w.at_us + results.window_us > at for at in woke) for w in late)


@check_of(
    "outcomes",
    r"nothing was ever pending\.",
)
def never_pending(results: Results, _found: re.Match[str]) -> None:
    """In no replication."""
    assert 0 == results.pending_peak


@check_of(
    "outcomes",
    rf"Of (?P<total>{NUMBER}) tried directly(?P<all> in all replications together)?,"
    r" (?P<parts>.+?)\.(?= \d|$)",
)
def outcome_shares(results: Results, found: re.Match[str]) -> None:
    """Parts of those tried directly, all that are not zero; not means of runs."""
    assert (found["all"] is not None) == (len(results.replications) > 1)
    total = sum(results.outcomes.values())
    assert number(found["total"]) == total
    parts = re.split(", | and ", found["parts"])
    printed = {kind: part for part, kind in (one.rsplit(" ", 1) for one in parts)}
    assert set(printed) == {kind.value for kind, n in results.outcomes.items() if n}
    for kind, share in printed.items():
        assert same_share(share, results.outcomes[Outcome(kind)] / total)


@check_of(
    "outcomes",
    r"No direct invitation was counted\.",
)
def none_counted(results: Results, _found: re.Match[str]) -> None:
    """Nothing that counts has an outcome."""
    assert 0 == sum(results.outcomes.values())


@check_of(
    "outcomes",
    rf"(?P<others>{NUMBER}) of (?P<all>{NUMBER}) attempts could not be tried"
    r" directly, only by email: they are in the dashed line, and have no"
    r" outcome(?P<grey>; those that became one are the grey layer)?\.",
)
def without_outcome(results: Results, found: re.Match[str]) -> None:
    """All attempts are tried directly or these."""
    assert results.flow is not None
    assert any(results.flow.emails_alone) == bool(found["grey"])
    others = number(found["others"]) + sum(results.outcomes.values())
    assert others == results.attempts == number(found["all"])


@check_of(
    "outcomes",
    NOTHING + r"nobody was invited\.",
)
def nobody(results: Results, _found: re.Match[str]) -> None:
    """No window has an attempt."""
    assert 0 == results.attempts == sum(w.offered for w in results.windows)


@check_of(
    "versions",
    NOTHING + r"there was no attempt to invite(?P<after> after the warm-up)?\.",
)
def no_attempt(results: Results, found: re.Match[str]) -> None:
    """None that counts, and none at all where no warm-up is named."""
    assert 0 == results.attempts
    assert found["after"] or not sum(w.offered for w in results.windows)


@check_of(
    "expiry",
    rf"All (?P<count>{NUMBER}) expiries came at the very microsecond of the"
    r" deadline: none early, none late\.",
)
def on_time(results: Results, found: re.Match[str]) -> None:
    """Every expiry has a lag of zero."""
    lag = of(results, "From the deadline to the expiry")
    assert (number(found["count"]), 0, 0) == (lag.count, lag.minimum_us, lag.maximum_us)


@check_of(
    "expiry",
    rf"When the run ended, (?P<count>{NUMBER}) invitations? should have expired"
    r" and had not\.",
)
def overdue(results: Results, found: re.Match[str]) -> None:
    """Those that should have expired."""
    assert of(results, "From the deadline to the expiry").never == number(
        found["count"]
    )


@check_of(
    "expiry",
    r"No invitation (?P<after>sent after the warm-up )?expired, so there is no lag to"
    r" show\.",
)
def no_expiry(results: Results, found: re.Match[str]) -> None:
    """None that counts, and none at all where no warm-up is named."""
    assert found["after"] or not sum(w.ended[Outcome.EXPIRED] for w in results.windows)
    assert 0 == results.outcomes.get(Outcome.EXPIRED, 0)
    assert 0 == of(results, "From the deadline to the expiry").count


@check_of(
    "gone",
    rf"Of (?P<all>{NUMBER}) recipients? who saw an invitation when it ended, or later,"
    rf" (?P<late>{NUMBER}) \((?P<share>{SHARE})\) still saw it (?P<after>{TIME})"
    r" after its end"
    rf"(?:, the longest for (?P<longest>{TIME}))?"
    rf"(?:, and (?P<never>{NUMBER}) until the run ended)?\.",
)
def seen_after_the_end(results: Results, found: re.Match[str]) -> None:
    """Those in bins above what is promised, and those that were never gone."""
    gone = of(results, "From the end to being gone")
    after_us = us(found["after"])
    promised = [o.bound for o in results.objectives if o.metric == gone.metric]
    assert [after_us] == (promised or [1e6])
    late = gone.never + sum(one.count for one in gone.bins if one.lower >= after_us)
    assert (gone.count + gone.never, late) == (
        number(found["all"]),
        number(found["late"]),
    )
    assert same_share(found["share"], late / (gone.count + gone.never))
    assert gone.never == number(found["never"] or "0")
    if found["longest"]:
        assert same_time(found["longest"], gone.maximum_us or 0)
    else:
        assert not late or gone.maximum_us is None


@check_of("gone", r"No recipient saw an invitation when it ended, or later\.")
def nothing_seen_after_the_end(results: Results, _found: re.Match[str]) -> None:
    """The delay has no population."""
    gone = of(results, "From the end to being gone")
    assert (0, 0) == (gone.count, gone.never)


@check_of(
    "gone",
    rf"In the whole run the relay dropped (?P<count>{NUMBER}) messages?, repeated ones"
    r" among them, because its memory was full\.",
)
def memory_was_full(results: Results, found: re.Match[str]) -> None:
    """What was dropped for that reason, and nothing else."""
    assert number(found["count"]) == results.messages["dropped: memory full"]


@check_of("gone", r"The memory of the relay was never full\.")
def memory_was_never_full(results: Results, _found: re.Match[str]) -> None:
    """Nothing was dropped for that reason."""
    assert "dropped: memory full" not in results.messages


@check_of(
    "relay",
    rf"The memory of the relay was full, and it dropped messages, in windows of {TIME}"
    rf" in all, from {TIME} to {TIME}\.",
)
def memory_is_told_of_the_relay(results: Results, found: re.Match[str]) -> None:
    """In the words of the cause, whose numbers are compared there."""
    assert plain(memory_text(results)) == found[0]


@check_of(
    "relay",
    r"(?:The relay was never full|The (?P<workers>workers) of the relay were never all"
    rf" busy): at most (?P<share>{SHARE}) busy, at {TIME}\.",
)
def never_full(results: Results, found: re.Match[str]) -> None:
    """The busiest window is not full."""
    top = max(window.relay_utilisation for window in results.windows)
    assert top < 0.98
    assert same_share(found["share"], top)
    memory = "dropped: memory full" in results.messages
    assert memory == (found["workers"] is not None)


@check_of(
    "relay",
    rf"The relay was full from (?P<from>{TIME}) to (?P<to>{TIME})"
    r"(?: and \d+ times? more, (?:not|none) longer)?\.",
)
def full(results: Results, found: re.Match[str]) -> None:
    """Every window in between is full."""
    begin_us, end_us = us(found["from"]), us(found["to"])
    inside = [w for w in results.windows if begin_us <= w.at_us < end_us]
    assert inside
    assert min(w.relay_utilisation for w in inside) >= 0.98
    assert same_time(found["to"], inside[-1].at_us + results.window_us)


@check_of(
    "relay",
    rf"In the worst window, at (?P<at>{TIME}), messages of all pools waited"
    rf" (?P<wait>{TIME}) on average\.",
)
def worst_wait(results: Results, found: re.Match[str]) -> None:
    """No window has a longer mean wait."""
    waits = {w.at_us: w.relay_wait_us or 0.0 for w in results.windows}
    assert same_time(found["wait"], max(waits.values()))
    assert any(
        same_time(found["at"], at) and waits[at] == max(waits.values()) for at in waits
    )


@check_of(
    "relay",
    r"No message waited\.",
)
def no_wait(results: Results, _found: re.Match[str]) -> None:
    """All windows have none."""
    assert not any(w.relay_wait_us for w in results.windows)


@check_of(
    "relay",
    rf"Of the messages between warm-up and drain, (?P<count>{NUMBER}) never came to"
    r" a worker: dropped, or in a queue at the end\.",
)
def never_served(results: Results, found: re.Match[str]) -> None:
    """Over all pools; the drops of the whole run are another number."""
    assert sum(pool.never for pool in results.pools) == number(found["count"])


@check_of(
    "relay",
    r"Its busiest pool is that of the (?P<kind>\w+) messages,"
    rf" (?P<share>{SHARE}) busy between warm-up and drain\.",
)
def busiest_pool(results: Results, found: re.Match[str]) -> None:
    """The highest mean."""
    top = max(results.pools, key=lambda pool: pool.utilisation.mean)
    assert found["kind"] == top.kind
    assert same_share(found["share"], top.utilisation.mean)


@check_of(
    "relay",
    r"The relay had nothing to do\.",
)
def idle(results: Results, _found: re.Match[str]) -> None:
    """No window has any work."""
    assert not any(w.relay_utilisation for w in results.windows)


@check_of(
    "versions",
    rf"Of (?P<count>{NUMBER}) attempts, (?P<direct>{SHARE}) direct,"
    rf" (?P<email>{SHARE}) by email and (?P<neither>{SHARE}) neither\.",
)
def ways(results: Results, found: re.Match[str]) -> None:
    """Three parts of all attempts."""
    pairs = results.versions
    parts = [
        sum(getattr(pair, way) for pair in pairs)
        for way in ("direct", "by_email", "refused")
    ]
    assert number(found["count"]) == sum(parts) == results.attempts
    for printed, part in zip(("direct", "email", "neither"), parts, strict=True):
        assert same_share(found[printed], part / sum(parts))


@check_of(
    "versions",
    rf"(?P<count>{NUMBER}) refusals? of a direct invitation, after which an"
    rf" email may have followed; most \((?P<most>{NUMBER})\):"
    r" (?P<reason>[^.]+)\.",
)
def refusals(results: Results, found: re.Match[str]) -> None:
    """The counts of all and of the most frequent."""
    assert number(found["count"]) == sum(results.refusals.values())
    assert number(found["most"]) == max(results.refusals.values())
    assert number(found["most"]) == results.refusals[found["reason"].replace(" ", "-")]


@check_of(
    "versions",
    r"No direct invitation was refused(?P<after> after the warm-up)?\.",
)
def no_refusals(results: Results, found: re.Match[str]) -> None:
    """None is counted, and none was at all where no warm-up is named."""
    assert found["after"] or not sum(w.ended[Outcome.REFUSED] for w in results.windows)
    assert 0 == results.outcomes.get(Outcome.REFUSED, 0)


@check_of(
    "delays",
    NOTHING + r"no window has enough samples for a percentile\.",
)
def no_percentile(results: Results, _found: re.Match[str]) -> None:
    """No window at all has a median that could be drawn."""
    assert [] == known(results, "p50")
    assert all(window.notify_p50_us is None for window in results.windows)


@check_of(
    "delays",
    r"No window between warm-up and drain has enough samples for a percentile\.",
)
def percentile_elsewhere(results: Results, _found: re.Match[str]) -> None:
    """Those that are drawn are not counted."""
    assert [] == known(results, "p50")
    assert any(window.notify_p50_us is not None for window in results.windows)


@check_of(
    "delays",
    r"No window has enough samples for a p99\.",
)
def no_p99(results: Results, _found: re.Match[str]) -> None:
    """No counted window has one."""
    assert [] == known(results, "p99")


@check_of(
    "delays",
    rf"{P} (?P<middle>{TIME}) in the middle one of (?P<count>{NUMBER}) windows"
    rf" with enough samples and (?P<worst>{TIME}) in the slowest, {WHEN}\.?",
)
def by_window(results: Results, found: re.Match[str]) -> None:
    """The middle and the worst of the windows that have it."""
    values = known(results, found["name"])
    assert len(values) == number(found["count"])
    assert same_time(found["middle"], values[(len(values) - 1) // 2])
    assert same_time(found["worst"], values[-1])


SENT = r"(?:By the window in which they were sent, )?;? ?"
NEVER_SHOWN = rf"{SENT}more than (?P<part>{SHARE}) were never shown"


@check_of(
    "delays",
    rf"{NEVER_SHOWN} in (?P<never>{NUMBER}) of (?P<count>{NUMBER}) windows with enough"
    rf" samples, the first of them {WHEN}\.?",
)
def never_by_window(results: Results, found: re.Match[str]) -> None:
    """How many windows have more that were never shown than the percentile allows."""
    name = {"1 %": "p99", "50 %": "p50"}[found["part"]]
    values = known(results, name)
    assert len(values) == number(found["count"])
    assert values.count(math.inf) == number(found["never"])
    first = next(w for w in counted(results) if getattr(w, f"notify_{name}_never"))
    assert same_time(found["at"], first.at_us)


@check_of("delays", rf"{NEVER_SHOWN} in the one window with enough samples\.?")
def never_in_one_window(results: Results, found: re.Match[str]) -> None:
    """There is no other."""
    name = {"1 %": "p99", "50 %": "p50"}[found["part"]]
    assert [math.inf] == known(results, name)


@check_of(
    "delays", rf";? ?(?P<name>p50|p99) was at most (?P<worst>{TIME}) elsewhere\.?"
)
def elsewhere(results: Results, found: re.Match[str]) -> None:
    """The worst of the windows in which it is a time."""
    values = [one for one in known(results, found["name"]) if one < math.inf]
    assert same_time(found["worst"], max(values))


@check_of(
    "delays",
    rf"{P} (?P<worst>{TIME}) in the one window with enough samples\.?",
)
def in_one_window(results: Results, found: re.Match[str]) -> None:
    """There is no other."""
    (value,) = known(results, found["name"])
    assert same_time(found["worst"], value)


@check_of(
    "replications",
    r"1 replication cannot show how much runs differ: no figure of this report"
    r" has an interval\.",
)
def one_replication(results: Results, _found: re.Match[str]) -> None:
    """No figure has an interval."""
    assert 1 == len(results.replications)
    assert all(one.low is None for one in results.outcome_shares.values())


@check_of(
    "replications",
    r"\d+ replications measured nothing that could differ\.",
)
def nothing_differs(results: Results, _found: re.Match[str]) -> None:
    """There are several, and nothing was sent."""
    assert len(results.replications) > 1
    assert 0 == results.pending_peak


def figures_of(results: Results, name: str) -> list[float]:
    """The dots of a figure."""
    fields: Mapping[str, Callable[[Replication], float | None]] = {
        "notify delay p99": lambda run: run.notify_p99_us,
        "notify delay p50": lambda run: run.notify_p50_us,
        "mean pending": lambda run: run.pending_mean,
        "share accepted": lambda run: (
            run.outcomes[Outcome.ACCEPTED] / sum(run.outcomes.values())
        ),
    }
    values = (fields[name](run) for run in results.replications)
    return [value for value in values if value is not None]


@check_of(
    "replications",
    r"Over (?:(?P<known>\d+) of )?(?P<runs>\d+) replications(?:, where it is"
    r" (?:known|a time \(never in (?P<never>\d+)\)),)? the (?P<name>[\w ]+?)"
    r" (?:was (?P<each>[^;]+?) in each|went from"
    r" (?P<low>[^;]+?) to (?P<high>[^;]+?))(?:; its mean lies between (?P<begin>.+?)"
    r" and (?P<end>.+?) with 95 % confidence)?\.(?= |$)",
)
def spread(results: Results, found: re.Match[str]) -> None:
    """From the least to the most, and the interval holds their mean."""
    values = figures_of(results, found["name"])
    assert len(values) == number(found["known"] or found["runs"])
    assert len(results.replications) == number(found["runs"])
    if found["known"] and found["name"].endswith(("p50", "p99")):
        median = found["name"].endswith("p50")
        nevers = [
            run.notify_p50_never if median else run.notify_p99_never
            for run in results.replications
        ]
        assert sum(nevers) == number(found["never"] or "0")

    def read(text: str) -> float:
        return us(text) if "delay" in found["name"] else number(text.rstrip(" %"))

    assert found["low"] is None or found["low"] != found["high"]
    low, high = found["each"] or found["low"], found["each"] or found["high"]
    scale = 1 if "share" not in found["name"] else 100
    assert same(read(low), scale * min(values))
    assert same(read(high), scale * max(values))
    if found["begin"]:
        mean = sum(values) / len(values)
        assert read(found["begin"]) <= scale * mean * 1.005
        assert scale * mean <= read(found["end"]) * 1.005


@check_of(
    "replications",
    r"Pending [^.]+\.$",
)
def advice(results: Results, found: re.Match[str]) -> None:
    """Only where load and world are the same all the time, and as it was given."""
    (one,) = results.warm_up_advice
    assert plain(warm_up_text(one)).lower() == found[0].rstrip(".").lower()
    assert not results.faults
    assert "stages" not in str(results.scenario["arrivals"])


@check_of(
    "lives",
    rf"\d+ invitations? of (?P<all>{NUMBER}) sampled from the first replication;"
    rf" the longest of them, (?P<kind>\w+), took (?P<took>{TIME}) from its first"
    rf" to its last moment\. An invitation expires after (?P<lifetime>{TIME})\.",
)
def traces(results: Results, found: re.Match[str]) -> None:
    """The longest of a dozen, by its moments."""
    assert number(found["all"]) == len(results.traces)
    lengths = [
        (trace.moments[-1].at_us - trace.moments[0].at_us, trace.outcome.value)
        for trace in results.traces
        if trace.moments
    ]
    assert any(
        same_time(found["took"], length) and kind == found["kind"]
        for length, kind in lengths
    )
    assert same_time(found["lifetime"], results.lifetime_us)


@check_of(
    "lives",
    r"No invitation was sampled\.",
)
def no_trace(results: Results, _found: re.Match[str]) -> None:
    """None was sampled."""
    assert () == results.traces


@check_of(
    "objectives",
    r"The scenario promises nothing: it has no objectives\.",
)
def promises_nothing(results: Results, _found: re.Match[str]) -> None:
    """It has no objectives."""
    assert () == results.objectives


def test_every_sentence_of_a_chart_agrees_with_the_numbers(simulated: Results) -> None:
    """A sentence that no check knows is a failure, too."""
    results = simulated
    for chart in load_charts(results):
        if chart.name in {"messages", "spent"}:
            continue  # test_cause.py reads these
        text = plain(chart.description)
        while text:
            found, check = next(
                (match, check)
                for pattern, check in SENTENCES[chart.name]
                if (match := re.match(pattern, text)) is not None
            )
            check(results, found)
            text = text[found.end() :].lstrip()


def test_every_objective_that_is_not_met_is_explained(simulated: Results) -> None:
    """Below the chart, those that are missed before those that are undecided."""
    wanted = [
        statement(one)
        for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED)
        for one in simulated.objectives
        if one.verdict is verdict
    ]
    for chart in load_charts(simulated):
        if chart.name == "objectives":
            places = [chart.description.find(f"{one}: ") for one in wanted]
            assert -1 not in places
            assert sorted(places) == places


def test_only_a_limited_memory_has_a_chart_of_its_own(
    shape: str, simulated: Results
) -> None:
    """All other reports are as they were; a curve needs samples enough."""
    charts = {chart.name: chart for chart in load_charts(simulated)}
    assert ("memory" in shape) == ("gone" in charts)
    if shape in {"memory full", "memory to spare"}:
        assert charts["gone"].picture is not None
        rows = charts["gone"].table.rows
        seen = [number(plain(row[1])) for row in rows]
        assert sorted(seen, reverse=True) == seen
        assert (len(seen) > 3) == (shape == "memory full")


def test_the_parts_of_the_attempts_add_up(simulated: Results) -> None:
    """What was refused and then emailed is counted once."""
    results = simulated
    numbers = re.findall(NUMBER, plain(sent_line(results)))
    attempts, direct, emailed, neither, tried, refused = map(number, numbers)
    assert direct + emailed + neither == attempts == results.attempts
    assert direct + refused == tried == sum(results.outcomes.values())
    assert (emailed, refused) == (
        results.emailed,
        results.outcomes.get(Outcome.REFUSED, 0),
    )
    assert neither == sum(pair.refused for pair in results.versions)


def test_the_summary_has_what_never_happened(simulated: Results) -> None:
    """A line for each delay with samples that never happened or are open."""
    results = simulated
    lines = [plain(line) for line in never_lines(results)]
    waiting = [one for one in results.distributions if one.never or one.still_open]
    assert [metric_title(one.metric) for one in waiting] == [
        line.split(":")[0] for line in lines
    ]
    for one, line in zip(waiting, lines, strict=True):
        numbers = [number(text) for text in re.findall(NUMBER, line)]
        parts = [one.never, one.never + one.count] if one.never else []
        assert [*parts, *([one.still_open] if one.still_open else [])] == numbers


def test_a_run_line_has_the_size_of_the_run(shape: str, simulated: Results) -> None:
    """The seed, the replications, and whether one of them was cut off."""
    results = simulated
    words = plain(run_line(results))
    runs = len(results.replications)
    assert f"{runs} replication{'s' if runs > 1 else ''}" in words
    assert ("cut off" in words) == ("interrupted" in shape)
    assert ("INCOMPLETE" in verdict_line(results)) == ("interrupted" in shape)
    done = re.search(r"(\d+) of \d+ replications done", verdict_line(results))
    assert (done is not None and done[1] == "0") == ("interrupted" in shape)


def test_no_figure_of_an_interrupted_run_is_impossible(simulated: Results) -> None:
    """No window has more work than its workers can do, in any shape."""
    results = simulated
    assert all(0 <= w.relay_utilisation <= 1 + 1e-9 for w in results.windows)
    assert all(0 <= pool.utilisation.mean <= 1 + 1e-9 for pool in results.pools)
    longest_us = results.windows[-1].at_us + results.window_us
    assert all((w.relay_wait_us or 0) <= longest_us for w in results.windows)


def test_the_mean_of_the_replications_is_among_them(
    make_results: Callable[[str], Results],
) -> None:
    """Also where some have too few samples, so that the curve is that of all."""
    results = make_results("steady")
    known_us = (4_930_000.0, None, 4_930_000.0, 4_930_000.0, None)
    runs = tuple(
        run.model_copy(update={"notify_p99_us": value})
        for run, value in zip(results.replications, known_us, strict=True)
    )
    notify = results.distribution("notify_delay")
    assert notify is not None
    far = tuple(
        point.model_copy(update={"value": Estimate(mean=5_000_000)})
        for point in notify.curve
    )
    results = results.model_copy(
        update={
            "replications": runs,
            "distributions": (notify.model_copy(update={"curve": far}),),
        }
    )
    description = next(
        c.description for c in load_charts(results) if c.name == "replications"
    )
    assert plain(description).startswith(
        "Over 3 of 5 replications, where it is known, the notify delay p99 was 4.93 s"
        " in each."
    )


def test_a_pool_line_has_what_was_never_served() -> None:
    """And what it shed, each with its span; one without losses has neither."""
    pool = Pool(
        kind="offer",
        servers=1,
        handled=10,
        shed=3,
        never=5,
        utilisation=Estimate(mean=0.5),
        wait_us=None,
        wait_p99_us=None,
        longest_queue=7,
    )
    expected = "offer: 50 % busy, no mean wait, longest queue 7"
    assert (
        f"{expected}, 3 shed in the whole run, 5 between warm-up and drain never served"
    ) == plain(pool_line(pool))
    calm = pool.model_copy(update={"shed": 0, "never": 0})
    assert expected == plain(pool_line(calm))
