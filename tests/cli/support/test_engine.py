"""`--engine` and `--scale`, from the command line to the report."""

import json
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.cli.support.options import ENGINES
from invitelab.errors import ExitCode
from invitelab.world.scenario.exactness import Engine

SOON = {ExitCode.CONFORMANT, ExitCode.NON_CONFORMANT, ExitCode.INCONCLUSIVE}


@pytest.fixture
def scenario(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the tiny scenario into an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tiny.toml"
    path.write_text(tiny, encoding="utf-8")
    return path


def stored(scenario: Path, *words: str) -> dict[str, object]:
    """Results of a run with these options."""
    assert main(["simulate", str(scenario), "-q", "--output=out", *words]) in SOON
    found: dict[str, object] = json.loads(Path("out/results.json").read_bytes())
    return found


def test_the_options_name_every_engine() -> None:
    """Without the time that importing them would take."""
    assert list(ENGINES) == [engine.value for engine in Engine]


@pytest.mark.slow
def test_results_differ_in_the_name_of_the_engine_alone(scenario: Path) -> None:
    """And in the scenario and the arguments that asked for it."""
    events = stored(scenario, "--engine=events")
    cohorts = stored(scenario, "--engine=cohorts")
    assert ("events", "asked for") == (events["engine"], events["engine_because"])
    assert ("cohorts", "") == (cohorts["engine"], cohorts["engine_because"])
    asked = {"engine", "engine_because", "scenario", "arguments"}
    assert asked == {key for key, value in events.items() if value != cohorts[key]}


def test_the_report_says_what_ran_and_why(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the terminal, in Markdown and on the page."""
    options = ["--output=out", "--set=network.loss=0.01", "--replications=1"]
    main(["simulate", str(scenario), *options])
    told = "network.loss: messages are lost, doubled or delayed"
    for text in (
        " ".join(capsys.readouterr().out.split()),
        Path("out/report.md").read_text("utf-8"),
        Path("out/report.html").read_text("utf-8"),
    ):
        assert told in text


@pytest.mark.parametrize("key", ["relay.queue", "relay.memory"])
def test_cohorts_that_cannot_be_exact_are_refused(
    scenario: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    """In one sentence that names the key."""
    words = ["simulate", str(scenario), "--engine=cohorts", f"--set={key}=5"]
    assert ExitCode.USAGE == main(words)
    error = capsys.readouterr().err
    assert f"engine has to be events or auto because of {key}: a full" in error
    assert "Traceback" not in error


@pytest.mark.slow
def test_scale_makes_more_of_everything(scenario: Path) -> None:
    """The arguments say how often, so that the run can be repeated."""
    once, thrice = stored(scenario), stored(scenario, "--scale=3")
    arguments = thrice["arguments"]
    assert isinstance(arguments, list)
    assert ["--scale", "3"] == arguments[1:3]
    attempts = [found["attempts"] for found in (once, thrice)]
    assert all(isinstance(count, int) for count in attempts)
    assert 2 < int(str(attempts[1])) / int(str(attempts[0])) < 4


def test_a_factor_that_is_too_large_is_one_sentence(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the key, and a hint."""
    words = ["simulate", str(scenario), "--scale=100000", "--set=relay.servers=9999"]
    assert ExitCode.USAGE == main(words)
    error = capsys.readouterr().err.splitlines()
    assert error[0].startswith("invitelab: with --scale 100000, relay.servers ")
    assert ["  hint: choose a smaller factor"] == error[1:]
