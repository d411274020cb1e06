"""The example of a variant holds for the reference as that variant alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.own import (
    OwnFeatures,
    forget_everything,
    use_own_features,
)
from invitelab.errors import ExitCode
from invitelab.formats.run import RunVerdict, ScenarioRecord, Verdict, read
from invitelab.world.product import SPECIFIED, read_product, use_product

FOLDER = Path(__file__).parents[1] / "examples" / "variant"


@pytest.fixture
def example() -> Iterator[OwnFeatures]:
    """Judge by the variant, with its features."""
    use_product(read_product(FOLDER / "five.toml"))
    yield use_own_features(FOLDER / "features")
    forget_everything()
    use_product(SPECIFIED)


def records(target: str, own: OwnFeatures) -> list[ScenarioRecord]:
    """Run the scenarios of the example on a target."""
    engine = Engine(Target.parse(target), None)
    try:
        return [engine.run(pickle) for pickle in pickles(paths=own.files)]
    finally:
        engine.close()


def test_the_reference_as_the_variant_holds(example: OwnFeatures) -> None:
    """In English and in German, for its own clause and those of the suite."""
    found = records("reference", example)
    assert {Verdict.PASS} == {one.verdict for one in found}, [
        one.message for one in found
    ]
    cited = {clause for one in found for clause in one.clauses}
    assert {"FIVE-1", "DIRECT-4", "EXPIRY-1", "EXPIRY-2"} == cited
    languages = {
        pickle.scenario.feature.language for pickle in pickles(paths=example.files)
    }
    assert {"de", "en"} == languages


def test_the_reference_of_the_specification_does_not(example: OwnFeatures) -> None:
    """Every scenario but the one about accepting after five minutes fails."""
    found = records("py:invitelab.adapters.reference:create", example)
    held = [one.clauses for one in found if one.verdict is Verdict.PASS]
    assert [("EXPIRY-2",)] == held


def test_the_suite_of_ones_own_passes(tmp_path: Path) -> None:
    """As its README says to start it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    plugins = ("-p", "pytest_bdd.plugin", "-p", "no:cacheprovider")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-q", FOLDER / "test_five.py"],
        cwd=tmp_path,
        env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert pytest.ExitCode.OK == ran.returncode, ran.stdout
    assert "5 passed" in ran.stdout
    assert "invitelab: PARTIAL by Five" in ran.stdout


@pytest.mark.slow
def test_the_whole_suite_holds_by_the_variant(tmp_path: Path) -> None:
    """With walks, beside the features of the example."""
    options = ("--profile", FOLDER / "five.toml", "--features", FOLDER / "features")
    ran = subprocess.run(
        [sys.executable, "-m", "invitelab", "check", "reference", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ExitCode.CONFORMANT == ran.returncode, ran.stdout
    latest = tmp_path / "reports" / "check" / "reference" / "latest"
    footer = read(latest / "run.jsonl").footer
    assert footer is not None
    assert RunVerdict.CONFORMANT is footer.verdict
    assert ran.stdout.splitlines()[-1].startswith("CONFORMANT by Five (Five reads")
