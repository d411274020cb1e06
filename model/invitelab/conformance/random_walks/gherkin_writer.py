"""Writer of counterexamples as Gherkin, ready to be pasted into a feature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gherkin.parser import Parser
from pytest_bdd.gherkin_parser import GherkinDocument
from pytest_bdd.parser import Feature, FeatureParser, Scenario

from invitelab.conformance.random_walks.moves.base import Check, Move
from invitelab.conformance.random_walks.participants import (
    Line,
    Participants,
    given,
    givens,
)

LOOK = "everybody looks at their client"
INDENT = "    "
KEYWORDS = {"given": "Given", "when": "When", "then": "Then"}


@dataclass(slots=True)
class WalkHistory:
    """Participants and moves of one walk so far."""

    participants: Participants
    moves: list[Move] = field(default_factory=list[Move])
    pending_check: str | None = None
    """The Then that is being checked, if any."""
    failed_line: int | None = None
    """Index of the When of the last move that could not be run, if any."""

    @property
    def participant_lines(self) -> tuple[Line, ...]:
        """The Givens that declare the participants."""
        return tuple(givens(self.participants))

    def renderings(self, broken: Check) -> Iterator[tuple[Line, ...]]:
        """Scenarios that end with the broken check; the most readable first."""
        moves = [move for move in self.moves if move.lines]
        end = [Line(kind="then", text=broken.text)]
        if self.failed_line is not None:
            end, moves[-1] = [], _truncated(self.failed_line, moves[-1])
        for lines in (_with_givens, _without_givens, _with_looks):
            yield (*self.participant_lines, *lines(moves), *end)

    def all_lines(self) -> tuple[Line, ...]:
        """All moves, and the check that was pending."""
        lines = (*self.participant_lines, *_without_givens(self.moves))
        if self.pending_check is None:
            return lines
        return (*lines, Line(kind="then", text=self.pending_check))


def _truncated(place: int, move: Move) -> Move:
    """The move up to the line that could not be run, which is included."""
    return replace(move, lines=move.lines[: place + 1])


def _with_givens(moves: Sequence[Move]) -> Iterator[Line]:
    """The moves; those before the last one that are known to have worked are Givens."""
    setting = True
    for number, move in enumerate(moves, start=1):
        setting = setting and move.given is not None and number < len(moves)
        if setting and move.given is not None:
            yield given(move.given)
        else:
            yield from _attempts(move, last=number == len(moves))


def _without_givens(moves: Sequence[Move]) -> Iterator[Line]:
    """The moves, every one as a When."""
    for number, move in enumerate(moves, start=1):
        yield from _attempts(move, last=number == len(moves))


def _with_looks(moves: Sequence[Move]) -> Iterator[Line]:
    """The same, and everybody looks in between, as a walk does: it may leave traces."""
    for number, move in enumerate(moves, start=1):
        last = number == len(moves)
        yield from _attempts(move, last=last)
        if not last:
            yield Line(kind="when", text=LOOK)


def _attempts(move: Move, *, last: bool) -> Iterator[Line]:
    for text in move.lines:
        yield Line(kind="when", text=text)
    if move.arrives is not None and not last:
        yield Line(kind="then", text=move.arrives)


def gherkin(title: str, clause: str, lines: Sequence[Line]) -> str:
    """Write the scenario, indented to be pasted below a rule of a feature."""
    written = [f"{INDENT}@{clause}"] if clause else []
    written.append(f"{INDENT}Scenario: {title}")
    before = ""
    for line in lines:
        keyword = "And" if line.kind == before else KEYWORDS[line.kind]
        before = line.kind
        written.append(f"{INDENT}  {keyword} {line.text}")
        widths = [max(map(len, column)) for column in zip(*line.table, strict=True)]
        for row in line.table:
            cells = " | ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            )
            written.append(f"{INDENT}    | {cells} |")
    return "\n".join(written) + "\n"


def feature(scenario: str) -> str:
    """Write a feature with this scenario only."""
    return f"Feature: What a random walk has found\n\n{scenario}"


class _TextParser(FeatureParser):
    """Parser of a text instead of a file."""

    def __init__(self, text: str) -> None:
        super().__init__("", "walk.feature")
        self._text = text

    def _parse_feature_file(self) -> GherkinDocument:
        return GherkinDocument.from_dict(Parser().parse(self._text))


def parsed(text: str) -> Scenario:
    """Parse the one scenario of a feature's text."""
    read: Feature = _TextParser(text).parse()
    (template,) = read.scenarios.values()
    return template.render({})
