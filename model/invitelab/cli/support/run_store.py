"""Where checks are kept by default: a folder for each run, below one for its target.

    reports/check/TARGET/2026-11-30T18-22-05Z/    a run
    reports/check/TARGET/latest                   a link to the newest one

Where the system makes no links, `latest` is a file with the name of that folder. The
last KEPT runs are kept, and the last one of the whole suite.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.reading import FILES, LATEST, Kind, latest_in
from invitelab.formats.run_summary import RunSummary, summary_of
from invitelab.reporting.common.files import cannot_write
from invitelab.safe_text import printable

ROOT = Path("reports") / "check"
KEPT = 20
RUN = FILES[Kind.RUN]
RUN_SUFFIX = Path(RUN).suffix

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-(?P<again>\d{1,3}))?")
_MOST_AT_ONCE = 100
"""Runs of one target that may begin in one second."""


def new_folder(store: Path, began: datetime) -> Path:
    """Make the folder of a run that began then, in UTC. Raises UsageError."""
    first = f"{began:%Y-%m-%dT%H-%M-%SZ}"
    names = [first, *(f"{first}-{again}" for again in range(2, _MOST_AT_ONCE))]
    for name in names:
        try:
            (store / name).mkdir(parents=True)
        except FileExistsError:
            if not store.is_dir():
                break
        except OSError as error:
            raise cannot_write(store, error) from error
        else:
            return store / name
    raise UsageError(
        f"{printable(str(store))} cannot be written: it is no folder for runs",
        hint="choose another folder with --output",
    )


def runs_in(store: Path) -> list[Path]:
    """The folders of a target's runs that have a run file, the oldest first."""
    with suppress(OSError):
        found = [one for one in store.iterdir() if _NAME.fullmatch(one.name)]
        return sorted((one for one in found if (one / RUN).is_file()), key=_order)
    return []


def _order(folder: Path) -> tuple[str, int]:
    found = _NAME.fullmatch(folder.name)
    assert found is not None, "by runs_in"
    return folder.name[:20], int(found["again"] or 1)


def finish(folder: Path) -> Path:
    """Make a run the latest one, and remove old ones; gives the folder to be named.

    That is the link, if there is one: its path stays the same. A run that left no run
    file leaves no folder either. `folder` is one that `new_folder` has made.
    """
    store = folder.parent
    if not (folder / RUN).is_file():
        with suppress(OSError):
            folder.rmdir()
        return folder
    linked = _link(store, folder.name)
    _prune(store, folder)
    return store / LATEST if linked else folder


def _link(store: Path, name: str) -> bool:
    """Replace the link to the newest run; whether it is a link."""
    link, beside = store / LATEST, store / f".{LATEST}.new"
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        beside.symlink_to(name, target_is_directory=True)
        os.replace(beside, link)  # noqa: PTH105 - Path.replace resolves no link either
    except (OSError, NotImplementedError):
        with suppress(OSError):
            beside.write_text(f"{name}\n", encoding="utf-8")
            beside.replace(link)
        return False
    return True


def _prune(store: Path, newest: Path) -> None:
    """Remove all but the last KEPT runs and the last one of the whole suite."""
    runs = runs_in(store)
    for folder in runs[:-KEPT]:
        if folder != newest and not _is_last_whole(folder, runs):
            shutil.rmtree(folder, ignore_errors=True)


def _is_last_whole(folder: Path, runs: Sequence[Path]) -> bool:
    later = runs[runs.index(folder) :]
    whole = [one for one in later if _is_whole(one)]
    return whole == [folder]


def _is_whole(folder: Path) -> bool:
    with suppress(UsageError):
        return summary_of(folder / RUN).whole
    return False


# --- Finding runs ----------------------------------------------------------------


def stores() -> list[Path]:
    """The folders of all targets that have a run, the one of the newest run last."""
    with suppress(OSError):
        newest = {
            one: runs[-1].name for one in ROOT.iterdir() if (runs := runs_in(one))
        }
        return sorted(newest, key=lambda one: (newest[one], one.name))
    return []


def find_store(text: str) -> Path | None:
    """The folder of a target's runs: by the target, its name, or a path; None: none."""
    for path in _candidates(text):
        if runs_in(path):
            return path
    return None


def _candidates(text: str) -> Iterator[Path]:
    from invitelab.adapters.target import Target

    yield Path(text)
    yield ROOT / text
    with suppress(UsageError):
        yield ROOT / Target.parse(text).slug


def store_of(text: str) -> Path:
    """The same. Raises UsageError, which names the targets that there are."""
    found = find_store(text)
    if found is not None:
        return found
    known = [one.name for one in stores()]
    hint = f"there are runs of: {', '.join(known)}" if known else "run a check first"
    raise UsageError(f"no run of {printable(text)} is stored", hint=hint)


def run_at(text: str) -> Path:
    """A run by its path; or the last run of a target, by the target or its name.

    Raises UsageError, with the names that there are, for a name that none of them is.
    """
    path = Path(text)
    is_run = path.is_file() or (path / RUN).is_file()
    store = None if is_run else find_store(text)
    is_name = path.name == text and path.suffix != RUN_SUFFIX and not path.exists()
    if store is None and is_name and stores():
        store = store_of(text)
    return path if store is None else latest(store)


def summaries(store: Path) -> list[tuple[Path, RunSummary]]:
    """The runs of a target with what they say, the oldest first; damaged ones not."""
    found: list[tuple[Path, RunSummary]] = []
    for folder in runs_in(store):
        with suppress(UsageError):
            found.append((folder, summary_of(folder / RUN)))
    return found


def last_two(store: Path) -> tuple[Path, Path]:
    """The last run of a target, and the one before it to compare it with.

    That is the last one before it that was of as much of the suite, the whole or a
    part; or else simply the one before. Raises UsageError where there is only one.
    """
    known = summaries(store)
    if len(known) < 2:  # noqa: PLR2004 - the function's name says so
        msg = f"there is one run in {printable(str(store))}, and nothing to compare"
        raise UsageError(msg, hint="run the check again")
    *earlier, (last, told) = known
    alike = [folder for folder, one in earlier if one.whole == told.whole]
    return (alike or [folder for folder, _ in earlier])[-1], last


def latest(store: Path) -> Path:
    """The folder of the newest run. Raises UsageError where there is none."""
    runs = runs_in(store)
    if not runs:
        msg = f"no run is stored in {printable(str(store))}"
        raise UsageError(msg, hint="run a check first")
    found = latest_in(store)
    return found if found in runs else runs[-1]
