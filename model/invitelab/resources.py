"""Where the features are: in the checkout beside `model/`, or inside the wheel."""

import hashlib
from functools import cache
from pathlib import Path

from invitelab.errors import HarnessError

_PACKAGE = Path(__file__).resolve().parent


@cache
def features_dir() -> Path:
    """The folder with the `.feature` files and `clauses.toml`."""
    for folder in (_PACKAGE / "_data" / "features", _PACKAGE.parents[1] / "features"):
        if (folder / "clauses.toml").is_file():
            return folder
    msg = "the features are missing from this installation"
    raise HarnessError(msg, hint="install invitelab again")


def feature_files() -> list[Path]:
    """All feature files, by name."""
    return sorted(features_dir().glob("*.feature"))


@cache
def suite_digest() -> str:
    """Names the suite: a short sha256 over every feature and the clauses."""
    total = hashlib.sha256()
    for path in [*feature_files(), features_dir() / "clauses.toml"]:
        # Line ends differ between checkouts; the suite does not.
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        total.update(f"{path.name}\0{text}\0".encode())
    return total.hexdigest()[:12]
