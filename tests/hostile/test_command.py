"""The real command on hostile targets, with the default limits."""

import os
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from invitelab.errors import ExitCode
from invitelab.formats.run import RunVerdict, read
from invitelab.processes.tree import HAS_PROC

assert sys.platform != "win32", "it needs POSIX"

HERE = Path(__file__).parent
TITLE = "The inviter cancels a pending invitation"
MOST_S = 60.0
MOST_MEGABYTES = 60
"""How much more memory a run may take than that of a target that behaves."""

STARTED = "INVALID (the target did not start: "
MALFORMED = "INVALID (a line "
BROKEN = "NON-CONFORMANT (PENDING-2)"
LAST_LINE = {
    "none": "PARTIAL (only a part of the suite was selected)",
    "hang_at_start_deaf": f"{STARTED}no answer to initialize within 10 s",
    "drip": BROKEN,
    "leave_in_colour": BROKEN,
    "long_line": f"{MALFORMED}longer than 1048576 bytes",
    "not_utf8": f"{MALFORMED}that is not UTF-8",
    "leave_many": "PARTIAL (only a part of the suite was selected)",
}
CODES = {
    RunVerdict.PARTIAL: ExitCode.CONFORMANT,
    RunVerdict.NON_CONFORMANT: ExitCode.NON_CONFORMANT,
    RunVerdict.INVALID: ExitCode.INVALID,
}
DEFECTS = pytest.mark.parametrize("defect", LAST_LINE)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HAS_PROC, reason="needs /proc"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the command has said and stored, and what it has cost."""

    code: int
    out: bytes
    err: bytes
    folder: Path
    took_s: float
    megabytes: float
    left: list[str]


def check(target: str, folder: Path, *options: str) -> tuple[int, float]:
    """Run the command to its end; its exit code, and its greatest size in megabytes.

    The size is that of the greatest process of the run, the target included.
    """
    words = ("check", target, f"--output={folder / 'stored'}", *options)
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        child = subprocess.Popen(
            [sys.executable, "-m", "invitelab", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=HERE,
        )
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss / 1024


@pytest.fixture(scope="module")
def checked(
    tmp_path_factory: pytest.TempPathFactory,
    faulty_command: Callable[[str, str], Sequence[str]],
    living: Callable[[str], list[str]],
) -> Mapping[str, Checked]:
    """Check them all, once, several at once: most of it is waiting."""

    def check_one(defect: str) -> Checked:
        mark = uuid.uuid4().hex
        folder = folders[defect]
        target = f"cmd:{shlex.join(faulty_command(defect, mark))}"
        start_s = time.monotonic()
        code, megabytes = check(target, folder, f"--scenario={TITLE}")
        return Checked(
            code=code,
            out=(folder / "out").read_bytes(),
            err=(folder / "err").read_bytes(),
            folder=folder / "stored",
            took_s=time.monotonic() - start_s,
            megabytes=megabytes,
            left=living(mark),
        )

    # Made in one thread: pytest makes the folder of all of them at the first call.
    folders = {defect: tmp_path_factory.mktemp(defect) for defect in LAST_LINE}
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(LAST_LINE, pool.map(check_one, LAST_LINE), strict=True))


@DEFECTS
def test_the_last_line_is_the_verdict(
    checked: Mapping[str, Checked], defect: str
) -> None:
    """And the exit code is that of the verdict."""
    result = checked[defect]
    footer = read(result.folder / "run.jsonl").footer
    assert footer is not None
    assert (CODES[footer.verdict], footer.exit_code) == (result.code, result.code)
    last = result.out.decode().splitlines()[-1]
    assert LAST_LINE[defect] == last[: len(LAST_LINE[defect])]
    assert b"Traceback" not in result.out + result.err


@DEFECTS
def test_what_is_shown_and_stored_can_be_read(
    checked: Mapping[str, Checked], find_dirt: Callable[[str], list[str]], defect: str
) -> None:
    """On the terminal as in every file."""
    result = checked[defect]
    files = sorted(result.folder.iterdir())
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    texts |= {"stdout": result.out.decode(), "stderr": result.err.decode()}
    found = {name: find_dirt(text) for name, text in texts.items()}
    assert {name: list[str]() for name in texts} == found
    assert "testsuites" == ET.fromstring(texts["junit.xml"]).tag  # noqa: S314 - our own


@DEFECTS
def test_the_command_leaves_no_process(
    checked: Mapping[str, Checked], defect: str
) -> None:
    """When it has ended, so have the target and its children."""
    assert [] == checked[defect].left


@DEFECTS
def test_the_command_ends_in_time(checked: Mapping[str, Checked], defect: str) -> None:
    """A little after the limits at the latest."""
    assert checked[defect].took_s < MOST_S


@DEFECTS
def test_the_command_stays_small(checked: Mapping[str, Checked], defect: str) -> None:
    """Compared with its size when the target behaves."""
    assert checked[defect].megabytes < checked["none"].megabytes + MOST_MEGABYTES


def test_nasty_texts_reach_a_terminal_as_text(
    tmp_path: Path, find_dirt: Callable[[str], list[str]]
) -> None:
    """Of an adapter that has no others, and is wrong."""
    code, _ = check("py:nasty:wrong", tmp_path, "--clause=NOTIFY-4")
    assert ExitCode.NON_CONFORMANT == code
    said = (tmp_path / "out").read_text(encoding="utf-8")
    assert [] == find_dirt(said)
    assert "<script>alert('owned')" in said
    assert {".", "stored"} >= {path.parent.name for path in tmp_path.glob("*/*")}
