"""The wheel contains the features, and cannot be built without them."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
FEATURES = "invitelab/_data/features"
SKELETONS = "invitelab/cli/skeletons"
USED = (".gitignore", "LICENSE", "README.md", "hatch_build.py", "pyproject.toml")


def copy_sources(folder: Path) -> None:
    """Copy everything that a wheel is built from."""
    for name in USED:
        shutil.copy(ROOT / name, folder)
    for name in ("docs", "features", "model", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build a wheel from a folder of sources."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """A wheel built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    result = build(folder)
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(next(folder.glob("dist/*.whl"))) as archive:
        yield archive


def paths(wheel: zipfile.ZipFile) -> set[PurePosixPath]:
    """Paths of the files in a wheel."""
    return {PurePosixPath(name) for name in wheel.namelist()}


def test_every_feature_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """With the clauses, where an installed invitelab looks for them."""
    folder = ROOT / "features"
    kinds = ("*.feature", "*.toml")
    expected = {path.name for kind in kinds for path in folder.glob(kind)}
    actual = {path.name for path in paths(wheel) if path.is_relative_to(FEATURES)}
    assert len(expected) > 1
    assert expected == actual - {"README.md"}


def test_the_skeletons_for_authors_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """An adapter per language, and a load scenario."""
    names = {path.name for path in paths(wheel) if path.is_relative_to(SKELETONS)}
    adapters = {"adapter.py", "adapter.js", "Adapter.java"}
    assert adapters | {"__init__.py", "scenario.toml"} == names


def test_the_script_of_the_page_of_a_run_is_in_the_wheel(
    wheel: zipfile.ZipFile,
) -> None:
    """And the template that it belongs to."""
    found = {path.as_posix() for path in paths(wheel)}
    assert "invitelab/live/live.js" in found
    assert "invitelab/reporting/load/templates/live.html.j2" in found


def test_every_page_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """`invitelab docs` shows them, decisions and the README included."""
    expected = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")}
    base = PurePosixPath("invitelab/_data")
    inside = {path.relative_to(base) for path in paths(wheel) if base in path.parents}
    assert "docs/decisions/judge.md" in expected
    assert expected | {"README.md"} <= {path.as_posix() for path in inside}
    text = wheel.read("invitelab/_data/README.md")
    assert (ROOT / "README.md").read_bytes() == text


def test_the_table_of_names_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """Simulated clients take their names from it."""
    assert "invitelab/world/load/names.txt" in wheel.namelist()


def test_the_glossary_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """`explain` reads it."""
    assert "invitelab/reporting/common/glossary.toml" in wheel.namelist()


def test_the_wheel_says_that_it_is_typed(wheel: zipfile.ZipFile) -> None:
    """Type checkers use the annotations of an installed invitelab."""
    assert "invitelab/py.typed" in wheel.namelist()


def test_the_wheel_holds_one_package(wheel: zipfile.ZipFile) -> None:
    """Without tests and tools."""
    expected = {"invitelab"}
    actual = {path.parts[0] for path in paths(wheel)}
    assert expected == {name for name in actual if not name.endswith(".dist-info")}


def test_the_data_holds_no_code(wheel: zipfile.ZipFile) -> None:
    """Data files cannot be imported."""
    data = {path for path in paths(wheel) if path.is_relative_to("invitelab/_data")}
    assert set[str]() == {path.name for path in data if path.suffix.startswith(".py")}


def test_pytest_does_not_load_the_plugin_by_itself(wheel: zipfile.ZipFile) -> None:
    """The command is the only entry point."""
    (name,) = (path for path in paths(wheel) if path.name == "entry_points.txt")
    expected = "[console_scripts]\ninvitelab = invitelab.__main__:main\n"
    assert expected == wheel.read(str(name)).decode()


def test_without_features_no_wheel_is_built(tmp_path: Path) -> None:
    """The error names the missing folder."""
    copy_sources(tmp_path)
    shutil.rmtree(tmp_path / "features")
    result = build(tmp_path)
    assert result.returncode != 0
    assert f"Forced include not found: {tmp_path / 'features'}" in result.stderr
    assert [] == list(tmp_path.glob("dist/*.whl"))
