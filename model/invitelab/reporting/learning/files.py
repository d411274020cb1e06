"""The folder of a learned machine; every file is written whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from invitelab.formats.machine import Machine, written
from invitelab.formats.reading import FILES as NAMES
from invitelab.formats.reading import Kind
from invitelab.reporting.common.files import PROVENANCE, write_provenance, write_whole
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.learning.graph_text import dot, mermaid
from invitelab.reporting.learning.markdown import markdown
from invitelab.reporting.learning.page import page
from invitelab.reporting.learning.picture import picture_file

MACHINE: Final = NAMES[Kind.MACHINE]
MACHINE_PAGE: Final = "machine.html"
MACHINE_FILES: Final = (
    MACHINE,
    PROVENANCE,
    "machine.md",
    "machine.svg",
    "machine.dot",
    "machine.mmd",
    MACHINE_PAGE,
)


def write_machine(
    folder: Path, machine: Machine, provenance: Mapping[str, object]
) -> Path:
    """Write all files of a machine, and give the path of its page.

    Only `provenance.json` holds wall-clock times. Raises UsageError when the folder
    cannot be written.
    """
    shown = safe_document(machine)
    write_whole(folder / MACHINE, written(machine))
    write_provenance(folder, provenance)
    write_whole(folder / "machine.md", markdown(machine))
    write_whole(folder / "machine.svg", picture_file(shown))
    write_whole(folder / "machine.dot", dot(shown))
    write_whole(folder / "machine.mmd", mermaid(shown))
    write_whole(folder / MACHINE_PAGE, page(machine))
    return folder / MACHINE_PAGE
