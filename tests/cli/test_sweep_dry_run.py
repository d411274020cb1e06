"""`sweep --dry-run` says what would be run, finds every mistake, and runs nothing."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from invitelab.cli import main
from invitelab.cli.support import run_sweep
from invitelab.cli.support.sweep_dry_run import halvings
from invitelab.formats.command_output import SweepPlanned
from invitelab.study.search import most_tests

Capture = pytest.CaptureFixture[str]

DESK = ["sweep", "support_desk", "--dry-run"]
BUSY = ["--set", "arrivals.rate=40/s", "--set", "duration=5min", "--replications", "3"]
LINE = ["--set", "relay.servers=1..3", *BUSY]
SEARCH = ["--find", "relay.servers=1..64", *BUSY]


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, in which no sweep may begin."""

    def never(*_given: object, **_named: object) -> NoReturn:
        raise AssertionError("a dry run starts nothing")

    monkeypatch.chdir(tmp_path)
    for name in ("sweep", "search", "prepare_folder"):
        monkeypatch.setattr(run_sweep, name, never)


def told(words: list[str], capsys: Capture) -> dict[str, str]:
    """Give the lines of a dry run by their labels."""
    assert 0 == main([*DESK, *words])
    first, *lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    assert "Monday morning at a support desk: valid, and nothing was run" == first
    return {line[:13].strip(): line[13:].replace("\u202f", " ") for line in lines}


def planned(words: list[str], capsys: Capture) -> SweepPlanned:
    """Give the plan of a dry run."""
    assert 0 == main([*DESK, *words, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert ("sweep", 0) == (document["command"], document["exit_code"])
    return SweepPlanned.model_validate(document["plan"])


def test_a_dry_run_of_a_sweep_writes_nothing(capsys: Capture) -> None:
    """It says how many points and runs, and how much work."""
    found = told([*LINE, "--workers", "2", "--seed", "4"], capsys)
    assert "relay.servers: 1, 2, 3" == found["swept"]
    assert "3" == found["points"]
    assert "9, 3 replications of each, seed 4" == found["runs"]
    assert "12 000 expected in a replication" == found["attempts"]
    assert "20 000 clients" == found["people"]
    assert ("5", "cohorts") == (found["objectives"], found["engine"])
    assert "2 processes" == found["workers"]
    assert found["CPU time"].startswith("about ")
    assert found["memory"].endswith(" MB in each process")
    assert "reports/sweep/support_desk" == found["report"]
    assert [] == list(Path.cwd().iterdir())


def test_the_plan_of_a_sweep_has_one_of_each_point(capsys: Capture) -> None:
    """Which differ in what the value changes; the whole is their sum."""
    found = planned(LINE, capsys)
    assert ["1", "2", "3"] == [one.value for one in found.points]
    assert (3, 3, 9) == (found.values, found.most_points, found.runs)
    loads = [one.plan.relay_load or 0 for one in found.points]
    assert loads == pytest.approx([loads[0], loads[0] / 2, loads[0] / 3])
    each_s = [one.plan.cpu_s or 0 for one in found.points]
    assert sorted(each_s, reverse=True) == each_s
    assert sum(each_s) == pytest.approx(found.cpu_s)


def test_a_dry_run_of_a_grid_tells_both_values(capsys: Capture) -> None:
    """And which engines run its points, where they differ."""
    grid = ["--set", "relay.servers=1,4", "--set", "arrivals.rate=20/s,90/s"]
    found = told(grid, capsys)
    assert "relay.servers: 1, 4; arrivals.rate: 20/s, 90/s" == found["swept"]
    assert "4" == found["points"]
    assert "12 000 to 54 000 expected in a replication" == found["attempts"]
    assert found["engine"].startswith("at 3 points cohorts; at 1 point events: the ")
    assert (
        "several times as long: the relay is overloaded at 1 of 4 points"
        in (found["CPU time"])
    )


def test_a_dry_run_of_a_search_says_how_many_at_most(capsys: Capture) -> None:
    """As many as a search divides its error among."""
    found = told(SEARCH, capsys)
    assert "relay.servers: 1 to 64" == found["swept"]
    assert f"at most {most_tests(64)} of 64 values" == found["points"]
    runs = f"at most {3 * most_tests(64)}, 3 replications of each, seed 20260105"
    assert runs == found["runs"]
    assert found["CPU time"].startswith("at most about ")
    plan = planned(SEARCH, capsys)
    assert ["1", "2", "4", "8", "16", "32", "64"] == [one.value for one in plan.points]
    few = told(["--find", "relay.servers=1..3", *BUSY], capsys)
    assert "at most 3 of 3 values" == few["points"]


def test_the_estimate_of_a_search_follows_its_bisection() -> None:
    """To the end that takes longer, whichever it is."""
    assert [1, 3, 7, 15, 31] == halvings(64, 0)
    assert [31, 47, 55, 59, 61, 62] == halvings(64, 63)
    assert [] == halvings(2, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--set", "relay.servers=1"], "one --set needs several values to sweep"),
        (["--set", "relay.servers=1..3", "--set", "a.b=1"], "a is not a key"),
        (["--set", "relay.servers=1,zero"], "relay.servers"),
        (["--find", "relay.servers=4,2"], "do not ascend"),
        ([*SEARCH, "--set", "objectives=[]"], "there is nothing to find"),
        ([*LINE, "--workers", "2", "--cluster", "tcp://a:1"], "do not go together"),
    ],
)
def test_a_dry_run_tells_what_would_be_wrong(
    words: list[str], sentence: str, capsys: Capture
) -> None:
    """With the code and the sentence of the sweep itself."""
    assert 2 == main([*DESK, *words])
    error = capsys.readouterr().err
    assert sentence in error
    assert 2 == main([word for word in [*DESK, *words] if word != "--dry-run"])
    assert error == capsys.readouterr().err
