"""Everything is where the design says, and stays small."""

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "model").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
A_MACHINE = r"(?m)\w+://.*|--\w*-url.*|--find-links.*|(?<!\S)/\w.*"

REQUIRED = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DESIGN.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "action.yml",
    "docs",
    "features",
    "hatch_build.py",
    "model",
    "noxfile.py",
    "pyproject.toml",
    "reports",
    "requirements-dev.txt",
    "scenarios",
    "tests",
}
FOLDERS = {
    "benchmarks",
    "docs",
    "examples",
    "features",
    "model",
    "reports",
    "scenarios",
    "tests",
}
USUAL = (".*", "*.cff", "*.lock", "*.md", "*.toml")
"""Files that projects have at the top: settings of tools, and texts."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def ignored() -> set[str]:
    """Read the patterns of .gitignore."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {line.strip("/") for line in lines if line and not line.startswith("#")}


def relative(path: Path) -> str:
    """Name a file as seen from the top."""
    return path.relative_to(ROOT).as_posix()


def length(function: Function) -> int:
    """Count the lines of a function."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_the_top_level_holds_one_thing_a_folder() -> None:
    """Nothing is missing, and neither code nor data lies about at the top."""
    kept = {path for path in ROOT.iterdir() if not fits(path.name, ignored())}
    assert set[str]() == REQUIRED - {path.name for path in kept}
    folders = {path.name for path in kept if path.is_dir()}
    assert set[str]() == {name for name in folders if name[0] != "."} - FOLDERS
    files = {path.name for path in kept if path.is_file()} - REQUIRED
    assert set[str]() == {name for name in files if not fits(name, USUAL)}


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name fits one of the patterns."""
    return any(fnmatch(name, pattern) for pattern in patterns)


def test_hooks_fetch_nothing() -> None:
    """Every hook before a commit is a tool of the project's own environment."""
    lines = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8").splitlines()
    found = {line.strip().removeprefix("- ") for line in lines}
    assert {"repo: local"} == {line for line in found if line.startswith("repo:")}
    entries = {line for line in found if line.startswith("entry:")}
    assert entries
    assert set[str]() == {e for e in entries if not e.startswith("entry: .venv/bin/")}


@pytest.mark.parametrize("folder", ["features", "scenarios"])
def test_a_folder_of_data_holds_no_code(folder: str) -> None:
    """What is specified or tried can be read without Python."""
    assert [] == [relative(path) for path in (ROOT / folder).rglob("*.py*")]


def oversights(path: Path) -> Iterator[str]:
    """Name what makes a module hard to read."""
    text = path.read_text(encoding="utf-8")
    module = ast.parse(text)
    if not ast.get_docstring(module):
        yield f"{relative(path)}: no docstring"
    if len(text.splitlines()) > LONGEST_FILE:
        yield f"{relative(path)}: {len(text.splitlines())} lines"
    for node in ast.walk(module):
        if isinstance(node, Function) and length(node) > LONGEST_FUNCTION:
            yield f"{relative(path)}: {node.name}: {length(node)} lines"


def test_nothing_at_the_top_points_elsewhere() -> None:
    """A link to a folder of one machine leads nowhere on any other."""
    kept = (path for path in ROOT.iterdir() if not fits(path.name, ignored()))
    assert [] == [path.name for path in kept if path.is_symlink()]


def test_a_module_fits_in_one_reading() -> None:
    """It opens with a docstring; neither it nor a function in it is long."""
    assert len(MODULES) > 200
    assert [] == [found for path in MODULES for found in oversights(path)]


def test_a_folder_of_code_is_a_package() -> None:
    """A folder without an __init__.py would be left out in silence."""
    folders = {path.parent for path in MODULES} - {ROOT / "model"}
    missing = {path for path in folders if not (path / "__init__.py").exists()}
    assert set[str]() == {relative(path) for path in missing}


@pytest.mark.parametrize(
    "name", [".pre-commit-config.yaml", "Makefile", "requirements-dev.txt"]
)
def test_set_up_names_no_machine(name: str) -> None:
    """Neither a host nor an index nor an absolute path is written down."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [] == re.findall(A_MACHINE, text)
