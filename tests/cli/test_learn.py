"""`invitelab learn`: what it prints, its files and its exit codes."""

from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.machine import MachineStatus, read

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


def test_a_check_shows_the_machine_beside_the_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a line of its own; the last line is that of the verdict."""
    words = ["check", "reference", "--clause", "PENDING-2", "--quiet"]
    assert 0 == main([*words, "--learn", "--output", "out"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "learned reference: 6 states over the alphabet core, bou"
    )
    assert lines[-1].startswith("PARTIAL")
    assert 6 == len(read(Path("out/learned/machine.json")).states)


def test_a_check_says_why_nothing_was_learned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Or how far it came within its budget."""
    words = ["check", "reference", "--clause", "PENDING-2", "--quiet", "--output", "o"]
    assert 0 == main([*words, "--learn-budget", "10"])
    assert "learned reference: INCOMPLETE" in capsys.readouterr().out


@pytest.mark.slow
def test_the_example_in_node_breaks_no_clause() -> None:
    """Over the core alphabet, although it shares no code with the reference."""
    command = ["node", str(ROOT / "examples/implementations/node/main.js")]
    assert 0 == main(["learn", "--output", "out", "--quiet", "--", *command])
    machine = read(Path("out/machine.json"))
    assert MachineStatus.COMPLETE is machine.status
    assert [120_000] == [timer.ms for timer in machine.timers]
