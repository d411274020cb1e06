"""What the README shows is what the tool prints."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(
    r"<!-- prints: (?P<command>[^\n]+) -->\n```text\n(?P<shown>.*?)```", re.DOTALL
)
BLOCKS = [
    (found["command"], found["shown"])
    for found in BLOCK.finditer(README.read_text(encoding="utf-8"))
]


CASES = [
    pytest.param(
        command,
        shown,
        id=command,
        # A whole simulation with its report is worth showing, and takes its time.
        marks=[pytest.mark.slow] if " simulate " in command else [],
    )
    for command, shown in BLOCKS
]


@pytest.mark.parametrize(("command", "shown"), CASES)
def test_the_readme_shows_what_the_command_prints(
    command: str, shown: str, tmp_path: Path
) -> None:
    """Every block behind a `prints` comment is that command's output."""
    name, *arguments = shlex.split(command)
    ran = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"NO_COLOR": "1"},
        check=False,
    )
    assert without_trailing_blanks(shown) == without_trailing_blanks(ran.stdout)


def without_trailing_blanks(text: str) -> list[str]:
    """Lines without the blanks a table pads them with."""
    return [line.rstrip() for line in text.splitlines()]


def test_the_readme_shows_some_output() -> None:
    """The test above has something to compare."""
    assert len(BLOCKS) >= 3
