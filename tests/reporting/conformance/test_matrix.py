"""Clauses against implementations."""

from collections.abc import Callable

from invitelab.formats.run import Level, Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.matrix import (
    MEANINGS,
    Cell,
    matrix,
    parts,
    passed_of,
    run_labels,
    totals,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]


def test_every_clause_is_in_its_area_in_order(mixed: Run) -> None:
    """As many rows as there are clauses, as many cells as there are runs."""
    areas = matrix([mixed, mixed])
    rows = [row for area in areas for row in area.rows]
    assert [one.clause for one in mixed.clauses] == [row.clause for row in rows]
    assert {2} == {len(row.cells) for row in rows}
    assert all(row.clause.startswith(a.name.upper()) for a in areas for row in a.rows)


def test_a_cell_is_what_became_of_the_clause(mixed: Run) -> None:
    """With its counts; where nothing ran there are none."""
    rows = {row.clause: row for area in matrix([mixed]) for row in area.rows}
    failed, untested = rows["EXPIRY-2"].cells[0], rows["EXPIRY-3"].cells[0]
    assert ("✗", "fail", "0/1") == (failed.sign, failed.word, failed.count)
    assert ("·", "untested", "") == (untested.sign, untested.word, untested.count)
    assert Level.REQUIRED is rows["EXPIRY-2"].level


def test_a_run_without_an_end_has_cells_that_say_nothing(mixed: Run) -> None:
    """Its clauses were never judged."""
    cut = mixed.model_copy(update={"footer": None, "clauses": ()})
    rows = [row for area in matrix([cut, mixed]) for row in area.rows]
    assert {Cell()} == {row.cells[0] for row in rows}
    assert () == matrix([cut])
    assert {("·",)} == {figures for _, figures in totals([cut])}


def test_what_is_to_be_read_comes_apart(
    mixed: Run, make_run: MakeRun, record: Record
) -> None:
    """What is broken in one run at least, what is open, and what holds everywhere."""
    fine = [record(f"EXPIRY-{number}", Verdict.PASS) for number in (1, 2, 3)]
    areas = matrix([mixed, make_run(fine)])
    divided = parts(areas)
    ids = [
        [row.clause for area in some for row in area.rows]
        for some in (divided.broken, divided.holding, divided.open)
    ]
    assert ["PENDING-1", "PENDING-2", "EXPIRY-2", "EXPIRY-6"] == ids[0]
    assert ["EXPIRY-1"] == ids[1]
    assert len(mixed.clauses) == sum(map(len, ids))


def test_a_clause_that_fails_elsewhere_says_so(
    make_run: MakeRun, record: Record
) -> None:
    """Its own scenarios pass, so the count alone would be green."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "DIRECT-5"}
    blocked = [record("SESSION-1").model_copy(update=fields) for _ in range(2)]
    run = make_run([record("DIRECT-5", Verdict.PASS), *blocked])
    rows = {row.clause: row for area in matrix([run]) for row in area.rows}
    assert "1/1 and 2 others fail" == rows["DIRECT-5"].cells[0].count
    assert Verdict.FAIL is rows["DIRECT-5"].cells[0].verdict
    direct = next(one for one in run.clauses if one.clause == "DIRECT-5")
    assert "1/1 and 2 others fail" == passed_of(direct, run)
    open_ = record("DIRECT-5", Verdict.INCONCLUSIVE)
    run = make_run([record("DIRECT-5", Verdict.PASS), open_, *blocked])
    direct = next(one for one in run.clauses if one.clause == "DIRECT-5")
    assert "1/2 and 2 others fail" == passed_of(direct, run)
    run = make_run([record("DIRECT-5"), *blocked])
    direct = next(one for one in run.clauses if one.clause == "DIRECT-5")
    assert "0/1" == passed_of(direct, run)


def test_the_totals_are_those_of_the_runs(mixed: Run) -> None:
    """All denominators."""
    found = {name: figures for name, (figures,) in totals([mixed])}
    assert "1/44" == found["required clauses"]
    assert "1/7" == found["scenarios"]
    assert "1" == found["not applicable"]


def test_every_verdict_has_a_meaning() -> None:
    """The legend of the page has them."""
    assert set(Verdict) == set(MEANINGS)


def test_no_two_runs_have_one_label(make_run: MakeRun, mixed: Run) -> None:
    """Names are the targets' own; what is not named has that of its target."""
    header = mixed.header.model_copy(update={"implementation": None})
    unnamed = make_run(list(mixed.scenarios), header=header)
    runs = [mixed, unnamed, mixed]
    assert ("acme 2.3 (1)", "cmd:./acme --stdio", "acme 2.3 (3)") == run_labels(runs)
