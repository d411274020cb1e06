"""Known failures: which records match an entry, and which entries are stale."""

from collections.abc import Callable

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.verdicts import (
    Conclusion,
    conclude,
    judge_clause,
    totals,
)
from invitelab.conformance.features.clauses import load
from invitelab.conformance.known_failures.entries import Baseline, Kind, Known
from invitelab.errors import Blame, ExitCode, HarnessError, InvitelabError
from invitelab.formats.run import Header, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.walk_text import WALK

Judge = Callable[..., Engine]

HEADER = Header(harness="invitelab 0", suite="0", target="t", clock="virtual")
LINK = "https://example.org/12"


def scenario(
    verdict: Verdict = Verdict.FAIL,
    *,
    title: str = "A title",
    clause: str = "EXPIRY-2",
    example: str | None = None,
    kind: str | None = None,
) -> ScenarioRecord:
    """Make the record of a scenario, its blame as ever."""
    blamed = {"protocol": Blame.ADAPTER, None: None}
    return ScenarioRecord(
        feature="features/a.feature",
        line=1,
        title=title,
        example=example,
        clauses=(clause,),
        level=load()[clause].level,
        verdict=verdict,
        kind=kind,
        blame=blamed.get(kind, Blame.IMPLEMENTATION),
        message="what happened",
    )


def known(
    title: str = "A title",
    *,
    clause: str = "EXPIRY-2",
    example: str | None = None,
    kind: Kind | None = None,
    line: int = 1,
) -> Known:
    """Make an entry."""
    return Known(
        scenario=title,
        clause=clause,
        example=example,
        kind=kind,
        issue=LINK,
        line=line,
    )


def baseline(*entries: Known) -> Baseline:
    """Make a file of these entries."""
    return Baseline(name="known.toml", entries=entries)


def why_stale(entry: Known, *scenarios: ScenarioRecord) -> list[str]:
    """Give what is said of the entry after these scenarios, without its place."""
    found = baseline(entry).stale(scenarios, selected_all=True)
    return [one.sentence.removeprefix("known.toml:1: A title ") for one in found]


@pytest.mark.parametrize(
    ("of_file", "of_run", "stale"),
    [(3, 3, 1), (None, 3, 1), (3, None, 1), (3, 4, 0)],
)
def test_what_passes_with_another_seed_is_not_stale(
    of_file: int | None, of_run: int | None, stale: int
) -> None:
    """Its failure may need values that this run has not tried."""
    file = Baseline(name="known.toml", entries=(known("A title"),), seed=of_file)
    passes = scenario(Verdict.PASS, title="A title")
    assert stale == len(file.stale([passes], selected_all=True, seed=of_run))


def test_a_further_record_of_a_scenario_makes_nothing_stale() -> None:
    """It is about the clause of a value, and the other record is about the scenario."""
    fails = scenario(Verdict.FAIL, title="A title")
    besides = scenario(Verdict.DEVIATION, title="A title").model_copy(
        update={"besides": True}
    )
    assert [] == why_stale(known("A title"), fails, besides)


def concluded(
    file: Baseline,
    *scenarios: ScenarioRecord,
    selected_all: bool = True,
    problem: InvitelabError | None = None,
) -> Conclusion:
    """Conclude as a run does; the clauses are those that are cited."""
    records = [file.marked(record) for record in scenarios]
    cited = dict.fromkeys(record.clauses[0] for record in records)
    return conclude(
        records,
        [judge_clause(load()[id_], records) for id_ in cited],
        header=HEADER,
        problem=problem,
        selected_all=selected_all,
        stale=file.stale(records, selected_all=selected_all),
    )


PASS = scenario(Verdict.PASS, title="Another", clause="EXPIRY-1")

# What is known


def test_what_fails_as_an_entry_says_is_known() -> None:
    """By the entry's issue; its verdict stays."""
    marked = baseline(known()).marked(scenario())
    assert (LINK, Verdict.FAIL) == (marked.known, marked.verdict)


@pytest.mark.parametrize("kind", ["crash", "hang", "setup", "missing-method"])
def test_a_kind_of_trouble_can_be_known(kind: Kind) -> None:
    """By an entry of that kind and by no other."""
    verdict = Verdict.FAIL if kind == "missing-method" else Verdict.ERROR
    record = scenario(verdict, kind=kind)
    assert LINK == baseline(known(kind=kind)).marked(record).known
    assert baseline(known()).marked(record).known is None


@pytest.mark.parametrize(
    "record",
    [
        scenario(title="Another"),
        scenario(Verdict.PASS),
        scenario(Verdict.INCONCLUSIVE),
        scenario(Verdict.NOT_RUN),
        scenario(Verdict.DEVIATION, clause="EXPIRY-6"),
    ],
    ids=lambda record: f"{record.title} {record.verdict}",
)
def test_what_does_not_fail_so_is_not_known(record: ScenarioRecord) -> None:
    """Another scenario, and one that does not fail."""
    assert record == baseline(known()).marked(record)


