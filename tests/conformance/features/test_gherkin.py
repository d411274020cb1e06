"""The feature files are read by one parser, once a process."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature

from invitelab.conformance.features.gherkin import feature
from invitelab.resources import feature_files

COUNTING = """\
import os
from gherkin.parser import Parser

parse = Parser.parse

def counted(self, text, *arguments, **named):
    name = text.lstrip().split("\\n", 1)[0]
    with open(os.environ["PARSES"], "a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()} {name}\\n")
    return parse(self, text, *arguments, **named)

Parser.parse = counted
"""
"""A sitecustomize.py: notes the process and the first line of each text it parses."""


@pytest.mark.slow
def test_a_check_parses_each_feature_once_a_process(tmp_path: Path) -> None:
    """In the process of the command line, and in the one that judges."""
    (tmp_path / "sitecustomize.py").write_text(COUNTING, encoding="utf-8")
    parses = tmp_path / "parses"
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, "-m", "invitelab", "check", "reference", "-q", "--walks=0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PARSES": str(parses)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    counted = Counter(parses.read_text(encoding="utf-8").splitlines())
    assert {1} == set(counted.values())
    by_process = Counter(line.split(" ", 1)[0] for line in counted)
    assert [len(feature_files())] * 2 == list(by_process.values())


def test_pytest_bdd_finds_the_features_that_are_built_here() -> None:
    """Its `scenario()` asks `get_feature`, which would parse the file again."""
    for path in feature_files():
        assert feature(path) is get_feature(str(path.parent), path.name)
