"""action.yml: its steps are run as GitHub runs them, with bash -e and pipefail."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
yaml: Any = pytest.importorskip("yaml")
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INPUTS: Mapping[str, Any] = ACTION["inputs"]
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
BASH = shutil.which("bash") or "bash"
INSTALL, RUN = ACTION["runs"]["steps"]


def filled(text: str, given: Mapping[str, str]) -> str:
    """Put values in the place of expressions, as GitHub does before a step begins."""
    known = {f"inputs.{name}": str(one.get("default")) for name, one in INPUTS.items()}
    known |= {"github.action_path": str(ROOT)}
    known |= {f"inputs.{name}": value for name, value in given.items()}
    return EXPRESSION.sub(lambda found: known[found[1]], text)


def run(
    step: Mapping[str, Any], given: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a step with these inputs; RUNNER_TEMP and the files of GitHub are there."""
    files = {
        name: str(folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
    }
    variables = {name: filled(value, given) for name, value in step["env"].items()}
    where = folder / filled(step.get("working-directory", "."), given)
    assert "bash" == step["shell"]
    assert not EXPRESSION.search(step["run"]), "text of a user would be code"
    return subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env=os.environ | files | variables | {"RUNNER_TEMP": str(folder)},
        cwd=where,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder as it is after the first step: with the command of this environment."""
    place = tmp_path / "invitelab" / "bin" / "invitelab"
    place.parent.mkdir(parents=True)
    place.write_text(f'#!/bin/sh\nexec {sys.executable} -m invitelab "$@"\n')
    place.chmod(0o755)
    return tmp_path


def test_every_expression_is_an_input_of_the_action() -> None:
    """What is misspelt would be empty."""
    steps = (INSTALL, RUN)
    texts = [value for step in steps for value in step["env"].values()]
    texts += [RUN["working-directory"]]
    names = {name for text in texts for name in EXPRESSION.findall(text)}
    expected = {f"inputs.{name}" for name in INPUTS} | {"github.action_path"}
    assert expected == names
    assert (
        "${{ steps.run.outputs.exit-code }}" == ACTION["outputs"]["exit-code"]["value"]
    )
    assert "run" == RUN["id"]


def test_a_failure_is_annotated_and_ends_the_step(installed: Path) -> None:
    """With the exit code as an output, and a summary of the step."""
    target = "py:invitelab.proof.mutants:typed_id_is_a_number"
    given = {"arguments": f"{target}\n--scenario\nAn ID names the recipient\n"}
    ran = run(RUN, given, installed)
    assert 1 == ran.returncode, ran.stderr
    verdict, failure = ran.stdout.splitlines()
    assert verdict.startswith("::error title=invitelab check py%3A")
    assert failure.startswith("::error title=DIRECT-5%3A An ID names the recipient::")
    assert "exit-code=1\n" == (installed / "GITHUB_OUTPUT").read_text()
    summary = (installed / "GITHUB_STEP_SUMMARY").read_text()
    assert summary.startswith("# NON-CONFORMANT")
    assert 1 == summary.count("# NON-CONFORMANT")


def test_another_command_runs_in_another_folder(installed: Path) -> None:
    """Blank lines between arguments are left out, and words are not split."""
    (installed / "below").mkdir()
    given = {
        "command": "clauses",
        "arguments": "\nEXPIRY-2\n\n",
        "working-directory": "below",
    }
    ran = run(RUN, given, installed)
    assert 0 == ran.returncode, ran.stderr
    assert ran.stdout.startswith("::notice title=EXPIRY-2 (required)::")
    assert (installed / "GITHUB_STEP_SUMMARY").read_text().startswith("# Clauses")


def test_arguments_are_no_shell_code(installed: Path) -> None:
    """Whatever is in them is a word."""
    given = {
        "command": "clauses",
        "arguments": "$(touch hurt) `touch hurt`; touch hurt",
    }
    ran = run(RUN, given, installed)
    assert 2 == ran.returncode
    assert ran.stdout.startswith("::error title=invitelab clauses::there is no clause")
    assert not (installed / "hurt").exists()


@pytest.mark.slow
def test_the_first_step_installs_the_action_itself(tmp_path: Path) -> None:
    """Into a folder of the runner; here without the dependencies, which are there."""
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    subprocess.run(
        [*build, "--outdir", str(wheels), str(ROOT)], capture_output=True, check=True
    )
    (wheel,) = wheels.glob("*.whl")
    step = INSTALL | {"env": INSTALL["env"] | {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}}
    given = {"requirement": str(wheel), "python": sys.executable}
    ran = run(step, given, tmp_path)
    assert 0 == ran.returncode, ran.stderr
    assert (tmp_path / "invitelab" / "bin" / "invitelab").exists()
    assert "${REQUIREMENT:-$HERE}" in step["run"]
