"""A story with the values of a row: exactly these steps, which the reference passes.

`samples/retold.txt` has a story for each value. A line that begins with `-` is only in
the story, one with `+` only in what is told of it. `*` stands for the name of each
value of a factor but the first, and the first line for the row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_bdd.parser import Scenario, Step

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.retelling import DrawnStep, retold
from invitelab.conformance.factors.retelling.profiles import (
    ALL,
    BUILT_IN,
    CUSTOM_NAMES,
)
from invitelab.conformance.factors.run_plan import (
    NO_PLAN,
    make_plan,
    story_of,
    whole_suite,
)
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.gherkin import Pickle, feature, render
from invitelab.conformance.features.steps.registry import definition_of
from invitelab.formats.run import Verdict

SAMPLES = Path(__file__).parent / "samples" / "retold.txt"
VALUES = {str(value): value for values in factors().values() for value in values}
IN_CAST = ("'s ID", "'s alias", "'s namespace")
"""Ends of the names of factors that the cast has, and no step."""

PROFILES = [
    "| name | permissions | enabled |",
    *(f"| {name} | {', '.join(some)} | yes |" for name, some in BUILT_IN.items()),
]
SHORT = {"(the built-in profiles)": PROFILES}
"""What several lines are called in the samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A story and what is told of it."""

    row: tuple[str, ...]
    clause: str
    before: tuple[str, ...]
    after: tuple[tuple[str, bool], ...]
    """Each line, and whether it is drawn."""

    @property
    def name(self) -> str:
        """All values of the row."""
        return "; ".join(self.row)


def samples() -> Iterator[Sample]:
    """Read the file; a sample of `*` is one for each value but the first."""
    for block in SAMPLES.read_text(encoding="utf-8").split("\n\n"):
        head, *lines = block.splitlines()
        factor = head.removeprefix("# ").removesuffix(": *")
        names = [one.name for one in factors().get(factor, ())][1:]
        for name in names if "*" in head else [""]:
            yield sample([line.replace("*", name) for line in (head, *lines)])


def sample(lines: Sequence[str]) -> Sample:
    """Read one sample: its row, perhaps its clause, and its steps."""
    head, *steps = lines
    clause = steps.pop(0) if steps[0].startswith("@") else "@SESSION-1"
    told = [
        (sign, text) for line in steps for sign, text in full(line[0], line[2:].strip())
    ]
    return Sample(
        row=tuple(head.removeprefix("# ").split("; ")),
        clause=clause,
        before=tuple(text for sign, text in told if sign != "+"),
        after=tuple((text, sign == "+") for sign, text in told if sign != "-"),
    )


def full(sign: str, text: str) -> Iterator[tuple[str, str]]:
    """Give the lines that one line stands for."""
    text = text.replace("(all)", ", ".join(ALL))
    yield from ((sign, line) for line in SHORT.get(text, [text]))


EVERY_SAMPLE = {one.name: one for one in samples()}
STORIES: dict[str, Sample] = {}
"""A story by each factor."""
for _one in EVERY_SAMPLE.values():
    for _name in _one.row:
        STORIES.setdefault(VALUES[_name].factor, _one)

Write = Callable[[Sequence[str], str], Pickle]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a feature of one scenario, and read it."""

    def read(lines: Sequence[str], clause: str) -> Pickle:
        path = tmp_path / "told.feature"
        text = "".join(f"    {line}\n" for line in lines)
        path.write_text(
            f"Feature: Told\n\n  {clause}\n  Scenario: Told\n{text}", encoding="utf-8"
        )
        (template,) = feature(path).scenarios.values()
        return render(template, {})

    return read


def lines_of(step: Step) -> Iterator[str]:
    """Give the lines of a step, with its table."""
    yield f"{step.keyword} {step.name}"
    rows = step.datatable.raw() if step.datatable is not None else ()
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)


def told(scenario: Scenario) -> tuple[tuple[str, bool], ...]:
    """Give the lines of a scenario, and which of them are drawn."""
    return tuple(
        (line, isinstance(step, DrawnStep))
        for step in scenario.steps
        for line in lines_of(step)
    )


def row_of(names: Sequence[str]) -> Row:
    """Give the row with the values of these names."""
    return {VALUES[name].factor: VALUES[name] for name in names}


