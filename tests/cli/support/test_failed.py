"""`--failed`: which scenarios failed when they were last run."""

from dataclasses import replace
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.cli.support.failed import failed_before, narrowed
from invitelab.cli.support.run_check import Checks
from invitelab.conformance.execution.judged import product_record
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.errors import UsageError
from invitelab.formats.product import ProductRecord
from invitelab.formats.run import (
    Footer,
    Header,
    Level,
    RunVerdict,
    ScenarioRecord,
    Verdict,
    dump,
    seal,
)
from invitelab.formats.walk_text import WALK
from invitelab.world.product import SPECIFIED, Product, use_product

CHECKS = Checks(targets=[Target.parse("reference")])


def record(
    title: str,
    verdict: Verdict,
    place: int = 0,
    example: str | None = None,
    feature: str = "features/a.feature",
) -> ScenarioRecord:
    """Make the record of a scenario."""
    return ScenarioRecord(
        feature=feature,
        line=1,
        title=title,
        example=example,
        place=place,
        clauses=("A-1",),
        level=Level.REQUIRED,
        verdict=verdict,
    )


def run(
    folder: Path,
    *records: ScenarioRecord,
    whole: bool = False,
    seed: int = 0,
    profile: ProductRecord | None = None,
    features: str | None = None,
) -> Path:
    """Write a run; gives its folder."""
    folder.mkdir(parents=True)
    header = Header(
        harness="h",
        suite="s",
        target="reference",
        seed=seed,
        profile=profile,
        features=features,
    )
    lines = [dump(header), *map(dump, records)]
    footer = Footer(
        verdict=RunVerdict.PARTIAL, exit_code=0, whole=whole, totals={}, sha256=""
    )
    lines.append(dump(seal(lines, footer)))
    (folder / "run.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_what_failed_comes_in_the_order_of_the_suite(tmp_path: Path) -> None:
    """A failure, an error and a blocked one; a deviation fails no run."""
    found = failed_before(
        [
            run(
                tmp_path / "1",
                record("last", Verdict.FAIL, 9),
                record("first", Verdict.ERROR, 1),
                record("middle", Verdict.BLOCKED, 5),
                record("another", Verdict.DEVIATION, 6),
                record("fine", Verdict.PASS, 2),
            )
        ]
    )
    assert ["first", "middle", "last"] == found.titles
    assert 1 == found.runs


def test_what_was_mended_is_forgotten_and_the_rest_is_not(tmp_path: Path) -> None:
    """A run of a part says nothing about what it did not run."""
    runs = [
        run(tmp_path / "1", record("older", Verdict.FAIL)),
        run(
            tmp_path / "2",
            record("one", Verdict.FAIL),
            record("two", Verdict.FAIL),
            whole=True,
        ),
        run(tmp_path / "3", record("one", Verdict.PASS)),
        run(tmp_path / "4", record("two", Verdict.NOT_RUN)),
    ]
    found = failed_before(runs)
    assert ["two"] == found.titles
    assert 3 == found.runs


def test_one_row_of_an_outline_is_enough(tmp_path: Path) -> None:
    """Rows have one title; another row that passes does not hide it."""
    rows = [
        record("outline", Verdict.PASS, example="a"),
        record("outline", Verdict.FAIL, example="b"),
        record("outline", Verdict.PASS, example="c"),
    ]
    assert ["outline"] == failed_before([run(tmp_path / "1", *rows)]).titles


def test_a_walk_is_told_by_its_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The suite has no scenario of that title."""
    walk = record("walk", Verdict.FAIL, example="--walks 9 --seed 4", feature=WALK)
    folder = run(tmp_path / "out", walk)
    assert narrowed(Checks(targets=CHECKS.targets, output=folder)) is None
    assert [
        "failed  a random walk, which --walks 9 --seed 4 finds again",
        "failed  nothing, when it was last run: nothing is run",
    ] == capsys.readouterr().out.splitlines()


def test_the_check_is_narrowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--output`, by the run there; another seed is told."""
    folder = run(tmp_path / "out", record("one", Verdict.FAIL), seed=7)
    checks = Checks(targets=CHECKS.targets, output=folder, options=RunOptions(seed=1))
    found = narrowed(checks)
    assert found is not None
    assert ["one"] == found.options.selection.scenarios
    assert not found.whole
    assert [
        "failed  1 scenario in the last run: only these are run",
        "seed    that run had another: --seed 7 draws its values",
    ] == capsys.readouterr().out.splitlines()


def test_a_first_run_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So a loop needs no special beginning."""
    monkeypatch.chdir(tmp_path)
    assert CHECKS is narrowed(CHECKS)
    expected = "failed  no run of reference is stored: everything is run\n"
    assert expected == capsys.readouterr().out


FIVE = Product(name="Five", file="five.toml", lifetime_us=300_000_000)


def test_only_runs_by_the_same_profile_and_features_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What passes by another product, or with other features, has not been mended."""
    monkeypatch.chdir(tmp_path)
    store = Path("reports") / "check" / "reference"
    five = product_record(FIVE)
    run(store / "2026-11-30T12-00-01Z", record("two", Verdict.FAIL), features="own")
    run(store / "2026-11-30T12-00-02Z", record("five", Verdict.FAIL), profile=five)
    run(store / "2026-11-30T12-00-03Z", record("five", Verdict.PASS), whole=True)
    assert narrowed(CHECKS) is None
    use_product(FIVE)
    try:
        found = narrowed(CHECKS)
        use_product(replace(FIVE, lifetime_us=60_000_000))
        assert CHECKS is narrowed(CHECKS)
    finally:
        use_product(SPECIFIED)
    assert found is not None
    assert ["five"] == found.options.selection.scenarios
    *_, last = capsys.readouterr().out.splitlines()
    other = "by this profile, with these features, is stored: everything is run"
    assert f"failed  no run of reference {other}" == last


def test_a_run_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not passed over as one by another profile."""
    monkeypatch.chdir(tmp_path)
    folder = Path("reports") / "check" / "reference" / "2026-11-30T12-00-01Z"
    folder.mkdir(parents=True)
    (folder / "run.jsonl").write_text("nothing", encoding="utf-8")
    with pytest.raises(UsageError, match="is damaged"):
        narrowed(CHECKS)
