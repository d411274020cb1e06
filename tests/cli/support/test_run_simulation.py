"""`invitelab simulate` and `sweep`, from the command line to files and exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from invitelab.adapters.transports.process import wait_for
from invitelab.cli import main
from invitelab.cli.support import run_simulation, run_sweep
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.run_simulation import arguments, default_folder, exit_code
from invitelab.errors import ExitCode
from invitelab.formats.results import (
    Checked,
    Detached,
    Estimate,
    Objective,
    ObjectiveVerdict,
    Results,
    Violated,
)
from invitelab.formats.several_results import Sweep
from invitelab.reporting.load.files import write_load_report
from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, sweep
from invitelab.study.workers import Reached
from invitelab.world.scenario.file import loads

assert sys.platform != "win32", "it needs POSIX"

Children = Callable[[int], Sequence[Any]]

PATIENCE_S = 60.0
PROVENANCE = "provenance.json"


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file of a report by its path, but for provenance."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != PROVENANCE
    }


# What the exit code says


@pytest.fixture(scope="module")
def results(tiny: str) -> Results:
    """Results of the tiny scenario."""
    return simulate(loads(tiny), replications=1)


def objective(verdict: ObjectiveVerdict) -> Objective:
    """An objective with that verdict and a figure to match."""
    means = {ObjectiveVerdict.MET: 0.5, ObjectiveVerdict.MISSED: 0.3}
    return Objective(
        metric="accepted",
        quantile=None,
        at_most=False,
        bound=0.4,
        unit="1",
        verdict=verdict,
        figure_verdict=verdict,
        estimate=Estimate(mean=means.get(verdict, 0.4)),
        samples=1,
    )


@pytest.mark.parametrize(
    ("expected", "verdicts"),
    [
        (ExitCode.CONFORMANT, []),
        (ExitCode.CONFORMANT, ["met", "met"]),
        (ExitCode.NON_CONFORMANT, ["met", "missed", "undecided"]),
        (ExitCode.INCONCLUSIVE, ["met", "undecided"]),
    ],
)
def test_the_worst_objective_is_the_exit_code(
    results: Results, expected: ExitCode, verdicts: list[str]
) -> None:
    """It is 0 where none is missed or undecided."""
    judged = tuple(objective(ObjectiveVerdict(verdict)) for verdict in verdicts)
    assert expected == exit_code([results.model_copy(update={"objectives": judged})])


def test_an_interrupt_takes_precedence_over_verdicts(results: Results) -> None:
    """They belong to an incomplete run."""
    missed = (objective(ObjectiveVerdict.MISSED),)
    update = {"objectives": missed, "complete": False}
    assert ExitCode.INTERRUPTED == exit_code([results.model_copy(update=update)])


@pytest.mark.parametrize(
    ("expected", "update"),
    [
        (
            "2 violations of the protocol (one-end)",
            {
                "checked": Checked(
                    invitations=1,
                    facts=2,
                    violations=(
                        Violated(invariant="one-end", at_us=1, message="twice"),
                        Violated(invariant="one-end", at_us=2, message="twice"),
                    ),
                )
            },
        ),
        (
            "the instrument Sample broke: KeyError: 'i1'",
            {"detached": (Detached(instrument="Sample", error="KeyError: 'i1'"),)},
        ),
    ],
    ids=["violated", "detached"],
)
def test_a_bug_in_invitelab_takes_precedence_over_all(
    results: Results,
    capsys: pytest.CaptureFixture[str],
    expected: str,
    update: Mapping[str, object],
) -> None:
    """No figure of such a run can be trusted."""
    bad = results.model_copy(update={**update, "complete": False})
    assert ExitCode.HARNESS == exit_code([results, bad])
    first, hint = capsys.readouterr().err.splitlines()
    assert f"invitelab: this is our bug: {expected}" == first
    assert "cannot be trusted" in hint


@pytest.mark.parametrize(("expected", "name"), [("a.b", "a.b"), ("scenario", "..")])
def test_a_report_stays_in_its_folder(tiny: str, expected: str, name: str) -> None:
    """Even that of a file called `...toml`."""
    loaded = loads(tiny, source=Path(f"{name}.toml"))
    assert Path("reports") / "load" / expected == default_folder("load", loaded)


# A run


def test_a_simulation_writes_its_report(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the folder of its name; path and verdict are printed last."""
    assert ExitCode.CONFORMANT == main(["simulate", "tiny.toml", "--workers", "1"])
    folder = scenario.parent / "reports" / "load" / "tiny"
    out, err = capsys.readouterr()
    assert "simulating tiny: 2 replications of 2 min 21 s\n" == err.replace("\xa0", " ")
    assert "Hardly anybody" == out.splitlines()[0]
    assert ["report   reports/load/tiny/report.html", "MET - 1 of 1 objective met"] == (
        out.splitlines()[-2:]
    )
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "results.json", PROVENANCE, "charts"} <= names
    facts = json.loads((folder / PROVENANCE).read_text("utf-8"))
    assert {"started", "seconds", "command", "harness", "python", "platform"} == set(
        facts
    )


