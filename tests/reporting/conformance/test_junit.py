"""A run as JUnit XML: whatever was recorded, it is XML and the counts are right."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.junit import comparison_junit, junit

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]

BEGAN = datetime(2026, 11, 29, 4, 42, 29, tzinfo=UTC)
HOSTILE = "<b>&amp;\"]]>'</b> <!-- ünïcödé 👍 \\x1b[31m"


def parsed(run: Run) -> ET.Element:
    """Write the document and read it."""
    return ET.fromstring(junit(run))  # noqa: S314 - our own document


def test_every_feature_is_a_suite_and_the_verdict_is_the_last(mixed: Run) -> None:
    """In the order of the run."""
    names = [suite.get("name") for suite in parsed(mixed)]
    assert [
        "features/expiry.feature",
        "features/pending.feature",
        "features/tile.feature",
        "verdict",
    ] == names


def test_every_scenario_is_a_case_under_its_clause(mixed: Run) -> None:
    """With the place where it is written."""
    cases = list(parsed(mixed).iter("testcase"))
    assert [" ".join(r.clauses) for r in mixed.scenarios] == [
        case.get("classname") for case in cases
    ]
    assert {
        "classname": "EXPIRY-1",
        "name": "It cannot be accepted",
        "file": "features/expiry.feature",
        "line": "29",
        "time": "121.000",
    } == cases[0].attrib


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (Verdict.PASS, None),
        (Verdict.FAIL, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.DEVIATION, "skipped"),
        (Verdict.INCONCLUSIVE, "skipped"),
        (Verdict.NOT_APPLICABLE, "skipped"),
        (Verdict.NOT_RUN, "skipped"),
    ],
)
def test_a_verdict_has_a_word_of_junits(
    make_run: MakeRun, record: Record, verdict: Verdict, tag: str | None
) -> None:
    """A deviation is no failure, and it has not passed."""
    document = parsed(make_run([record(verdict=verdict)]))
    (case,) = document.iter("testcase")
    assert ([] if tag is None else [tag]) == [child.tag for child in case]


def test_what_alone_shows_that_a_clause_is_broken_is_its_failure(
    make_run: MakeRun, record: Record
) -> None:
    """Others that it blocks are skipped, and under their own clauses."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "SESSION-1"}
    records = [
        record(id_).model_copy(update=fields) for id_ in ("SESSION-5", "SESSION-4")
    ]
    cases = parsed(make_run(records)).iter("testcase")
    assert [("SESSION-1", "failure"), ("SESSION-4", "skipped")] == [
        (case.get("classname"), child.tag) for case in cases for child in case
    ]


def test_the_counts_are_those_of_the_cases(mixed: Run) -> None:
    """Suite by suite."""
    for suite in parsed(mixed):
        found = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        counted = {name: int(suite.get(name, "0")) for name in found}
        assert found == counted


def test_a_failure_has_its_transcript(mixed: Run) -> None:
    """The message is what was expected, the text is everything."""
    (failure,) = parsed(mixed).iter("failure")
    assert ("expected no session", "fail") == (
        failure.get("message"),
        failure.get("type"),
    )
    assert failure.text is not None
    assert failure.text.startswith("x EXPIRY-2 required")
    assert "t=  121.000 s  Then no session has started" in failure.text
    (error,) = parsed(mixed).iter("error")
    assert "crash" == error.get("type")


def test_the_verdict_is_a_property(mixed: Run) -> None:
    """With all denominators, the target and the suite."""
    found = {entry.get("name"): entry.get("value") for entry in parsed(mixed).iter()}
    assert str(found["verdict"]).startswith("NON-CONFORMANT (EXPIRY-2, PENDING-2)")
    assert str(found["clauses"]).startswith("required 1/44 - ")
    assert ("cmd:./acme --stdio", "0123456789ab") == (found["target"], found["suite"])


