"""Completion: through click's interface to shells, and in bash itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from invitelab.cli import commands
from invitelab.cli.support.completion import QuotedBashComplete


def completed(*words: str, incomplete: str = "") -> list[str]:
    """What a shell offers behind these words."""
    shell = ShellComplete(commands, {}, "invitelab", "_INVITELAB_COMPLETE")
    return [one.value for one in shell.get_completions([*words], incomplete)]


@pytest.mark.parametrize(
    ("words", "incomplete", "expected"),
    [
        ([], "comp", ["compare"]),
        (["check", "reference"], "--write", ["--write-baseline"]),
        (["check", "--clause"], "EMAIL-1", ["EMAIL-1", "EMAIL-10"]),
        (["check", "--clause"], "email-1", ["EMAIL-1", "EMAIL-10"]),
        (["check", "--format"], "j", ["json"]),
        (["clauses"], "PLATFORM-", ["PLATFORM-1", "PLATFORM-2", "PLATFORM-3"]),
        (["explain"], "devia", ["deviation"]),
        (["explain"], "EXPIRY-6", ["EXPIRY-6"]),
        (["simulate"], "supp", ["support_desk"]),
        (["sweep"], "mill", ["million"]),
        (["schedule"], "flash", ["flash_crowd"]),
        (["docs"], "conti", ["continuous-integration"]),
        (["docs"], "decisions/ju", ["decisions/judge"]),
        (["scenarios"], "n", ["new"]),
        (["check", "--scenario"], "an id names", ["An ID names the recipient"]),
    ],
)
def test_what_only_invitelab_knows_is_completed(
    words: list[str], incomplete: str, expected: list[str]
) -> None:
    """In whatever case it was begun."""
    found = completed(*words, incomplete=incomplete)
    assert expected == [one for one in found if one in expected]
    assert all(one.lower().startswith(incomplete.lower()) for one in found)


def test_scenario_files_are_completed_beside_those_that_ship(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TOML files and folders; hidden ones where the word begins with a dot."""
    monkeypatch.chdir(tmp_path)
    for name in ("mine.toml", "mine.txt", ".hidden.toml", "my/one.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert ["million", "mine.toml", "my/"] == completed("simulate", incomplete="m")
    assert ["my/one.toml"] == completed("simulate", incomplete="my/")
    assert [".hidden.toml"] == completed("simulate", incomplete=".h")
    assert [] == completed("simulate", incomplete="none/x")


BASH = shutil.which("bash")
SCRIPT = """
{source}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_invitelab_completion invitelab
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def in_bash(words: str, folder: Path) -> list[str]:
    """What bash itself would offer for this line, by the script that click makes."""
    command = folder / "invitelab"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m invitelab "$@"\n')
    command.chmod(0o755)
    shell = QuotedBashComplete(commands, {}, "invitelab", "_INVITELAB_COMPLETE")
    source = shell.source_template % shell.source_vars()
    assert BASH is not None
    ran = subprocess.run(
        [
            BASH,
            "--noprofile",
            "--norc",
            "-c",
            SCRIPT.format(source=source, words=words),
        ],
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.skipif(BASH is None, reason="bash is not here")
def test_bash_completes_a_title_with_its_blanks(tmp_path: Path) -> None:
    """With backslashes, or as it is where the word is in quotes."""
    line = "invitelab check --scenario"
    plain, quoted = "An\\ ID\\ names\\ the\\ recipient", "An ID names the recipient"
    assert [plain] == in_bash(f"{line} 'An\\ ID\\ names\\ the'", tmp_path)
    assert [quoted] == in_bash(f"""{line} "'An ID names the\"""", tmp_path)
    assert ["EXPIRY-6"] == in_bash("invitelab check --clause EXPIRY-6", tmp_path)
