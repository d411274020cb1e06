"""Sentences that are the same in every view of a run."""

import shlex
from collections.abc import Iterator

from invitelab.formats.evidence import only_blocked
from invitelab.formats.run import Header, Level, Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import GLYPHS, clock_words

TROUBLE = (Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION, Verdict.INCONCLUSIVE)
"""Verdicts of the scenarios that are shown in full, in the order of the reports."""


def verdict_line(run: Run) -> str:
    """The verdict with what qualifies it, or INCOMPLETE."""
    footer = run.footer
    if footer is None:
        return "INCOMPLETE (the run has no end)"
    reason = f" ({footer.reason})" if footer.reason else ""
    return f"{judged_by(run)}{reason}{qualifiers(run)}"


def judged_by(run: Run) -> str:
    """`CONFORMANT`, or `CONFORMANT by NAME` with a product variant."""
    assert run.footer is not None, "it has a verdict"
    by = f" by {run.header.profile.name}" if run.header.profile is not None else ""
    return f"{run.footer.verdict.value}{by}"


def qualifiers(run: Run) -> str:
    """What follows a verdict: `, blame: adapter, clock virtual (proven)`."""
    if run.footer is None:
        return ""
    blame = f", blame: {run.footer.blame.value}" if run.footer.blame else ""
    clock = f", {clock_line(run)}" if run.header.clock else ""
    seed = f", seed {run.header.seed}" if run.header.depth else ""
    return f"{blame}{clock}{seed}"


def clock_line(run: Run) -> str:
    """`clock virtual (proven)`; of a real one, how late the machine was."""
    words = f"clock {clock_words(run.header)}"
    if run.footer is None or run.header.clock != "real":
        return words
    return f"{words}, this machine late by at most {run.footer.tolerance_ms} ms"


def denominators(run: Run) -> str:
    """All of them, always: `required 41/44 - interpretations 18/22 - ...`."""
    if run.footer is None:
        return "no totals"
    totals = run.footer.totals
    required, interpretation = (level.value for level in Level)
    count = totals.get("blocked", 0)
    blocked = f" - {count} blocked" if count else ""
    return (
        f"required {totals[f'{required} passed']}/{totals[required]}"
        f" - interpretations {totals[f'{interpretation} passed']}"
        f"/{totals[interpretation]}"
        f"{blocked} - {totals['not applicable']} not applicable"
        f" - {totals['untested']} untested of {totals['clauses']}"
    )


def coverage_line(run: Run) -> str | None:
    """`values 124 of 124, pairs 6,952 of 6,952, in 891 runs`; None for a part."""
    tried = run.footer.coverage if run.footer is not None else None
    if tried is None:
        return None
    (values, of_values), (pairs, of_pairs) = tried.values, tried.pairs
    met, of_met = tried.by_clause
    left = f"; left out: {', '.join(tried.left_out)}" if tried.left_out else ""
    return (
        f"values {values:,} of {of_values:,}, pairs {pairs:,} of {of_pairs:,}, "
        f"by clause {met:,} of {of_met:,}, in {tried.runs:,} runs{left}"
    )


def coverage_details(run: Run) -> Iterator[tuple[str, str]]:
    """What was tried, by name; nothing for a part of the suite."""
    tried = run.footer.coverage if run.footer is not None else None
    if tried is None:
        return
    shares = {
        "values": tried.values,
        "pairs of values": tried.pairs,
        "triples of the core factors": tried.triples,
        "values that can matter to a clause": tried.by_clause,
    }
    yield "runs of scenarios", f"{tried.runs:,}"
    for name, (done, possible) in shares.items():
        yield name, f"{done:,} of {possible:,}"
    rare = "; ".join(f"{pair} ({number:,})" for pair, number in tried.rare)
    yield "pairs that occur the least", rare or "none"
    if tried.left_out:
        left = (f"{name} ({', '.join(some)})" for name, some in tried.left_out.items())
        yield "values that this target cannot be given", "; ".join(left)


def scenario_counts(run: Run) -> str:
    """`224 scenarios: 224 pass`."""
    if run.footer is None:
        return f"{len(run.scenarios)} scenarios"
    totals = run.footer.totals
    words = [
        f"{totals[f'scenarios {verdict.value}']} {verdict.value}"
        for verdict in Verdict
        if f"scenarios {verdict.value}" in totals
    ]
    known = totals.get("scenarios known", 0)
    words += [f"{known} known"] if known else []
    count = totals["scenarios"]
    noun = "scenario" if count == 1 else "scenarios"
    return f"{count} {noun}: {', '.join(words) or 'none'}"


def target_line(header: Header) -> str:
    """The target as named, and the name of the implementation."""
    target = f"{header.name}: {header.target}" if header.name else header.target
    return f"{target} ({header.implementation})" if header.implementation else target


def suite_line(header: Header) -> str:
    """Harness, suite and clock: what qualifies every verdict."""
    assumed = " (assumed)" if is_settling_assumed(header) else ""
    settles = f", settles within {header.settle_ms} ms{assumed}"
    settling = settles if header.settle_ms else ""
    clock = f", clock {clock_words(header)}" if header.clock else ""
    depth = f", depth {header.depth}, seed {header.seed}" if header.depth else ""
    own = f" with {header.features}" if header.features else ""
    own += f", {product_words(header)}" if header.profile is not None else ""
    return f"{header.harness}, suite {header.suite}{own}{clock}{settling}{depth}"


def product_words(header: Header) -> str:
    """`profile NAME (FILE): lifetime 300 s`; empty without a product variant."""
    product = header.profile
    if product is None:
        return ""
    lifetime = f"lifetime {product.lifetime_ms / 1000:g} s"
    return f"profile {product.name} ({product.file}): {lifetime}"


def is_settling_assumed(header: Header) -> bool:
    """Whether the settling is a guess of ours, on a clock where it takes time."""
    return bool(header.settle_assumed) and header.clock in {"real", "jump"}


def settling_hint(header: Header) -> str | None:
    """What to declare where the settling is a guess; None where it is not."""
    if not is_settling_assumed(header):
        return None
    return (
        f'the adapter declares no "settle_ms": each effect is given {header.settle_ms}'
        ' ms. Answer initialize with what it takes, such as "settle_ms": 50;'
        f" invitelab probe {shlex.quote(header.target)} measures it"
    )


def troubled(run: Run) -> list[ScenarioRecord]:
    """The scenarios that are shown in full, the worst first and known failures last."""
    worst_first = [
        record
        for verdict in TROUBLE
        for record in run.scenarios
        if record.verdict is verdict
    ]
    worst_first += only_blocked(run.scenarios)
    return sorted(worst_first, key=lambda record: record.known is not None)


def verdict_word(verdict: Verdict | None) -> str:
    """Sign and word of a clause's verdict."""
    return "  untested" if verdict is None else f"{GLYPHS[verdict]:<2} {verdict.value}"
