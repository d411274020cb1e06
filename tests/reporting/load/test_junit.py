"""Simulations as JUnit XML."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

from invitelab.formats.results import Checked, Results, Violated
from invitelab.reporting.load.junit import junit
from invitelab.reporting.load.objective_text import statement

MakeResults = Callable[[str], Results]


def parsed(results: Results) -> ET.Element:
    """Write the document and read it."""
    return ET.fromstring(junit(results))  # noqa: S314 - our own document


def test_an_objective_is_a_case(steady: Results) -> None:
    """Met ones pass; missed and undecided ones fail, told apart by their type."""
    cases = list(parsed(steady).iter("testcase"))[: len(steady.objectives)]
    assert [statement(one) for one in steady.objectives] == [
        case.get("name") for case in cases
    ]
    failures = [case.find("failure") for case in cases]
    assert [None, "undecided", None, "missed"] == [
        None if failure is None else failure.get("type") for failure in failures
    ]


def test_a_run_that_was_cut_off_is_an_error(make_results: MakeResults) -> None:
    """With the reason and how far it came."""
    (error,) = parsed(make_results("incomplete")).iter("error")
    assert "it was interrupted; 5 of 10 replications done" == error.get("message")


def test_a_broken_invariant_is_a_failure(steady: Results) -> None:
    """Each with its name."""
    broken = Checked(
        invitations=1,
        facts=2,
        violations=(Violated(invariant="ONE-END", at_us=5, message="two ends"),),
    )
    document = parsed(steady.model_copy(update={"checked": broken}))
    kinds = [failure.get("type") for failure in document.iter("failure")]
    assert "ONE-END" in kinds


def test_the_counts_are_those_of_the_cases(make_results: MakeResults) -> None:
    """Whatever became of the run."""
    for name in ("steady", "spike", "incomplete", "nothing"):
        (suite,) = parsed(make_results(name)).iter("testsuite")
        assert {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
        } == {key: int(suite.get(key, "")) for key in ("tests", "failures", "errors")}


def test_what_looks_like_markup_is_text(make_hostile: Callable[[str], Results]) -> None:
    """Also what XML cannot hold at all."""
    hostile = make_hostile("<b>]]>&\x00\x1b\ud800")
    named = hostile.model_copy(update={"name": hostile.title})
    (suite,) = parsed(named).iter("testsuite")
    assert "<b>]]>&Monday morning at a support desk" == suite.get("name")
