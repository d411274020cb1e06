"""The clauses are the design's, and every one of them is cited by a scenario."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from invitelab import resources
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.clauses import find, level_of, load
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.lint import Outline, outlines
from invitelab.conformance.pytest_plugin.collect import suite_problems
from invitelab.errors import UsageError
from invitelab.formats import specification
from invitelab.formats.run import Level

REQUIRED = [
    "PLATFORM-1",
    "EMAIL-1",
    "EMAIL-2",
    "EMAIL-3",
    "EMAIL-4",
    "EMAIL-5",
    "EMAIL-6",
    "EMAIL-7",
    "EMAIL-8",
    "DIRECT-1",
    "DIRECT-2",
    "DIRECT-3",
    "DIRECT-4",
    "DIRECT-5",
    "DIRECT-6",
    "DIRECT-7",
    "TILE-1",
    "TILE-2",
    "TILE-3",
    "TILE-4",
    "NOTIFY-1",
    "NOTIFY-2",
    "NOTIFY-3",
    "NOTIFY-4",
    "NOTIFY-5",
    "NOTIFY-6",
    "PENDING-1",
    "PENDING-2",
    "PENDING-3",
    "PENDING-4",
    "PENDING-5",
    "ANSWER-1",
    "ANSWER-6",
    "EXPIRY-1",
    "EXPIRY-2",
    "EXPIRY-3",
    "EXPIRY-4",
    "EXPIRY-5",
    "SESSION-1",
    "SESSION-2",
    "SESSION-3",
    "SESSION-4",
    "SESSION-5",
    "SESSION-6",
    "SESSION-10",
]
"""Clauses that the specification demands: a list kept by hand, beside the table."""

INTERPRETATIONS = [
    "PLATFORM-2",
    "PLATFORM-3",
    "EMAIL-9",
    "EMAIL-10",
    "EMAIL-11",
    "EMAIL-12",
    "DIRECT-8",
    "DIRECT-9",
    "DIRECT-10",
    "TILE-5",
    "NOTIFY-7",
    "NOTIFY-8",
    "PENDING-6",
    "PENDING-7",
    "PENDING-8",
    "PENDING-9",
    "PENDING-10",
    "ANSWER-2",
    "ANSWER-3",
    "ANSWER-4",
    "ANSWER-5",
    "EXPIRY-6",
    "SESSION-7",
    "SESSION-8",
    "SESSION-9",
    "SESSION-11",
    "REFUSE-1",
    "REFUSE-2",
    "REFUSE-3",
    "REFUSE-4",
    "REFUSE-5",
    "REFUSE-6",
    "PRESENCE-1",
    "PRESENCE-2",
]
"""Clauses on which the specification is silent, as in the design."""

SECTIONS = {"Sending session invitation", "Email invitation", "Direct invitation"}
"""The headings of the specification."""


def every_outline() -> list[Outline]:
    """Read every scenario as it is written."""
    return [outline for path in resources.feature_files() for outline in outlines(path)]


def uncited() -> set[str]:
    """Name the clauses that no scenario cites."""
    return set(load()) - {tag for outline in every_outline() for tag in outline.tags}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the features, and look for them there from now on."""
    folder = tmp_path / "features"
    shutil.copytree(resources.features_dir(), folder)
    monkeypatch.setattr(resources, "features_dir", lambda: folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# The table


def test_the_clauses_and_their_levels_are_the_designs() -> None:
    """Seventy-nine, none more and none less."""
    expected = dict.fromkeys(REQUIRED, Level.REQUIRED)
    expected |= dict.fromkeys(INTERPRETATIONS, Level.INTERPRETATION)
    assert expected == {id_: clause.level for id_, clause in load().items()}
    assert 79 == len(expected)


def test_a_clause_stands_in_the_table_once() -> None:
    """A second entry of an id would hide the first."""
    text = (resources.features_dir() / "clauses.toml").read_text(encoding="utf-8")
    assert len(load()) == text.count("[[clause]]")


def test_the_clauses_of_an_area_stand_in_order() -> None:
    """1, 2, 3, without a gap."""
    numbers: dict[str, list[int]] = {}
    for id_ in load():
        area, _, number = id_.partition("-")
        numbers.setdefault(area, []).append(int(number))
    for area, found in numbers.items():
        assert [*range(1, len(found) + 1)] == found, area


def test_a_clause_says_what_and_where() -> None:
    """In one sentence, with a heading of the specification."""
    for clause in load().values():
        assert clause.section in SECTIONS, clause
        assert clause.text.endswith("."), clause
        assert "\n" not in clause.text, clause


def test_one_required_clause_makes_a_scenario_required() -> None:
    """A scenario that cites an interpretation alone is one."""
    assert Level.REQUIRED is level_of(("EXPIRY-6", "EXPIRY-1"))
    assert Level.INTERPRETATION is level_of(("EXPIRY-6",))


def test_a_clause_that_does_not_exist_gets_its_neighbours() -> None:
    """The hint names those of the same area."""
    with pytest.raises(UsageError, match=r"^there is no clause answer-9$") as caught:
        find("answer-9")
    expected = (
        "some that exist: ANSWER-1, ANSWER-2, ANSWER-3, ANSWER-4, ANSWER-5, ANSWER-6"
    )
    assert expected == caught.value.hint


# Coverage


def test_every_clause_is_cited_by_a_scenario() -> None:
    """Required or not."""
    assert set[str]() == uncited()


def test_a_run_of_everything_leaves_no_clause_untested(reference_run: Engine) -> None:
    """And the denominators are the table's."""
    judged = {record.clause: record.level for record in reference_run.clauses}
    assert {id_: clause.level for id_, clause in load().items()} == judged
    assert [] == [r.clause for r in reference_run.clauses if not r.scenarios]


@pytest.mark.parametrize(
    ("file", "tag"), [("notify.feature", "NOTIFY-7"), ("expiry.feature", "EXPIRY-1")]
)
def test_a_tag_that_is_removed_leaves_its_clause_uncited(
    copy: Path, file: str, tag: str
) -> None:
    """Coverage notices, and lint names every scenario that lost its clause."""
    change(copy / file, f"    @{tag}\n", "")
    assert {tag} == uncited()
    lost = [outline for outline in every_outline() if not outline.tags]
    assert lost
    assert {
        f"{file}:{outline.line}: the scenario cites no clause" for outline in lost
    } == set(suite_problems())


def test_a_feature_that_is_removed_leaves_its_clauses_uncited(copy: Path) -> None:
    """However many."""
    (copy / "presence.feature").unlink()
    assert {"PRESENCE-1", "PRESENCE-2"} == uncited()


def test_a_clause_that_is_removed_is_missed_where_it_is_cited(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scenarios cite what does not exist."""
    entry = (copy / "clauses.toml").read_text(encoding="utf-8").split("[[clause]]")
    (removed,) = (part for part in entry if 'id = "TILE-3"' in part)
    change(copy / "clauses.toml", f"[[clause]]{removed}", "")
    monkeypatch.setattr(specification, "features_dir", lambda: copy)
    rest = specification.shipped_clauses.__wrapped__()
    assert {"TILE-3"} == set(REQUIRED + INTERPRETATIONS) - set(rest)
    monkeypatch.setattr(
        "invitelab.conformance.pytest_plugin.collect.load", lambda: rest
    )
    citing = [outline for outline in every_outline() if "TILE-3" in outline.tags]
    assert {
        f"{outline.path.name}:{outline.line}: there is no clause TILE-3"
        for outline in citing
    } == set(suite_problems())


# What a scenario may lean on

LEANING = (
    "offline",
    "online",
    "meant for",
    "closes the pop-up",
    'invites "',
    "milliseconds",
)
"""Words of steps that only a scenario of an interpretation may use."""


def test_no_required_scenario_depends_on_an_interpretation() -> None:
    """Another interpretation must not be a failure."""
    leaning = [
        f"{pickle.scenario.name}: {step}"
        for pickle in pickles()
        if level_of(tuple(pickle.scenario.tags)) is Level.REQUIRED
        for step in leaning_steps([step.name for step in pickle.scenario.steps])
    ]
    assert [] == leaning


def leaning_steps(steps: Sequence[str]) -> Iterator[str]:
    """Steps that lean on an interpretation.

    So does an edited profile, unless an invitation is sent with it afterwards.
    """
    for place, step in enumerate(steps):
        sent_later = any(" invites " in later for later in steps[place:])
        edited = "edits the permission profile" in step and not sent_later
        if edited or any(word in step for word in LEANING):
            yield step


def test_no_required_scenario_is_judged_at_the_tick() -> None:
    """The specification says two minutes: one second off is clear, less is not."""
    close = [
        step.name
        for pickle in pickles()
        if level_of(tuple(pickle.scenario.tags)) is Level.REQUIRED
        for step in pickle.scenario.steps
        if step.name.startswith("120 seconds")
    ]
    assert [] == close
