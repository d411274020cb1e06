"""The folder of a report: complete, and reproducible."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.results import Estimate, Results
from invitelab.formats.several_results import Comparison, Difference, Sweep, SweepPoint
from invitelab.reporting.load.files import (
    write_comparison,
    write_load_report,
    write_sweep_report,
)

MakeResults = Callable[[str], Results]

WRITE = """
import sys
from pathlib import Path
from invitelab.reporting.load.files import write_load_report
from invitelab.formats.results import (Results)
results = Results.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
write_load_report(Path(sys.argv[2]), results, {})
"""
CHARTS = {
    "delays",
    "expiry",
    "lives",
    "messages",
    "objectives",
    "outcomes",
    "percentiles",
    "relay",
    "replications",
    "spent",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was written, of which results, and the CPU that it took."""

    page: Path
    results: Results
    cpu_s: float


@pytest.fixture(scope="module")
def report(
    tmp_path_factory: pytest.TempPathFactory, make_results: MakeResults
) -> Report:
    """Write the report of a run in which everything happens."""
    results = make_results("spike")
    folder = tmp_path_factory.mktemp("report")
    begin_s = time.process_time()
    page = write_load_report(folder, results, {"started": "today"})
    return Report(page=page, results=results, cpu_s=time.process_time() - begin_s)


@pytest.mark.slow
def test_a_report_has_all_its_files(report: Report) -> None:
    """Without temporary files; the path is that of the page."""
    folder = report.page.parent
    names = {f"charts/{chart}.{kind}" for chart in CHARTS for kind in ("svg", "png")}
    names |= {f"{one.metric}.hgrm" for one in report.results.distributions}
    names |= {"results.json", "report.html", "report.md", "junit.xml", "metrics.csv"}
    names |= {"distributions.csv", "timeline.json", "provenance.json"}
    assert "report.html" == report.page.name
    assert names == set(contents(folder))
    assert {"started": "today"} == json.loads((folder / "provenance.json").read_text())


def test_the_results_can_be_read_back(report: Report) -> None:
    """They are equal to those that were written."""
    text = (report.page.parent / "results.json").read_text(encoding="utf-8")
    assert report.results == Results.model_validate_json(text)


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(report: Report, tmp_path: Path) -> None:
    """Whatever the seed of its hashes and its time zone."""
    source = report.page.parent / "results.json"
    subprocess.run(
        [sys.executable, "-c", WRITE, str(source), str(tmp_path)],
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "UTC9"},
        check=True,
    )
    first, second = contents(report.page.parent), contents(tmp_path)
    assert sorted(first) == sorted(second)
    different = [name for name in first if first[name] != second[name]]
    assert ["provenance.json"] == different


def test_an_older_report_is_replaced(tmp_path: Path, make_results: MakeResults) -> None:
    """Wall-clock facts are in one file alone, so that only this one changes."""
    write_load_report(tmp_path, make_results("nothing"), {"host": "a"})
    first = contents(tmp_path)
    write_load_report(tmp_path, make_results("nothing"), {"host": "b"})
    second = contents(tmp_path)
    assert ["provenance.json"] == [n for n in first if first[n] != second[n]]


@pytest.mark.parametrize("name", ["nothing", "short"])
def test_any_run_has_a_report(
    tmp_path: Path, make_results: MakeResults, name: str
) -> None:
    """Every section has its picture or says why there is none."""
    write_load_report(tmp_path, make_results(name), {})
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(CHARTS) == page.count("<figure")
    assert len(CHARTS) == page.count('<svg role="img"') + page.count('class="calm')
    assert "! INCOMPLETE" not in page
    assert not re.search(r"\b(nan|inf|None)\b", page)


def test_a_run_that_was_cut_off_has_a_banner(
    tmp_path: Path, make_results: MakeResults
) -> None:
    """With the reason, before everything else."""
    results = make_results("nothing").model_copy(update={"complete": False})
    page = write_load_report(tmp_path, results, {}).read_text(encoding="utf-8")
    assert "! INCOMPLETE" in page
    assert page.index("it was interrupted") < page.index("MISSED")


def test_a_sweep_and_a_comparison_have_their_files(
    tmp_path: Path, steady: Results
) -> None:
    """Each has its JSON document, its page and its chart."""
    points = tuple(
        SweepPoint(value=f"{n}/s", number=n, results=steady) for n in (10, 20, 30)
    )
    sweep = Sweep(
        title="Rates", path="arrivals.rate", points_planned=len(points), points=points
    )
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


@pytest.mark.slow
def test_hostile_names_are_text_everywhere(
    tmp_path: Path, make_hostile: Callable[[str], Results]
) -> None:
    """No tag, escape code or change of direction is in any file."""
    hostile = make_hostile('</title><script>alert("1")</script>\x1b[2J\u202e{{7*7}}$x$')
    write_load_report(tmp_path, hostile, {})
    for name, content in contents(tmp_path).items():
        if name.endswith((".html", ".svg", ".md", ".xml", ".csv")):
            text = content.decode()
            assert "<script" not in text, name
            assert set[str]() == {"\x1b", "\u202e"} & set(text), name


def test_a_page_loads_nothing(report: Report) -> None:
    """Its content security policy forbids it."""
    page = report.page.read_text(encoding="utf-8")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    for word in ("<script", "src=", "@import", "url(http", "<link", "<iframe"):
        assert word not in page


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, make_results: MakeResults
) -> None:
    """In one sentence, with what to do."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        write_load_report(tmp_path / "file" / "report", make_results("nothing"), {})
    assert "choose another folder with --output" == caught.value.hint


@pytest.mark.timing
def test_a_report_takes_seconds_at_most(report: Report) -> None:
    """Of CPU, with everything that is drawn and written."""
    assert report.cpu_s < LIMIT_S
