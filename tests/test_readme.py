"""What the README and the pages in docs show is what the tool prints."""

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.formats.proof import read
from invitelab.reporting.conformance.terminal import WIDE
from invitelab.reporting.proof.terminal import print_proof
from invitelab.resources import suite_digest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(
    r"<!-- prints: (?P<command>[^\n]+) -->\n```text\n(?P<shown>.*?)```", re.DOTALL
)
BLOCKS = [
    (found["command"], found["shown"])
    for found in BLOCK.finditer(README.read_text(encoding="utf-8"))
]
CHANGE = re.compile(
    r"<!-- changes: (?P<file>[^\n]+) -->\n```diff\n(?P<changes>.*?)```", re.DOTALL
)
FILE = re.compile(
    r"<!-- writes: (?P<file>[^\n]+) -->\n```\w+\n(?P<content>.*?)```", re.DOTALL
)

PUBLISHED = re.compile(
    r"<!-- published: (?P<file>[^\n]+) -->\n```text\n(?P<shown>.*?)```", re.DOTALL
)

PAGES = [
    path
    for path in sorted((ROOT / "docs").glob("*.md"))
    if BLOCK.search(path.read_text(encoding="utf-8"))
]
"""Pages to be followed; the others show no output."""

SLOW = re.compile(r" simulate | --walks ")

CASES = [
    pytest.param(
        command,
        shown,
        id=command,
        # What takes its time is worth showing, too.
        marks=[pytest.mark.slow] if SLOW.search(command) else [],
    )
    for command, shown in BLOCKS
]


@pytest.mark.parametrize(("command", "shown"), CASES)
def test_the_readme_shows_what_the_command_prints(
    command: str, shown: str, tmp_path: Path
) -> None:
    """Every block behind a `prints` comment is that command's output."""
    expected = without_trailing_blanks(shown)
    assert expected == without_trailing_blanks(printed(command, tmp_path))


def printed(command: str, folder: Path) -> str:
    """Run a command there; what it prints."""
    name, *arguments = shlex.split(command)
    ran = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        check=False,
    )
    return ran.stdout


def without_trailing_blanks(text: str) -> list[str]:
    """Lines without the blanks a table pads them with."""
    return [line.rstrip() for line in text.splitlines()]


def test_the_readme_shows_some_output() -> None:
    """The test above has something to compare, as has the one of the pages."""
    assert len(BLOCKS) >= 3
    names = {
        "continuous-integration",
        "own-features",
        "working-with-failures",
        "your-implementation",
    }
    assert names <= {page.stem for page in PAGES}


def test_the_readme_shows_the_published_proof() -> None:
    """Which is of the suite as it is today."""
    (found,) = PUBLISHED.finditer(README.read_text(encoding="utf-8"))
    path = Path(found["file"])
    proof = read(ROOT / path)
    stream = io.StringIO()
    console = Console(file=stream, width=WIDE)
    print_proof(console, proof, stored=path.with_name("report.html"))
    assert without_trailing_blanks(stream.getvalue()) == without_trailing_blanks(
        found["shown"]
    )
    assert suite_digest() == proof.suite


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_can_be_followed_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    """In an empty folder, every command prints what is shown, after every change."""
    text = page.read_text(encoding="utf-8")
    kinds = (BLOCK, CHANGE, FILE)
    found = [step for kind in kinds for step in kind.finditer(text)]
    for step in sorted(found, key=lambda one: one.start()):
        if step.re is CHANGE:
            change(tmp_path / step["file"], step["changes"])
        elif step.re is FILE:
            path = tmp_path / step["file"]
            path.parent.mkdir(exist_ok=True)
            path.write_text(step["content"], encoding="utf-8")
        else:
            expected = without_durations(step["shown"])
            actual = without_durations(printed(step["command"], tmp_path))
            assert expected == actual, step["command"]


def without_durations(text: str) -> list[str]:
    """Lines without what differs from run to run: how long it takes, and when."""
    steady = re.sub(r"takes [0-9.]+ ms", "takes a while", text)
    steady = re.sub(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", "DATE-AND-TIME", steady)
    return without_trailing_blanks(steady)


def change(path: Path, changes: str) -> None:
    """Do what a reader does with the lines of a diff; each place is found by itself."""
    text = path.read_text(encoding="utf-8")
    _, *places = re.split(r"(?m)^@@.*\n", changes)
    for place in places:
        lines = place.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
