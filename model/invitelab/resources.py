"""Where features and scenarios are: in the checkout, or inside the wheel."""

import difflib
import hashlib
from functools import cache
from pathlib import Path

from invitelab.errors import HarnessError, UsageError

_PACKAGE = Path(__file__).resolve().parent


@cache
def features_dir() -> Path:
    """The folder with the `.feature` files and `clauses.toml`."""
    return _folder("features", "clauses.toml")


@cache
def scenarios_dir() -> Path:
    """The folder with the scenarios that ship, and what they need."""
    return _folder("scenarios", "README.md")


def _folder(name: str, witness: str) -> Path:
    """The folder of that name; a file in it shows that it is ours."""
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name):
        if (folder / witness).is_file():
            return folder
    msg = f"the {name} are missing from this installation"
    raise HarnessError(msg, hint="install invitelab again")


def feature_files() -> list[Path]:
    """All feature files, by name."""
    return sorted(features_dir().glob("*.feature"))


def scenario_files() -> list[Path]:
    """All scenarios that ship, by name."""
    return sorted(scenarios_dir().glob("*.toml"))


def find_scenario(wanted: str) -> Path:
    """The file that is meant: a path, or the name of a scenario that ships.

    A file of that path goes before a name. UsageError for a name that nobody has; a
    path is given back without a look at whether it is there.
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
    """Names the suite: a short sha256 over every feature and the clauses."""
    total = hashlib.sha256()
    for path in [*feature_files(), features_dir() / "clauses.toml"]:
        # Line ends differ between checkouts; the suite does not.
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        total.update(f"{path.name}\0{text}\0".encode())
    return total.hexdigest()[:12]