def test_an_example_narrows_an_entry_to_its_row() -> None:
    """Without one it is about every row."""
    rows = [scenario(example="by ID"), scenario(example="by alias")]
    one, every = baseline(known(example="by ID")), baseline(known())
    assert [LINK, None] == [one.marked(row).known for row in rows]
    assert [LINK, LINK] == [every.marked(row).known for row in rows]


# What is stale


def test_an_entry_that_is_true_is_not_stale() -> None:
    """Nor one of which nothing was decided."""
    assert [] == why_stale(known(), scenario())
    assert [] == why_stale(known(), scenario(Verdict.INCONCLUSIVE))
    assert [] == why_stale(known(), scenario(Verdict.NOT_RUN))


@pytest.mark.parametrize(
    ("kind", "record", "why"),
    [
        (None, scenario(Verdict.PASS), "passes now"),
        (
            "crash",
            scenario(Verdict.DEVIATION, clause="EXPIRY-6"),
            "is a deviation now",
        ),
        (None, scenario(Verdict.NOT_APPLICABLE), "is not applicable now"),
        (
            None,
            scenario(Verdict.ERROR, kind="crash"),
            "fails in another way: crash, not fail",
        ),
        ("crash", scenario(), "fails in another way: fail, not crash"),
        (
            "crash",
            scenario(Verdict.ERROR, kind="hang"),
            "fails in another way: hang, not crash",
        ),
    ],
)
def test_an_entry_that_is_not_true_is_stale(
    kind: Kind | None, record: ScenarioRecord, why: str
) -> None:
    """The sentence says what happens instead."""
    assert [why] == why_stale(known(kind=kind), record)


def test_an_entry_about_every_row_is_stale_once_one_row_passes() -> None:
    """How many of them, so that the others can be named instead."""
    rows = [
        scenario(example="1"),
        scenario(Verdict.PASS, example="2"),
        scenario(example="3"),
    ]
    assert ["passes now in 1 of 3"] == why_stale(known(), *rows)


def test_an_entry_stands_while_a_row_fails_and_the_rest_does_not_apply() -> None:
    """What was declined neither passes nor fails."""
    rows = [scenario(example="1"), scenario(Verdict.NOT_APPLICABLE, example="2")]
    assert [] == why_stale(known(), *rows)


def test_what_was_not_selected_is_stale_in_a_whole_run_only() -> None:
    """A filtered run proves nothing of it."""
    file = baseline(known())
    assert () == file.stale([PASS], selected_all=False)
    (one,) = file.stale([PASS], selected_all=True)
    assert "known.toml:1: A title was not run" == one.sentence


def test_a_stale_entry_is_named_with_its_place_and_its_row() -> None:
    """In the order of the file."""
    file = baseline(known("B", example="by ID, 1", line=3), known("A", line=9))
    scenarios = [
        scenario(Verdict.PASS, title="A"),
        scenario(Verdict.PASS, title="B", example="by ID, 1"),
    ]
    assert [
        "known.toml:3: B [by ID, 1] passes now",
        "known.toml:9: A passes now",
    ] == [one.sentence for one in file.stale(scenarios, selected_all=True)]


# The run


def test_known_failures_alone_cost_no_exit_code() -> None:
    """The verdict stays what it is: it is never CONFORMANT."""
    end = concluded(
        baseline(known(), known("B", clause="EXPIRY-3")),
        PASS,
        scenario(example="1"),
        scenario(example="2"),
        scenario(title="B", clause="EXPIRY-3"),
    )
    assert (
        RunVerdict.NON_CONFORMANT,
        ExitCode.CONFORMANT,
        "known: EXPIRY-2, EXPIRY-3, 3 scenarios",
        (),
    ) == (end.verdict, end.exit_code, end.reason, end.stale)


@pytest.mark.parametrize("selected_all", [True, False])
def test_a_failure_that_is_not_known_is_named_first(*, selected_all: bool) -> None:
    """And decides, in a filtered run as well."""
    end = concluded(
        baseline(known()),
        scenario(),
        scenario(title="B", clause="EXPIRY-3"),
        selected_all=selected_all,
    )
    assert (ExitCode.NON_CONFORMANT, "EXPIRY-3; known: EXPIRY-2, 1 scenario") == (
        end.exit_code,
        end.reason,
    )


def test_a_filtered_run_of_known_failures_costs_no_exit_code() -> None:
    """What was not selected is not asked for."""
    file = baseline(known(), known("B"))
    end = concluded(file, scenario(), selected_all=False)
    assert (RunVerdict.NON_CONFORMANT, ExitCode.CONFORMANT, ()) == (
        end.verdict,
        end.exit_code,
        end.stale,
    )


