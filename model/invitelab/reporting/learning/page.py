"""`machine.html`: the outcome, the picture, the differences, and every transition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from invitelab.formats.machine import Comparison, Difference, Machine, State
from invitelab.reporting.common import html
from invitelab.reporting.common.drawing import drawing
from invitelab.reporting.common.formatting import count, plural
from invitelab.reporting.common.glossary import meaning_of
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.common.signs import STANDING_SIGNS
from invitelab.reporting.learning.graph_text import dot, mermaid
from invitelab.reporting.learning.picture import picture
from invitelab.reporting.learning.story import scene, told
from invitelab.reporting.learning.summary import (
    asked,
    bound_words,
    heading,
    headline,
    is_named,
    judged,
    outcome,
    sign,
    style,
    transition_rows,
)

TERMS = (
    "machine",
    "alphabet",
    "input",
    "state",
    "timer",
    "the bound",
    "shortest difference",
    "standing",
    "INCOMPLETE",
    "NONDETERMINISTIC",
)
"""Words of the page that its last section explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """A difference with its steps and its picture."""

    id: str
    difference: Difference
    sign: str
    judged: str
    steps: tuple[tuple[str, str], ...]
    """Words and output of each input before the last."""
    last: str
    """Words of the last input."""
    picture: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """A comparison and its differences."""

    heading: str
    is_named: bool
    """Whether the name of another target follows the heading."""
    comparison: Comparison
    differences: tuple[DifferenceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One step of a question that had two answers."""

    words: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two answers differ here."""
        return self.first != self.second


def page(machine: Machine) -> str:
    """The whole `machine.html`, ending in a newline."""
    machine = safe_document(machine)
    values: dict[str, object] = {
        "title": f"The machine of {machine.target.title}",
        "machine": machine,
        "sign": sign(machine),
        "style": style(machine),
        "headline": headline(machine),
        "outcome": outcome(machine),
        "cards": _cards(machine),
        "picture": picture(machine),
        "dot": dot(machine),
        "mermaid": mermaid(machine),
        "comparisons": list(_comparisons(machine)),
        "bound": bound_words(machine.bound),
        "asked": asked(machine),
        "stories": list(_stories(machine)),
        "states": [
            (state, list(transition_rows(machine, state.id)))
            for state in machine.states
        ],
        "names": {state.id: state.name for state in machine.states},
        "access": access,
        "terms": [(anchor(word), word, meaning_of(word)) for word in TERMS],
    }
    return html.page("invitelab.reporting.learning", "machine.html.j2", values)


def anchor(word: str) -> str:
    """The element that explains a word."""
    return f"word-{word.lower().replace(' ', '-')}"


def access(state: State) -> str:
    """The shortest way to a state, in words."""
    return f"after {', '.join(state.access)}" if state.access else "the beginning"


def _cards(machine: Machine) -> Sequence[tuple[str, str]]:
    """The figures on top of the page: each, and what it counts."""
    found = sum(len(one.differences) for one in machine.comparisons)
    cards = [
        (str(len(machine.states)), "states"),
        (str(len(machine.alphabet.inputs)), "inputs of the alphabet"),
        (count(machine.counts.scenarios), "scenarios asked"),
    ]
    if machine.comparisons:
        others = plural(len(machine.comparisons), "comparison")
        cards.append((str(found), f"shortest differences, in {others}"))
    if machine.bound is not None:
        cards.append((str(machine.bound.states), "states are told apart: the bound"))
    return cards


def _comparisons(machine: Machine) -> Iterator[ComparisonView]:
    for place, one in enumerate(machine.comparisons, start=1):
        yield ComparisonView(
            heading=heading(one).removesuffix(one.against).rstrip()
            if is_named(one)
            else heading(one),
            is_named=is_named(one),
            comparison=one,
            differences=tuple(
                _difference(machine, each, f"difference-{place}-{rank}")
                for rank, each in enumerate(one.differences, start=1)
            ),
        )


def _difference(machine: Machine, one: Difference, name: str) -> DifferenceView:
    walked = list(told(machine, one.inputs))
    return DifferenceView(
        id=name,
        difference=one,
        sign=STANDING_SIGNS[one.standing],
        judged=judged(one),
        steps=tuple(walked[:-1]),
        last=walked[-1][0] if walked else "",
        picture=drawing(
            scene(machine, one.inputs, one.says), name=name, title=one.says
        ),
    )


def _stories(machine: Machine) -> Iterator[StoryRow]:
    """The question that had two answers, step by step."""
    two = machine.two_answers
    if two is None:
        return
    words = [said for said, _ in told(machine, two.inputs)]
    for said, first, second in zip_longest(words, two.first, two.second, fillvalue=""):
        yield StoryRow(words=said, first=first, second=second)
