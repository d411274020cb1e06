"""A counterexample as a scenario in the words of the features, ready to be pasted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gherkin.parser import Parser
from pytest_bdd.gherkin_parser import GherkinDocument
from pytest_bdd.parser import Feature, FeatureParser, Scenario

from invitelab.conformance.random_walks.moves.invitations import Check, Move
from invitelab.conformance.random_walks.participants import (
    Line,
    Participants,
    given,
    givens,
)

INDENT = "    "
KEYWORDS = {"given": "Given", "when": "When", "then": "Then"}


@dataclass(slots=True)
class Story:
    """What has happened in one walk so far."""

    casting: Participants
    moves: list[Move] = field(default_factory=list[Move])
    under_way: str | None = None
    """The Then that was begun and has not held or failed yet."""
    stuck_at: int | None = None
    """Which When of the last move could not be done, from zero."""

    @property
    def parties(self) -> tuple[Line, ...]:
        """The Givens about who takes part."""
        return tuple(givens(self.casting.world()))

    def versions(self, broken: Check) -> Iterator[tuple[Line, ...]]:
        """Ways to tell it that end with what went wrong; the nicest first."""
        moves = [move for move in self.moves if move.lines]
        end = [Line(kind="then", text=broken.text)]
        if self.stuck_at is not None:
            end, moves[-1] = [], _up_to(self.stuck_at, moves[-1])
        for told in (_briefly, _at_length):
            yield (*self.parties, *told(moves), *end)

    def told(self) -> tuple[Line, ...]:
        """All of it, with what was under way."""
        told = (*self.parties, *_at_length(self.moves))
        if self.under_way is None:
            return told
        return (*told, Line(kind="then", text=self.under_way))


def _up_to(place: int, move: Move) -> Move:
    """The move as far as it could be made, and with what could not."""
    return replace(move, lines=move.lines[: place + 1])


def _briefly(moves: Sequence[Move]) -> Iterator[Line]:
    """Whatever led to the last move, and is known to have worked, is a Given."""
    setting = True
    for number, move in enumerate(moves, start=1):
        setting = setting and move.given is not None and number < len(moves)
        if setting and move.given is not None:
            yield given(move.given)
        else:
            yield from _attempts(move, last=number == len(moves))


def _at_length(moves: Sequence[Move]) -> Iterator[Line]:
    """Every move is a When."""
    for number, move in enumerate(moves, start=1):
        yield from _attempts(move, last=number == len(moves))


def _attempts(move: Move, *, last: bool) -> Iterator[Line]:
    for text in move.lines:
        yield Line(kind="when", text=text)
    if move.arrives is not None and not last:
        yield Line(kind="then", text=move.arrives)


def gherkin(title: str, clause: str, lines: Sequence[Line]) -> str:
    """The scenario as it is pasted below a rule of a feature."""
    told = [f"{INDENT}@{clause}"] if clause else []
    told.append(f"{INDENT}Scenario: {title}")
    before = ""
    for line in lines:
        keyword = "And" if line.kind == before else KEYWORDS[line.kind]
        before = line.kind
        told.append(f"{INDENT}  {keyword} {line.text}")
        widths = [max(map(len, column)) for column in zip(*line.table, strict=True)]
        for row in line.table:
            cells = " | ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            )
            told.append(f"{INDENT}    | {cells} |")
    return "\n".join(told) + "\n"


def feature(scenario: str) -> str:
    """A feature of its own around one scenario."""
    return f"Feature: What a random walk has found\n\n{scenario}"


class _Text(FeatureParser):
    """Parses a text instead of a file."""

    def __init__(self, text: str) -> None:
        super().__init__("", "walk.feature")
        self._text = text

    def _parse_feature_file(self) -> GherkinDocument:
        return GherkinDocument.from_dict(Parser().parse(self._text))


def parsed(text: str) -> Scenario:
    """The one scenario of a feature's text."""
    read: Feature = _Text(text).parse()
    (template,) = read.scenarios.values()
    return template.render({})