@pytest.mark.parametrize(
    "verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASS]
)
def test_what_looks_like_markup_is_text(
    make_run: MakeRun, record: Record, verdict: Verdict
) -> None:
    """In a title, in a message and in what was exchanged."""
    hostile = record(verdict=verdict, title=HOSTILE, message=HOSTILE)
    (case,) = parsed(make_run([hostile])).iter("testcase")
    assert HOSTILE == case.get("name")
    (child,) = case
    assert str(child.get("message")).endswith(HOSTILE)
    if child.text is not None:
        assert f". client.menu client=Ada -> refused {HOSTILE}" in child.text


def test_equal_runs_are_equal_documents(mixed: Run) -> None:
    """The times in them are the protocol's, but for an instant that is given."""
    assert junit(mixed) == junit(mixed)
    assert "timestamp" not in junit(mixed)
    assert junit(mixed, BEGAN) == junit(mixed, BEGAN)


def test_times_add_up(mixed: Run) -> None:
    """Those of the cases are those of their suite, and these are the whole run's."""
    root = parsed(mixed)
    assert 0 < float(root.get("time", "0"))
    for outer in (root, *root):
        inner = [child for child in outer if child.tag in {"testsuite", "testcase"}]
        whole = sum(float(child.get("time", "nan")) for child in inner)
        assert float(outer.get("time", "nan")) == pytest.approx(whole)


def test_every_suite_says_when_and_of_what_it_is(mixed: Run) -> None:
    """As instants are written for machines, and with the properties of the run."""
    root = ET.fromstring(junit(mixed, BEGAN))  # noqa: S314 - our own document
    for suite in root:
        assert BEGAN == datetime.fromisoformat(suite.get("timestamp", ""))
        names = [entry.get("name") for entry in suite.iterfind("properties/property")]
        assert {"target", "suite", "clock", "verdict"} <= set(names)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.ERROR])
def test_a_known_failure_is_skipped_with_its_issue(
    make_run: MakeRun, record: Record, verdict: Verdict
) -> None:
    """A green exit code and a red document would contradict each other."""
    known = record(verdict=verdict).model_copy(update={"known": "#12"})
    document = parsed(make_run([known]))
    (case,) = document.iter("testcase")
    (child,) = case
    assert ("skipped", "known: #12") == (child.tag, child.get("message"))
    assert "known: #12" in str(child.text)
    (suite, _) = document
    counts = [suite.get(name) for name in ("failures", "errors", "skipped")]
    assert ["0", "0", "1"] == counts


def test_a_stale_entry_is_a_failure(make_run: MakeRun, record: Record) -> None:
    """Though its scenario passes: the exit code is not 0 either."""
    run = make_run([record(verdict=Verdict.PASS)])
    assert run.footer is not None
    sentence = "known.toml:2: It cannot be accepted passes now"
    footer = run.footer.model_copy(update={"stale": (sentence,)})
    (failure,) = parsed(run.model_copy(update={"footer": footer})).iter("failure")
    assert f"stale: {sentence}" == failure.get("message")


def test_a_run_without_an_end_can_be_written(mixed: Run) -> None:
    """It is marked."""
    cut = mixed.model_copy(update={"footer": None})
    assert "INCOMPLETE (the run has no end)" in junit(cut)


# Side by side


def test_every_run_is_a_suite_with_its_properties(mixed: Run) -> None:
    """Its counts are those of the run's own suites together."""
    root = ET.fromstring(comparison_junit([mixed, mixed]))  # noqa: S314 - our own
    assert ["acme 2.3 (1)", "acme 2.3 (2)"] == [suite.get("name") for suite in root]
    for suite in root:
        counts = [suite.get(name) for name in ("tests", "failures", "errors")]
        assert ["7", "1", "1"] == counts
        found = {
            entry.get("name"): entry.get("value") for entry in suite.iter("property")
        }
        assert ("virtual (proven)", "0", "0123456789ab") == (
            found["clock"],
            found["tolerance_ms"],
            found["suite"],
        )
