"""The files of the runs of one pytest: one for each suite and implementation."""

from pathlib import Path

import pytest

from invitelab.conformance.execution.journals import FileJournal, walk_file
from invitelab.conformance.pytest_plugin.options import option


def file_journal(config: pytest.Config, place: int) -> FileJournal | None:
    """The journal of the run with that number; None without `--run-file`."""
    run_file: Path | None = option(config, "run_file")
    if run_file is None:
        return None
    walk = numbered(walk_file(run_file), place)
    return FileJournal(numbered(run_file, place), walk=walk)


def numbered(path: Path, place: int) -> Path:
    """The file of the run with that number: PATH, then PATH-2 and so on."""
    return path if place == 1 else path.with_stem(f"{path.stem}-{place}")
