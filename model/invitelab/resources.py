"""Locations of features, scenarios and pages: in a checkout, or inside the wheel."""

import difflib
import hashlib
from collections.abc import Iterable
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


@cache
def docs_dir() -> Path:
    """The folder of the documentation. Raises HarnessError."""
    return _folder("docs", "reference.md")


@cache
def readme_file() -> Path:
    """The README: beside the documentation. Raises HarnessError."""
    return docs_dir().parent / "README.md"


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
    """All feature files that ship, sorted by name."""
    return sorted(features_dir().glob("*.feature"))


_own_features: dict[Path, None] = {}
_own_tables: dict[Path, None] = {}
_own_places: dict[Path, None] = {}


def add_own_features(
    features: Iterable[Path], tables: Iterable[Path], place: Path
) -> None:
    """Add feature files of a user's own to the suite of this process.

    `tables` are the files beside them that change what they mean, and `place` is the
    folder, or the file, that they were named by.
    """
    _own_places[place.resolve()] = None
    _own_features.update(dict.fromkeys(path.resolve() for path in features))
    _own_tables.update(dict.fromkeys(path.resolve() for path in tables))
    digest_of.cache_clear()


def remove_own_features(features: Iterable[Path]) -> None:
    """Take feature files out again, which turn out to have mistakes."""
    for path in features:
        _own_features.pop(path.resolve(), None)


def forget_own_features() -> None:
    """Have the features that ship alone again."""
    _own_features.clear()
    _own_tables.clear()
    _own_places.clear()


def own_feature_files() -> list[Path]:
    """The feature files of a user's own, in the order in which they were added."""
    return list(_own_features)


def all_feature_files() -> list[Path]:
    """Those that ship, then the user's own."""
    return [*feature_files(), *own_feature_files()]


def is_own_feature(path: Path | str) -> bool:
    """Whether a feature file is one of a user's own."""
    return bool(_own_features) and Path(path).resolve() in _own_features


def own_features_label() -> str | None:
    """Where the user's own features are; None where there are none.

    These are the paths that `--features` takes, from here if below the current folder.
    """
    if not _own_features:
        return None
    here = Path.cwd()
    places = {
        (one.relative_to(here) if one.is_relative_to(here) else one).as_posix()
        for one in _own_places
    }
    return ", ".join(sorted(places))


def feature_label(path: Path | str) -> str:
    """The name of a feature file in records and reports.

    That of a user's own is its path from here, if it is below the current folder.
    """
    if not _own_features:  # the usual case, without a look at the disk
        return f"features/{Path(path).name}"
    file = Path(path).resolve()
    if file not in _own_features:
        return f"features/{file.name}"
    name = own_file_label(file)
    shipped = {f"features/{one.name}" for one in feature_files()}
    return f"own/{name}" if name in shipped else name


def own_file_label(path: Path | str) -> str:
    """The name of a file beside features of a user's own, by the same rule."""
    file, here = Path(path).resolve(), Path.cwd()
    below = file.is_relative_to(here)
    return file.relative_to(here if below else file.parent.parent).as_posix()


def scenario_files() -> list[Path]:
    """The files of all scenarios that ship, sorted by name."""
    return sorted(scenarios_dir().glob("*.toml"))


def named_from_here(wanted: str) -> str:
    """A file that the user has named, as a report may name it.

    An absolute path becomes one from the current folder, or a file name where the file
    is not below it: a report has no path of the machine that it was made on.
    """
    path, here = Path(wanted), Path.cwd()
    if not path.is_absolute():
        return wanted
    below = path.is_relative_to(here)
    return path.relative_to(here).as_posix() if below else path.name


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


def suite_digest() -> str:
    """Identity of the suite: 12 hex digits of a sha256 over its files.

    These are features, clauses and factors: another value is another story. Features
    of a user's own, and the tables beside them, are among them.
    """
    return digest_of((*own_feature_files(), *_own_tables))


@cache
def digest_of(own: tuple[Path, ...]) -> str:
    """The digest of the suite with these files of a user's own."""
    total = hashlib.sha256()
    tables = [features_dir() / name for name in ("clauses.toml", "factors.toml")]
    for path in [*feature_files(), *tables, *own]:
        # Line endings differ between checkouts, and do not matter.
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        total.update(f"{path.name}\0{text}\0".encode())
    return total.hexdigest()[:12]
