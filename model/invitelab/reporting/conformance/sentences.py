"""The sentences of the specification, each with the verdict of its clauses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from invitelab.formats.evidence import broken
from invitelab.formats.run import ClauseRecord, Level, Run, RunVerdict, Verdict
from invitelab.formats.specification import Sentence, load_sentences
from invitelab.reporting.common.formatting import listed

OTHER_SUITE = (
    "The run was made with another suite, whose clauses are not those that are joined "
    "to the sentences of the specification here."
)
NOTHING_JUDGED = "No sentence was judged: the run did not get that far."
NO_VERDICT = (
    "The run is INVALID: what follows has been seen, and is no verdict on the target."
)


class Standing(StrEnum):
    """What a run says of a sentence, in the order in which sentences are counted."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "undecided"
    UNTESTED = "untested"
    NOT_APPLICABLE = "not-applicable"
    EXCLUDED = "excluded"


_STANDINGS: Mapping[Verdict | None, Standing] = {
    Verdict.FAIL: Standing.BROKEN,
    Verdict.ERROR: Standing.BROKEN,
    Verdict.INCONCLUSIVE: Standing.UNDECIDED,
    Verdict.BLOCKED: Standing.UNDECIDED,
    Verdict.NOT_RUN: Standing.UNTESTED,
    None: Standing.UNTESTED,
    Verdict.DEVIATION: Standing.HOLDS,
    Verdict.PASS: Standing.HOLDS,
    Verdict.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}
"""What the verdict of a sentence means, the worst first. A deviation leaves a sentence
standing: it is about a point on which the specification is silent."""

_WORST_FIRST = list(_STANDINGS)
_UNTESTED = frozenset({Verdict.NOT_RUN, None})
_SOUND = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    """One sentence, its clauses as the run judged them, and the verdict of the worst.

    `verdict` None: untested, or excluded.
    """

    sentence: Sentence
    clauses: tuple[ClauseRecord, ...]
    verdict: Verdict | None
    standing: Standing

    @property
    def decisive(self) -> tuple[str, ...]:
        """Ids of the clauses that have the verdict of the sentence."""
        return tuple(one.clause for one in self.clauses if one.verdict is self.verdict)


def judged_sentences(run: Run) -> tuple[JudgedSentence, ...] | None:
    """Every sentence of the specification; None for a run of another suite.

    That is one that lacks a clause which a sentence is joined to, or has another. With
    features of a user's own there may be clauses that no sentence of it has.
    """
    judged = {record.clause: record for record in run.clauses}
    joined = {id_ for sentence in load_sentences() for id_ in sentence.clauses}
    others = set(judged) - joined
    if not joined <= set(judged) or (others and run.header.features is None):
        return None
    failing = {
        id_
        for record in broken(run.scenarios)
        for id_ in (*record.clauses, record.blocked_by)
    }
    return tuple(
        _judged(sentence, [(judged[id_], id_ in failing) for id_ in sentence.clauses])
        for sentence in load_sentences()
    )


def _judged(
    sentence: Sentence, clauses: Sequence[tuple[ClauseRecord, bool]]
) -> JudgedSentence:
    """The sentence with these clauses; each has whether it makes the run fail."""
    if not clauses:
        return JudgedSentence(
            sentence=sentence, clauses=(), verdict=None, standing=Standing.EXCLUDED
        )
    worst, fails = min(clauses, key=_rank)
    return JudgedSentence(
        sentence=sentence,
        clauses=tuple(record for record, _ in clauses),
        verdict=worst.verdict,
        standing=_standing(worst, fails=fails),
    )


def _standing(record: ClauseRecord, *, fails: bool) -> Standing:
    """The standing by one clause: an error may be none of those that count."""
    standing = _STANDINGS[record.verdict]
    counts = fails or record.level is Level.REQUIRED
    return standing if counts or standing is not Standing.BROKEN else Standing.UNDECIDED


def _rank(clause: tuple[ClauseRecord, bool]) -> tuple[bool, bool, bool, int]:
    """Failures first, then what is open or deviates; required before interpretation."""
    record, fails = clause
    return (
        _standing(record, fails=fails) is not Standing.BROKEN,
        record.verdict in _SOUND,
        record.level is not Level.REQUIRED,
        _WORST_FIRST.index(record.verdict),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceList:
    """What a view shows of the sentences: a note, if there is one, and those judged."""

    note: str
    """Why there are no sentences, or what to know before they are read."""
    sentences: tuple[JudgedSentence, ...]


def sentence_list(run: Run) -> SentenceList:
    """The sentences of a run as they are shown; none where the run says nothing."""
    judged = [one for one in run.clauses if one.verdict not in _UNTESTED]
    if run.footer is None or not judged:
        return SentenceList(note=NOTHING_JUDGED, sentences=())
    sentences = judged_sentences(run)
    if sentences is None:
        return SentenceList(note=OTHER_SUITE, sentences=())
    invalid = run.footer.verdict is RunVerdict.INVALID
    return SentenceList(note=NO_VERDICT if invalid else "", sentences=sentences)


def worst_first(sentences: Iterable[JudgedSentence]) -> list[JudgedSentence]:
    """Those sentences that do not hold in full, the worst first."""
    noted = [one for one in sentences if one.clauses and one.verdict not in _SOUND]
    return sorted(noted, key=lambda one: _WORST_FIRST.index(one.verdict))


_COUNTED: Mapping[Standing, tuple[str, str]] = {
    Standing.BROKEN: ("does not", "do not"),
    Standing.UNDECIDED: ("is undecided", "are undecided"),
    Standing.UNTESTED: ("is not tried in full", "are not tried in full"),
    Standing.NOT_APPLICABLE: ("does not apply", "do not apply"),
    Standing.EXCLUDED: ("demands nothing", "demand nothing"),
}


def count_sentences(sentences: Sequence[JudgedSentence]) -> str:
    """`18 of 26 sentences hold, 3 do not and 5 demand nothing`."""
    standings = [one.standing for one in sentences]
    deviating = sum(one.verdict is Verdict.DEVIATION for one in sentences)
    held = standings.count(Standing.HOLDS)
    first = f"{held} of {len(sentences)} sentences {'holds' if held == 1 else 'hold'}"
    if deviating:
        first += f" ({deviating} with another interpretation)"
    rest = [
        f"{standings.count(standing)} {one if standings.count(standing) == 1 else many}"
        for standing, (one, many) in _COUNTED.items()
        if standing in standings
    ]
    return listed([first, *rest])
