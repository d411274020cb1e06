"""Features of a user's own are found with what lies beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.clauses import find, load
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.lint import count, find_title
from invitelab.conformance.features.own import (
    forget_everything,
    own_tags,
    use_own_features,
)
from invitelab.conformance.features.selection import Selection
from invitelab.errors import UsageError
from invitelab.formats.run import Level, ScenarioRecord, Verdict
from invitelab.resources import (
    feature_files,
    feature_label,
    own_feature_files,
    suite_digest,
)

Folder = Callable[..., Path]

STEPS = """\
from invitelab.conformance.steps import ScenarioContext, given, perform, person, phrase

@given(phrase(f"{person('host')} and {person('guest')} are in a session"))
def in_session(context: ScenarioContext, host: str, guest: str) -> None:
    "They are."
    perform(context, "given", f"{host} has invited {guest}")
    perform(context, "given", f"{guest} has accepted the invitation")
"""
IN_SESSION = """\
Feature: Sessions
  @FIVE-1
  Scenario: A step of one's own is made of others
    Given Ada and Bob use version 7 or later
    And Ada and Bob are in a session
    When Bob cancels the invitation meant for Bob
    Then Bob controls the device of Ada
"""


def record_of(own: Path) -> ScenarioRecord:
    """Run the only scenario of a folder on the reference."""
    (pickle,) = pickles(paths=use_own_features(own).files)
    engine = Engine(Target.parse("reference"), None)
    try:
        return engine.run(pickle)
    finally:
        engine.close()


def refusal(path: Path) -> str:
    """What is told about a folder that cannot be used."""
    with pytest.raises(UsageError) as error:
        use_own_features(path)
    return str(error.value)


def test_a_folder_adds_scenarios_and_clauses(folder: Folder) -> None:
    """Until they are forgotten, the whole suite has them, too."""
    shipped, before, clauses = count(), suite_digest(), len(load())
    own = use_own_features(folder())
    assert ["FIVE-1"] == [*own.clauses]
    assert shipped + 1 == count()
    assert shipped == count(feature_files())
    assert Level.REQUIRED is find("FIVE-1").level
    assert "It is pending after a minute" == find_title("It is pending after a minute")
    assert before != suite_digest()
    assert {"night"} == own_tags()
    forget_everything()
    assert (shipped, before, clauses) == (count(), suite_digest(), len(load()))
    assert [] == own_feature_files()


def test_every_table_beside_them_is_a_part_of_the_suite(folder: Folder) -> None:
    """Another step or clause is another suite."""
    use_own_features(folder(steps_py="A = 1\n"))
    one = suite_digest()
    forget_everything()
    use_own_features(folder(steps_py="A = 2\n"))
    assert one != suite_digest()


def test_a_scenario_of_ones_own_is_run_as_it_is_written(folder: Folder) -> None:
    """With one row, under its own name, for its clause alone: other tags are none."""
    record = record_of(folder())
    assert Verdict.PASS is record.verdict
    assert ("FIVE-1",) == record.clauses
    assert (1, {}) == (record.runs, dict(record.values))
    assert "own/five.feature" == record.feature
    assert count(feature_files()) == record.place


def test_a_scenario_of_ones_own_can_fail(folder: Folder) -> None:
    """For the clause that it cites, at the level that its table says."""
    text = """\
    Feature: Wrong
      @FIVE-1
      Scenario: Nobody sees it
        Given Ada and Bob use version 7 or later
        And Ada has invited Bob
        Then Bob sees no invitation
    """
    record = record_of(folder(five_feature=text))
    assert Verdict.FAIL is record.verdict
    assert Level.REQUIRED is record.level


def test_a_step_of_ones_own_may_use_all_others(folder: Folder) -> None:
    """It is found by its words, and what it does is on record."""
    record = record_of(folder(five_feature=IN_SESSION, steps_py=STEPS))
    assert Verdict.PASS is record.verdict, record.message
    methods = [one.method for one in record.steps[1].exchanges]
    assert {"invitation.send", "invitation.accept"} <= set(methods)


def test_a_file_alone_can_be_named(folder: Folder) -> None:
    """What lies beside it counts, other features do not."""
    own = folder(other_feature="Feature: Not Gherkin\n  nonsense\n")
    files = use_own_features(own / "five.feature").files
    assert ["five.feature"] == [path.name for path in files]


def test_a_feature_has_the_path_that_a_user_can_open(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the current folder, and never that of one which ships."""
    own = folder()
    use_own_features(own)
    monkeypatch.chdir(own.parent)
    assert "own/five.feature" == feature_label(own / "five.feature")
    taken = own.parent / "features"
    own.rename(taken)
    (taken / "five.feature").rename(taken / "expiry.feature")
    forget_everything()
    use_own_features(taken)
    assert "own/features/expiry.feature" == feature_label(taken / "expiry.feature")


