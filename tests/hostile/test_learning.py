"""Targets that misbehave while they are learned: sentence, code, and what is left."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.formats.machine import Machine, MachineStatus, read
from invitelab.processes.tree import HAS_PROC

FAKES = Path(__file__).with_name("fakes.py")
SMALL = """\
says = "Ada invites Bob, and cancels it"
[people.Ada]
[people.Bob]
[inputs]
send = "Ada invites Bob"
cancel = "Ada cancels the invitation to Bob"
half = "half the lifetime passes"
"""


@pytest.fixture
def alphabet(tmp_path: Path) -> str:
    """The path of a small alphabet."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def learn(target: str, alphabet: str, folder: Path) -> int:
    """Run the command; its exit code."""
    words = ["learn", target, "--alphabet", alphabet, "--output", str(folder)]
    return main([*words, "--timeout", "500ms"])


def processes(mark: str) -> Iterator[str]:
    """Name the processes that have the mark in their command line."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            state = (path / "stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in words and state not in {b"Z", b"X"}:
            yield path.name


def left_in(folder: Path) -> list[str]:
    """The files that are no part of a report."""
    known = ("machine.", "provenance.json", "questions.jsonl", "difference-")
    return [one.name for one in folder.iterdir() if not one.name.startswith(known)]


TWICE = "and again when it was asked once more"
ENDS = {
    "hang": f"no answer to invitation.cancel within 0.5 s, in send, cancel, {TWICE}",
    "be_killed": f"in send, cancel, {TWICE}",
    "close_stdout": f"in send, cancel, {TWICE}",
    "not_utf8": "a line that is not UTF-8",
    "name_twice": "send, cancel",
}


@pytest.mark.slow
@pytest.mark.skipif(not HAS_PROC, reason="needs /proc")
@pytest.mark.parametrize("defect", ENDS)
def test_a_target_that_ends_is_told_with_the_question(
    defect: str, alphabet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The machine so far is INCOMPLETE, and neither a process nor a file is left."""
    mark = f"mark-of-{defect}-{tmp_path.name}"
    command = shlex.join([sys.executable, str(FAKES), defect, mark])
    folder = tmp_path / "out"
    code = learn(f"cmd:{command}", alphabet, folder)
    machine = read(folder / "machine.json")
    assert MachineStatus.INCOMPLETE is machine.status
    assert ENDS[defect] in str(machine.problem)
    assert None is machine.bound
    assert ExitCode.NON_CONFORMANT == code
    assert [] == list(processes(mark))
    assert [] == left_in(folder)
    assert "Traceback" not in capsys.readouterr().err


class AtRandom(Reference):
    """Refuses now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._draws = Random(7)

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, or refuse."""
        answer = super().request(method, params)
        if method == "invitation.send" and self._draws.random() < 0.3:
            return {"refused": {"reason": "whim"}}
        return answer


class Remembering(Reference):
    """Its tenth scenario is not the first: a rare leak between scenarios."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Refuse the cancels of every tenth scenario."""
        self._begun += method == "scenario.begin"
        if method == "invitation.cancel" and self._begun % 10 == 0:
            return {"refused": {}}
        return super().request(method, params)


class Late(Reference):
    """Its clock goes slow, once it has been proven."""

    def __init__(self) -> None:
        super().__init__()
        self._advances = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say a time that is a millisecond behind."""
        answer = super().request(method, params)
        self._advances += method == "clock.advance"
        if method == "clock.advance" and self._advances > 4:
            assert isinstance(answer, dict)
            return {"now_ms": int(str(answer["now_ms"])) - 1}
        return answer


class Liar(Late):
    """Its clock goes slow from the first."""

    def __init__(self) -> None:
        super().__init__()
        self._advances = 10


def learned(kind: str, alphabet: str, folder: Path) -> tuple[int, Machine]:
    """Learn one of the classes; the code and the machine."""
    sys.modules["hostile_learning"] = sys.modules[__name__]
    code = learn(f"py:hostile_learning:{kind}", alphabet, folder)
    return code, read(folder / "machine.json")


@pytest.mark.parametrize("kind", ["AtRandom", "Remembering"])
def test_two_answers_are_an_outcome_of_their_own(
    kind: str, alphabet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both stories are printed, and they part at the last input."""
    code, machine = learned(kind, alphabet, tmp_path / "out")
    assert ExitCode.NON_CONFORMANT == code
    assert MachineStatus.NONDETERMINISTIC is machine.status
    two = machine.two_answers
    assert two is not None
    assert two.first[:-1] == two.second[:-1]
    assert two.first[-1] != two.second[-1]
    out = capsys.readouterr().out
    assert two.first[-1] in out
    assert two.second[-1] in out


def test_a_clock_that_goes_slow_ends_the_learning(
    alphabet: str, tmp_path: Path
) -> None:
    """At the first wait, with both times."""
    code, machine = learned("Late", alphabet, tmp_path / "out")
    assert ExitCode.NON_CONFORMANT == code
    assert MachineStatus.INCOMPLETE is machine.status
    assert "the clock stands at 59999 ms, not at 60000 ms" in str(machine.problem)


def test_a_clock_that_lies_is_refused_before_anything_is_asked(
    alphabet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As by a check."""
    sys.modules["hostile_learning"] = sys.modules[__name__]
    folder = tmp_path / "out"
    assert ExitCode.INVALID == learn("py:hostile_learning:Liar", alphabet, folder)
    assert "the clock could not be proven" in capsys.readouterr().err
    assert not (folder / "machine.json").exists()
