"""Locations of features and scenarios, and the digest of the suite."""

import shutil
from pathlib import Path

import pytest

from invitelab import resources
from invitelab.errors import HarnessError, UsageError
from invitelab.resources import (
    digest_of,
    feature_files,
    features_dir,
    find_scenario,
    scenario_files,
    scenarios_dir,
    suite_digest,
)

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the features, used in place of the original."""
    folder = tmp_path / "features"
    shutil.copytree(features_dir(), folder)
    monkeypatch.setattr(resources, "features_dir", lambda: folder)
    return folder


def test_in_a_checkout_the_features_are_those_of_the_checkout() -> None:
    """They are in a folder next to the source."""
    assert ROOT / "features" == features_dir()


def test_in_a_wheel_the_features_are_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take precedence over a folder next to it."""
    folder = tmp_path / "invitelab" / "_data" / "features"
    shutil.copytree(features_dir(), folder)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "invitelab")
    assert folder == features_dir.__wrapped__()


def test_missing_features_are_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new installation may help."""
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "model" / "invitelab")
    with pytest.raises(HarnessError, match="the features are missing") as caught:
        features_dir.__wrapped__()
    assert "install invitelab again" == caught.value.hint


def test_feature_files_are_sorted_by_name() -> None:
    """On every system, so that runs can be compared."""
    names = [path.name for path in feature_files()]
    assert sorted(names) == names
    assert {path.name for path in (ROOT / "features").glob("*.feature")} == set(names)


# Scenarios


def test_in_a_checkout_the_scenarios_are_those_of_the_checkout() -> None:
    """All of them, sorted by name."""
    assert ROOT / "scenarios" == scenarios_dir()
    assert sorted((ROOT / "scenarios").glob("*.toml")) == scenario_files()


def test_in_a_wheel_the_scenarios_are_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take precedence over a folder next to it."""
    folder = tmp_path / "invitelab" / "_data" / "scenarios"
    shutil.copytree(scenarios_dir(), folder)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "invitelab")
    assert folder == scenarios_dir.__wrapped__()


def test_missing_scenarios_are_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As missing features are."""
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "model" / "invitelab")
    with pytest.raises(HarnessError, match="the scenarios are missing"):
        scenarios_dir.__wrapped__()


@pytest.mark.parametrize("path", scenario_files(), ids=lambda path: path.stem)
def test_a_scenario_that_ships_is_found_by_its_name(path: Path) -> None:
    """In any current folder."""
    assert path == find_scenario(path.stem)


def test_a_file_takes_precedence_over_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder does not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "support_desk").mkdir()
    assert scenarios_dir() / "support_desk.toml" == find_scenario("support_desk")
    (tmp_path / "support_desk").rmdir()
    (tmp_path / "support_desk").touch()
    assert Path("support_desk") == find_scenario("support_desk")


@pytest.mark.parametrize("wanted", ["my.toml", "here/my", "../my", "."])
def test_a_path_is_returned_as_it_is(wanted: str) -> None:
    """Whether it exists or not."""
    assert Path(wanted) == find_scenario(wanted)


def test_an_unknown_name_gets_suggestions() -> None:
    """The nearest name first, whatever its case."""
    with pytest.raises(UsageError, match="there is no scenario 'Suport_Desk'") as error:
        find_scenario("Suport_Desk")
    assert error.value.hint.startswith("the nearest is support_desk; those that ship: ")
    assert all(path.stem in error.value.hint for path in scenario_files())


# The digest


def digest() -> str:
    """The digest, computed anew."""
    return digest_of.__wrapped__(())


def test_the_digest_is_short_and_stable() -> None:
    """It has twelve hexadecimal digits."""
    assert 12 == len(suite_digest())
    assert int(suite_digest(), 16) >= 0
    assert suite_digest() == digest()


def test_the_digest_ignores_line_endings(copy: Path) -> None:
    """A checkout on Windows has the same suite."""
    for path in copy.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert suite_digest() == digest()


def test_the_digest_ignores_other_files(copy: Path) -> None:
    """Such as the README."""
    (copy / "README.md").write_text("# Other words\n", encoding="utf-8")
    assert suite_digest() == digest()


@pytest.mark.parametrize("name", ["clauses.toml", "factors.toml", "expiry.feature"])
def test_the_digest_changes_with_any_character(copy: Path, name: str) -> None:
    """Of a feature, of the clauses or of the factors."""
    with (copy / name).open("a", encoding="utf-8") as stream:
        stream.write("#")
    assert suite_digest() != digest()


def test_the_digest_changes_with_a_file_name(copy: Path) -> None:
    """The same text in another file is another suite."""
    (copy / "expiry.feature").rename(copy / "lifetime.feature")
    assert suite_digest() != digest()
