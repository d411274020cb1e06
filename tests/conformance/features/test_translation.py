"""Steps in other languages mean steps of the suite."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.own import use_own_features
from invitelab.conformance.features.translation import (
    make_translation,
    translated,
)
from invitelab.errors import UsageError
from invitelab.formats.run import Verdict
from invitelab.resources import feature_files, features_dir

Folder = Callable[..., Path]

GERMAN = """\
# language: de
Funktionalität: Fünf
  @FIVE-1
  Szenario: Nach einer Minute lässt sie sich annehmen
    Angenommen Ada und Bob verwenden Version 7 oder neuer
    Und Ada hat Bob per Alias mit dem Berechtigungsprofil "Full Access" eingeladen
    Wenn seit dem Senden der Einladung 60 Sekunden vergangen sind
    Und Bob die Einladung von Ada im Pop-up annimmt
    Dann steuert Bob das Gerät von Ada
"""

RARE = (
    ("given", 'Ada has the ID "012345678"'),
    ("given", 'Ada has the alias "a.b@corp"'),
    ("when", 'Ada invites ""'),
    ("when", 'Ada allows "input" in the new session'),
    ("when", 'Ada invites Bob through the entry point "tray-menu"'),
    ("then", 'Ada is offered the entry point "tray-menu"'),
    ("then", 'Ada is not offered the entry point "tray-menu"'),
    ("given", "Ada has come back online"),
    ("then", 'the new session allows "input"'),
    ("then", 'the earlier session denies "input"'),
    ("then", "Bob has got nothing of it"),
)
"""Steps that no written scenario has: they are drawn, or for features of one's own."""


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, str]]:
    """Read the table that ships."""
    text = (features_dir() / "phrases.de.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """Give every step of the suite, each once."""
    found = {
        (step.type, step.name)
        for pickle in pickles(paths=feature_files())
        for step in pickle.scenario.steps
    }
    assert len(found) > 400
    return sorted({*found, *RARE})


def test_every_step_of_the_suite_can_be_said_in_german(
    table: dict[str, dict[str, str]], steps: list[tuple[str, str]]
) -> None:
    """What is said so means the same step again."""
    phrases = {ours: own for own, ours in table["phrases"].items()}
    words = {ours: own for own, ours in reversed(table["words"].items())}
    into_german = make_translation(phrases, words)
    missing = [
        text
        for kind, text in steps
        if text
        not in {translated("de", kind, told) for told in into_german.candidates(text)}
    ]
    assert [] == missing


def test_every_german_phrase_is_of_use(
    table: dict[str, dict[str, str]], steps: list[tuple[str, str]]
) -> None:
    """Each is the way to say some step: none has become wrong unnoticed."""
    words = {ours: own for own, ours in table["words"].items()}
    unused = [
        own
        for own, ours in table["phrases"].items()
        if not any(
            [*make_translation({ours: own}, words).candidates(text)]
            for _, text in steps
        )
    ]
    assert [] == unused


def test_a_german_feature_is_run_and_shown_in_its_words(folder: Folder) -> None:
    """The record has what its author wrote."""
    own = use_own_features(folder(five_feature=GERMAN))
    (pickle,) = pickles(paths=own.files)
    assert "Bob accepts the invitation from Ada in the pop-up" == (
        pickle.scenario.steps[3].name
    )
    engine = Engine(Target.parse("reference"), None)
    record = engine.run(pickle)
    engine.close()
    assert Verdict.PASS is record.verdict, record.message
    step = record.steps[3]
    expected = ("Und", "Bob die Einladung von Ada im Pop-up annimmt")
    assert expected == (step.keyword, step.text)
    (accepted,) = [one for one in step.exchanges if one.method == "invitation.accept"]
    assert (60_000, "popup") == (accepted.at_ms, accepted.params["surface"])


def test_a_table_beside_the_feature_is_enough_for_a_language(folder: Folder) -> None:
    """One that does not ship, with the phrases that the feature needs."""
    french = """\
    # language: fr
    Fonctionnalité: Cinq
      @FIVE-1
      Scénario: Un
        Soit Ada et Bob utilisent la version 7.1.4
        Quand Ada invite Bob par alias
    """
    phrases = """\
    [phrases]
    "{p} utilisent la version {v}" = "{p} use version {v}"
    "{a} invite {b}[ par {form}]" = "{a} invites {b}[ by {form}]"
    [words]
    et = "and"
    """
    own = use_own_features(folder(five_feature=french, **{"phrases.fr_toml": phrases}))
    (pickle,) = pickles(paths=own.files)
    steps = [step.name for step in pickle.scenario.steps]
    assert ["Ada and Bob use version 7.1.4", "Ada invites Bob by alias"] == steps


def test_ones_own_phrase_comes_before_one_that_ships(folder: Folder) -> None:
    """And those that ship are still there."""
    phrases = '[phrases]\n"{p} offline geht" = "{p} comes back online"\n'
    use_own_features(folder(**{"phrases.de_toml": phrases}))
    assert "Ada comes back online" == translated("de", "when", "Ada offline geht")
    assert "Ada invites Bob" == translated("de", "when", "Ada Bob einlädt")


def test_what_stands_in_quotes_is_taken_over() -> None:
    """A profile may be called as a word of the language."""
    text = 'Ada Bob mit dem Berechtigungsprofil "Maus und Alias" einlädt'
    expected = 'Ada invites Bob with the permission profile "Maus und Alias"'
    assert expected == translated("de", "when", text)


def test_a_step_as_it_stands_needs_no_translation() -> None:
    """Nor is there one for words that mean nothing."""
    assert translated("de", "when", "Ada invites Bob") is None
    assert translated("de", "when", "Ada schläft") is None


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ('"{a} ruft" = "{a} calls {b}"', "the phrase has {b} on the right side alone"),
        ('"{a} [ruft" = "{a} calls"', "the phrase has brackets that do not fit"),
        ('"{a} ruft" = "{a} calls[ now]"', "the phrase has more parts in brackets"),
        ('"{a} ruft" = 3', "has to be a text in quotes, not 3"),
    ],
)
def test_a_mistake_in_a_phrase_has_its_place(
    folder: Folder, phrase: str, told: str
) -> None:
    """One sentence, with the line."""
    text = f"[phrases]\n{phrase}\n"
    with pytest.raises(UsageError) as error:
        use_own_features(folder(**{"phrases.de_toml": text}))
    assert told in str(error.value)
    assert "phrases.de.toml:2:" in str(error.value)