@pytest.mark.parametrize("selected_all", [True, False])
def test_what_is_open_beside_known_failures_stays_open(*, selected_all: bool) -> None:
    """Even of the same clause, and in a part: the exit code is that of the rest."""
    end = concluded(
        baseline(known()),
        scenario(),
        scenario(Verdict.INCONCLUSIVE, title="B"),
        selected_all=selected_all,
    )
    assert (
        RunVerdict.NON_CONFORMANT,
        ExitCode.INCONCLUSIVE,
        "known: EXPIRY-2, 1 scenario; open: EXPIRY-2",
    ) == (end.verdict, end.exit_code, end.reason)


def test_a_baseline_that_is_stale_has_its_own_exit_code() -> None:
    """The implementation may be conformant all the same."""
    end = concluded(baseline(known()), PASS, scenario(Verdict.PASS))
    assert (
        RunVerdict.CONFORMANT,
        ExitCode.STALE_BASELINE,
        "stale baseline: EXPIRY-2",
        ("known.toml:1: A title passes now",),
    ) == (end.verdict, end.exit_code, end.reason, end.stale)


def test_what_fails_in_another_way_is_stale_and_no_new_failure() -> None:
    """The verdict is that of a failure."""
    end = concluded(baseline(known()), scenario(Verdict.ERROR, kind="crash"))
    assert (
        RunVerdict.NON_CONFORMANT,
        ExitCode.STALE_BASELINE,
        "stale baseline: EXPIRY-2",
    ) == (end.verdict, end.exit_code, end.reason)


def test_a_new_failure_is_worse_than_a_stale_entry() -> None:
    """Both are named."""
    end = concluded(
        baseline(known()),
        scenario(Verdict.PASS),
        scenario(title="B", clause="EXPIRY-3"),
    )
    assert (ExitCode.NON_CONFORMANT, "EXPIRY-3; stale baseline: EXPIRY-2") == (
        end.exit_code,
        end.reason,
    )


@pytest.mark.parametrize("selected_all", [True, False])
def test_a_stale_entry_is_worse_than_what_is_open(*, selected_all: bool) -> None:
    """It is certain."""
    end = concluded(
        baseline(known()),
        scenario(Verdict.PASS),
        scenario(Verdict.INCONCLUSIVE, title="B", clause="EXPIRY-3"),
        selected_all=selected_all,
    )
    assert (RunVerdict.INCONCLUSIVE, ExitCode.STALE_BASELINE) == (
        end.verdict,
        end.exit_code,
    )


@pytest.mark.parametrize(
    ("problem", "records"),
    [
        (HarnessError("a bug"), [scenario(Verdict.NOT_RUN)]),
        (None, [scenario(Verdict.PASS), scenario(Verdict.ERROR, kind="protocol")]),
        (None, []),
    ],
    ids=["problem", "spoiled", "nothing"],
)
def test_in_an_invalid_run_nothing_is_stale(
    problem: InvitelabError | None, records: list[ScenarioRecord]
) -> None:
    """Nothing was shown."""
    end = concluded(baseline(known()), *records, problem=problem)
    assert (RunVerdict.INVALID, ()) == (end.verdict, end.stale)


def test_known_failures_are_counted() -> None:
    """Where there are any: beside the others, which they are part of."""
    records = [baseline(known()).marked(scenario()), scenario(title="B")]
    assert (2, 1) == tuple(
        totals(records, [])[f"scenarios {what}"] for what in ("fail", "known")
    )
    assert "scenarios known" not in totals(records[1:], [])


# A real one


def test_a_wrong_implementation_can_be_known(judge: Judge) -> None:
    """Its failures as they are judged, marked by a baseline drafted from them."""
    target = Target.parse("py:invitelab.proof.mutants:never_expires")
    engine = judge(target, "EXPIRY-2")
    failing = [r for r in engine.scenarios if r.verdict is not Verdict.PASS]
    entries = [
        known(record.title, example=record.example, line=number)
        for number, record in enumerate(failing, start=1)
    ]
    end = concluded(baseline(*entries), *engine.scenarios, selected_all=False)
    assert (ExitCode.CONFORMANT, f"known: EXPIRY-2, {len(failing)} scenarios") == (
        end.exit_code,
        end.reason,
    )
    assert len(failing) > 1


def test_a_walk_that_finds_a_known_failure_has_found_that() -> None:
    """By its clause, as a walk has no title; a failure of another clause is new."""
    known = Known(scenario="A title", clause="EXPIRY-2", issue=LINK)
    baseline = Baseline(entries=(known,))
    walk = scenario(title="Found").model_copy(update={"feature": WALK})
    other = walk.model_copy(update={"clauses": ("EXPIRY-3",)})
    assert (LINK, None) == tuple(baseline.marked(one).known for one in (walk, other))
    assert () == baseline.stale([scenario(), walk], selected_all=False)
