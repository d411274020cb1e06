"""Drafts of known-failures files, written from a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rich.console import Console

from invitelab.conformance.known_failures.entries import Baseline
from invitelab.errors import UsageError
from invitelab.formats.evidence import broken
from invitelab.formats.run import Run, RunVerdict, Verdict
from invitelab.reporting.common.files import prepare, write_whole

_ELSEWHERE = "name another file with --write-baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A known-failures file to be written from a run."""

    path: Path
    known: Baseline
    """Entries to keep."""
    issue: str = ""
    """Issue of the new entries."""
    whole: bool = True
    """Whether the whole suite is run, to its end."""

    @classmethod
    def of(cls, path: Path, *, known: Path | None, issue: str, whole: bool) -> Self:
        """Check the arguments before anything is run. Raises UsageError."""
        from invitelab.conformance.known_failures.file import link, read

        if issue:
            try:
                link(issue)
            except ValueError as error:
                hint = "--issue https://example.org/issues/12, or --issue '#12'"
                raise UsageError(f"--issue {error}", hint=hint) from error
        replaced = known is not None and known.resolve() == path.resolve()
        if not whole and path.exists() and not replaced:
            msg = f"this is a partial run, and {path} may have entries for the rest"
            hint = f"--baseline {path} keeps them; or name another file"
            raise UsageError(msg, hint=hint)
        baseline = Baseline() if known is None else read(known)
        return cls(path=path, known=baseline, issue=issue, whole=whole)

    def prepare_folder(self) -> None:
        """Make the folder before anything is run. Raises UsageError."""
        prepare(self.path.parent, [self.path.name], hint=_ELSEWHERE)

    def write(self, run: Run) -> Path:
        """Write the failures of a run; an INVALID run shows none and writes nothing.

        Raises UsageError where the file cannot be written.
        """
        from invitelab.conformance.known_failures.file import draft, read

        assert run.footer is not None, "an unfinished run is an error of the runner's"
        if run.footer.verdict is RunVerdict.INVALID:
            say(f"{self.path} was not written: an invalid run shows no failures")
            return self.path
        text = draft(
            run.scenarios,
            self.known,
            issue=self.issue,
            selected_all=self.whole,
            seed=run.header.seed,
        )
        write_whole(self.path, text, hint=_ELSEWHERE)
        if not self.whole:
            ran = sum(one.verdict is not Verdict.NOT_RUN for one in run.scenarios)
            say(f"{self.path} covers only the scenarios that were run: {ran}")
        blocked = sum(one.verdict is Verdict.BLOCKED for one in broken(run.scenarios))
        if blocked:
            what = "scenario has" if blocked == 1 else "scenarios have"
            say(f"{blocked} blocked {what} no entry: what blocks them has to be mended")
        warn_of_no_issue(self.path, read(self.path))
        return self.path


def warn_of_no_issue(path: Path, baseline: Baseline) -> None:
    """Warn of entries without an issue, which are valid all the same."""
    lines = [str(entry.line) for entry in baseline.entries if not entry.issue]
    if lines:
        entries = "an entry names" if len(lines) == 1 else f"{len(lines)} entries name"
        where = "line" if len(lines) == 1 else "lines"
        say(f"warning: {path}: {entries} no issue, in {where} {', '.join(lines)}")


def say(sentence: str) -> None:
    """Print a sentence on stderr."""
    console = Console(stderr=True, highlight=False, emoji=False)
    console.print(sentence, soft_wrap=True, markup=False)