@pytest.mark.slow
def test_a_quiet_simulation_prints_only_its_verdict(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The override is in the results."""
    bound = "objectives.0.at_most=0us"
    words = ["simulate", str(scenario), "-q", "--workers=1", "--set", bound]
    assert ExitCode.CONFORMANT == main([*words, "--output", "out"])
    assert ("MET - 1 of 1 objective met\n", "") == capsys.readouterr()
    found = Results.model_validate_json(Path("out/results.json").read_bytes())
    assert 0 == found.objectives[0].bound


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(scenario: Path) -> None:
    """In another process, with another hash seed and two workers."""
    words = ("simulate", "tiny.toml", "-q")
    assert ExitCode.CONFORMANT == main([*words, "--workers=1", "--output=a"])
    subprocess.run(
        [sys.executable, "-m", "invitelab", *words, "--workers=2", "--output=b"],
        cwd=scenario.parent,
        env={**os.environ, "PYTHONHASHSEED": "2"},
        check=True,
        capture_output=True,
    )
    a, b = files(scenario.parent / "a"), files(scenario.parent / "b")
    assert len(a) > 20
    assert [] == [name for name in a.keys() | b.keys() if a.get(name) != b.get(name)]


# A sweep


def test_a_sweep_has_a_point_for_each_value(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 0, whatever the objectives come to."""
    words = ["--set=relay.servers=1,2", "--set", "objectives.0.metric=relay_wait"]
    code = main(["sweep", str(scenario), *words, "--workers=1", "--replications=1"])
    assert ExitCode.CONFORMANT == code
    folder = scenario.parent / "reports" / "sweep" / "tiny"
    found = Sweep.model_validate_json((folder / "sweep.json").read_bytes())
    assert ["1", "2"] == [point.value for point in found.points]
    missed = {point.results.verdict for point in found.points}
    assert ObjectiveVerdict.MISSED in missed
    out, err = capsys.readouterr()
    assert "report   reports/sweep/tiny/report.html" in out.splitlines()
    expected = "sweeping relay.servers: 2 values, 1 replication of 2 min 21 s each\n"
    assert expected == err.replace("\xa0", " ")


def test_an_interrupted_sweep_says_that_it_is_incomplete(
    scenario: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Even between two points, where each point is complete."""

    def sweep_and_interrupt(
        path: str, settings: Sequence[Setting], **options: object
    ) -> Sweep:
        del options

        def interrupt(reached: Reached) -> None:
            if reached.replications:
                signal.raise_signal(signal.SIGINT)

        return sweep(path, settings, replications=1, progress=interrupt)

    monkeypatch.setattr(run_sweep, "sweep", sweep_and_interrupt)
    words = ["sweep", str(scenario), "--set=relay.servers=1,2", "-q", "--output=out"]
    words.append("--engine=events")  # that one can be interrupted at any second
    assert ExitCode.INTERRUPTED == main(words)
    expected = "invitelab: interrupted: the sweep is INCOMPLETE\n"
    assert expected == capsys.readouterr().err
    assert "INCOMPLETE: 1 of 2 points" in Path("out/report.html").read_text("utf-8")


# Mistakes


def test_every_mistake_of_a_file_is_located(
    scenario: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """All five together; nothing is written."""
    text = tiny.replace('"20s"', '"20"').replace('"2s"', '"2 parsecs"')
    text = text.replace("replications = 2", "replications = 0")
    text = text.replace("clients = 20", "clients = 1").replace('"3/s"', "3")
    scenario.write_text(text, encoding="utf-8")
    assert ExitCode.USAGE == main(["simulate", "tiny.toml"])
    out, err = capsys.readouterr()
    located = [
        line.removeprefix("invitelab: ").split(" ")[:2]
        for line in err.splitlines()
        if "tiny.toml:" in line
    ]
    assert [
        ["tiny.toml:3:12:", "duration"],
        ["tiny.toml:4:11:", "warm_up"],
        ["tiny.toml:7:16:", "replications"],
        ["tiny.toml:9:11:", "population.clients"],
        ["tiny.toml:13:8:", "arrivals.rate"],
    ] == located
    assert ("", [scenario]) == (out, list(scenario.parent.iterdir()))


def test_one_invalid_value_of_a_sweep_is_refused_before_the_run(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is printed on stdout, and nothing is written."""
    assert ExitCode.USAGE == main(["sweep", "tiny.toml", "--set", "relay.servers=0..2"])
    out, err = capsys.readouterr()
    first, *_ = err.splitlines()
    expected = "relay.servers has to be at least 1, not 0 (changed for this run)"
    assert f"invitelab: tiny.toml: {expected}" == first
    assert ("", [scenario]) == (out, list(scenario.parent.iterdir()))


@pytest.mark.parametrize("command", ["simulate", "sweep"])
@pytest.mark.parametrize("taken", ["tiny.toml", "tiny.toml/below"])
def test_a_file_with_the_name_of_the_folder_is_refused_before_the_run(
    scenario: Path, capsys: pytest.CaptureFixture[str], command: str, taken: str
) -> None:
    """In one sentence that names it."""
    words = [command, str(scenario), "--output", taken, "--set", "seed=1"]
    words += ["--set", "relay.servers=1,2"] if command == "sweep" else []
    assert ExitCode.USAGE == main(words)
    out, err = capsys.readouterr()
    first, hint = err.splitlines()
    assert taken in first
    assert hint.startswith("  hint: ")
    assert "" == out


def test_a_full_disk_is_refused_before_the_run(
    scenario: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names the folder and its free space."""
    monkeypatch.setattr(run_simulation, "LEAST_FREE_BYTES", 10**18)
    assert ExitCode.USAGE == main(["simulate", str(scenario), "--output", "out"])
    out, err = capsys.readouterr()
    first, hint = err.splitlines()
    assert first.startswith("invitelab: out has ")
    assert first.endswith(" MB of free space left")
    assert "--output" in hint
    assert "" == out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="it has no limits of that kind")
def test_a_disk_that_fills_up_gives_one_sentence(scenario: Path) -> None:
    """A limit on the size of files stands for it; no incomplete file is left.

    The verdict is printed all the same.
    """
    command = '"$0" -m invitelab simulate tiny.toml -q --workers 1 --output out'
    result = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -f 40; {command}", sys.executable],
        cwd=scenario.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    first, hint = result.stderr.splitlines()
    assert ExitCode.USAGE == result.returncode
    assert result.stdout.splitlines()[-1].startswith("MET")
    assert first.startswith("invitelab: out/")
    assert "cannot be written: File too large" in first
    assert hint.startswith("  hint: ")
    assert not list((scenario.parent / "out").rglob(".*"))


@pytest.mark.parametrize("name", ["results.json", "charts"])
def test_an_obstacle_to_a_report_is_refused_before_the_run(
    scenario: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A folder with the name of a file, or a file with the name of a folder."""
    Path("out").mkdir()
    if name == "charts":
        Path("out", name).touch()
    else:
        Path("out", name).mkdir()
    assert ExitCode.USAGE == main(["simulate", str(scenario), "--output", "out"])
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(f"invitelab: out/{name} ")
    assert "simulating" not in err


# Reports of earlier


@pytest.mark.parametrize("command", ["simulate", "sweep"])
def test_a_failed_run_sets_the_earlier_report_aside(
    scenario: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Page and results of the last complete run are in another folder."""
    words = [command, str(scenario), "--output", "out", "--workers", "1"]
    words += ["--set", "relay.servers=1,2"] if command == "sweep" else []
    assert ExitCode.CONFORMANT == main(words)
    before = files(Path("out"))

    def interrupted(*_words: object, **_settings: object) -> None:
        raise KeyboardInterrupt

    module = run_sweep if command == "sweep" else run_simulation
    monkeypatch.setattr(module, command, interrupted)
    assert ExitCode.INTERRUPTED == main(words)
    left = {path.name for path in Path("out").rglob("*") if path.is_file()}
    assert before == files(Path("out", "superseded"))
    assert {Path(name).name for name in before} | {PROVENANCE} == left
    assert {"charts", "superseded"} == {path.name for path in Path("out").iterdir()}


@pytest.mark.slow
def test_a_complete_report_replaces_the_earlier_one(scenario: Path) -> None:
    """With all its files, even charts of metrics that no longer exist."""
    words = ["simulate", str(scenario), "--output", "out", "--workers", "1"]
    assert ExitCode.CONFORMANT == main(words)
    before = files(Path("out"))
    Path("out", "charts", "old.svg").touch()
    assert ExitCode.CONFORMANT == main(words)
    assert before == files(Path("out"))


# Interrupts


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize(
    ("workers", "number"),
    [
        (1, signal.SIGINT),
        pytest.param(2, signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(2, signal.SIGTERM, marks=pytest.mark.slow),
    ],
)
def test_an_interrupt_leaves_an_incomplete_report(
    scenario: Path, workers: int, number: signal.Signals, children: Children
) -> None:
    """The exit code is 130, without a traceback, and no process is left.

    As from a keyboard, all processes in the foreground receive it.
    """
    words = ("simulate", "tiny.toml", f"--workers={workers}", "--set", "duration=9h")
    with subprocess.Popen(
        [sys.executable, "-m", "invitelab", *words],
        cwd=scenario.parent,
        # A bar tells when the worlds have begun to turn.
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "150", "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        told = b""
        while b"replications" not in told and process.poll() is None:
            told += os.read(process.stderr.fileno(), 4096)
        started = children(process.pid)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert ExitCode.INTERRUPTED == process.returncode
    assert (workers > 1) == (len(started) >= workers)
    assert wait_for(lambda: not any(child.is_running for child in started), PATIENCE_S)
    assert b"INCOMPLETE - it was interrupted" in out.splitlines()[-1]
    assert b"Traceback" not in told + err
    folder = scenario.parent / "reports" / "load" / "tiny"
    found = Results.model_validate_json((folder / "results.json").read_bytes())
    assert not found.complete
    assert "INCOMPLETE" in (folder / "report.html").read_text("utf-8")


def test_a_signal_while_the_report_is_written_costs_nothing(
    scenario: Path,
    monkeypatch: pytest.MonkeyPatch,
    after_signal: Callable[[Callable[..., Any]], Callable[..., Any]],
    unheard: list[int],
) -> None:
    """The report is whole, and the exit code is that of an interrupt."""
    del scenario
    write = after_signal(write_load_report)
    monkeypatch.setattr(run_simulation, "write_load_report", write)
    words = ["simulate", "tiny.toml", "--workers=1", "--output=out"]
    assert ExitCode.INTERRUPTED == main(words)
    assert [] == unheard
    found = Results.model_validate_json(Path("out/results.json").read_bytes())
    assert found.complete
    assert Path("out/report.html").is_file()


def test_the_arguments_that_reproduce_a_run_have_no_absolute_path() -> None:
    """Values and numbers are as given; a file is named without its folder."""
    request = ScenarioRequest(
        scenario="/home/ada/my desk.toml",
        overrides={"relay.servers": 2},
        given=("relay.servers=2",),
    )
    settings = Settings(seed=7, replications=3, workers=8, output=Path("out"))
    expected = "my desk.toml|--set|relay.servers=2|--replications|3|--seed|7"
    assert expected.split("|") == arguments(request, settings)


def test_a_file_below_the_current_folder_is_named_from_there() -> None:
    """So that the command that is printed finds it."""
    path = Path.cwd() / "desks" / "my desk.toml"
    request = ScenarioRequest(scenario=str(path), overrides={})
    assert ["desks/my desk.toml"] == arguments(request, Settings())
