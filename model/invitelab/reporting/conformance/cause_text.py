"""A cause in words: what is broken, and what fails with it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from invitelab.errors import Blame
from invitelab.formats.evidence import only_blocked
from invitelab.formats.lifetime_words import with_lifetime
from invitelab.formats.run import Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.specification import shipped_clauses
from invitelab.reporting.common.formatting import plural, short
from invitelab.reporting.conformance.causes import Cause, causes
from invitelab.reporting.conformance.deviation import worked_before
from invitelab.reporting.conformance.summary import troubled

MOST_NAMED = 5
"""Clauses that are named one by one; of more, the rest is counted."""

LONGEST_SEEN = 160
"""Characters of what was seen, in the box of the verdict."""

_TROUBLE: Mapping[str, str] = {
    "crash": "the implementation crashes where {} is tried",
    "hang": "the implementation does not answer where {} is tried",
    "protocol": "an answer is invalid where {} is tried",
    "missing-method": "an operation is missing that {} needs",
    "setup": "what {} builds on does not hold",
}
"""The words for a clause none of whose scenarios came to an end, by kind of error."""

_ABSOLUTE = re.compile(r"\b(do not|does not|cannot)(?= )")
"""What says of all scenarios of a clause that they fail."""

REST: Mapping[Verdict, str] = {
    Verdict.FAIL: "fails, and is no failure of the run",
    Verdict.ERROR: "ended in an error",
    Verdict.DEVIATION: "done in another way, where the specification is silent",
    Verdict.INCONCLUSIVE: "could not be decided, mostly because of the clock",
    Verdict.BLOCKED: "needs an operation that is refused",
}
"""The words for what is no cause of a failed run, by the verdict of its scenarios."""


def broken_words(
    clause: str,
    records: Sequence[ScenarioRecord],
    run: Run,
    *,
    with_values: bool = False,
) -> str:
    """What it means that a clause is broken, with its ID, by what the records show.

    Where other scenarios of the clause pass, or its operation worked before, it "does
    not always" hold, unless values are named that say when it does not.
    """
    errors = [record.kind for record in records if record.kind is not None]
    if len(errors) == len(records):
        words = _TROUBLE.get(errors[0], "a call fails with an error where {} is tried")
        if all(record.blame is Blame.EITHER for record in records):
            words = words.replace("the implementation", "the adapter or implementation")
        return words.format(clause)
    known = shipped_clauses().get(clause)
    if known is not None:
        product, words = run.header.profile, known.broken
        passed = any(one.passed for one in run.clauses if one.clause == clause)
        worked = passed or any(worked_before(one, clause) for one in records)
        if worked and not with_values:
            words = _ABSOLUTE.sub(r"\1 always", words, count=1)
        if product is not None:
            words = with_lifetime(words, product.lifetime_ms)
        return f"{words} ({clause})"
    (text,) = [one.text for one in run.clauses if one.clause == clause] or [""]
    return f'"{text}" does not hold ({clause})' if text else f"{clause} does not hold"


def cause_words(cause: Cause, run: Run) -> str:
    """`an accept after the two minutes still starts a session (EXPIRY-2)`."""
    own = [one for one in cause.records if cause.clause in one.clauses]
    return broken_words(cause.clause, own or cause.records, run)


def first_seen(run: Run) -> str:
    """What was seen where the first cause shows, and in which scenario; or nothing."""
    if run.footer is None or run.footer.verdict is not RunVerdict.NON_CONFORMANT:
        return ""
    for cause in causes(run):
        for record in cause.records:
            if record.message:
                seen = short(record.message, LONGEST_SEEN)
                return f"Seen: {seen}, in “{record.title}”"
    return ""


def extent(cause: Cause) -> str:
    """`seen in 7 scenarios; with it fail EXPIRY-3 and EXPIRY-4`, and if it is known."""
    parts = [f"seen in {plural(len(cause.records), 'scenario')}"]
    if cause.also:
        verb = "fails" if len(cause.also) == 1 else "fail"
        parts.append(f"with it {verb} {named(cause.also)}")
    if cause.known:
        parts.append("known")
    return "; ".join(parts)


def named(ids: Iterable[str]) -> str:
    """The first MOST_NAMED of them by name, and how many there are beside these."""
    names = list(ids)
    more = len(names) - MOST_NAMED
    rest = f", and {more} more" if more > 0 else ""
    return f"{', '.join(names[:MOST_NAMED])}{rest}"


def beyond_causes(
    run: Run, found: Sequence[Cause] | None = None
) -> list[ScenarioRecord]:
    """The scenarios that did not pass and that no cause is about, the worst first."""
    explained = {
        id(record)
        for cause in (causes(run) if found is None else found)
        for record in cause.records
    }
    return [record for record in troubled(run) if id(record) not in explained]


def untried_words(run: Run) -> str | None:
    """`6 scenarios could not be tried because of PENDING-1`; None where all were.

    Those that are shown as the only evidence against the blocking clause do not count.
    """
    shown = {id(record) for record in only_blocked(run.scenarios)}
    untried = [
        record
        for record in run.scenarios
        if record.verdict is Verdict.BLOCKED
        and not record.besides
        and id(record) not in shown
    ]
    blocking = dict.fromkeys(one.blocked_by for one in untried if one.blocked_by)
    if not untried:
        return None
    reason = f" because of {named(blocking)}" if blocking else ""
    return f"{plural(len(untried), 'scenario')} could not be tried{reason}"
