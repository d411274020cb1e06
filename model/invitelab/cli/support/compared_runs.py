"""The two runs that `invitelab diff` compares, by what the user names."""

from pathlib import Path

from invitelab.cli.support.run_store import (
    find_store,
    last_two,
    latest,
    run_at,
    runs_in,
    stores,
)
from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, document_at
from invitelab.safe_text import printable

_HINT = "name a folder that invitelab check has written, or its run.jsonl"


def compared(a: str | None, b: str | None) -> tuple[Path, Path]:
    """The paths of both runs. Raises UsageError.

    Without names they are the last two of the target that was checked last; with the
    name of a target the last two of that; and a run is compared with the last one of
    its target.
    """
    if a is None:
        known = stores()
        if not known:
            msg = "no run is stored here, and none is named"
            raise UsageError(msg, hint=_HINT)
        return last_two(known[-1])
    if b is not None:
        return run_at(a), run_at(b)
    store = find_store(a)
    return last_two(store) if store is not None else _with_latest(Path(a))


def _with_latest(path: Path) -> tuple[Path, Path]:
    """A run, and the last one of its target. Raises UsageError."""
    if not path.exists():
        raise UsageError(f"{printable(str(path))} does not exist", hint=_HINT)
    folder = document_at(path, Kind.RUN, hint=_HINT).parent
    store = folder.resolve().parent
    last = latest(store) if runs_in(store) else None
    if last is None or last.resolve() == folder.resolve():
        what = "the last run of its target" if last else "not a run of a target here"
        msg = f"{path} is {what}, and nothing else is named"
        raise UsageError(msg, hint="name a second run to compare it with")
    return path, last
