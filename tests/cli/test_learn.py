"""`invitelab learn`: what it prints, its files and its exit codes."""

import json
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from left_behind import left_behind

from invitelab.adapters.transports.process import wait_for
from invitelab.cli import main
from invitelab.conformance.execution.conclusion import read_run
from invitelab.errors import ExitCode
from invitelab.formats.machine import MachineStatus, read
from invitelab.learning.learning import StoppedLearningError

SMALL = """\
says = "Ada invites Bob, changes and cancels it"
[people.Ada]
[people.Bob]
[inputs]
send = "Ada invites Bob"
modify = 'Ada changes the invitation to Bob to the permission profile "Full Access"'
back = 'Ada changes the invitation to Bob to the permission profile "Default"'
cancel = "Ada cancels the invitation to Bob"
"""
MUTANT = "py:invitelab.proof.mutants:one_change_only"
PATIENCE_S = 60.0
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small alphabet in the current folder."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def learn(*words: str) -> int:
    """Run the command over the small alphabet."""
    return main(["learn", *words, "--alphabet", "small.toml"])


def test_the_reference_has_a_machine_and_no_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is written below reports/learn, and the bound is in words."""
    assert ExitCode.CONFORMANT == learn("reference", "--complete", "1")
    out = capsys.readouterr().out
    assert "no difference: it behaves as the reference" in out
    assert "every implementation with at most 5 states over this alphabet" in out
    assert out.splitlines()[-1].startswith("COMPLETE: 4 states over 4 inputs")
    machine = read(Path("reports/learn/reference/machine.json"))
    assert machine.bound is not None
    assert 5 == machine.bound.states


def test_a_broken_clause_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and written as a scenario that a check can run."""
    assert ExitCode.NON_CONFORMANT == learn(MUTANT, "--name", "wrong")
    assert "required clauses are broken: PENDING-1" in capsys.readouterr().out
    folder = Path("reports/learn/wrong")
    feature = (folder / "difference-specification-1.feature").read_text("utf-8")
    assert "@PENDING-1" in feature
    assert 1 == feature.count("Scenario:")


