"""Reading of stored documents: limits, kinds and damage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from invitelab.errors import ExitCode, UsageError
from invitelab.formats import reading
from invitelab.formats.reading import (
    FILES,
    Kind,
    check_no_mark,
    document_at,
    kind_at,
    kind_of,
    read_bytes,
)

assert sys.platform != "win32", "it needs POSIX"

PATIENCE_S = 60.0


def refused(path: Path) -> str:
    """The message with which a file is refused."""
    with pytest.raises(UsageError) as caught:
        read_bytes(path, hint="name another")
    assert "name another" == caught.value.hint
    return str(caught.value)


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    """Byte for byte."""
    (tmp_path / "file").write_bytes(b"\xff\n")
    assert b"\xff\n" == read_bytes(tmp_path / "file", hint="")


def test_other_than_a_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe without a writer, an endless device, and a folder."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    assert refused(tmp_path / "pipe").endswith("pipe is not a regular file")
    assert refused(tmp_path / "zero").endswith("zero is not a regular file")
    assert refused(tmp_path).endswith("is a folder, not a file")


def test_a_file_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names its size, and it is not read."""
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    (tmp_path / "file").write_bytes(bytes(1_001))
    assert refused(tmp_path / "file").endswith("and at most 0.001 MB are read")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"record":"header"}\n', Kind.RUN),
        (b'broken\n{"record":"scenario"}\n', Kind.RUN),
        (b'{"points": []}', Kind.SWEEP),
        (b'{\n"differences": []}', Kind.COMPARISON),
        (b'{"scenario": {}, "outcomes": {}}', Kind.RESULTS),
        (b'{"mutants": [], "clauses": []}', Kind.PROOF),
        (b'{"alphabet": {}, "transitions": []}', Kind.MACHINE),
        (b"[]", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_a_document_is_recognized_by_keys_of_its_kind(
    content: bytes, kind: Kind | None
) -> None:
    """Even a damaged one, or one of another version."""
    assert kind is kind_of(content)


@pytest.mark.parametrize("kind", Kind)
def test_a_folder_is_recognized_by_its_file(tmp_path: Path, kind: Kind) -> None:
    """So is the file itself, which need not be readable, nor exist."""
    name = FILES[kind]
    assert kind is kind_at(tmp_path / name)
    assert None is kind_at(tmp_path)
    os.mkfifo(tmp_path / name)
    assert kind is kind_at(tmp_path)


def test_any_file_of_json_lines_is_a_run(tmp_path: Path) -> None:
    """A test suite of one's own also writes run-2.jsonl."""
    assert Kind.RUN is kind_at(tmp_path / "run-2.jsonl")
    assert None is kind_at(tmp_path / "run.txt")


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    """The hint names the command for it, if there is one."""
    with pytest.raises(UsageError, match=r"holds no run\.jsonl") as caught:
        document_at(tmp_path, Kind.RUN, hint="name another")
    assert "name another" == caught.value.hint
    (tmp_path / "sweep.json").touch()
    expected = "holds a sweep, not a conformance run"
    with pytest.raises(UsageError, match=expected) as caught:
        document_at(tmp_path, Kind.RUN, hint="name another")
    assert "name another" == caught.value.hint
    assert tmp_path / "sweep.json" == document_at(tmp_path, Kind.SWEEP, hint="")
    (tmp_path / "results.json").touch()
    with pytest.raises(UsageError, match="holds the results of a sim") as caught:
        document_at(tmp_path, Kind.RUN, hint="name another")
    assert "invitelab compare compares two simulations" == caught.value.hint


COMMANDS = {"report": 1, "diff": 2, "compare": 2}
"""Each, and how many files it reads."""
NAMES = ("run.jsonl", "results.json", "proof.json")
IN_TURN = """\
import json, sys
from invitelab.cli import main
for words in json.loads(sys.argv[1]):
    print(*words, file=sys.stderr)
    print(main(words))
"""
"""Commands one after the other, in one process that can be given up."""


@pytest.mark.slow
def test_no_command_waits_for_a_pipe(tmp_path: Path) -> None:
    """Each says in one sentence that it cannot be read."""
    for name in NAMES:
        os.mkfifo(tmp_path / name)
    asked = [
        [command, *[name] * files]
        for command, files in COMMANDS.items()
        for name in NAMES
    ]
    result = subprocess.run(
        [sys.executable, "-c", IN_TURN, json.dumps(asked)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    lines = result.stderr.splitlines()
    told = list(zip(lines[::3], lines[1::3], strict=True))
    assert told == [
        (" ".join(words), f"invitelab: {words[1]} is not a regular file")
        for words in asked
    ]
    assert all(hint.startswith("  hint: ") for hint in lines[2::3])
    assert [str(int(ExitCode.USAGE))] * len(asked) == result.stdout.splitlines()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_refused_with_a_hint(
    tmp_path: Path, encoding: str
) -> None:
    """It is not called damage."""
    check_no_mark(tmp_path / "file", b"{}")
    with pytest.raises(
        UsageError, match=r"begins with a byte order mark \(BOM\)"
    ) as caught:
        check_no_mark(tmp_path / "file", "{}".encode(encoding))
    assert "save it as UTF-8 without a BOM" == caught.value.hint