# What is told


@pytest.mark.parametrize("name", EVERY_SAMPLE)
def test_a_row_tells_exactly_these_steps(write: Write, name: str) -> None:
    """Of a story that leaves all of its values open."""
    one = EVERY_SAMPLE[name]
    pickle = write(one.before, one.clause)
    row, story = row_of(one.row), story_of(pickle)
    left = open_values(story)
    assert all(value in left[factor] for factor, value in row.items())
    assert one.after == told(retold(pickle.scenario, story, row))


@pytest.mark.parametrize("name", EVERY_SAMPLE)
def test_the_reference_passes_what_is_told(write: Write, name: str) -> None:
    """Every step is defined, and holds."""
    one = EVERY_SAMPLE[name]
    pickle = write(one.before, one.clause)
    engine = Engine(DirectTarget(Reference()), None, plan=NO_PLAN)
    record = engine.attempt(pickle, row_of(one.row))
    assert (Verdict.PASS, None) == (record.verdict, record.message)
    steps = {f"{step.keyword} {step.text}": step.drawn for step in record.steps}
    assert steps.items() <= set(one.after)


@pytest.mark.parametrize("factor", [name for name in factors() if name in STORIES])
def test_every_value_has_a_sample_or_changes_nothing(write: Write, factor: str) -> None:
    """The first one is what a story has that says nothing of the factor."""
    first, *others = factors()[factor]
    having = {name for one in EVERY_SAMPLE.values() for name in one.row}
    assert {str(value) for value in others} <= having
    if str(first) not in having:
        one = STORIES[factor]
        pickle = write(one.before, one.clause)
        same = retold(pickle.scenario, story_of(pickle), {factor: first})
        assert [(line, False) for line in one.before] == list(told(same))


def test_only_identities_are_in_no_step() -> None:
    """The cast has them, and the record names them."""
    without = {name for name in factors() if name not in STORIES}
    assert {name for name in factors() if name.endswith(IN_CAST)} == without
    pickle = next(one for one in whole_suite() if len(story_of(one).people) > 1)
    for name in without:
        for value in factors()[name]:
            same = retold(pickle.scenario, story_of(pickle), {name: value})
            assert list(pickle.scenario.steps) == list(same.steps)


def test_a_plain_row_tells_the_story_itself() -> None:
    """As it is written."""
    pickle = whole_suite()[0]
    assert pickle.scenario is retold(pickle.scenario, story_of(pickle), PLAIN)


# All rows of a plan


@pytest.fixture(scope="module")
def everything() -> Sequence[tuple[Pickle, Scenario]]:
    """Tell every scenario of the suite with each row of a plan."""
    plan = make_plan(5, Depth.QUICK)
    return [
        (pickle, retold(pickle.scenario, story_of(pickle), row))
        for pickle in whole_suite()
        for row in plan.rows_of(pickle)
    ]


def test_every_step_of_a_plan_has_one_definition(
    everything: Sequence[tuple[Pickle, Scenario]],
) -> None:
    """Whatever values come together."""
    steps = {(one.type, one.name) for _, told in everything for one in told.steps}
    assert len(steps) > len(everything)
    for type_, text in steps:
        assert definition_of(type_, text) is not None


def test_a_drawn_step_is_at_the_line_of_one_that_is_written(
    everything: Sequence[tuple[Pickle, Scenario]],
) -> None:
    """So that a failure leads to a line of the feature; keywords stay Gherkin."""
    for pickle, scenario in everything:
        lines = {step.line_number for step in pickle.scenario.steps}
        assert {step.line_number for step in scenario.steps} <= lines
        assert "Given" == scenario.steps[0].keyword
        assert not any(isinstance(step, DrawnStep) for step in pickle.scenario.steps)


def test_no_name_of_a_profile_is_like_another() -> None:
    """Each has the shape that it is called by."""
    assert (1, 64) == tuple(
        len(CUSTOM_NAMES[shape]) for shape in ("1 character", "64 characters")
    )
    assert not CUSTOM_NAMES["not ASCII"].isascii()
    assert CUSTOM_NAMES["a number"].isdigit()
    assert " " in CUSTOM_NAMES["spaces"]
    names = [*CUSTOM_NAMES.values(), *BUILT_IN]
    assert len(names) == len(set(names))