def test_two_targets_are_compared_in_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each has a folder, and the shortest difference is a cell."""
    code = learn(f"wrong={MUTANT}", "reference", "--output", "out", "--quiet")
    assert ExitCode.NON_CONFORMANT == code
    out = capsys.readouterr().out
    table = out[out.index("shortest difference") :]
    assert "send, modify, modify" in table
    for name in ("wrong", "reference"):
        assert (
            MachineStatus.COMPLETE is read(Path("out") / name / "machine.json").status
        )


def test_the_same_run_writes_the_same_bytes() -> None:
    """But for the provenance."""
    for folder in ("one", "two"):
        assert 0 == learn("reference", "--output", folder, "--quiet")
    for path in Path("one").iterdir():
        if path.name != "provenance.json":
            assert path.read_bytes() == (Path("two") / path.name).read_bytes(), path


def test_a_budget_that_is_used_up_is_inconclusive(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The machine is INCOMPLETE, and claims no bound."""
    assert ExitCode.INCONCLUSIVE == learn("reference", "--budget", "20", "--complete=1")
    assert "INCOMPLETE" in capsys.readouterr().out
    machine = read(Path("reports/learn/reference/machine.json"))
    assert None is machine.bound


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["reference", "--alphabet", "cor"], 'there is no alphabet "cor"'),
        (["reference", "--complete", "19"], "cannot be covered"),
        (["reference", "--seed", "x"], '"x" is no seed'),
        (["reference", "reference"], "reference is named twice"),
        ([], "no target is given"),
        (["py:nothing:here"], "there is no module nothing"),
    ],
    ids=["alphabet", "bound", "seed", "twice", "no target", "no module"],
)
def test_a_mistake_is_one_sentence(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is asked, and nothing is written."""
    code = main(["learn", *words])
    assert code in {ExitCode.USAGE, ExitCode.INVALID}
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err
    assert [] == list(Path().glob("reports/learn/*/machine.json"))


PART = ("check", "reference", "--clause", "PENDING-2", "--output", "out")
SETTLING = """\
from invitelab.adapters.reference.adapter import Reference


def make():
    return Reference(latency_ms=5)
"""
SAID = "6 states over the alphabet core, bound 6 states by"


def test_a_check_shows_the_machine_beside_the_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On the terminal and in every view, with a link to the machine."""
    assert 0 == main([*PART, "--quiet", "--learn"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"learned {SAID}")
    assert lines[-1].startswith("PARTIAL")
    assert 6 == len(read(Path("out/learned/machine.json")).states)
    assert SAID in Path("out/report.md").read_text()
    page = Path("out/report.html").read_text()
    assert SAID in page
    assert 'href="./learned/machine.html"' in page
    assert Path("out/learned/machine.html").exists()


@pytest.mark.slow
def test_a_stored_check_keeps_what_was_learned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The views that are made again have it, too; and so has the JSON of the check."""
    assert 0 == main([*PART, "--learn", "--format", "json"])
    said = json.loads(capsys.readouterr().out)["targets"][0]["learned"]
    assert said["says"].startswith(SAID)
    assert "learned/machine.html" == said["page"]
    before = Path("out/report.html").read_bytes()
    assert 0 == main(["report", "out"])
    assert before == Path("out/report.html").read_bytes()


@pytest.mark.slow
def test_an_earlier_machine_is_not_taken_for_that_of_a_new_check() -> None:
    """It is set aside as the report is, and goes with it."""
    assert 0 == main([*PART, "--quiet", "--learn"])
    assert 0 == main([*PART, "--quiet"])
    assert [] == [one for one in Path("out").rglob("machine.*") if one.is_file()]
    assert "learned" not in Path("out/run.jsonl").read_text()


@pytest.mark.slow
def test_several_targets_are_learned_each() -> None:
    """In the folder of its own run, to which its own page links."""
    targets = ["a=reference", "b=py:invitelab.adapters.reference.adapter:Reference"]
    words = ["--clause", "PENDING-2", "--output", "out", "--quiet", "--learn"]
    assert 0 == main(["check", *targets, *words])
    for name in "ab":
        (machine,) = Path("out").glob(f"{name}*/learned/machine.html")
        page = (machine.parent.parent / "report.html").read_text()
        assert 'href="./learned/machine.html"' in page
    assert SAID in Path("out/report.md").read_text()


@pytest.mark.slow
def test_a_check_says_why_nothing_was_learned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Or how far it came within its budget."""
    assert 0 == main([*PART, "--quiet", "--learn-budget", "10"])
    assert "learned INCOMPLETE" in capsys.readouterr().out
    Path("settling.py").write_text(SETTLING, encoding="utf-8")
    check, _, *words = PART
    assert 0 == main([check, "py:settling:make", *words, "--quiet", "--learn"])
    assert "learned nothing: the effects of py" in capsys.readouterr().out
    assert "state machine</a>" not in Path("out/report.html").read_text()


def test_what_was_checked_is_kept_when_the_learning_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The run is whole; only the machine is that until then."""

    def end(*_: object, **__: object) -> None:
        raise StoppedLearningError

    monkeypatch.setattr("invitelab.learning.learning.learned", end)
    assert 130 == main([*PART, "--quiet", "--learn"])
    assert SAID not in Path("out/report.md").read_text()
    assert read_run(Path("out/run.jsonl")).footer is not None
    assert MachineStatus.INCOMPLETE is read(Path("out/learned/machine.json")).status


def test_an_interrupt_keeps_the_machine_until_then(
    started: Callable[..., subprocess.Popen[str]],
    fake: Callable[[str], list[str]],
    tmp_path: Path,
) -> None:
    """Ctrl-C ends the target, and the next run goes on with what was asked."""
    target = f"cmd:{shlex.join(fake('none'))}"
    words = ("learn", target, "--alphabet=presence", "--output=out")
    stored = tmp_path / "out" / "questions.jsonl"
    with started(*words, cwd=tmp_path) as process:
        assert wait_for(
            lambda: stored.exists() and stored.stat().st_size > 0, PATIENCE_S
        )
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert ExitCode.INTERRUPTED == process.returncode, err
    assert out.splitlines()[-1].startswith("INCOMPLETE")
    assert "Traceback" not in err
    assert [] == left_behind(tmp_path)
    machine = read(tmp_path / "out" / "machine.json")
    assert MachineStatus.INCOMPLETE is machine.status
    asked = stored.read_text("utf-8").splitlines()
    assert sum("word" in line for line in asked) > 1


@pytest.mark.slow
def test_the_example_in_node_breaks_no_clause() -> None:
    """Over the core alphabet, although it shares no code with the reference."""
    command = ["node", str(ROOT / "examples/implementations/node/main.js")]
    assert 0 == main(["learn", "--output", "out", "--quiet", "--", *command])
    machine = read(Path("out/machine.json"))
    assert MachineStatus.COMPLETE is machine.status
    assert [120_000] == [timer.ms for timer in machine.timers]
