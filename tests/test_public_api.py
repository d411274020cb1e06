"""The public names are those that docs/reference.md promises."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import invitelab

USE = Path(__file__).parent / "typing" / "api.py"
REFERENCE = Path(__file__).parents[1] / "docs" / "reference.md"
REQUEST = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocol": 1, "harness": {"name": "test", "version": "1"}},
}


def test_the_public_names_are_there() -> None:
    """Every name of `__all__` can be imported, and there are no others."""
    table = REFERENCE.read_text(encoding="utf-8").partition("### ")[0]
    expected = set(re.findall(r"(?m)^\| `invitelab\.(\w+)` ", table))
    assert expected == set(invitelab.__all__)
    everything: dict[str, object] = {}
    exec("from invitelab import *", everything)  # noqa: S102 - a literal
    assert expected == everything.keys() - {"__builtins__"}
    used = USE.read_text(encoding="utf-8")
    assert [] == [name for name in expected if name not in used]


def test_another_name_is_an_attribute_error() -> None:
    """As it is for every module."""
    name = "Nothing"
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        getattr(invitelab, name)


def test_a_users_code_runs() -> None:
    """What the type checkers accept is also what works."""
    ran = subprocess.run(
        [sys.executable, str(USE)], capture_output=True, text=True, check=False
    )
    assert (0, "", "") == (ran.returncode, ran.stdout, ran.stderr)


def test_a_users_adapter_is_served() -> None:
    """Its answer comes over stdout."""
    ran = subprocess.run(
        [sys.executable, str(USE), "serve"],
        input=f"{json.dumps(REQUEST)}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(ran.stdout)["result"]
    assert ("invitelab reference", 1) == (
        result["implementation"]["name"],
        result["protocol"],
    )


def test_an_import_of_the_package_is_cheap() -> None:
    """The public names are imported when they are used."""
    code = "import sys, invitelab; print('invitelab.adapters' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "False\n" == ran.stdout
