"""`invitelab scenarios new` writes a scenario that works, and `--dry-run` says so."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from invitelab.cli import main
from invitelab.cli.scenarios import SKELETON
from invitelab.formats.command_output import Planned
from invitelab.study.effort import EVENTS_S
from invitelab.world.product import SPECIFIED, use_product
from invitelab.world.scenario.file import load, loads

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_scenario_is_valid_and_never_replaces_one(capsys: Capture) -> None:
    """What is printed is the next command."""
    assert 0 == main(["scenarios", "new", "--output", "mine.toml"])
    first, *_ = capsys.readouterr().out.splitlines()
    assert "wrote   mine.toml" == first
    assert "My scenario" == load(Path("mine.toml")).scenario.title
    assert 2 == main(["scenarios", "new", "--output", "mine.toml"])
    assert "mine.toml exists already" in capsys.readouterr().err
    assert 2 == main(["scenarios", "new", "--output", "none/mine.toml"])
    assert "there is no folder none" in capsys.readouterr().err


def test_the_file_of_a_new_scenario_is_an_argument_too(capsys: Capture) -> None:
    """As that of `profile new` is; it is named once."""
    assert 0 == main(["scenarios", "new", "my.toml"])
    told = capsys.readouterr().out
    assert "wrote   my.toml" in told
    assert "invitelab simulate my.toml --dry-run" in told
    assert Path("my.toml").read_bytes() == SKELETON.read_bytes()
    assert 2 == main(["scenarios", "new", "a.toml", "--output", "b.toml"])
    assert "named twice, as FILE and by --output" in capsys.readouterr().err
    assert 0 == main(["scenarios", "new"])
    assert Path("scenario.toml").exists()


def uncommented(block: str) -> dict[str, Any]:
    """The tables of a block that is commented out."""
    lines = block.splitlines()
    return tomllib.loads("\n".join(line.removeprefix("# ") for line in lines))


def test_what_is_commented_out_is_valid_as_well() -> None:
    """Each block, in place of what it is an alternative to."""
    text = SKELETON.read_text(encoding="utf-8")
    for kind in ("stages", "closed"):
        begin = text.index(f'# [arrivals]\n# kind = "{kind}"')
        block = text[begin:].split("\n\n", 1)[0]
        arrivals = uncommented(block)["arrivals"]
        assert kind == loads(text, {"arrivals": arrivals}).scenario.arrivals.kind
    faults = text[text.index("# [[faults]]") :].split("\n\n", 1)[0]
    found = uncommented(faults)["faults"]
    assert 1 == len(loads(text, {"faults": found}).scenario.faults)
    for key in ("max_replications", "room", "loss", "duplication", "queue"):
        assert f"# {key} = " in text
        changed = text.replace(f"# {key} = ", f"{key} = ")
        assert loads(changed).scenario != loads(text).scenario


def test_those_that_ship_are_still_listed(capsys: Capture) -> None:
    """Without a command below it, and their folder with --path."""
    assert 0 == main(["scenarios"])
    assert "support_desk" in capsys.readouterr().out
    assert 0 == main(["scenarios", "--path"])
    assert (Path(capsys.readouterr().out.strip()) / "support_desk.toml").exists()


def test_a_dry_run_writes_nothing(empty: Path, capsys: Capture) -> None:
    """It says how many people, attempts, runs, processes and how much work."""
    words = ["--dry-run", "--seed", "4", "--replications", "3", "--workers", "2"]
    assert 0 == main(["simulate", "support_desk", *words])
    rows = dict(
        line.split("  ", 1) for line in capsys.readouterr().out.splitlines()[1:]
    )
    found = {name: told.strip() for name, told in rows.items()}
    assert ["20", "000", "clients"] == found["people"].split()
    assert "3 replications, seed 4" == found["runs"]
    assert "2 processes" == found["workers"]
    assert "cohorts" == found["engine"]
    assert "reports/load/support_desk" == found["report"]
    assert [] == list(empty.iterdir())


def planned(words: list[str], capsys: Capture) -> Planned:
    """The plan of a dry run."""
    assert 0 == main(["simulate", *words, "--dry-run", "--format", "json"])
    return Planned.model_validate(json.loads(capsys.readouterr().out)["plan"])


def test_a_dry_run_counts_what_is_expected(capsys: Capture) -> None:
    """Of a constant rate, of a trace, and of a larger world."""
    desk = planned(["support_desk"], capsys)
    assert (25 * 600, 5) == (desk.attempts, desk.replications)
    assert 6000 == planned(["trace_replay"], capsys).attempts
    assert 2 * 25 * 600 == planned(["support_desk", "--scale", "2"], capsys).attempts


def test_a_dry_run_names_the_engine_and_why(capsys: Capture) -> None:
    """Events cost more, where the proof of cohorts is not most of their work."""
    long = ["support_desk", "--set", "duration=2h"]
    cohorts = planned(long, capsys)
    events = planned([*long, "--engine", "events"], capsys)
    assert ("events", "asked for") == (events.engine, events.engine_because)
    assert (events.cpu_s or 0) > 10 * (cohorts.cpu_s or 0) > 0
    faults = planned(["unreliable_network"], capsys)
    assert faults.engine_because.startswith("faults: ")


SMALL_RELAY = ["--set", "relay.servers=1", "--set", "arrivals.rate=60/s"]


def test_a_dry_run_of_an_overloaded_relay_says_so(capsys: Capture) -> None:
    """Messages are repeated, which cohorts leave to events; and that takes longer."""
    found = planned(["support_desk", *SMALL_RELAY], capsys)
    assert found.relay_load == pytest.approx(1.4, abs=0.1)
    assert "events" == found.engine
    assert "the relay is overloaded" in found.engine_because
    assert (found.cpu_s or 0) > 5 * 5 * 36_000 * EVENTS_S
    assert 0 == main(["simulate", "support_desk", *SMALL_RELAY, "--dry-run"])
    text = capsys.readouterr().out
    assert re.search(r"CPU time     about \d+.min, or several times as long: the", text)
    assert "the relay is overloaded, as 1." in text
    assert re.search(r"memory       about [\d\u202f]+ MB in each process", text)
    cohorts = planned(["support_desk", *SMALL_RELAY, "--engine", "cohorts"], capsys)
    assert "cohorts" == cohorts.engine
    assert (planned(["support_desk"], capsys).relay_load or 1) < 1


def test_a_dry_run_tells_that_a_full_memory_takes_longer(capsys: Capture) -> None:
    """Nobody knows when it will be full, and how many messages it drops then."""
    assert 0 == main(["simulate", "exhausted_relay", "--dry-run"])
    text = capsys.readouterr().out
    assert "several times as long: while the memory of the relay is full" in text


def test_a_dry_run_of_another_product_names_its_engine(
    empty: Path, capsys: Capture
) -> None:
    """Only events know its lifetime."""
    (empty / "five.toml").write_text('name = "FIVE"\nlifetime = "5min"\n', "utf-8")
    try:
        found = planned(["support_desk", "--profile", "five.toml"], capsys)
    finally:
        use_product(SPECIFIED)
    assert "events" == found.engine
    assert found.engine_because.startswith("profile: FIVE")


def test_a_dry_run_with_a_target_has_no_engine(capsys: Capture) -> None:
    """The scenario is played once."""
    found = planned(["support_desk", "--target", "reference"], capsys)
    assert (None, None, 1, "reference") == (
        found.engine,
        found.workers,
        found.replications,
        found.target,
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nope"], "there is no scenario 'nope'"),
        (["support_desk", "--set", "a.b=1"], "a is not a key"),
        (["support_desk", "--target", "acme"], "'acme' is not a target"),
        (["support_desk", "--target", "reference", "--workers", "2"], "--workers"),
    ],
)
def test_a_dry_run_tells_what_would_be_wrong(
    words: list[str], sentence: str, capsys: Capture
) -> None:
    """As the run itself would."""
    assert 2 == main(["simulate", *words, "--dry-run"])
    assert sentence in capsys.readouterr().err
