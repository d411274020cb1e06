"""Files of reports: whole or not at all, and a sentence where one cannot be written."""

import errno
import os
from pathlib import Path

import pytest

from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import FILES, Kind
from invitelab.reporting.common.files import (
    cannot_write,
    prepare,
    refuse_others,
    write_provenance,
    write_whole,
)


def test_a_folder_is_made(tmp_path: Path) -> None:
    """With those above it, and left as it is where it exists."""
    prepare(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "mine").touch()
    prepare(tmp_path / "a" / "b")
    assert ["mine"] == [path.name for path in (tmp_path / "a" / "b").iterdir()]


@pytest.mark.parametrize("below", ["", "/below"])
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, below: str) -> None:
    """Found before the run, with a hint."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file.* cannot be written: ") as caught:
        prepare(Path(f"{tmp_path / 'file'}{below}"))
    assert (ExitCode.USAGE, "choose another folder with --output") == (
        caught.value.code,
        caught.value.hint,
    )


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """A reader that has the old one open reads it to its end."""
    path = tmp_path / "file"
    write_whole(path, "old\n")
    with path.open(encoding="utf-8") as stream:
        write_whole(path, "new\n")
        assert "old\n" == stream.read()
    assert "new\n" == path.read_text("utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_others_may_read_a_file(tmp_path: Path) -> None:
    """A report is no secret."""
    write_whole(tmp_path / "file", "")
    assert 0o644 == (tmp_path / "file").stat().st_mode & 0o777


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """Here because a folder has its name."""
    (tmp_path / "file").mkdir()
    with pytest.raises(UsageError, match=r"file cannot be written: "):
        write_whole(tmp_path / "file", "new\n")
    assert (tmp_path / "file").is_dir()


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    """It would stay there for ever."""
    (tmp_path / "file").mkdir()
    with pytest.raises(UsageError):
        write_whole(tmp_path / "file", "new\n")
    assert ["file"] == [path.name for path in tmp_path.iterdir()]


def test_provenance_is_ascii(tmp_path: Path) -> None:
    """An argument may be bytes that are no UTF-8, which Python keeps as half pairs."""
    write_provenance(tmp_path, {"command": ["check", "\udcff"]})
    assert '"\\udcff"' in (tmp_path / "provenance.json").read_text("ascii")


@pytest.mark.parametrize("kind", list(Kind))
def test_a_report_of_another_kind_is_not_replaced(tmp_path: Path, kind: Kind) -> None:
    """One of its own kind is."""
    (tmp_path / FILES[kind]).touch()
    refuse_others(tmp_path, kind)
    for other in (None, *Kind):
        if other is not kind:
            with pytest.raises(UsageError, match=f"holds {kind}, whose report would"):
                refuse_others(tmp_path, other)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full_is_named(tmp_path: Path, number: int) -> None:
    """By the place at which it is mounted, wherever below it the file was to be."""
    error = OSError(number, os.strerror(number))
    refusal = cannot_write(tmp_path / "a" / "b", error)
    mounted = next(one for one in tmp_path.resolve().parents if os.path.ismount(one))
    assert f"b cannot be written: {os.strerror(number)}" in str(refusal)
    assert refusal.hint.startswith(f"the disk at {mounted} is full: make room there")
