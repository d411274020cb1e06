"""Characters that an encoding lacks are replaced by similar ones."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import invitelab
from invitelab.cli.support.characters import PLAIN, plain

SOURCE = Path(invitelab.__file__).parent
SHOWN = (
    *("cli", "reporting", "study"),
    *("formats/transcript.py", "formats/proof.py", "errors.py"),
)
"""Parts whose texts a terminal may show."""

CHANGES_OUTPUT = {"COLUMNS", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "NO_COLOR"}
UTF_8 = {"PYTHONIOENCODING": "utf-8"}
ASCII = {"PYTHONIOENCODING": "ascii"}
C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def characters(path: Path) -> Iterator[str]:
    """All characters of a module's strings that are not ASCII."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (char for char in node.value if not char.isascii())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u2212192\u00a0\u00b5s", "-192 us"),
        ("1\u202f234 \u2026", "1 234 ..."),
        ("\u2713 \u2717 \u2265 \u00b1", "ok x >= +/-"),
        ("\u2588\u2588\u258c\u258f|", "### |"),
        ("\u250c\u2500\u2510\u2502\u2514", "+-+|+"),
        ("Zo\u00eb", "Zoe"),
        ("\u65e5\ud800", "??"),
    ],
)
def test_a_character_has_a_replacement(text: str, expected: str) -> None:
    """Letters lose their accents; a question mark is the last resort."""
    assert expected == plain(text)
    assert expected.encode() == text.encode("ascii", errors=PLAIN)


def test_every_character_of_our_output_has_a_replacement() -> None:
    """In every module that writes to a terminal."""
    modules = [
        path
        for name in SHOWN
        for path in (
            [SOURCE / name] if ".py" in name else (SOURCE / name).rglob("*.py")
        )
    ]
    found = {char for path in modules for char in characters(path)}
    assert "\N{MINUS SIGN}" in found
    assert [] == [f"U+{ord(char):04X}" for char in found if "?" in plain(char)]


def said(cwd: Path, encoding: dict[str, str], *words: str) -> str:
    """The output of the command in a given encoding."""
    kept = {name: v for name, v in os.environ.items() if name not in CHANGES_OUTPUT}
    result = subprocess.run(
        [sys.executable, "-m", "invitelab", *words],
        cwd=cwd,
        env=kept | encoding,
        capture_output=True,
        check=False,
    )
    assert result.returncode in {0, 1, 4}, result.stderr
    return (result.stdout + result.stderr).decode()


@cache
def in_full(cwd: Path, words: tuple[str, ...]) -> str:
    """The output of the command on a terminal that shows everything."""
    return said(cwd, UTF_8, *words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny: str) -> Path:
    """Folder with two runs of each kind, made on a terminal without Unicode."""
    path = tmp_path_factory.mktemp("plain")
    (path / "tiny.toml").write_text(tiny, encoding="utf-8")
    wrong = "py:invitelab.proof.mutants:alias_missing"
    for words in (
        ("simulate", "tiny.toml", "--output", "one"),
        ("simulate", "tiny.toml", "--set", "relay.servers=2", "--output", "two"),
        ("check", "reference", "--clause", "NOTIFY-4", "--output", "right"),
        ("check", wrong, "--clause", "NOTIFY-4", "--output", "wrong"),
    ):
        text = said(path, ASCII, *words)
        assert text.isascii()
        assert "?" not in text
    return path


@pytest.mark.parametrize("encoding", [ASCII, C_LOCALE], ids=["ascii", "C"])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("compare", "one", "two"), marks=pytest.mark.slow),
        pytest.param(("diff", "right", "wrong"), marks=pytest.mark.slow),
        pytest.param(("report", "one"), marks=pytest.mark.slow),
        pytest.param(("report", "right"), marks=pytest.mark.slow),
        pytest.param(("explain", "NOTIFY-4"), marks=pytest.mark.slow),
        pytest.param(("clauses",), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_another_encoding_shows_the_same_text(
    folder: Path, words: tuple[str, ...], encoding: dict[str, str]
) -> None:
    """With every character replaced."""
    text = said(folder, encoding, *words)
    assert text.isascii()
    assert "?" not in text
    whole = in_full(folder, words)
    assert plain(whole) == text
    assert ("compare" in words) == ("\N{MINUS SIGN}" in whole)