def test_own_tags_can_be_selected_and_others_not(folder: Folder) -> None:
    """A tag that no scenario has is a mistake."""
    use_own_features(folder())
    assert Selection(tags="@night").takes({"FIVE-1", "night"}, "x")
    assert not Selection(tags="not @night").takes({"FIVE-1", "night"}, "x")
    assert Selection(level=Level.REQUIRED).takes({"FIVE-1", "night"}, "x")
    with pytest.raises(UsageError, match="there is no such tag"):
        Selection(tags="@day")


def test_two_folders_may_not_contradict_each_other(
    folder: Folder, tmp_path: Path
) -> None:
    """Neither in a title nor in a clause; the same folder may be added again."""
    own = folder()
    use_own_features(own)
    use_own_features(own)
    other = tmp_path / "other"
    other.mkdir()
    (other / "five.feature").write_bytes((own / "five.feature").read_bytes())
    text = (own / "clauses.toml").read_text(encoding="utf-8")
    (other / "clauses.toml").write_text(text, encoding="utf-8")
    taken = "the title 'It is pending after a minute' is taken by own/five.feature:3"
    assert f"other/five.feature:3: {taken}" == refusal(other)
    changed = text.replace("four minutes", "three minutes")
    (other / "clauses.toml").write_text(changed, encoding="utf-8")
    assert "another folder has another FIVE-1" in refusal(other)


# Mistakes


def test_a_folder_without_features_is_refused(tmp_path: Path) -> None:
    """As is one that is not there, and a file of another kind."""
    assert "has no file that ends in .feature" in refusal(tmp_path)
    assert "does not exist" in refusal(tmp_path / "nothing")
    other = tmp_path / "a.txt"
    other.write_text("", encoding="utf-8")
    assert "those end in .feature" in refusal(other)
    assert "is the suite itself" in refusal(feature_files()[0].parent)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[[clause]]\nid = "EXPIRY-1"\nlevel = "required"\ntext = "x"\n',
            "clauses.toml:2:6: id EXPIRY-1 is a clause of the suite",
        ),
        (
            '[[clause]]\nid = "five"\nlevel = "required"\ntext = "x"\n',
            'id has to be capitals, a dash and a number, not "five"',
        ),
        (
            '[[clause]]\nid = "FIVE-1"\nlevel = "must"\ntext = "x"\n',
            'level has to be "required" or "interpretation", not "must"',
        ),
        ('[[clause]]\nid = "FIVE-1"\nlevel = "required"\n', "text is missing"),
        (
            '[[clause]]\nid = "FIVE-1"\nlevel = "required"\ntext = " "\n',
            "clauses.toml:4:8: text is empty: say what must be observable",
        ),
        (
            '[[clause]]\nid = "A-1"\nlevel = "required"\ntext = "x"\n' * 2,
            "clauses.toml:6:6: id A-1 is in this file already",
        ),
        ("clauses = 1\n", "clauses is not a key"),
    ],
)
def test_a_mistake_in_a_clause_has_its_place(
    folder: Folder, text: str, told: str
) -> None:
    """One sentence, with line and column."""
    assert told in refusal(folder(clauses_toml=text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import nothing_there\n", "own/steps.py:1: ModuleNotFoundError: No module "),
        ("a = 1\nb = a +\n", "own/steps.py:2: SyntaxError: invalid syntax"),
        ("a = 1\n\nraise ValueError('no')\n", "own/steps.py:3: ValueError: no"),
        ("raise SystemExit\n", "own/steps.py:1: SystemExit"),
    ],
)
def test_steps_that_cannot_be_imported_are_told(
    folder: Folder, text: str, told: str
) -> None:
    """In one sentence, without a traceback."""
    found = refusal(folder(steps_py=text))
    assert told in found
    assert "Traceback" not in found


@pytest.mark.parametrize(
    ("name", "told", "hint"),
    [
        ("deutsch", "'deutsch' is no code of a language", "name it phrases.de.toml"),
        ("de_AT", "'de_AT' is no code of a language", "docs/own-features.md"),
        ("en", "features in English are not translated", "docs/own-features.md"),
    ],
)
def test_a_table_that_nothing_can_use_is_told(
    folder: Folder, name: str, told: str, hint: str
) -> None:
    """It was left out in silence."""
    own = folder()
    (own / f"phrases.{name}.toml").write_text("[phrases]\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        use_own_features(own)
    assert f"own/phrases.{name}.toml: {told}" in str(error.value)
    assert hint in error.value.hint
