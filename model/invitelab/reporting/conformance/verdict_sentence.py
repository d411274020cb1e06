"""The verdict of a run as one sentence, for people who know only the product."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from invitelab.formats.evidence import broken, undecided
from invitelab.formats.run import Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.specification import load, load_sentences
from invitelab.reporting.common.formatting import listed, plural

MOST_NAMED = 5
"""Clauses that are named one by one; of more, the rest is counted."""

_TROUBLE: Mapping[str, str] = {
    "crash": "the implementation crashes where {} is tried",
    "hang": "the implementation does not answer where {} is tried",
    "protocol": "an answer is invalid where {} is tried",
    "missing-method": "an operation is missing that {} needs",
    "setup": "what {} builds on does not hold",
}
"""The words for a clause none of whose scenarios came to an end, by kind of error."""


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
        return f"{verdict.value} ({parts})" if parts else verdict.value
    return f"{verdict.value}: {parts}"


def _parts(
    run: Run, verdict: RunVerdict, needed: Sequence[frozenset[str]]
) -> Iterator[str]:
    """What a verdict rests on, the most important first."""
    match verdict:
        case RunVerdict.CONFORMANT:
            yield from _reservations(run)
        case RunVerdict.PARTIAL:
            yield _selected(run)
        case RunVerdict.INCONCLUSIVE:
            yield from _undecided(run)
        case RunVerdict.NON_CONFORMANT:
            yield from _non_conformant(run, needed)
        case RunVerdict.INVALID:
            yield _reason(run)
    yield from _stale(run)


def _reason(run: Run) -> str:
    """What the run itself says of its verdict."""
    return (run.footer.reason if run.footer else None) or "nothing is known"


# --- Verdicts without a failure --------------------------------------------------


def _reservations(run: Run) -> Iterator[str]:
    """What was declined, and in which clauses the implementation deviates."""
    if run.header.declined:
        yield f"declined: {', '.join(sorted(run.header.declined))}"
    deviating = _ids(run, Verdict.DEVIATION)
    if deviating:
        yield f"deviates in {_named(deviating)}"


def _stale(run: Run) -> Iterator[str]:
    """The clauses of which the baseline says what is no longer so."""
    entries = run.footer.stale_entries if run.footer else ()
    if entries:
        yield f"stale baseline: {_named(dict.fromkeys(one.clause for one in entries))}"


def _undecided(run: Run) -> Iterator[str]:
    """The required clauses that are open, and what kept them from being tried."""
    ids = list(undecided(run.scenarios, run.clauses))
    noun = "required clause was" if len(ids) == 1 else "required clauses were"
    yield f"{len(ids)} {noun} not decided ({_named(ids)})"
    causes = _causes(run)
    if causes:
        yield _could_not_be_tried(run, f"of {_named(causes)}")


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
    found = _in_order(run)
    if not found:  # a record that contradicts itself
        yield _reason(run)
        return
    known = [one for one in found if one.known]
    named, *others = [one for one in found if not one.known] or known
    all_known = len(known) == len(found)
    yield f"{_with(needed)}{_phrase(named)}{_rest(len(others), all_known=all_known)}"
    if known and not all_known:
        verb = "is" if len(known) == 1 else "are"
        yield f"{plural(len(known), 'more clause')} {verb} known to be broken"
    causes = _causes(run)
    if causes:
        alone = len(found) == 1 and causes == [named.id]
        yield _could_not_be_tried(run, "of it" if alone else f"of {_named(causes)}")
    if all_known:
        ids = list(undecided(run.scenarios, run.clauses))
        if ids and run.footer and run.footer.whole:
            yield f"open: {_named(ids)}"


def _in_order(run: Run) -> list[_Broken]:
    """The broken clauses, those first that are nearest to the cause.

    These are what kept other clauses from being tried, then what fails in at least half
    of its scenarios: a mistake elsewhere breaks a clause in some of them. Otherwise the
    order is that of the specification.
    """
    records: dict[str, list[ScenarioRecord]] = {}
    for record in broken(run.scenarios):
        for id_ in (record.blocked_by,) if record.blocked_by else record.clauses:
            records.setdefault(id_, []).append(record)
    causes, places = set(_causes(run)), _places()
    mostly_held = {
        one.clause for one in run.clauses if one.passed > one.scenarios - one.passed
    }

    def rank(one: _Broken) -> tuple[bool, bool, int]:
        place = places.get(one.id, len(places))
        return one.id not in causes, one.id in mostly_held, place

    found = [_Broken(id=id_, records=tuple(some)) for id_, some in records.items()]
    return sorted(found, key=rank)


def _places() -> Mapping[str, int]:
    """The place of each clause in the specification: that of its first sentence."""
    numbers = count()
    places: dict[str, int] = {}
    for sentence in load_sentences():
        for id_ in sentence.clauses:
            places.setdefault(id_, next(numbers))
    return places


def _phrase(one: _Broken) -> str:
    """What it means that a clause is broken, with its id."""
    errors = [record.kind for record in one.records if record.kind is not None]
    if len(errors) == len(one.records):
        words = _TROUBLE.get(errors[0], "a call fails with an error where {} is tried")
        return words.format(one.id)
    clause = load().get(one.id)
    return f"{clause.broken} ({one.id})" if clause else f"{one.id} does not hold"


def _rest(number: int, *, all_known: bool) -> str:
    """How many more clauses are broken, and whether all of that is known."""
    verb = "is" if number == 1 else "are"
    more = f", and {plural(number, 'more clause')} {verb} broken" if number else ""
    known = ", all of them known" if number else ", which is known"
    return f"{more}{known if all_known else ''}"


def _needed(record: ScenarioRecord) -> frozenset[str]:
    """The values that a failure needs; all of its row where nobody has looked."""
    if record.besides and not record.needed:
        return frozenset(f"{factor}: {name}" for factor, name in record.values.items())
    return frozenset(record.needed)


def _with(needed: Sequence[frozenset[str]]) -> str:
    """The values that all failures need, as the beginning of a sentence."""
    common = frozenset[str].intersection(*needed) if needed else frozenset[str]()
    return f"with {listed(sorted(common))}, " if common else ""


# --- Clauses that were kept from being tried -------------------------------------


def _causes(run: Run) -> list[str]:
    """Ids of the clauses that kept others from being tried at all."""
    blocked = set(_ids(run, Verdict.BLOCKED))
    found = [
        record.blocked_by
        for record in run.scenarios
        if record.blocked_by is not None and blocked & set(record.clauses)
    ]
    return list(dict.fromkeys(found))


def _could_not_be_tried(run: Run, cause: str) -> str:
    blocked = _ids(run, Verdict.BLOCKED)
    return f"{plural(len(blocked), 'clause')} could not be tried because {cause}"


# --- Clauses by name -------------------------------------------------------------


def _ids(run: Run, verdict: Verdict) -> list[str]:
    return [one.clause for one in run.clauses if one.verdict is verdict]


def _named(ids: Iterable[str]) -> str:
    """The first MOST_NAMED of them by name, and how many there are beside these."""
    names = list(ids)
    more = len(names) - MOST_NAMED
    rest = f", and {more} more" if more > 0 else ""
    return f"{', '.join(names[:MOST_NAMED])}{rest}"
