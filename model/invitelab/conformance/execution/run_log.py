"""The lines of one run, in the order of the file, and the journal that takes them."""

from pathlib import Path

from invitelab.adapters.traffic import Traffic
from invitelab.conformance.execution.exchange_lines import ExchangeLines
from invitelab.conformance.execution.journals import (
    ExchangesJournal,
    FileJournal,
    Journal,
)
from invitelab.formats.run import Footer, Header, ScenarioRecord, dump, seal
from invitelab.formats.tried import Record


class RunLog:
    """Writes records line by line; without a journal they are kept in memory only."""

    def __init__(self, journal: Path | Journal | None) -> None:
        """`journal` takes the records, or is the path of a run file."""
        self._lines: list[str] = []
        self._journal = FileJournal(journal) if isinstance(journal, Path) else journal
        self._traffic = _with_exchanges(journal)
        self._exchanges = ExchangeLines()

    @property
    def outside(self) -> Traffic | None:
        """Takes the calls that belong to no scenario; None: no calls are kept."""
        return None if self._traffic is None else self._exchanges.outside

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
        self._write_traffic(record)

    def _write_traffic(self, record: Record) -> None:
        """Write the calls of a scenario, after those before it that belong to none."""
        if self._traffic is None:
            return
        match record:
            case Header():
                lines = self._exchanges.header(record)
            case ScenarioRecord():
                lines = self._exchanges.of(record)
            case _:
                lines = ""
        if lines or isinstance(record, Footer):
            self._traffic.exchanges(lines + self._exchanges.pending())

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


def _with_exchanges(journal: object) -> ExchangesJournal | None:
    """The same journal, if it takes the bytes of calls."""
    return journal if isinstance(journal, ExchangesJournal) else None
