"""Imports point down, and help is fast because it imports little."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

CONFIG = Path(__file__).parents[1] / "pyproject.toml"
PACKAGE = Path(__file__).parents[1] / "model" / "invitelab"
PROTOCOL = "invitelab.protocol"
HEAVY = {"matplotlib", "numpy", "pydantic", "pytest", "rich", "simpy"}


def is_module(path: Path) -> bool:
    """Tell a module or a package from a folder of data and from caches."""
    return path.suffix == ".py" or (path / "__init__.py").exists()


def test_the_contracts_are_kept() -> None:
    """Every contract of [tool.importlinter] holds."""
    assert lint_imports(str(CONFIG), no_cache=True) == EXIT_STATUS_SUCCESS


def test_every_module_at_the_top_is_in_a_layer() -> None:
    """One that was forgotten could import, and be imported by, whatever it liked."""
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    listed = {name.strip() for layer in layers for name in layer.split("|")}
    found = {path.stem for path in PACKAGE.iterdir() if is_module(path)}
    assert listed == found - {"__init__"}


def test_the_protocol_needs_only_the_standard_library() -> None:
    """The rules of the protocol run wherever Python does."""
    graph = grimp.build_graph(
        "invitelab", include_external_packages=True, cache_dir=None
    )
    modules = {PROTOCOL} | graph.find_descendants(PROTOCOL)
    imported = {
        name.partition(".")[0]
        for module in modules
        for name in graph.find_modules_directly_imported_by(module)
    }
    assert set[str]() == imported - sys.stdlib_module_names - {"invitelab"}


def test_help_imports_nothing_heavy() -> None:
    """What only some commands need is imported by those commands."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "invitelab", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = result.stderr.splitlines()
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert {"click"} == imported & (HEAVY | {"click"})


def test_a_worker_of_a_study_imports_what_it_runs() -> None:
    """Neither names nor reports are made there, and nothing is put together."""
    code = "import sys, invitelab.study.local; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    imported = set(result.stdout.split())
    assert {"numpy"} == {"faker", "rich", "click", "distributed", "numpy"} & imported
    assert set[str]() == {
        name
        for name in imported
        if name.startswith(("invitelab.reporting", "invitelab.cli"))
        or name in {"invitelab.formats.results", "invitelab.study.plan"}
    }


def test_the_entry_point_imports_no_command() -> None:
    """Every worker process imports it, too."""
    code = "import sys, invitelab.__main__; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set[str]() == {"click", "invitelab.cli"} & set(result.stdout.split())


def test_a_check_imports_no_simulator() -> None:
    """What only `simulate` needs would cost every check half a second."""
    code = "import sys, invitelab.cli.support.run_check; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set[str]() == {"matplotlib", "numpy", "simpy"} & set(result.stdout.split())


PARENT = """
import sys
from invitelab.cli import main
sys.argv[1:] = ["check", "reference", "--clause", "EXPIRY-1", "--quiet"]
main()
print(*sys.modules, file=sys.stderr)
"""
NOT_FOR_A_PARENT = {
    "invitelab.adapters.driver",
    "invitelab.adapters.messages",
    "invitelab.conformance.factors.run_plan",
    "invitelab.formats.command_output",
    "invitelab.formats.results",
    "invitelab.world.scenario.schema",
    "pytest",
}


def test_the_parent_of_a_check_imports_nothing_of_its_child(tmp_path: Path) -> None:
    """Two processes import: what only the judge needs would be paid for twice."""
    result = subprocess.run(
        [sys.executable, "-c", PARENT],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    imported = set(result.stderr.split())
    assert "invitelab.reporting.conformance.page" in imported
    assert set[str]() == NOT_FOR_A_PARENT & imported
