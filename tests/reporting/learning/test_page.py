"""`machine.html`: the outcome first, then everything behind it."""

import re
from html.parser import HTMLParser

import pytest

from invitelab.cli import main
from invitelab.formats.machine import Machine
from invitelab.reporting.learning.page import TERMS, page


def told(text: str) -> str:
    """Give the words of a page, without its elements."""
    body = text.split("</head>", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_outcome_comes_first(broken: Machine) -> None:
    """As a sentence, above the picture; then differences, timers and the bound."""
    words = told(page(broken))
    order = [
        "\N{BALLOT X} NON-CONFORMANT",
        "4 states over 3 inputs (alphabet core) explain every answer",
        "a required clause is broken (EXPIRY-4)",
        "The picture A state is",
        "Against the specification required clauses are broken: EXPIRY-4",
        "EXPIRY-4, required: broken the invitation ends before its time",
        "MODIFY-9, interpretation: deviates a change of what is over is refused",
        "Beside node",
        "they behave alike",
        "the invitation expires 120,000 ms after send",
        "all with at most 6 states",
        "4 states with 12 transitions",
    ]
    places = [words.index(one) for one in order]
    assert sorted(places) == places


def test_a_difference_has_its_steps_scenario_and_diagram(broken: Machine) -> None:
    """The last step with both answers."""
    text = page(broken)
    words = told(text)
    assert "Ada invites Bob ok; Ada: + invitation to Bob" in words
    assert "120 seconds pass here time; Ada: - invitation to Bob" in words
    assert "Feature: What was learned\n\n  Scenario: It ends\n" in text
    assert 2 == text.count('class="scene"')
    assert 1 == text.count("The scenario that shows it")


def test_no_bound_is_claimed_that_was_not_asked_for(plain: Machine) -> None:
    """Nor a verdict, without a comparison."""
    words = told(page(plain))
    assert "No bound was asked for" in words
    assert "\N{CHECK MARK} COMPLETE 4 states over 3 inputs" in words
    assert "It was not compared with anything." in words
    assert "None was found: no wait" in words
    assert "CONFORMANT" not in words


def test_two_answers_are_told_side_by_side(random_answers: Machine) -> None:
    """Step by step, and the one that differs is marked."""
    text = page(random_answers)
    words = told(text)
    assert "\N{BALLOT X} NONDETERMINISTIC the same question had two answers" in words
    assert "2 Ada changes the invitation" in words
    assert 1 == text.count('<tr class="differs">')
    assert "Hint: look for what it keeps" in words


def test_an_incomplete_machine_says_so_thrice(interrupted: Machine) -> None:
    """On top, at the picture, and in the states."""
    words = told(page(interrupted))
    assert (
        "! INCOMPLETE the learning ended early: it was interrupted; 4 states" in words
    )
    assert "INCOMPLETE: this is the machine until the learning ended." in words
    assert "3 inputs not tried" in words


def test_every_transition_is_listed_once(plain: Machine) -> None:
    """Inputs with the same answer, change and next state in one row."""
    text = page(plain).split('<section id="transitions">')[1].split("</section>")[0]
    inputs = re.findall(r'<td class="inputs"><bdi>([^<]*)</bdi>', text)
    count = sum(len(one.split(", ")) for one in inputs)
    assert len(plain.transitions) == count
    heading, ways = 1, 2
    assert heading + ways == text.count("<bdi>pending</bdi>")


def test_names_from_outside_mean_nothing(hostile: Machine) -> None:
    """Neither elements nor control characters, and no script at all."""
    text = page(hostile)
    assert "<b onmouseover" not in text
    assert "\x1b" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    assert "<script" not in text
    parser = HTMLParser()
    parser.feed(text)


def test_the_page_is_a_function_of_the_document(broken: Machine) -> None:
    """Byte by byte."""
    again = Machine.model_validate_json(broken.model_dump_json())
    assert page(broken) == page(again)


@pytest.mark.parametrize("kind", ["plain", "broken", "random_answers", "interrupted"])
def test_ids_of_the_page_are_unique_and_links_lead_somewhere(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """Within the page."""
    text = page(request.getfixturevalue(kind))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_words_of_the_page_are_explained(
    broken: Machine, random_answers: Machine
) -> None:
    """Heads of columns, terms and sections: `explain` knows them all."""
    titles = re.compile(
        r"<(th scope=\"col\"[^>]*|dt[^>]*|h[23])>(.*?)</(?:th|dt|h[23])>"
    )
    found = {*TERMS}
    for machine in (broken, random_answers):
        for _, inner in titles.findall(page(machine)):
            found.add(re.sub(r"<bdi>.*?</bdi>|<[^>]+>", "", inner).strip())
    assert {"state", "input", "Every transition", "Two answers", "Beside"} <= found
    assert [] == [word for word in sorted(found) if main(["explain", "--", word])]
