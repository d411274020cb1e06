"""The summary of a run, from a few lines of its file."""

from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.product import ProductRecord
from invitelab.formats.run import (
    ClauseRecord,
    Footer,
    Header,
    Level,
    RunVerdict,
    ScenarioRecord,
    Verdict,
    dump,
    seal,
)
from invitelab.formats.run_summary import Basis, basis_of, summary_of


@pytest.fixture
def lines() -> list[str]:
    """Give the lines of a run with one scenario, which has a further record."""
    record = ScenarioRecord(
        feature="f",
        line=1,
        title="t",
        clauses=("A-1",),
        level=Level.REQUIRED,
        verdict=Verdict.FAIL,
    )
    clause = ClauseRecord(
        clause="A-1",
        level=Level.REQUIRED,
        text="It is.",
        verdict=Verdict.FAIL,
        passed=0,
        scenarios=1,
    )
    untested = clause.model_copy(update={"clause": "A-2", "verdict": None})
    header = Header(
        harness="h", suite="s", target="cmd:x", name="acme", implementation="\x1b[2J"
    )
    records = [header, record, record.model_copy(update={"besides": True})]
    before = [dump(one) for one in (*records, clause, untested)]
    footer = Footer(
        verdict=RunVerdict.NON_CONFORMANT,
        exit_code=1,
        whole=True,
        totals={"scenarios fail": 1},
        sha256="",
    )
    return [*before, dump(seal(before, footer))]


def written(folder: Path, lines: list[str]) -> Path:
    """Write a run file."""
    path = folder / "run.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_run_is_summed_up(tmp_path: Path, lines: list[str]) -> None:
    """A further record is no scenario; what a target calls itself is made safe."""
    found = summary_of(written(tmp_path, lines))
    assert ("acme", "NON-CONFORMANT", True) == (found.name, found.verdict, found.whole)
    assert 1 == found.scenarios
    assert {"A-1": "fail"} == found.clauses
    assert {"A-1", "A-2"} == set(found.texts)
    assert r"\x1b[2J" == found.implementation


def test_a_run_without_an_end_is_incomplete(tmp_path: Path, lines: list[str]) -> None:
    """It was interrupted."""
    found = summary_of(written(tmp_path, lines[:2]))
    assert ("INCOMPLETE", False, 1) == (found.verdict, found.whole, found.scenarios)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}"])
def test_what_is_no_run_is_told(tmp_path: Path, text: str) -> None:
    """In a sentence."""
    with pytest.raises(UsageError, match="is damaged"):
        summary_of(written(tmp_path, [text]))


def test_what_a_run_was_judged_by_is_in_its_first_line(tmp_path: Path) -> None:
    """The rest of the file may be damaged."""
    profile = ProductRecord(name="Five", file="five.toml", lifetime_ms=300_000)
    header = Header(harness="h", suite="s", target="t", profile=profile, features="own")
    path = written(tmp_path, [dump(header), "damaged"])
    assert Basis(profile=profile, features="own") == basis_of(path)
    plain = Header(harness="h", suite="s", target="t")
    assert Basis() == basis_of(written(tmp_path, [dump(plain)]))
    with pytest.raises(UsageError, match="is damaged"):
        basis_of(written(tmp_path, ['{"record":"header","profile":{"name":1}}']))
