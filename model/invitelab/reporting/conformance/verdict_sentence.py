"""The verdict of a run as one sentence, for people who know only the product."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invitelab.formats.evidence import broken, undecided
from invitelab.formats.run import LEFT_OUT, Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.transcript import clauses_of
from invitelab.reporting.common.formatting import listed, plural
from invitelab.reporting.conformance.cause_text import MOST_NAMED, broken_words, named
from invitelab.reporting.conformance.causes import Cause, blockers, causes
from invitelab.reporting.conformance.summary import judged_by


def verdict_sentence(run: Run) -> str:
    """The verdict of a run, and what it rests on, without a full stop.

    Of the values without which a record that breaks a clause does not fail, those that
    all of them have in common are named.
    """
    if run.footer is None:
        return "INCOMPLETE: the run has no end"
    verdict = run.footer.verdict
    needed = [_needed(record) for record in broken(run.scenarios)]
    parts = "; ".join(_parts(run, verdict, needed))
    if verdict is RunVerdict.CONFORMANT:
        return f"{judged_by(run)} ({parts})" if parts else judged_by(run)
    return f"{judged_by(run)}: {parts}"


def _parts(
    run: Run, verdict: RunVerdict, needed: Sequence[frozenset[str]]
) -> Iterator[str]:
    """What a verdict rests on, the most important first."""
    match verdict:
        case RunVerdict.CONFORMANT:
            yield from _reservations(run)
        case RunVerdict.PARTIAL:
            yield _selected(run)
            yield from _left_out(run)
        case RunVerdict.INCONCLUSIVE:
            yield from _undecided(run)
        case RunVerdict.NON_CONFORMANT:
            yield from _non_conformant(run, needed)
        case RunVerdict.INVALID:
            yield _reason(run)
    yield from _stale(run)
    yield from _advice(run)


def _reason(run: Run) -> str:
    """What the run itself says of its verdict."""
    return (run.footer.reason if run.footer else None) or "nothing is known"


# --- Verdicts without a failure --------------------------------------------------


def _reservations(run: Run) -> Iterator[str]:
    """What was declined, and in which clauses the implementation deviates."""
    if run.header.declined:
        yield f"declined: {', '.join(sorted(run.header.declined))}"
    product = run.header.profile
    if product is not None and product.otherwise:
        yield f"{product.name} reads {named(product.otherwise)} otherwise"
    deviating = _ids(run, Verdict.DEVIATION)
    if deviating:
        yield f"deviates in {named(deviating)}"


def _stale(run: Run) -> Iterator[str]:
    """The clauses of which the baseline says what is no longer so."""
    entries = run.footer.stale_entries if run.footer else ()
    if entries:
        yield f"stale baseline: {named(dict.fromkeys(one.clause for one in entries))}"


def _advice(run: Run) -> Iterator[str]:
    """What to declare, where a real clock left the verdict open."""
    open_ = {RunVerdict.INCONCLUSIVE, RunVerdict.PARTIAL}
    if run.footer is not None and run.footer.advice and run.footer.verdict in open_:
        yield run.footer.advice


def _undecided(run: Run) -> Iterator[str]:
    """The clauses that are open, and what kept them from being tried."""
    ids = _open(run)
    if _is_whole(run):
        noun = "required clause was" if len(ids) == 1 else "required clauses were"
        yield f"{len(ids)} {noun} not decided ({named(ids)})"
    else:
        yield _selected(run)
        if sum(one.verdict is not None for one in run.clauses) > 1:
            yield f"not decided: {named(ids)}"
        yield from _left_out(run)
    blocking = blockers(run)
    if blocking:
        yield _could_not_be_tried(run, f"of {named(blocking)}")


_FATES = (
    (Verdict.DEVIATION, "deviates", "deviate"),
    (Verdict.ERROR, "ended in an error", "ended in an error"),
    (Verdict.INCONCLUSIVE, "is undecided", "are undecided"),
    (Verdict.BLOCKED, "could not be tried", "could not be tried"),
    (Verdict.NOT_RUN, "was not reached", "were not reached"),
    (Verdict.NOT_APPLICABLE, "does not apply", "do not apply"),
)
"""What became of a selected clause that did not simply hold, of one and of several."""


def _selected(run: Run) -> str:
    """Of the clauses that were selected, how many hold, and what became of the rest."""
    selected = [one for one in run.clauses if one.verdict is not None]
    held = [one for one in selected if one.verdict is Verdict.PASS]
    if len(selected) == 1:
        fates = {verdict: word for verdict, word, _ in _FATES}
        word = fates.get(selected[0].verdict or Verdict.NOT_RUN, "holds")
        return f"the clause that was selected {word} ({selected[0].clause})"
    if len(held) == len(selected):
        return f"the {plural(len(selected), 'clause')} that were selected hold"
    parts = [f"{len(held)} {'holds' if len(held) == 1 else 'hold'}"]
    for verdict, one, many in _FATES:
        ids = _ids(run, verdict)
        if ids:
            parts.append(f"{len(ids)} {one if len(ids) == 1 else many}")
    return f"of the {len(selected)} clauses that were selected {listed(parts)}"


def _left_out(run: Run) -> Iterator[str]:
    """How many scenarios were not run because they wait for too long."""
    number = sum(record.kind == LEFT_OUT for record in run.scenarios)
    if number:
        verb = "was" if number == 1 else "were"
        yield f"{plural(number, 'scenario')} with a longer wait {verb} left out"


# --- A failure -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """A clause that is broken, with the records that show it."""

    id: str
    records: tuple[ScenarioRecord, ...]

    @property
    def known(self) -> bool:
        """Whether the baseline has all of it."""
        return all(record.known is not None for record in self.records)


def _non_conformant(run: Run, needed: Sequence[frozenset[str]]) -> Iterator[str]:
    """What is broken, the cause first; then what that kept from being tried."""
    reasons = causes(run)
    found = _in_order(run, reasons)
    if not found:  # a record that contradicts itself
        yield _reason(run)
        return
    known = [one for one in found if one.known]
    first, *others = [one for one in found if not one.known] or known
    all_known = len(known) == len(found)
    rest = _rest(len(others), together=len(reasons) == 1, all_known=all_known)
    values = _with(needed)
    words = broken_words(first.id, first.records, run, with_values=bool(values))
    yield f"{values}{words}{rest}"
    if known and not all_known:
        verb = "is" if len(known) == 1 else "are"
        yield f"{plural(len(known), 'more clause')} {verb} known to be broken"
    blocking = blockers(run)
    if blocking:
        alone = len(found) == 1 and blocking == (first.id,)
        yield _could_not_be_tried(run, "of it" if alone else f"of {named(blocking)}")
    if all_known:
        ids = _open(run)
        if ids:
            yield f"open: {named(ids)}"


def _in_order(run: Run, found: Sequence[Cause]) -> list[_Broken]:
    """The broken clauses: those of the first cause first, each after what names it."""
    records: dict[str, list[ScenarioRecord]] = {}
    for record in broken(run.scenarios):
        for id_ in clauses_of(record):
            records.setdefault(id_, []).append(record)
    ids = dict.fromkeys(id_ for one in found for id_ in (one.clause, *one.also))
    return [_Broken(id=id_, records=tuple(records[id_])) for id_ in ids]


def _rest(number: int, *, together: bool, all_known: bool) -> str:
    """How many more clauses are broken, and whether all of that is known.

    `together`: they fail because of the one that was named.
    """
    known = ", all of them known" if number else ", which is known"
    if not number:
        return known if all_known else ""
    verb = "is" if number == 1 else "are"
    fails = "fails" if number == 1 else "fail"
    what = f"{fails} with it" if together else f"{verb} broken"
    return f", and {plural(number, 'more clause')} {what}{known if all_known else ''}"


def _needed(record: ScenarioRecord) -> frozenset[str]:
    """The values that a failure needs; all of its row where nobody has looked."""
    if record.besides and not record.needed:
        return frozenset(f"{factor}: {name}" for factor, name in record.values.items())
    return frozenset(record.needed)


def _with(needed: Sequence[frozenset[str]]) -> str:
    """The values that all failures need, as the beginning of a sentence."""
    common = frozenset[str].intersection(*needed) if needed else frozenset[str]()
    if len(common) > MOST_NAMED:
        return f"with {len(common)} values together, "
    return f"with {listed(sorted(common))}, " if common else ""


# --- Clauses that were kept from being tried -------------------------------------


def _could_not_be_tried(run: Run, cause: str) -> str:
    blocked = _ids(run, Verdict.BLOCKED)
    return f"{plural(len(blocked), 'clause')} could not be tried because {cause}"


# --- Clauses by name -------------------------------------------------------------


def _ids(run: Run, verdict: Verdict) -> list[str]:
    return [one.clause for one in run.clauses if one.verdict is verdict]


def _open(run: Run) -> list[str]:
    return list(undecided(run.scenarios, run.clauses, whole=_is_whole(run)))


def _is_whole(run: Run) -> bool:
    """Whether the whole suite was run."""
    return run.footer is not None and run.footer.whole
