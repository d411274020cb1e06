"""Two runs side by side: what is better, what is worse, and what cannot be compared."""

from collections.abc import Callable, Sequence

import pytest

from invitelab.formats.product import ProductRecord
from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.formats.specification import load
from invitelab.formats.transcript import clock_words
from invitelab.formats.walk_text import WALK
from invitelab.reporting.conformance.differences import Change, Differences, differences

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]

GOOD = {Verdict.PASS}
BAD = {Verdict.FAIL, Verdict.ERROR}
GRAVER = Verdict.DEVIATION


def changes(found: Differences) -> list[Change]:
    """Give what became of the scenarios, in order."""
    return [one.change for one in found.scenarios]


def expected_change(before: Verdict, after: Verdict) -> list[Change]:
    """Say in other words what a change of verdict is worth."""
    if before is after:
        return []
    for best, worst in ((GOOD, set(Verdict) - GOOD), (set(Verdict) - BAD, BAD)):
        if before in best and after in worst:
            return [Change.WORSE]
        if before in worst and after in best:
            return [Change.BETTER]
    return [Change.OTHER]


# Scenarios


@pytest.mark.parametrize("before", Verdict)
@pytest.mark.parametrize("after", Verdict)
def test_a_verdict_is_compared_by_its_worth(
    make_run: MakeRun, record: Record, before: Verdict, after: Verdict
) -> None:
    """A pass is best, a failure or an error worst; all between is worth the same."""
    found = differences(
        make_run([record(verdict=before)]), make_run([record(verdict=after)])
    )
    assert expected_change(before, after) == changes(found)


def test_equal_runs_do_not_differ(make_run: MakeRun, record: Record) -> None:
    """In nothing; what failed before may fail again."""
    records = [record(verdict=verdict, title=verdict.value) for verdict in Verdict]
    found = differences(make_run(records), make_run(records))
    assert ({}, [], [], [], [], len(Verdict), False) == (
        found.header,
        found.clauses,
        found.scenarios,
        found.gone,
        found.new,
        found.same,
        found.worse,
    )


def test_another_kind_of_error_is_shown(make_run: MakeRun, record: Record) -> None:
    """A crash that hangs now is another one, and no worse."""
    crash = record(verdict=Verdict.ERROR)
    hang = crash.model_copy(update={"kind": "hang"})
    found = differences(make_run([crash]), make_run([hang]))
    assert ([Change.OTHER], False) == (changes(found), found.worse)


def test_the_worst_comes_first(make_run: MakeRun, record: Record) -> None:
    """Before what is better, and that before all else."""
    verdicts = [
        (Verdict.FAIL, Verdict.ERROR),
        (Verdict.FAIL, Verdict.PASS),
        (Verdict.PASS, Verdict.FAIL),
    ]
    a, b = (
        make_run([record(verdict=v, title=str(n)) for n, v in enumerate(side)])
        for side in zip(*verdicts, strict=True)
    )
    assert [Change.WORSE, Change.BETTER, Change.OTHER] == changes(differences(a, b))


def test_rows_of_an_outline_are_different(make_run: MakeRun, record: Record) -> None:
    """By their example."""
    first = record().model_copy(update={"example": "by ID"})
    second = record().model_copy(update={"example": "by alias"})
    repaired = record(verdict=Verdict.PASS).model_copy(update={"example": "by alias"})
    found = differences(make_run([first, second]), make_run([first, repaired]))
    (one,) = found.scenarios
    assert (Change.BETTER, "by alias", 1) == (
        one.change,
        one.after.example,
        found.same,
    )


def test_of_a_repeated_scenario_the_worst_counts(
    make_run: MakeRun, record: Record
) -> None:
    """What fails now and then has not passed."""
    now_and_then = [
        record(verdict=Verdict.PASS),
        record(),
        record(verdict=Verdict.PASS),
    ]
    found = differences(
        make_run([record(verdict=Verdict.PASS)]), make_run(now_and_then)
    )
    assert [Change.WORSE] == changes(found)


def test_what_a_scenario_shows_about_other_clauses_is_none(
    make_run: MakeRun, record: Record
) -> None:
    """That clause has another verdict, and the scenario itself has passed twice."""
    passed = record("PENDING-1", Verdict.PASS)
    others = [record("PENDING-7", verdict) for verdict in (Verdict.PASS, GRAVER)]
    besides = others[1].model_copy(update={"besides": True})
    before, after = [passed, others[0]], [passed, others[0], besides]
    found = differences(make_run(before), make_run(after))
    assert [] == changes(found)
    assert ["PENDING-7"] == [one.after.clause for one in found.clauses]


