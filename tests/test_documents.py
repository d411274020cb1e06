"""Files that a user names are read within bounds, and without waiting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from invitelab import documents
from invitelab.documents import Kind, check_no_mark, kind_of, read_bytes
from invitelab.errors import ExitCode, UsageError

PATIENCE_S = 60.0


def refused(path: Path) -> str:
    """Give the sentence with which a file is refused."""
    with pytest.raises(UsageError) as caught:
        read_bytes(path, hint="name another")
    assert "name another" == caught.value.hint
    return str(caught.value)


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    """As it is."""
    (tmp_path / "file").write_bytes(b"\xff\n")
    assert b"\xff\n" == read_bytes(tmp_path / "file", hint="")


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe that nobody writes to, a device without an end, and a folder."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    assert refused(tmp_path / "pipe").endswith("pipe is not a regular file")
    assert refused(tmp_path / "zero").endswith("zero is not a regular file")
    assert refused(tmp_path).endswith("is a folder, not a file")


def test_a_file_beyond_the_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is told, and it is not read."""
    monkeypatch.setattr(documents, "MOST_BYTES", 1_000)
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
        (b'{"mutants": [], "panel": []}', Kind.PROOF),
        (b"[]", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_a_document_is_known_by_what_only_its_kind_has(
    content: bytes, kind: Kind | None
) -> None:
    """Even where it is damaged or of another version."""
    assert kind is kind_of(content)


@pytest.mark.parametrize("command", ["report", "diff", "compare"])
@pytest.mark.parametrize("name", ["run.jsonl", "results.json", "proof.json"])
def test_no_command_waits_for_a_pipe(tmp_path: Path, command: str, name: str) -> None:
    """Whatever a command is given, it says in one sentence that it cannot be read."""
    os.mkfifo(tmp_path / name)
    paths = [name] if command == "report" else [name, name]
    result = subprocess.run(
        [sys.executable, "-m", "invitelab", command, *paths],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    first, hint = result.stderr.splitlines()
    assert ExitCode.USAGE == result.returncode
    assert f"invitelab: {name} is not a regular file" == first
    assert hint.startswith("  hint: ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_named(tmp_path: Path, encoding: str) -> None:
    """It is what an editor has added, and no damage."""
    check_no_mark(tmp_path / "file", b"{}")
    with pytest.raises(
        UsageError, match=r"begins with a byte order mark \(BOM\)"
    ) as caught:
        check_no_mark(tmp_path / "file", "{}".encode(encoding))
    assert "save it as UTF-8 without a BOM" == caught.value.hint
