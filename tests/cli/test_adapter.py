"""`invitelab adapter new`: the adapter runs at once, and declines what it lacks."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest

from invitelab.adapters.handshake import Initialized
from invitelab.cli import main
from invitelab.cli.adapter import LANGUAGES, SKELETONS
from invitelab.errors import ExitCode
from invitelab.formats.run import RunVerdict, Verdict, read

Command = Callable[..., subprocess.CompletedProcess[str]]

QUOTED = ", ".join(map(repr, LANGUAGES))
LONGEST = 80
WIDEST = 100
PATIENCE_S = 60
PARSE_ERROR, METHOD_NOT_FOUND = -32700, -32601

VERDICTS = {
    "PLATFORM-1": Verdict.PASS,
    "PLATFORM-3": Verdict.PASS,
    "EMAIL-1": Verdict.PASS,
    "EMAIL-2": Verdict.PASS,
    "EMAIL-3": Verdict.PASS,
    "EMAIL-4": Verdict.PASS,
    "EMAIL-5": Verdict.FAIL,
    "EMAIL-6": Verdict.PASS,
    "EMAIL-7": Verdict.PASS,
    "EMAIL-8": Verdict.FAIL,
    "EMAIL-9": Verdict.FAIL,
    "EMAIL-10": Verdict.DEVIATION,
    "EMAIL-11": Verdict.PASS,
    "EMAIL-12": Verdict.PASS,
}
"""Of the capabilities that a skeleton declares."""

BY_LANGUAGE = [
    pytest.param(name, marks=[] if name == "python" else [pytest.mark.slow])
    for name in LANGUAGES
]
"""Others than Python need their own tools."""


class Answer(TypedDict, total=False):
    """One line that a skeleton answers."""

    jsonrpc: str
    id: int | None
    result: dict[str, object]
    error: dict[str, object]


def run_with(language: str, lines: list[str]) -> list[Answer]:
    """The answers of a skeleton to these lines."""
    skeleton = LANGUAGES[language]
    program = sys.executable if language == "python" else skeleton.program
    ran = subprocess.run(
        [program, str(SKELETONS / skeleton.file)],
        input="".join(lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    answers: list[Answer] = [json.loads(line) for line in ran.stdout.splitlines()]
    return answers


def call(number: int, method: str, **params: object) -> str:
    """A request, without the end of its line."""
    request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return json.dumps(request)


def failure(number: int | None, code: int, answer: Answer) -> Answer:
    """The expected error; any message will do."""
    message = answer.get("error", {}).get("message")
    return Answer(jsonrpc="2.0", id=number, error={"code": code, "message": message})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# The file


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_has_the_name_that_its_language_requires(
    folder: Path, language: str
) -> None:
    """It is the only file written, in the current folder."""
    name = LANGUAGES[language].file
    assert ExitCode.CONFORMANT == main(["adapter", "new", "--language", language])
    assert [folder / name] == list(folder.iterdir())
    assert (SKELETONS / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.usefixtures("folder")
def test_the_next_commands_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """They can be typed as they are."""
    assert 0 == main(["adapter", "new", "--language", "node"])
    expected = [
        "wrote   adapter.js",
        "first   invitelab probe cmd:'node adapter.js'",
        "then    invitelab check cmd:'node adapter.js'",
    ]
    assert expected == capsys.readouterr().out.splitlines()


def test_a_path_with_blanks_is_quoted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For the shell, and within that for `cmd:`."""
    path = tmp_path / "it's mine.py"
    assert 0 == main(["adapter", "new", "--language", "python", "--output", str(path)])
    *_, last = capsys.readouterr().out.splitlines()
    *_, target = shlex.split(last)
    assert ["python3", str(path)] == shlex.split(target.removeprefix("cmd:"))