def test_new_and_missing_scenarios_are_no_change(
    make_run: MakeRun, record: Record
) -> None:
    """Even those that fail: nothing is known of them in the other run."""
    old, new = record(title="old"), record(title="new", clause="EXPIRY-3")
    found = differences(make_run([old]), make_run([new]))
    assert ([old], [new], [], False) == (
        found.gone,
        found.new,
        found.scenarios,
        found.worse,
    )


WALKS = "--walks 60 --seed 0"


def of_walks(run: Run, sentence: str) -> Run:
    """The run, with what came of its walks."""
    assert run.footer is not None
    return run.model_copy(
        update={"footer": run.footer.model_copy(update={"walks": sentence})}
    )


def walked(record: Record, clause: str) -> ScenarioRecord:
    """What walks have found."""
    found = record(title=f"What a walk has found about {clause}", clause=clause)
    return found.model_copy(update={"feature": WALK, "example": WALKS})


CASES: Sequence[tuple[str, str | None, tuple[Sequence[Change], int]]] = (
    ("60 with seed 0: nothing was found", None, ([Change.WORSE], 0)),
    ("60 with seed 0: 9 moves; nothing was found", None, ([Change.WORSE], 0)),
    ("60 with seed 1: 9 moves; nothing was found", None, ([], 1)),
    ("60 with seed 1: nothing was found", None, ([], 1)),
    ("60 with seed 0: renaming everybody changed something", None, ([], 1)),
    ("none: walks need effects within 1000 ms", None, ([], 1)),
    ("60 with seed 0: something", "EXPIRY-3", ([Change.OTHER], 0)),
    ("60 with seed 0: something", "EXPIRY-2", ([], 0)),
)
"""The text and the finding of the earlier walks; the changes, and what is new."""


@pytest.mark.parametrize(("sentence", "before", "outcome"), CASES)
def test_what_walks_find_is_worse_where_the_same_walks_found_nothing(
    make_run: MakeRun,
    record: Record,
    sentence: str,
    before: str | None,
    outcome: tuple[Sequence[Change], int],
) -> None:
    """Other walks are no comparison; and less of it is better."""
    ok = record(verdict=Verdict.PASS)
    earlier = [ok] if before is None else [ok, walked(record, before)]
    a = of_walks(make_run(earlier), sentence)
    b = of_walks(make_run([ok, walked(record, "EXPIRY-2")]), "60 with seed 0: found")
    there = differences(a, b)
    change, _ = outcome
    assert outcome == (changes(there), len(there.new))
    assert there.worse is (change == [Change.WORSE])
    back = differences(b, a)
    mirrored = {Change.WORSE: Change.BETTER}
    assert [mirrored.get(one, one) for one in change] == changes(back)
    assert not back.worse


# Clauses


def test_a_clause_changes_with_its_scenarios(make_run: MakeRun, record: Record) -> None:
    """It is named with both verdicts."""
    found = differences(make_run([record(verdict=Verdict.PASS)]), make_run([record()]))
    (one,) = found.clauses
    assert ("EXPIRY-2", Verdict.PASS, Verdict.FAIL, Change.WORSE, True) == (
        one.after.clause,
        one.before.verdict,
        one.after.verdict,
        one.change,
        found.worse,
    )


def test_a_clause_that_was_tested_less_is_not_compared(
    make_run: MakeRun, record: Record
) -> None:
    """A filtered run may pass where the whole one fails."""
    passing = record(verdict=Verdict.PASS, title="one")
    found = differences(
        make_run([passing], selected_all=False),
        make_run([passing, record(title="another")]),
    )
    assert ([], False) == (found.clauses, found.worse)


def test_with_another_suite_every_clause_is_compared(
    make_run: MakeRun, record: Record
) -> None:
    """A new scenario may show that a clause has never held."""
    passing = record(verdict=Verdict.PASS, title="one")
    old, new = make_run([passing]), make_run([passing, record(title="another")])
    header = new.header.model_copy(update={"suite": "ba9876543210"})
    found = differences(old, new.model_copy(update={"header": header}))
    assert found.other_suite
    assert (["EXPIRY-2"], True) == (
        [one.after.clause for one in found.clauses],
        found.worse,
    )


# Sentences


def whole(make_run: MakeRun, record: Record, *failing: str, title: str = "One") -> Run:
    """Make a run in which every clause passes but these."""
    return make_run(
        [
            record(id_, Verdict.FAIL if id_ in failing else Verdict.PASS, title=title)
            for id_ in load()
        ]
    )


