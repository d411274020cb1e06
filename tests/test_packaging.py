"""The wheel holds the features, and cannot be built without them."""

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


def copy_sources(folder: Path) -> None:
    """Copy what a wheel is built from."""
    for name in (".gitignore", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("features", "model", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the wheel of the sources in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build a wheel from a copy of the sources."""
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    result = build(folder)
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(next(folder.glob("dist/*.whl"))) as archive:
        yield archive


def paths(wheel: zipfile.ZipFile) -> set[PurePosixPath]:
    """Name the files of a wheel."""
    return {PurePosixPath(name) for name in wheel.namelist()}


def test_every_feature_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """The features and their clauses are where an installed invitelab looks."""
    folder = ROOT / "features"
    expected = {path.name for path in folder.glob("*.feature")} | {"clauses.toml"}
    actual = {path.name for path in paths(wheel) if path.is_relative_to(FEATURES)}
    assert len(expected) > 1
    assert expected == actual - {"README.md"}


def test_the_skeletons_for_authors_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """In every language."""
    names = {path.name for path in paths(wheel) if path.is_relative_to(SKELETONS)}
    assert {"__init__.py", "adapter.py", "adapter.js", "Adapter.java"} == names


def test_the_names_of_the_people_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """A world names its clients out of a file."""
    assert "invitelab/world/load/names.txt" in wheel.namelist()


def test_the_glossary_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """`explain` reads it."""
    assert "invitelab/conformance/glossary.toml" in wheel.namelist()


def test_the_wheel_says_that_it_is_typed(wheel: zipfile.ZipFile) -> None:
    """Type checkers read the annotations of an installed invitelab."""
    assert "invitelab/py.typed" in wheel.namelist()


def test_the_wheel_holds_one_package(wheel: zipfile.ZipFile) -> None:
    """Neither tests nor tools are installed."""
    expected = {"invitelab"}
    actual = {path.parts[0] for path in paths(wheel)}
    assert expected == {name for name in actual if not name.endswith(".dist-info")}


def test_the_data_holds_no_code(wheel: zipfile.ZipFile) -> None:
    """What is read as data cannot be imported."""
    data = {path for path in paths(wheel) if path.is_relative_to("invitelab/_data")}
    assert set[str]() == {path.name for path in data if path.suffix.startswith(".py")}


def test_pytest_does_not_load_the_plugin_by_itself(wheel: zipfile.ZipFile) -> None:
    """The only entry point is the command."""
    (name,) = (path for path in paths(wheel) if path.name == "entry_points.txt")
    expected = "[console_scripts]\ninvitelab = invitelab.cli:main\n"
    assert expected == wheel.read(str(name)).decode()


def test_without_features_no_wheel_is_built(tmp_path: Path) -> None:
    """A missing folder fails the build and is named."""
    copy_sources(tmp_path)
    shutil.rmtree(tmp_path / "features")
    result = build(tmp_path)
    assert result.returncode != 0
    assert f"Forced include not found: {tmp_path / 'features'}" in result.stderr
    assert [] == list(tmp_path.glob("dist/*.whl"))
