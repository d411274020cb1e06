"""The public names are those that docs/reference.md promises."""

import subprocess
import sys
from pathlib import Path

import pytest

import invitelab

USE = Path(__file__).parent / "typing" / "api.py"


def test_the_public_names_are_there() -> None:
    """Every name of `__all__` can be imported, and there are no others."""
    expected = {"Adapter", "AdapterError", "Policy", "__version__"}
    assert expected == set(invitelab.__all__)
    assert all(hasattr(invitelab, name) for name in expected)


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


def test_an_import_of_the_package_is_cheap() -> None:
    """The public names are imported when they are used."""
    code = "import sys, invitelab; print('invitelab.adapters' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "False\n" == ran.stdout
