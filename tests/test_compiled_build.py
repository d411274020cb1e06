"""The compiled build: what mypyc is given means the same as the sources.

That the compiled core passes this suite is shown by `nox --session compiled`.
"""

import ast
import copy
import dataclasses
import importlib.util
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import hatch_build
import pytest

from invitelab.cli import main
from invitelab.protocol import host, messages
from invitelab.protocol.values import State

ROOT = Path(__file__).parents[1]


def loaded(name: str, path: Path) -> ModuleType:
    """Import a module from a file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give `protocol/messages.py` as mypyc is given it."""
    source = ROOT / "model/invitelab/protocol/messages.py"
    path = tmp_path_factory.mktemp("plain") / "plain_messages.py"
    path.write_text(
        hatch_build.plain(source.read_text(encoding="utf-8")), encoding="utf-8"
    )
    yield loaded("plain_messages", path)
    del sys.modules["plain_messages"]


def test_all_that_is_compiled_exists() -> None:
    """And no module is listed twice."""
    package = ROOT / "model/invitelab"
    assert all((package / name).is_file() for name in hatch_build.COMPILED)
    assert len(hatch_build.COMPILED) == len(set(hatch_build.COMPILED))


def test_no_class_is_a_dataclass_any_longer() -> None:
    """But those with an order, of which few are made."""
    for name in hatch_build.COMPILED:
        source = (ROOT / "model/invitelab" / name).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(hatch_build.plain(source))):
            if isinstance(node, ast.ClassDef):
                told = [ast.unparse(one) for one in node.decorator_list]
                assert all("order=True" in one for one in told if "dataclass" in one)


def test_a_plain_class_behaves_as_the_dataclass(plain: Any) -> None:  # noqa: ANN401 - as above
    """It compares, hashes, copies, pickles, and is replaced by its fields."""
    made = plain.Withdraw(invitation="a", state=State.EXPIRED)
    assert made == plain.Withdraw(invitation="a", state=State.EXPIRED)
    assert made != plain.Withdraw(invitation="b", state=State.EXPIRED)
    assert hash(made) == hash(plain.Withdraw(invitation="a", state=State.EXPIRED))
    assert made == copy.copy(made) == pickle.loads(pickle.dumps(made))  # noqa: S301 - its own
    assert "b" == dataclasses.replace(made, invitation="b").invitation
    original = messages.Withdraw(invitation="a", state=State.EXPIRED)
    assert repr(original) == repr(made)
    assert made != original


def test_defaults_and_positions_are_kept(plain: Any) -> None:  # noqa: ANN401 - as above
    """A field with a default may be left out; a name is needed where it was."""
    assert plain.Refused(invitation="a", reason="x").answer is None
    with pytest.raises(TypeError, match="positional argument"):
        plain.Withdraw("a", State.EXPIRED)


def test_the_version_tells_which_build_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """By the file of the core."""
    assert 0 == main(["--version"])
    expected = "pure Python" if str(host.__file__).endswith(".py") else "compiled"
    assert capsys.readouterr().out.strip().endswith(f" ({expected})")
