"""A story that is being told with a row of values: its steps, and how to change them.

Identities are not among what is told: the cast has them.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

from pytest_bdd.gherkin_parser import Cell, DataTable, Location
from pytest_bdd.gherkin_parser import Row as TableRow
from pytest_bdd.parser import Step

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.story import ENTERS, NAME, NEW, Story

EXTRAS = ("Eve", "Finn", "Gus", "Hal", "Ida", "Jon", "Kim", "Lea")
"""Names for people whom the story does not have."""

PARTY = re.compile(
    r" uses? | has a portable | is in .*'s | has the permission profiles"
    r"|'s client locks| is offline$| has the (ID|alias) "
)
"""Steps that say who takes part, and with what."""

SENDS = rf"{NAME} (has invited|invites|has started an inv|starts an inv)"
"""Steps that send an invitation or an email."""

Table: TypeAlias = Sequence[Sequence[str]]


class DrawnStep(Step):
    """A step that the scenario does not have so."""


class Telling:
    """The steps of one story, with the values that are chosen by factor."""

    def __init__(self, steps: Sequence[Step], story: Story, row: Row) -> None:
        self.steps = list(steps)
        self.story = story
        self.values = {factor: value.name for factor, value in row.items()}
        self.inviter = story.inviter or ""
        self.recipient = story.recipient or ""
        self.extras = [name for name in EXTRAS if name not in story.people]
        self.uninvolved: list[str] = []
        """Who takes no part in anything."""
        self.guests: list[str] = []
        """Who is in a session of two others, which is to stay as it is."""
        self.profile = "Default"
        """The profile of the invitations."""

    def step(self, at: int, type_: str, text: str, table: Table = ()) -> Step:
        """A new step beside the one at that place."""
        near = self.steps[min(at, len(self.steps) - 1)]
        word = {"given": "And", "when": "When", "then": "Then"}[type_]
        return DrawnStep(
            name=text,
            type=type_,
            indent=near.indent,
            line_number=near.line_number,
            keyword=word,
            datatable=data_table(table) if table else None,
        )

    def insert(self, at: int, type_: str, *texts: str) -> None:
        """Add steps, the first of them at that place."""
        self.steps[at:at] = [self.step(at, type_, text) for text in texts]

    def rewrite(self, at: int, text: str, table: Table = ()) -> None:
        """Replace the text of a step, and its table if there is one."""
        step = self.steps[at]
        if step.name == text and not table:
            return
        self.steps[at] = DrawnStep(
            name=text,
            type=step.type,
            indent=step.indent,
            line_number=step.line_number,
            keyword=step.keyword,
            datatable=data_table(table) if table else step.datatable,
        )

    def find(self, pattern: str) -> list[int]:
        """Places of the steps that match."""
        return [
            place
            for place, step in enumerate(self.steps)
            if re.match(pattern, step.name)
        ]

    def after_people(self) -> int:
        """The place behind the last step that brings people in."""
        return 1 + max(
            (p for p, step in enumerate(self.steps) if ENTERS.fullmatch(step.name)),
            default=-1,
        )

    def declare(self, text: str, table: Table = ()) -> None:
        """Add a Given about somebody's client."""
        at = self.after_people()
        self.steps.insert(at, self.step(at, "given", text, table))

    def newcomer(self) -> str:
        """One more person, with a client of version 7 or later."""
        name = self.extras.pop(0)
        self.declare(f"{name} uses version {NEW}")
        return name

    def drop(self, place: int) -> None:
        """Remove a step; the one behind it takes over its keyword."""
        keyword = self.steps[place].keyword
        del self.steps[place]
        self.steps[place].keyword = keyword

    def first_event(self) -> int:
        """The place of the first step that does not say who takes part."""
        return next(p for p, s in enumerate(self.steps) if not PARTY.search(s.name))

    def first_send(self) -> int | None:
        """The place of the first invitation or email, which all of this precedes."""
        return next(iter(self.find(SENDS)), None)

    def history_end(self, besides: str | None = None) -> int | None:
        """The place of the first invitation of the story itself.

        `besides` is a bystander, whose own invitation is passed over.
        """
        drawn = "history" in self.values and self.values["history"] != "nothing"
        sends = [
            place
            for place in self.find(SENDS)
            if besides is None or besides not in self.steps[place].name
        ]
        skipped = 2 if self.values.get("history") == "two rejected" else int(drawn)
        return sends[skipped] if len(sends) > skipped else None

    def answer(self, pattern: str) -> int | None:
        """The first step of that kind that is not of the drawn history."""
        own = [
            place
            for place in self.find(pattern)
            if not isinstance(self.steps[place], DrawnStep)
        ]
        return next(iter(own), None)


def cells(step: Step) -> tuple[tuple[str, ...], ...]:
    """The data table of a step, row by row."""
    rows = step.datatable.raw() if step.datatable is not None else ()
    return tuple(tuple(str(cell) for cell in row) for row in rows)


_NOWHERE = Location(line=0, column=0)


def data_table(table: Table) -> DataTable:
    """The table as the parser would give it."""
    rows = [
        TableRow(
            id="",
            location=_NOWHERE,
            cells=[Cell(location=_NOWHERE, value=c) for c in row],
        )
        for row in table
    ]
    return DataTable(location=_NOWHERE, rows=rows)
