"""A stored run is judged again by its own product."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.cli import main
from invitelab.cli.support.judged_as import judge_as
from invitelab.conformance.execution import run_header
from invitelab.conformance.features.own import forget_everything
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.run import Header, Level, ScenarioRecord, Verdict
from invitelab.world.product import (
    SPECIFIED,
    current_product,
    read_product,
    use_product,
)

Capture = pytest.CaptureFixture[str]

CLAUSES = '[[clause]]\nid = "OWN-1"\nlevel = "required"\ntext = "Own."\n'
FEATURE = """\
Feature: Own
  @OWN-1
  Scenario: Nobody sees it
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    Then Bob sees no invitation
"""
OWN = "Nobody sees it"
FIVE = 'name = "Five"\nlifetime = "5min"\n'
SUPPORT = '[[profiles]]\nname = "Support"\npermissions = ["view"]\n'
TARGET = "py:invitelab.adapters.reference:create"
TITLE = "An invitation can be accepted after 119 seconds"


@pytest.fixture
def five(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the file of a product, in the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "five.toml"
    file.write_text(FIVE + SUPPORT, encoding="utf-8")
    yield file
    use_product(SPECIFIED)


def checked(*words: str, title: str = TITLE) -> Path:
    """Check the reference of the specification; gives the folder of the run."""
    main(["check", TARGET, "--scenario", title, "--output", "out", "--quiet", *words])
    use_product(SPECIFIED)
    forget_everything()
    return Path("out")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder of features beside the current one; clauses lie above them."""
    folder, here = tmp_path / "own", tmp_path / "here"
    here.mkdir()
    (folder / "below").mkdir(parents=True)
    (folder / "clauses.toml").write_text(CLAUSES, encoding="utf-8")
    (folder / "below" / "one.feature").write_text(FEATURE, encoding="utf-8")
    monkeypatch.chdir(here)
    yield folder
    forget_everything()


def header() -> Header:
    """Give the header of a run by the product."""
    return run_header.begun(Target.parse(TARGET), seed=0)


@pytest.mark.usefixtures("five")
def test_what_fails_by_a_profile_still_fails(capsys: Capture) -> None:
    """It would pass by the product of the specification."""
    folder = str(checked("--profile", "five.toml"))
    assert ExitCode.NON_CONFORMANT == main(["replay", folder, "--scenario", TITLE])
    *_, calls, last = capsys.readouterr().out.splitlines()
    assert calls.endswith("each was answered as before")
    assert last.startswith("STILL FAILING: expected the attempt to succeed")


def test_all_of_a_product_is_back(five: Path) -> None:
    """Also what its record does not have; the next run has its own."""
    use_product(read_product(five))
    told = header()
    use_product(SPECIFIED)
    judge_as(told, ())
    assert read_product(five) == current_product()
    judge_as(Header(harness="h", suite="s", target="reference"), ())
    assert SPECIFIED == current_product()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "by the profile Five, and five.toml does not exist here"),
        (FIVE.replace("5min", "6min"), "and five.toml is another one by now"),
    ],
)
def test_a_profile_that_is_gone_is_told(
    five: Path, text: str | None, message: str
) -> None:
    """Nothing is judged by another one."""
    use_product(read_product(five))
    told = header()
    use_product(SPECIFIED)
    five.unlink()
    if text is not None:
        five.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        judge_as(told, ())
    assert current_product().is_specified


@pytest.mark.parametrize("path", ["../own", "../own/below/one.feature", "own, two"])
def test_own_features_are_there_again(own: Path, capsys: Capture, path: str) -> None:
    """By the path that was given, which may have a comma."""
    if path.endswith(".feature"):
        (own / "clauses.toml").rename(own / "below" / "clauses.toml")
    if path == "own, two":
        own.rename(path)
    folder = checked("--features", path, title=OWN)
    assert ExitCode.NON_CONFORMANT == main(["replay", str(folder)])
    lines = capsys.readouterr().out.splitlines()
    assert not any(line.startswith("suite ") for line in lines)
    assert lines[-1].startswith("STILL FAILING: expected ")


def record(title: str) -> ScenarioRecord:
    """Make the record of a scenario."""
    return ScenarioRecord(
        feature="own/one.feature",
        line=3,
        title=title,
        clauses=("OWN-1",),
        level=Level.REQUIRED,
        verdict=Verdict.FAIL,
    )


def test_features_that_are_gone_are_told() -> None:
    """Unless a scenario of the suite is played."""
    told = Header(harness="h", suite="s", target="reference", features="there/own")
    judge_as(told, [record(TITLE)])
    message = "with the features of there/own, which does not exist here"
    with pytest.raises(UsageError, match=message):
        judge_as(told, [record(TITLE), record(OWN)])
