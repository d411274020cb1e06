"""`invitelab sweep` of a grid and with --find, from the command line to the report."""

import json
import re
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.formats.several_results import Sweep
from invitelab.reporting.load import files
from invitelab.reporting.load.charts.base import Chart

OBJECTIVES = (
    'objectives=[{ metric = "relay_utilisation", at_most = 0.4 },'
    ' { metric = "expired", at_most = 0.99 }]'
)
"""One that the number of workers decides, and one that is met in any case."""
BUSY = (
    *("--set", "arrivals.rate=20/s", "--workers", "1", "--replications", "6"),
    *("--set", 'relay.service={ distribution = "constant", value = "300ms" }'),
    *("--set", OBJECTIVES),
)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the reports of points without pictures, which takes seconds each."""

    def no_charts(_results: Results, *, png: bool = False) -> tuple[Chart, ...]:
        assert not png
        return ()

    monkeypatch.setattr(files, "load_charts", no_charts)


@pytest.fixture
def sized(scenario: Path) -> str:
    """Name the tiny scenario."""
    return str(scenario)


def plain(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def swept(folder: str) -> Sweep:
    """Read the sweep that was written."""
    return Sweep.model_validate_json(Path(folder, "sweep.json").read_bytes())


def test_a_grid_has_a_report_for_each_point(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page names what each point misses, and links to its own report."""
    words = ["sweep", sized, "--set", "relay.servers=1,64", *BUSY]
    words += ["--set", "people.cancel=0,0.5", "--output", "out"]
    words += ["--replications", "2"]
    assert ExitCode.CONFORMANT == main(words)
    out = plain(capsys.readouterr().out)
    found = swept("out")
    assert ("relay.servers", "people.cancel") == (found.path, found.second_path)
    pairs = [(point.value, point.second) for point in found.points]
    assert [("1", "0"), ("64", "0"), ("1", "0.5"), ("64", "0.5")] == pairs
    page = Path("out", "report.html").read_text("utf-8")
    links = re.findall(r'<a href="(points/[^"]+)"><bdi>([^<]+)', page)
    assert 4 == len(links)
    for (link, words_), point in zip(links, found.points, strict=True):
        own = Path("out", link).read_text("utf-8")
        assert "a sweep</a>, whose sweep.json" in own
        missed = [
            one.metric.replace("_", " ")
            for one in point.results.objectives
            if one.verdict is ObjectiveVerdict.MISSED
        ]
        assert all(name in words_ for name in missed)
        assert bool(missed) == words_.startswith("✗")
    assert any(words_.startswith("✗") for _, words_ in links)
    assert "points of relay.servers by people.cancel meet every objective." in out
    objectives = len(found.points[0].results.objectives)
    assert 1 + objectives == page.count("<figure")  # all together, and each of them
    rows = Path("out", "sweep.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("value,second,metric,")
    assert 1 + 4 * objectives == len(rows)


def test_a_point_can_be_run_again_alone(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all that was set, and its own value; the page tells what was set."""
    words = ["sweep", sized, "--set", "people.cancel=0.5", "--scale", "2", "-q"]
    words += ["--set", "relay.servers=1,64", "--replications", "1", "--seed", "5"]
    assert ExitCode.CONFORMANT == main([*words, "--engine", "events", "--output", "o"])
    given = ["--set", "people.cancel=0.5", "--set", "engine=events"]
    for point in swept("o").points:
        own = ["--set", f"relay.servers={point.value}", "--scale", "2"]
        own += ["--replications", "1", "--seed", "5"]
        assert [*given, *own] == list(point.results.arguments[1:])
    page = Path("o", "report.html").read_text("utf-8")
    assert "<dd><bdi>people.cancel=0.5, engine=events, --scale 2</bdi>" in page
    capsys.readouterr()
    again = [*swept("o").points[1].results.arguments, "--output", "p", "-q"]
    main(["simulate", *again])
    alone = Results.model_validate_json(Path("p", "results.json").read_bytes())
    assert swept("o").points[1].results.outcomes == alone.outcomes


def test_the_points_of_a_search_can_be_run_again(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its document has the settings."""
    objective = 'objectives=[{ metric = "relay_utilisation", at_most = 0.99 }]'
    words = ["sweep", sized, "--find", "relay.servers=64..99", "--set", objective]
    words += ["--replications", "3", "--output", "out", "--format", "json"]
    assert ExitCode.CONFORMANT == main(words)
    (point,) = swept("out").points
    assert "relay.servers=64" in point.results.arguments
    settings = json.loads(capsys.readouterr().out)["settings"]
    assert "relay.servers: 64 to 99, 64 tried" == settings["swept"]
    assert {"population", "arrivals", "relay", "seed"} <= set(settings)


def test_an_earlier_grid_leaves_no_page_behind(
    sized: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a point that the new one does not have."""

    def no_charts(_sweep: Sweep) -> tuple[Chart, ...]:
        return ()

    monkeypatch.setattr(files, "sweep_charts", no_charts)
    words = ["sweep", sized, "--replications", "1", "--output", "out", "-q"]
    second = ["--set", "people.cancel=0,0.5"]
    main([*words, "--set", "relay.servers=1,64", *second])
    main([*words, "--set", "relay.servers=1,2", *second])
    names = {path.name for path in Path("out", "points").iterdir()}
    assert {"000-1-0", "001-2-0", "002-1-0_5", "003-2-0_5"} == {
        name.removesuffix(".html") for name in names
    }
    assert not Path("out", "superseded").exists()


@pytest.mark.slow
def test_a_search_says_what_it_found_and_what_it_took(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The smallest value, why the one before misses, and the number of runs."""
    words = [
        "sweep",
        sized,
        "--find",
        "relay.servers=1,4,16,64,256",
        *BUSY,
        "--output",
        "out",
    ]
    code = main(words)
    last = plain(capsys.readouterr().out).splitlines()[-1]
    found = swept("out").search
    assert found is not None
    runs = sum(len(point.results.replications) for point in swept("out").points)
    assert f"tried in {runs} runs" in last
    assert f"{len(swept('out').points)} values were tried" in last
    assert ExitCode.CONFORMANT == code
    assert last.startswith(
        f"relay.servers = {found.smallest} is the smallest of 5 values from 1 to 256"
        f" that meets all objectives; {found.missing} misses "
    )
    assert int(found.smallest) == int(found.missing) * 4
    assert last in plain(Path("out", "report.html").read_text("utf-8"))


@pytest.mark.slow
def test_a_search_that_finds_none_says_so(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exit code of a missed objective, after the first and the last value."""
    words = ["sweep", sized, "--find", "relay.servers=1..2", *BUSY, "-q"]
    assert ExitCode.NON_CONFORMANT == main([*words, "--output", "out"])
    line = plain(capsys.readouterr().out).strip()
    assert line.startswith("None of 2 values from 1 to 2 of relay.servers meets all")
    assert "2 values were tried in 12 runs" in line


def test_a_search_ends_at_the_smallest_where_it_meets_all(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report has that one point."""
    objective = 'objectives=[{ metric = "relay_utilisation", at_most = 0.99 }]'
    words = ["sweep", sized, "--find", "relay.servers=64..999", "--set", objective]
    words += ["--replications", "3", "-q", "--output", "out"]
    assert ExitCode.CONFORMANT == main(words)
    line = plain(capsys.readouterr().out).strip()
    assert line.startswith("relay.servers = 64 is the smallest of 936 values")
    assert "1 value was tried in 3 runs" in line
    assert ["64"] == [point.value for point in swept("out").points]


def test_a_search_that_is_undecided_says_so(
    sized: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two short runs tell nothing about a share."""
    words = ["sweep", sized, "--find", "relay.servers=7..9", "--workers", "1", "-q"]
    objective = 'objectives=[{ metric = "accepted", at_least = 0.5 }]'
    words += ["--set", objective, "--replications", "2", "--output", "out"]
    assert ExitCode.INCONCLUSIVE == main(words)
    line = plain(capsys.readouterr().out).strip()
    assert line.startswith(
        "Undecided: of 3 values from 7 to 9 of relay.servers, none is decided."
    )


@pytest.mark.parametrize(
    ("sentence", "more"),
    [
        ("the values of --find relay.servers do not ascend", ["relay.servers=4,2"]),
        (
            "a search needs at least two replications, as one tells no interval",
            ["relay.servers=1..4", "--replications", "1"],
        ),
        (
            "the scenario has no objectives, so there is nothing to find",
            ["relay.servers=1..4", "--set", "objectives=[]"],
        ),
    ],
    ids=range(3),
)
def test_what_cannot_be_searched_is_a_usage_error(
    sized: str, capsys: pytest.CaptureFixture[str], sentence: str, more: list[str]
) -> None:
    """Before anything is run."""
    assert ExitCode.USAGE == main(["sweep", sized, "--find", *more])
    err = capsys.readouterr().err
    assert sentence in err
    assert "hint: " in err
