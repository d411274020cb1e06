"""The lines of one run, in the order of the file, and the journal that takes them."""

from pathlib import Path

from invitelab.conformance.execution.journals import FileJournal, Journal
from invitelab.formats.run import Footer, Record, dump, seal


class RunLog:
    """Writes records line by line; without a journal they are kept in memory only."""

    def __init__(self, journal: Path | Journal | None) -> None:
        """`journal` takes the records, or is the path of a run file."""
        self._lines: list[str] = []
        self._journal = FileJournal(journal) if isinstance(journal, Path) else journal

    @property
    def begun(self) -> bool:
        """Whether anything has been written, which is the header first."""
        return bool(self._lines)

    def write(self, record: Record) -> None:
        """Write one record."""
        line = dump(record)
        self._lines.append(line)
        if self._journal is not None:
            self._journal.record(line)

    def tell(self, done: int, busy: int) -> None:
        """Report how many scenarios have ended, and how many are busy."""
        if self._journal is not None:
            self._journal.progress(done, busy)

    def keep_walk(self, feature: str) -> None:
        """Pass on the feature that random walks have found."""
        if self._journal is not None:
            self._journal.walk(feature)

    def end(self, footer: Footer) -> None:
        """Write the footer with the digest of all lines, and close the journal."""
        self.write(seal(self._lines, footer))
        if self._journal is not None:
            self._journal.close()
