"""Texts name files, modules and functions that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "invitelab"
TEXTS = sorted(
    path
    for pattern in (
        "*.md",
        ".github/**/*.md",
        "benchmarks/**/*.md",
        "docs/**/*.md",
        "examples/**/*.md",
        "reports/README.md",
        "scenarios/README.md",
        "tests/README.md",
    )
    for path in ROOT.glob(pattern)
)
FENCE = re.compile(r"(?ms)^```.*?^```")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MODULE = re.compile(r"(?<!tool\.)\binvitelab(?:\.\w+)+")
PATH = re.compile(r"[.\w*][\w.*/-]*(?:::[\w.]+)?")
SUFFIXES = (".css", ".feature", ".j2", ".java", ".js", ".py", ".toml")
OUTPUT = re.compile(r"reports/(?!README|examples|proof)|build/|results$|FILE")

OLD_WORDS = re.compile(
    r"(?i)\b(?:cannot be meant|climates?|complaints?|crew|deceived|doings|excuses?|gist"
    r"|hollow|keepers?|liberty|liberties|neighbourhood|surroundings"
    r"|switchboard|timetable|unmet|weather|wish(?:es)? to invite|the page is silent)\b"
)
"""Words that were our own, where the field has a term."""
NAMES_THEM = ROOT / "docs" / "decisions" / "layout.md"


def name_of(page: Path) -> str:
    """Name a page as seen from the top."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    """Read a page."""
    return page.read_text(encoding="utf-8")


def named(page: Path) -> Iterator[str]:
    """Give what a page names in code, outside of blocks, that looks like a path."""
    for found in CODE.findall(FENCE.sub("", text_of(page))):
        if PATH.fullmatch(found) and not OUTPUT.match(found):
            yield found


def places(page: Path, name: str) -> Iterator[Path]:
    """Give the files that a name may mean, the most likely first."""
    for folder in (ROOT, PACKAGE, page.parent):
        yield from folder.glob(name.rstrip("/"))
    if "/" not in name:
        yield from (ROOT / "model").rglob(name)
        yield from (
            path / name for path in (page.parent / "lib", page.parent / "peers")
        )


def is_a_claim(name: str) -> bool:
    """Tell whether a name says that there is such a file, here and not at a user's."""
    first, slash, _ = name.partition("/")
    if not slash:
        return "::" in name or name.endswith(".py")
    known = (ROOT / first).exists() or (PACKAGE / first).is_dir()
    return known or name.endswith(SUFFIXES)


def definitions(path: Path) -> set[str]:
    """Name the classes, functions, methods and values that a module defines."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names |= _names(node)
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{name}" for one in node.body for name in _names(one)
            }
    return names


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.If):
        return set[str]().union(*(_names(one) for one in node.body))
    if isinstance(node, ast.ImportFrom):  # `import a as a` makes a name public
        return {one.asname for one in node.names if one.asname}
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id} if isinstance(node.target, ast.Name) else set()
    if isinstance(node, ast.Assign):
        return {one.id for one in node.targets if isinstance(one, ast.Name)}
    return set()


def missing(page: Path, claim: str) -> bool:
    """Tell whether a claim of a page is not so."""
    name, _, definition = claim.partition("::")
    found = [path for path in places(page, name) if path.exists()]
    if not definition:
        return not found
    return not any(definition in definitions(path) for path in found)


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_what_a_text_names_exists(page: Path) -> None:
    """A file that was moved, or a function that was renamed, is found here."""
    claims = {name for name in named(page) if is_a_claim(name)}
    assert set[str]() == {claim for claim in claims if missing(page, claim)}


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_links_lead_to_files(page: Path) -> None:
    """A link within the tree can be followed."""
    links = {link.partition("#")[0] for link in LINK.findall(text_of(page))}
    inside = {link for link in links if link and "://" not in link}
    assert set[str]() == {one for one in inside if not (page.parent / one).exists()}


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_modules_can_be_imported(page: Path) -> None:
    """Every `invitelab.a.b` is a module, or a name that a module defines."""
    modules = set(MODULE.findall(text_of(page)))
    assert set[str]() == {name for name in modules if not is_module(name)}


def is_module(name: str) -> bool:
    """Tell whether there is a module of that name, or one that defines it."""
    path = PACKAGE
    for place, part in enumerate(parts := name.split(".")[1:]):
        if (path / part).is_dir():
            path /= part
        elif (path / f"{part}.py").exists():
            path = path / f"{part}.py"
        else:
            module = path if path.is_file() else path / "__init__.py"
            return ".".join(parts[place:]) in definitions(module)
    return True


@pytest.mark.parametrize("page", sorted({*TEXTS} - {NAMES_THEM}), ids=name_of)
def test_texts_use_the_terms_of_the_field(page: Path) -> None:
    """Output of commands apart, which has tests of its own."""
    text = FENCE.sub("", text_of(page))
    assert [] == OLD_WORDS.findall(text)


def test_the_tests_above_find_something() -> None:
    """A claim that is wrong is one that is missing."""
    page = ROOT / "README.md"
    assert is_a_claim("protocol/nothing.py")
    assert missing(page, "protocol/nothing.py")
    assert missing(page, "protocol/host.py::nothing")
    assert not missing(page, "protocol/host.py::decide")
    assert not is_module("invitelab.nothing")
    assert is_module("invitelab.proof.mutants.base.Mutant")
    assert OLD_WORDS.search("Where the page is silent")
