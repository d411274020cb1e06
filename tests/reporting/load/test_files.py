"""The folder of a report: everything in it, whole, and the same for the same results."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.reporting.load.files import (
    write_comparison,
    write_load_report,
    write_sweep_report,
)
from invitelab.results import (
    Comparison,
    Difference,
    Estimate,
    Results,
    Sweep,
    SweepPoint,
)

MakeResults = Callable[[str], Results]

WRITE = """
import sys
from pathlib import Path
from invitelab.reporting.load.files import write_load_report
from invitelab.results import Results
results = Results.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
write_load_report(Path(sys.argv[2]), results, {})
"""
CHARTS = {
    "delays",
    "expiry",
    "lives",
    "objectives",
    "outcomes",
    "percentiles",
    "relay",
    "replications",
    "versions",
}
LIMIT_S = 6.0
"""CPU for a whole report on a slow machine; it takes 2 s on an ordinary one."""


def contents(folder: Path) -> dict[str, bytes]:
    """Read everything that was written."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_report_has_all_its_files(tmp_path: Path, make_results: MakeResults) -> None:
    """And no half of one beside them; the path is that of the page."""
    results = make_results("spike")
    path = write_load_report(tmp_path, results, {"started": "today"})
    names = {f"charts/{chart}.{kind}" for chart in CHARTS for kind in ("svg", "png")}
    names |= {f"{one.metric}.hgrm" for one in results.distributions}
    names |= {"results.json", "report.html", "report.md", "junit.xml", "metrics.csv"}
    names |= {"distributions.csv", "timeline.json", "provenance.json"}
    assert tmp_path / "report.html" == path
    assert names == set(contents(tmp_path))
    assert {"started": "today"} == json.loads(
        (tmp_path / "provenance.json").read_text()
    )


def test_the_results_can_be_read_back(tmp_path: Path, steady: Results) -> None:
    """They are the truth that everything else is made of."""
    write_load_report(tmp_path, steady, {})
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert steady == Results.model_validate_json(text)


def test_two_processes_write_the_same_bytes(
    tmp_path: Path, make_results: MakeResults
) -> None:
    """Whatever the seed of their hashes, and over an older report."""
    source = tmp_path / "in.json"
    source.write_text(make_results("spike").model_dump_json(), encoding="utf-8")
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", WRITE, str(source), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"},
            check=True,
        )
    first, second = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert sorted(first) == sorted(second)
    assert [] == [name for name in first if first[name] != second[name]]


def test_wall_clock_facts_are_in_one_file_alone(
    tmp_path: Path, steady: Results
) -> None:
    """Everything else is a function of the results."""
    write_load_report(tmp_path / "a", steady, {"host": "machine-a"})
    write_load_report(tmp_path / "b", steady, {"host": "machine-b"})
    first, second = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert ["provenance.json"] == [n for n in first if first[n] != second[n]]


@pytest.mark.parametrize("name", ["nothing", "short", "one", "incomplete", "huge"])
def test_any_run_has_a_report(
    tmp_path: Path, make_results: MakeResults, name: str
) -> None:
    """Every section has its picture or says why there is none."""
    write_load_report(tmp_path, make_results(name), {})
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(CHARTS) == page.count("<figure")
    assert len(CHARTS) == page.count('<svg role="img"') + page.count('class="calm')
    assert ("! INCOMPLETE" in page) == (name == "incomplete")
    assert "nan" not in page.replace("finance", "")


def test_a_sweep_and_a_comparison_have_their_files(
    tmp_path: Path, steady: Results
) -> None:
    """Each its own truth, its page and its chart."""
    points = tuple(
        SweepPoint(value=f"{n}/s", number=n, results=steady) for n in (10, 20, 30)
    )
    sweep = Sweep(title="Rates", path="arrivals.rate", points=points)
    write_sweep_report(tmp_path / "sweep", sweep, {})
    names = {"charts/sweep.png", "charts/sweep.svg", "provenance.json"}
    names |= {"report.html", "sweep.csv", "sweep.json"}
    assert names == set(contents(tmp_path / "sweep"))
    one = Difference(
        metric="accepted",
        statistic="share",
        unit="1",
        a=0.5,
        b=0.6,
        difference=Estimate(mean=0.1, low=0.05, high=0.15),
        significant=True,
    )
    both = Comparison(
        a="x", b="y", seed_a=1, seed_b=1, paired=True, changed={}, differences=(one,)
    )
    write_comparison(tmp_path / "both", both, {})
    names = {"charts/differences.png", "charts/differences.svg", "provenance.json"}
    names |= {"report.html", "report.md", "comparison.json"}
    assert names == set(contents(tmp_path / "both"))


def test_hostile_names_are_text_everywhere(
    tmp_path: Path, make_hostile: Callable[[str], Results]
) -> None:
    """No tag, no escape and no turn of direction reaches a file that is looked at."""
    hostile = make_hostile('</title><script>alert("1")</script>\x1b[2J\u202e{{7*7}}$x$')
    write_load_report(tmp_path, hostile, {})
    for name, content in contents(tmp_path).items():
        if name.endswith((".html", ".svg", ".md", ".xml", ".csv")):
            text = content.decode()
            assert "<script" not in text, name
            assert set[str]() == {"\x1b", "\u202e"} & set(text), name


def test_a_page_loads_nothing(tmp_path: Path, steady: Results) -> None:
    """It has a policy that forbids it, and nothing that would need it."""
    write_load_report(tmp_path, steady, {})
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    for word in ("<script", "src=", "@import", "url(http", "<link", "<iframe"):
        assert word not in page


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, steady: Results
) -> None:
    """In one sentence, with what to do."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        write_load_report(tmp_path / "file" / "report", steady, {})
    assert "choose another folder with --output" == caught.value.hint


@pytest.mark.timing
def test_a_report_takes_seconds_at_most(tmp_path: Path, steady: Results) -> None:
    """Of CPU, with everything that is drawn and written."""
    begin = time.process_time()
    write_load_report(tmp_path, steady, {})
    assert time.process_time() - begin < LIMIT_S
