"""`invitelab import`: from a table to files, verdict and exit code."""

import json
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.results import Results

HEADER = "invitation,sent,shown,decided,session,ended"
ROWS = [
    f"i{n},{n * 100},{n * 100 + 40 + n % 7},,,{n * 100 + 119_700 + n % 50}"
    for n in range(200)
]


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of 200 invitations that expired early, in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    return path


def test_a_table_becomes_a_report(
    events: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder of its own, without objectives."""
    assert ExitCode.CONFORMANT == main(["import", events.name])
    folder = Path("reports/import/events")
    results = Results.model_validate_json((folder / "results.json").read_bytes())
    assert ("import", "events.csv") == (results.source, results.subject)
    assert (folder / "report.html").exists()
    assert (folder / "charts" / "expiry.svg").exists()
    out = capsys.readouterr().out
    assert "imported from events.csv\n" in out
    assert "again    invitelab import events.csv\n" in out
    assert out.endswith("NO OBJECTIVES\n")


@pytest.mark.parametrize(
    ("code", "bound", "verdict"),
    [
        (ExitCode.CONFORMANT, "50ms", "MET - 1 of 1 objective met"),
        (ExitCode.NON_CONFORMANT, "10ms", "MISSED - 0 of 1 objective met, 1 missed"),
    ],
)
def test_the_objectives_of_a_scenario_decide(
    events: Path,
    tiny: str,
    capsys: pytest.CaptureFixture[str],
    *,
    code: ExitCode,
    bound: str,
    verdict: str,
) -> None:
    """The exit code is that of a simulation; the warm-up is left out."""
    text, _ = tiny.split("[[objectives]]")
    promise = 'metric = "notify_delay"\nquantile = 0.5\n'
    Path("s.toml").write_text(
        f'{text}[[objectives]]\n{promise}at_most = "{bound}"\n', encoding="utf-8"
    )
    words = ["import", events.name, "--scenario", "s.toml", "--output", "out", "-q"]
    assert code == main(words)
    assert f"{verdict}\n" == capsys.readouterr().out
    document = json.loads(Path("out/results.json").read_text("utf-8"))
    assert 180 == document["attempts"]
    assert 1 == document["replications_planned"]
    assert "s" == document["name"]


def test_a_stored_import_is_drawn_again(events: Path) -> None:
    """With the same bytes."""
    assert 0 == main(["import", events.name, "--output", "out", "-q"])
    page = Path("out/report.html").read_bytes()
    Path("out/report.html").unlink()
    assert 0 == main(["report", "out"])
    assert page == Path("out/report.html").read_bytes()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("events.csv:3: shown is before sent", ["events.csv"]),
        ("nope.csv does not exist", ["nope.csv"]),
        ("--set changes a scenario, and none is named", ["x", "--set", "a=1"]),
        (
            '--begin is "noon", which is no number of ms',
            ["events.csv", "--begin", "noon"],
        ),
        ("there is no scenario 'nope'", ["events.csv", "--scenario", "nope"]),
        (
            'events.csv:2: sent is "0", and not like 2026-11-30T13:14:05.250Z',
            ["events.csv", "--time", "iso"],
        ),
    ],
)
def test_a_mistake_leaves_nothing_behind(
    events: Path,
    capsys: pytest.CaptureFixture[str],
    sentence: str,
    words: list[str],
) -> None:
    """But a sentence and a hint."""
    lines = [HEADER, ROWS[0], "x,5,4,,,", *ROWS[1:]]
    events.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert ExitCode.USAGE == main(["import", *words])
    out, err = capsys.readouterr()
    assert "" == out
    assert f"invitelab: {sentence}" == err.splitlines()[0]
    assert err.splitlines()[1].startswith("  hint: ")
    assert [events.name] == [path.name for path in Path().iterdir()]


def test_a_mistake_leaves_an_earlier_report_alone(events: Path) -> None:
    """It is still there."""
    assert 0 == main(["import", events.name, "--output", "out", "-q"])
    page = Path("out/report.html").read_bytes()
    events.write_text(f"{HEADER}\nx,5,4,,,\n", encoding="utf-8")
    assert ExitCode.USAGE == main(["import", events.name, "--output", "out"])
    assert page == Path("out/report.html").read_bytes()


def test_begin_and_name_are_told_in_the_report(
    events: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And in the command that makes it again."""
    events.write_text(f"{HEADER}\na,5000,5100,,,\nb,9000,9100,,,\n", encoding="utf-8")
    words = ["import", events.name, "--begin", "4000", "--name", "acme 2.3.1"]
    assert 0 == main(words)
    out = capsys.readouterr().out
    assert "imported from events.csv (acme 2.3.1)\n" in out
    assert f"invitelab import {events.name} --begin 4000 --name 'acme 2.3.1'\n" in out
    path = Path("reports/import/events/results.json")
    results = Results.model_validate_json(path.read_bytes())
    assert 5_000_001 == results.duration_us