def test_an_existing_file_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may hold hours of work."""
    path = tmp_path / "adapter.py"
    path.write_text("mine", encoding="utf-8")
    words = ["adapter", "new", "--language", "python", "--output", str(path)]
    assert ExitCode.USAGE == main(words)
    assert "mine" == path.read_text(encoding="utf-8")
    expected = (
        f"invitelab: {path} exists already\n  hint: --output FILE writes it elsewhere\n"
    )
    assert expected == capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence", "hint"),
    [
        ([], "no language is given", "--language python, node, java"),
        (
            ["--language", "python", "--output", "nowhere/adapter.py"],
            "there is no folder nowhere",
            "--output FILE writes it elsewhere",
        ),
        (
            ["--language", "python", "--output", "file/adapter.py"],
            "there is no folder file",
            "--output FILE writes it elsewhere",
        ),
        (
            ["--language", "python", "--output", "."],
            ". exists already",
            "--output FILE writes it elsewhere",
        ),
        (
            ["--language", "rust"],
            "Invalid value for '--language': 'rust' is not one of " + QUOTED + ".",
            "try --help",
        ),
    ],
)
def test_a_mistake_gives_one_sentence_and_a_hint(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
    hint: str,
) -> None:
    """Nothing is written."""
    (folder / "file").touch()
    assert ExitCode.USAGE == main(["adapter", "new", *words])
    assert f"invitelab: {sentence}\n  hint: {hint}\n" == capsys.readouterr().err
    assert [folder / "file"] == list(folder.iterdir())


# What is in it


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_skeleton_is_short(language: str) -> None:
    """It has few lines, none of them wide."""
    path = SKELETONS / LANGUAGES[language].file
    lines = path.read_text(encoding="ascii").splitlines()
    assert len(lines) <= LONGEST
    assert [] == [line for line in lines if len(line) > WIDEST]


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_a_skeleton_declares_or_declines_every_capability(language: str) -> None:
    """Its handshake is accepted, with a clock of its own."""
    (answer,) = run_with(language, [call(1, "initialize", protocol=1) + "\n"])
    result = answer.get("result", {})
    assert Answer(jsonrpc="2.0", id=1, result=result) == answer
    assert "virtual" == Initialized.model_validate(result).clock


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_a_skeleton_survives_malformed_requests(language: str) -> None:
    """An unknown method, a line that is not JSON, a Windows line ending."""
    lines = [
        call(1, "clock.rewind") + "\n",
        "what?\n",
        call(2, "toString") + "\n",
        "{\n",
        call(3, "shutdown") + "\r\n",
    ]
    unknown, bad, inherited, unfinished, good = run_with(language, lines)
    assert failure(1, METHOD_NOT_FOUND, unknown) == unknown
    assert failure(None, PARSE_ERROR, bad) == bad
    assert failure(2, METHOD_NOT_FOUND, inherited) == inherited
    assert failure(None, PARSE_ERROR, unfinished) == unfinished
    assert Answer(jsonrpc="2.0", id=3, result={}) == good


# What the suite says of it


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_skeleton_can_be_checked_at_once(
    invitelab: Command, tmp_path: Path, language: str
) -> None:
    """Some clauses pass, those left to its author fail, the rest is declined.

    The same in every language.
    """
    written = invitelab("adapter", "new", "--language", language, cwd=tmp_path)
    assert "" == written.stderr
    skeleton = LANGUAGES[language]
    target = f"cmd:{skeleton.program} {skeleton.file}"
    checked = invitelab("check", "--output", "run", target, cwd=tmp_path)
    run = read(tmp_path / "run" / "run.jsonl")
    assert run.footer is not None
    assert ExitCode.NON_CONFORMANT == checked.returncode
    assert RunVerdict.NON_CONFORMANT is run.footer.verdict
    assert run.header.proven
    found = {record.clause: record.verdict for record in run.clauses}
    assert found | VERDICTS == found
    others = {found[clause] for clause in found.keys() - VERDICTS.keys()}
    assert {Verdict.NOT_APPLICABLE} == others
