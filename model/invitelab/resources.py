"""Locations of features and scenarios: in a checkout, or inside the wheel."""

import difflib
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from invitelab.errors import HarnessError, UsageError

_PACKAGE = Path(__file__).resolve().parent


@cache
def features_dir() -> Path:
    """The folder of the `.feature` files and `clauses.toml`. Raises HarnessError."""
    return _folder("features", "clauses.toml")


@cache
def scenarios_dir() -> Path:
    """The folder of the scenarios that ship, and their data. Raises HarnessError."""
    return _folder("scenarios", "README.md")


def _folder(name: str, witness: str) -> Path:
    """The folder of that name that contains the file `witness`.

    Raises HarnessError where the installation lacks it.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name):
        if (folder / witness).is_file():
            return folder
    msg = f"the {name} are missing from this installation"
    raise HarnessError(msg, hint="install invitelab again")


def is_compiled() -> bool:
    """Whether the core is compiled; says it without importing the core."""
    core = find_spec("invitelab.protocol.host")
    return core is not None and not str(core.origin).endswith(".py")


def feature_files() -> list[Path]:
    """All feature files, sorted by name."""
    return sorted(features_dir().glob("*.feature"))


def scenario_files() -> list[Path]:
    """The files of all scenarios that ship, sorted by name."""
    return sorted(scenarios_dir().glob("*.toml"))


def find_scenario(wanted: str) -> Path:
    """The file of a scenario, named by its path or by the name of one that ships.

    An existing file takes precedence over a name. Raises UsageError for an unknown
    name; a path is returned whether it exists or not.
    """
    path = Path(wanted)
    shipped = {file.stem: file for file in scenario_files()}
    if path.is_file() or path.suffix or len(path.parts) != 1:
        return path
    if wanted in shipped:
        return shipped[wanted]
    near = difflib.get_close_matches(wanted.lower(), shipped, n=1)
    hint = f"those that ship: {', '.join(shipped)}; or give the path of a file"
    if near:
        hint = f"the nearest is {near[0]}; {hint}"
    raise UsageError(f"there is no scenario {wanted!r}", hint=hint)


@cache
def suite_digest() -> str:
    """Identity of the suite: 12 hex digits of a sha256 over its files.

    These are features, clauses and factors: another value is another story.
    """
    total = hashlib.sha256()
    tables = [features_dir() / name for name in ("clauses.toml", "factors.toml")]
    for path in [*feature_files(), *tables]:
        # Line endings differ between checkouts, and do not matter.
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        total.update(f"{path.name}\0{text}\0".encode())
    return total.hexdigest()[:12]
