"""Every mistake in an own feature is one sentence, with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.own import use_own_features
from invitelab.conformance.features.people_lint import people_mistakes
from invitelab.errors import UsageError
from invitelab.resources import feature_files

Folder = Callable[..., Path]

HEAD = "Feature: Five\n  @FIVE-1\n  Scenario: One\n"
PEOPLE = "    Given Ada and Bob use version 7 or later\n"
GERMAN = "# language: de\nFunktionalität: Fünf\n  @FIVE-1\n  Szenario: Eins\n"


@pytest.fixture
def told(folder: Folder) -> Callable[..., list[str]]:
    """Give the sentences about a feature."""

    def lint(text: str, **others: str) -> list[str]:
        with pytest.raises(UsageError) as error:
            use_own_features(folder(five_feature=text, **others))
        return str(error.value).splitlines()

    return lint


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            f"{HEAD}{PEOPLE}    When Bob acepts the invitation\n",
            "own/five.feature:5: there is no step 'Bob acepts the invitation': "
            "the nearest known is 'Bob accepts the invitation'",
            id="step",
        ),
        pytest.param(
            f"{HEAD}{PEOPLE}    Then Ada invites Bob\n",
            "own/five.feature:5: 'Ada invites Bob' is a step of When, not of Then",
            id="type",
        ),
        pytest.param(
            HEAD.replace("FIVE-1", "FIVE-1 @FIVE-9") + PEOPLE,
            "own/five.feature:3: there is no clause @FIVE-9: the nearest is @FIVE-1, "
            "or add it to clauses.toml",
            id="clause",
        ),
        pytest.param(
            HEAD.replace("FIVE-1", "FIVE-1 @EXPIRY-6") + PEOPLE,
            "own/five.feature:3: it cites a required clause and an interpretation at "
            "once",
            id="levels",
        ),
        pytest.param(
            f"{HEAD}{PEOPLE}\n" + HEAD.partition("\n")[2] + PEOPLE,
            "own/five.feature:7: the title 'One' is taken by own/five.feature:3",
            id="title",
        ),
        pytest.param(
            HEAD.replace("One", "An ID names the recipient") + PEOPLE,
            "own/five.feature:3: the title 'An ID names the recipient' is taken by "
            "features/direct.feature:167",
            id="title of the suite",
        ),
        pytest.param(
            f"{HEAD}{PEOPLE}    Nothing else\n",
            "own/five.feature:5: this line is not Gherkin: got 'Nothing else'",
            id="Gherkin",
        ),
        pytest.param(
            f"{HEAD.replace('Scenario', 'Senario')}{PEOPLE}",
            "own/five.feature:3: this line is not Gherkin: got 'Senario: One': did "
            "you mean 'Scenario:'?",
            id="title of Gherkin",
        ),
        pytest.param(
            f"{HEAD}{PEOPLE}    Wehn Ada invites Bob\n    Then no session\n",
            "own/five.feature:5: this line is not Gherkin: got 'Wehn Ada invites Bob': "
            "did you mean 'When'?",
            id="step of Gherkin",
        ),
        pytest.param(
            GERMAN.replace("Szenario", "Scenarjo"),
            "own/five.feature:4: this line is not Gherkin: got 'Scenarjo: Eins': did "
            "you mean 'Szenario:'?",
            id="German Gherkin",
        ),
        pytest.param(
            GERMAN.replace("de", "dx", 1),
            "own/five.feature:1: Gherkin has no language 'dx': the nearest is 'de'",
            id="near language",
        ),
        pytest.param(
            HEAD.partition("  Scenario")[0],
            "own/five.feature:3: the file ends here, and something is missing: a "
            "scenario, or its steps?",
            id="end",
        ),
        pytest.param(
            f"{HEAD}{PEOPLE.replace('Given', 'Gvien')}    When Ada invites Bob\n",
            "own/five.feature:3: text between the title and the steps: a mistyped "
            "keyword?",
            id="Given",
        ),
        pytest.param(
            f"{HEAD}    Gievn Ada uses version 7.1.4\n    And a\n",
            "own/five.feature:5: First step in a scenario or background must start "
            "with 'Given', 'When' or 'Then', but got And.",
            id="keyword",
        ),
        pytest.param(
            HEAD.replace(" One", "") + PEOPLE,
            "own/five.feature:3: the scenario has no title",
            id="no title",
        ),
        pytest.param(
            "Feature: Nothing\n",
            "own/five.feature:1: the feature has no scenario",
            id="nothing",
        ),
        pytest.param(
            HEAD.replace("Scenario", "Scenario Outline")
            + PEOPLE
            + "    Examples:\n      | a |\n",
            "own/five.feature:3: the Examples of line 5 have no row",
            id="rows",
        ),
        pytest.param(
            "# language: fr\nFonctionnalité: Cinq\n  @FIVE-1\n  Scénario: Un\n"
            "    Soit Ada\n",
            "own/five.feature:1: there are no phrases for the language 'fr': write "
            "phrases.fr.toml beside it",
            id="language",
        ),
        pytest.param(
            "# language: xx\nFeature: Five\n",
            "own/five.feature:1: Gherkin has no language 'xx': English is 'en'",
            id="no language",
        ),
        pytest.param(
            f"{GERMAN}    Angenommen Ada verwendet Version 7.1.4\n"
            "    Wenn Ada offline ging\n",
            "own/five.feature:6: there is no step 'Ada offline ging': the nearest "
            "known is '{p} offline geht'",
            id="German step",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    told: Callable[..., list[str]], text: str, sentence: str
) -> None:
    """Which is all that is said about it."""
    assert [sentence] == told(text)


MISTAKES_IN_PEOPLE = {
    "When Ada invites Bobb by ID": (
        "Bobb does not take part in this scenario: the nearest is Bob"
    ),
    "When Zoe goes offline": "Zoe does not take part in this scenario",
    "Given Ada uses version 7.1.4": (
        "Ada has a client already: declare each person once"
    ),
    "Given Ada has the permission profiles": (
        "the step 'Ada has the permission profiles' needs a table below it"
    ),
    "When Ada invites Bob\n      | a |\n      | b |": (
        "the step 'Ada invites Bob' takes no table"
    ),
}


@pytest.mark.parametrize("step", MISTAKES_IN_PEOPLE)
def test_people_and_tables_fit_the_steps(
    told: Callable[..., list[str]], step: str
) -> None:
    """Else the run would stop at that step, and say nothing about the target."""
    sentence = MISTAKES_IN_PEOPLE[step]
    assert [f"own/five.feature:5: {sentence}"] == told(f"{HEAD}{PEOPLE}    {step}\n")


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            "And Cid uses version 7.1.4",
            "Cid comes too late: everybody is declared before anything else",
        ),
        (
            'And Bob has the ID "123456789"',
            "the step comes too late: identities are given before anything else",
        ),
    ],
)
def test_people_are_declared_first(
    told: Callable[..., list[str]], step: str, sentence: str
) -> None:
    """The target is told of all clients at once."""
    text = f"{HEAD}{PEOPLE}    And Ada has invited Bob\n    {step}\n"
    assert [f"own/five.feature:6: {sentence}"] == told(text)


def test_a_given_of_ones_own_may_declare_people(folder: Folder) -> None:
    """What it declares is not known before it runs."""
    steps = """\
    from invitelab.conformance.steps import ScenarioContext, given

    @given("the usual cast")
    def cast(context: ScenarioContext) -> None:
        "Declare two people."
        context.enter("Ada", "7.1.4")
        context.enter("Bob", "7.1.4")
    """
    text = f"{HEAD}    Given the usual cast\n    When Ada invites Bob\n"
    assert use_own_features(folder(five_feature=text, steps_py=steps)).files


def test_the_people_of_the_suite_are_declared() -> None:
    """What lint asks of others holds for the features that ship."""
    found = [
        (pickle.scenario.name, *mistake)
        for pickle in pickles(paths=feature_files())
        for mistake in people_mistakes(pickle)
    ]
    assert not found


def test_every_mistake_is_told_at_once(told: Callable[..., list[str]]) -> None:
    """Not only the first one."""
    text = f"{HEAD}{PEOPLE}    When Bob acepts it\n    Then nobody cares\n"
    assert 2 == len(told(text.replace("FIVE-1", "EXPIRY-1"), clauses_toml=""))


def test_a_scenario_without_a_clause_is_a_mistake(
    told: Callable[..., list[str]],
) -> None:
    """There would be no verdict for it."""
    text = HEAD.replace("FIVE-1", "night") + PEOPLE
    sentence = "the scenario cites no clause: tag it with one, such as @EXPIRY-2"
    assert [f"own/five.feature:3: {sentence}"] == told(text, clauses_toml="")


def test_a_clause_without_a_scenario_is_a_mistake(
    told: Callable[..., list[str]],
) -> None:
    """It would never be judged."""
    text = HEAD.replace("FIVE-1", "EXPIRY-1") + PEOPLE
    assert ["clauses.toml: no scenario is tagged @FIVE-1"] == told(text)


def test_a_step_that_is_defined_twice_is_a_mistake(
    told: Callable[..., list[str]],
) -> None:
    """Neither definition wins."""
    steps = """\
    from invitelab.conformance.steps import ScenarioContext, when

    @when("Ada invites Bob")
    def again(context: ScenarioContext) -> None:
        "Do nothing."
    """
    text = f"{HEAD}{PEOPLE}    When Ada invites Bob\n"
    step = "the step 'Ada invites Bob'"
    assert [
        f"own/steps.py:3: the suite has {step}: choose other words",
        f"own/five.feature:5: {step} is defined by invites and again",
    ] == told(text, steps_py=steps)


def test_an_async_step_is_a_mistake(told: Callable[..., list[str]]) -> None:
    """It would never be awaited."""
    steps = """\
    from invitelab.conformance.steps import ScenarioContext, when

    @when("Ada sleeps")
    async def sleeps(context: ScenarioContext) -> None:
        "Do nothing."
    """
    text = f"{HEAD}{PEOPLE}    When Ada sleeps\n"
    assert ["the step sleeps is async: never awaited"] == told(text, steps_py=steps)


def test_tags_of_a_feature_and_of_a_rule_are_inherited(folder: Folder) -> None:
    """As Gherkin has it."""
    text = f"@FIVE-1\nFeature: Five\n  @night\n  Rule: R\n    Scenario: One\n  {PEOPLE}"
    own = use_own_features(folder(five_feature=text))
    assert 1 == len(own.files)