def test_sentences_are_compared(make_run: MakeRun, record: Record) -> None:
    """A sentence that was broken and still is has not changed."""
    a = whole(make_run, record, "EXPIRY-2", "EMAIL-5", "DIRECT-5")
    b = whole(make_run, record, "EXPIRY-3", "TILE-1", "DIRECT-5")
    found = differences(a, b).sentences
    assert ([26], [9]) == (
        [one.number for one in found.broken],
        [one.number for one in found.mended],
    )


def test_sentences_of_which_more_was_tried_are_not_compared(
    make_run: MakeRun, record: Record
) -> None:
    """What was not tried before may have been broken all along."""
    a = whole(make_run, record)
    b = make_run([*a.scenarios, record("EXPIRY-2", title="Another")])
    assert [] == differences(a, b).sentences.broken
    again = make_run([*a.scenarios, record("EXPIRY-2", Verdict.PASS, title="Another")])
    assert [24] == [one.number for one in differences(again, b).sentences.broken]


def test_runs_without_sentences_have_none_to_compare(
    make_run: MakeRun, record: Record
) -> None:
    """One that is invalid, and one with other clauses."""
    good, bad = whole(make_run, record), whole(make_run, record, "EXPIRY-2")
    other = bad.model_copy(update={"clauses": bad.clauses[1:]})
    cut = bad.model_copy(update={"footer": None})
    for run in (other, cut):
        assert [] == differences(good, run).sentences.broken
    assert [24] == [one.number for one in differences(good, bad).sentences.broken]


# The run


@pytest.mark.parametrize(
    ("field", "value", "name", "words"),
    [
        ("target", "reference", "target", ("cmd:./acme --stdio", "reference")),
        ("implementation", None, "calls itself", ("acme 2.3", "nothing")),
        ("settle_ms", 80, "settles within", ("0 ms", "80 ms")),
        ("resolution_ms", 1, "resolution", ("0 ms", "1 ms")),
        ("declined", {"tiles": "none"}, "declined", ("nothing", "tiles")),
        (
            "harness",
            "invitelab 9",
            "harness",
            ("invitelab 0.1.0", "invitelab 9"),
        ),
        ("suite", "0", "suite", ("0123456789ab", "0")),
        ("seed", 7, "seed", ("0", "7")),
        ("depth", "deep", "depth", ("unknown", "deep")),
    ],
)
def test_what_qualifies_a_verdict_is_compared(
    mixed: Run, *, field: str, value: object, name: str, words: tuple[str, str]
) -> None:
    """Each in its own line, and only where it differs."""
    header = mixed.header.model_copy(update={field: value})
    found = differences(mixed, mixed.model_copy(update={"header": header}))
    assert {name: words} == found.header


def test_profiles_are_compared_by_what_they_say(mixed: Run) -> None:
    """Also two with one name, of one file that was changed in between."""
    five = ProductRecord(
        name="Five",
        file="five.toml",
        lifetime_ms=300_000,
        otherwise={"PENDING-6": "modify_keeps_the_deadline"},
    )
    plain = five.model_copy(update={"otherwise": {}})
    runs = [
        mixed.model_copy(
            update={"header": mixed.header.model_copy(update={"profile": one})}
        )
        for one in (None, plain, five)
    ]
    words = "Five (five.toml): lifetime 300 s"
    assert {"profile": ("none", words)} == differences(*runs[:2]).header
    changed = {"profile": (words, f"{words}, PENDING-6 otherwise")}
    assert changed == differences(*runs[1:]).header


def test_clocks_are_compared_in_the_words_of_a_report(mixed: Run) -> None:
    """Kind and proof."""
    header = mixed.header.model_copy(update={"proven": False})
    found = differences(mixed, mixed.model_copy(update={"header": header}))
    words = (clock_words(mixed.header), clock_words(header))
    assert {"clock": words} == found.header
    assert words[0] != words[1]


def test_a_run_that_says_nothing_is_worse(make_run: MakeRun, record: Record) -> None:
    """An invalid one and one without an end; between two of them nothing is lost."""
    good, invalid = make_run([record(verdict=Verdict.PASS)]), make_run([])
    cut = good.model_copy(update={"footer": None})
    lost = [
        differences(a, b).worse
        for a, b in ((good, invalid), (good, cut), (cut, invalid), (invalid, good))
    ]
    assert [True, True, False, False] == lost
