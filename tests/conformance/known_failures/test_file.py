"""A file of known failures: every mistake is reported, with its place."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.known_failures.entries import NO_ISSUE, Baseline, Kind, Known
from invitelab.conformance.known_failures.file import MOST_ENTRIES, draft, read
from invitelab.errors import Blame, ExitCode, UsageError
from invitelab.formats.evidence import broken
from invitelab.formats.run import ScenarioRecord, Verdict
from invitelab.inputs.toml_errors import MOST_MISTAKES

LINK = "https://example.org/12"
OUTLINE = "Accepting after more than two minutes starts nothing"
PLAIN = "A changed invitation runs out too"
INTERPRETATION = "At the tick the invitation is gone on both sides"
GOOD = f"""\
# What is worked on.
[[known]]
scenario = "{OUTLINE}"
example = "by ID, 121, 10.0.0"
clause = "EXPIRY-2"
issue = "{LINK}"

[[known]]
scenario = "{PLAIN}"
clause = "EXPIRY-2"
kind = "crash"
issue = "acme/app#7"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file with two entries."""
    file = tmp_path / "known.toml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def refused(path: Path, text: str) -> list[str]:
    """Read a wrong text, and give what is said: a line a mistake, without the path."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert (ExitCode.USAGE, "invitelab explain 5 tells what an entry needs") == (
        caught.value.code,
        caught.value.hint,
    )
    lines = str(caught.value).splitlines()
    return [
        line.removeprefix(f"{path}:") for line in lines if not line.startswith("    ")
    ]


# What is right


def test_a_file_is_read_with_the_lines_of_its_entries(path: Path) -> None:
    """In order; the name is the file's."""
    first = Known(
        scenario=OUTLINE,
        clause="EXPIRY-2",
        issue=LINK,
        example="by ID, 121, 10.0.0",
        line=2,
    )
    second = Known(
        scenario=PLAIN, clause="EXPIRY-2", issue="acme/app#7", kind="crash", line=8
    )
    assert Baseline(name="known.toml", entries=(first, second)) == read(path)


@pytest.mark.parametrize("text", ["", "# Nothing is left.\n", "known = []\n"])
def test_a_file_without_entries_is_a_good_one(path: Path, text: str) -> None:
    """Everything may have been repaired."""
    path.write_text(text, encoding="utf-8")
    assert () == read(path).entries


def test_entries_may_stand_on_one_line(path: Path) -> None:
    """As TOML allows, with line ends of any kind."""
    entry = f'{{scenario = "{PLAIN}", clause = "EXPIRY-2", issue = "#1"}}'
    path.write_bytes(f"\ufeff\r\nknown = [\r\n  {entry}\r\n]\r\n".encode())
    (only,) = read(path).entries
    assert (PLAIN, 3) == (only.scenario, only.line)


@pytest.mark.parametrize(
    "issue", ["https://a.example/1?x=2#y", "http://a.example", "#12", "acme/app#12", ""]
)
def test_an_issue_is_a_link_or_a_number(path: Path, issue: str) -> None:
    """Of the web, or of a repository; or nothing yet."""
    path.write_text(GOOD.replace(LINK, issue), encoding="utf-8")
    assert issue == read(path).entries[0].issue


def test_trouble_with_an_interpretation_can_be_known(path: Path) -> None:
    """A crash is a failure under any interpretation."""
    text = GOOD.replace(PLAIN, INTERPRETATION).replace(
        'clause = "EXPIRY-2"\nkind', 'clause = "EXPIRY-6"\nkind'
    )
    path.write_text(text, encoding="utf-8")
    assert ["EXPIRY-2", "EXPIRY-6"] == [one.clause for one in read(path).entries]


def test_every_scenario_of_the_suite_can_be_named(path: Path) -> None:
    """By its title, its clause and its row, as a report shows them."""
    lines: list[str] = []
    for pickle in pickles():
        (clause,) = pickle.scenario.tags
        lines += [
            "[[known]]",
            f"scenario = {pickle.scenario.name!r}"
            if "'" not in pickle.scenario.name
            else f'scenario = "{pickle.scenario.name}"',
            f'clause = "{clause}"',
            'kind = "crash"',
            'issue = "#1"',
        ]
        lines += [f"example = '''{pickle.example}'''"] if pickle.example else []
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(list(pickles())) == len(read(path).entries)


# What is wrong


def test_a_mistake_is_shown_in_its_line(path: Path) -> None:
    """With the source and a caret."""
    path.write_text(GOOD.replace(LINK, "later"), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert (
        f"{path}:6:9: issue has to name where the failure is worked on, as "
        '"https://..." or "#12", not "later"\n'
        '    issue = "later"\n'
        "            ^"
    ) == str(caught.value)


NOT_A_LINK = (
    '6:9: issue has to name where the failure is worked on, as "https://..." or "#12"'
)
NO_ROW = "4:11: example is no row of the scenario"
KEYS = "known: scenario, clause, issue, example, kind"
KINDS = '"setup", "crash", "hang" or "missing-method"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f'issue = "{LINK}"\n', "", "2:3: issue is missing"),
        (f'"{LINK}"', '" "', f'{NOT_A_LINK}, not " "'),
        (f'"{LINK}"', '"12"', f'{NOT_A_LINK}, not "12"'),
        (f'"{LINK}"', '"https://"', f'{NOT_A_LINK}, not "https://"'),
        (
            f'"{LINK}"',
            '"javascript://a%0ab"',
            f'{NOT_A_LINK}, not "javascript://a%0ab"',
        ),
        (f'"{LINK}"', "12", "6:9: issue has to be a text in quotes, not 12"),
        (
            'kind = "crash"',
            'kin = "crash"',
            f'11:1: kin is not a key: did you mean "kind"? {KEYS}',
        ),
        (f'scenario = "{OUTLINE}"\n', "", "2:3: scenario is missing"),
        (
            OUTLINE,
            OUTLINE[:-1],
            f'3:12: scenario is in no feature: the nearest is "{OUTLINE}"',
        ),
        (
            OUTLINE,
            "x",
            "3:12: scenario is in no feature: nothing there is like it",
        ),
        (
            "by ID, 121",
            "by ID, 120",
            f'{NO_ROW}: the nearest is "by ID, 121, 10.0.0"',
        ),
        (
            'clause = "EXPIRY-2"\nkind',
            'clause = "EXPIRY-22"\nkind',
            '10:10: clause is in no table: the nearest is "EXPIRY-2"',
        ),
        (
            'clause = "EXPIRY-2"\nkind',
            'clause = "EXPIRY-3"\nkind',
            "10:10: clause is not what the scenario cites: that is EXPIRY-2",
        ),
        (
            'kind = "crash"',
            'example = "x"',
            "11:11: example must not be there: the scenario is no outline",
        ),
        ('"crash"', '"protocol"', f'11:8: kind has to be {KINDS}, not "protocol"'),
        ('"crash"', '"fail"', f'11:8: kind has to be {KINDS}, not "fail"'),
        ('"crash"', "[]", f"11:8: kind has to be {KINDS}, not a list"),
    ],
)
def test_a_mistake_is_reported(path: Path, old: str, new: str, said: str) -> None:
    """One sentence, with line and column."""
    assert old in GOOD
    (sentence,) = refused(path, GOOD.replace(old, new, 1))
    assert said == sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[[knwon]]",
            '1:3: knwon is not a key: did you mean "known"? known: known, seed',
        ),
        ("known = 3", "1:9: known has to be a list, not 3"),
        ("[known]", "1:2: known has to be a list, not a table"),
        ("known = [3]", "1:10: known has to be a table, not 3"),
        ("known = ", "1:9: not TOML: invalid value"),
        (
            '"a\\u001b" = 1',
            '1:1: "a\\u001b" is not a key: known: known, seed',
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(path: Path, text: str, said: str) -> None:
    """At the first key that does not fit."""
    assert [said] == refused(path, text)


@pytest.mark.parametrize("kind", ["", 'kind = "setup"\n'])
def test_a_deviation_needs_no_entry(path: Path, kind: str) -> None:
    """It fails no run."""
    entry = f'scenario = "{INTERPRETATION}"\nclause = "EXPIRY-6"\n{kind}issue = "#1"\n'
    assert [
        "3:10: clause is an interpretation: to differ is no failure, and needs no entry"
    ] == refused(path, f"[[known]]\n{entry}")


ROW = 'example = "by ID, 121, 10.0.0"\n'


@pytest.mark.parametrize(
    ("first", "second"), [("", ""), ("", ROW), (ROW, ""), (ROW, ROW)]
)
def test_a_scenario_is_known_once(path: Path, first: str, second: str) -> None:
    """A row is named, or all of them are."""
    keys = f'scenario = "{OUTLINE}"\nclause = "EXPIRY-2"\nissue = "#1"\n'
    text = f"\n[[known]]\n{first}{keys}\n[[known]]\n{keys}{second}"
    line = 9 if first else 8
    assert [f"{line}:12: scenario is known already by line 2"] == refused(path, text)


def test_rows_of_a_scenario_are_known_apart(path: Path) -> None:
    """Two rows are two failures."""
    other = GOOD.replace(PLAIN, OUTLINE).replace(
        'kind = "crash"', 'example = "by alias, 135, 7.0.0"'
    )
    path.write_text(other, encoding="utf-8")
    assert [OUTLINE, OUTLINE] == [one.scenario for one in read(path).entries]


def test_all_mistakes_are_reported_at_once(path: Path) -> None:
    """In the order of the file, whatever they are about."""
    text = (
        GOOD.replace("121", "120")
        .replace(f'issue = "{LINK}"', "")
        .replace(PLAIN, OUTLINE)
    )
    said = refused(path, f"{text}\n[other]\n")
    assert ["2:3: issue", "4:11: example", "9:12: scenario", "14:2: other"] == [
        line.split(" is ")[0] for line in said
    ]


def test_mistakes_have_an_end(path: Path) -> None:
    """Only the first ones are listed."""
    said = refused(path, "[[known]]\n" * (MOST_MISTAKES + 1))
    assert (MOST_MISTAKES + 1, "and 153 more mistakes") == (len(said), said[-1])


def test_the_number_of_entries_is_limited(path: Path) -> None:
    """A file has at most `MOST_ENTRIES` entries."""
    said = refused(path, "[[known]]\n" * (MOST_ENTRIES + 1))
    assert [" at most 500 failures can be known"] == said
    assert MOST_ENTRIES > len(list(pickles()))


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_what_cannot_be_read_is_refused(path: Path, content: bytes | None) -> None:
    """In one sentence."""
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read(path)
    assert 1 == len(str(caught.value).splitlines())


# A draft


def failure(
    title: str = PLAIN,
    verdict: Verdict = Verdict.FAIL,
    *,
    clause: str = "EXPIRY-2",
    kind: str | None = None,
) -> ScenarioRecord:
    """Make the record of a scenario."""
    return ScenarioRecord(
        feature="features/expiry.feature",
        line=1,
        title=title,
        clauses=(clause,),
        level=load()[clause].level,
        verdict=verdict,
        kind=kind,
        blame=Blame.ADAPTER if kind == "protocol" else None,
    )


def test_a_draft_has_an_entry_for_each_failure() -> None:
    """The issue of a new one is empty; a repeated failure is there once."""
    crash = failure('A "B"', Verdict.ERROR, kind="crash")
    text = draft(
        [
            failure("A").model_copy(update={"known": LINK}),
            crash.model_copy(update={"example": "1, 2"}),
            failure("C"),
            failure("C"),
        ],
        seed=7,
    )
    assert (
        "# Known failures. Each needs the issue in which it is worked on.\n"
        "seed = 7 # with another one, what passes is not stale\n"
        "\n[[known]]\n"
        'scenario = "A"\n'
        'clause = "EXPIRY-2"\n'
        f'issue = "{LINK}"\n'
        "\n[[known]]\n"
        'scenario = "A \\"B\\""\n'
        'example = "1, 2"\n'
        'clause = "EXPIRY-2"\n'
        'kind = "crash"\n'
        'issue = ""\n'
        "\n[[known]]\n"
        'scenario = "C"\n'
        'clause = "EXPIRY-2"\n'
        'issue = ""\n'
    ) == text


@pytest.mark.parametrize(
    "record",
    [
        failure(verdict=Verdict.PASS),
        failure(verdict=Verdict.INCONCLUSIVE),
        failure(verdict=Verdict.DEVIATION, clause="EXPIRY-6"),
        failure(verdict=Verdict.ERROR, clause="EXPIRY-6", kind="setup"),
        failure(verdict=Verdict.ERROR, kind="protocol"),
        failure(verdict=Verdict.ERROR, kind="fault"),
    ],
    ids=lambda record: f"{record.verdict} {record.kind}",
)
def test_what_cannot_be_known_is_in_no_draft(record: ScenarioRecord) -> None:
    """What is no failure, and what makes a run invalid."""
    assert 2 == draft([record]).count("\n")


def test_what_is_blocked_is_in_no_draft() -> None:
    """Its own clause may be an interpretation, of which an entry would be refused."""
    update = {"blocked_by": "TILE-4"}
    record = failure(verdict=Verdict.BLOCKED, clause="EXPIRY-6")
    blocked = record.model_copy(update=update)
    assert [blocked] == list(broken([blocked]))
    assert 2 == draft([blocked]).count("\n")


@pytest.mark.parametrize("issue", ["", "#12"])
def test_a_draft_is_read_as_it_is(path: Path, issue: str) -> None:
    """It knows what it was drafted from, with its issue or without one."""
    records = [
        failure(verdict=Verdict.FAIL if kind in NO_ERROR else Verdict.ERROR, kind=kind)
        for kind in (None, *get_args(Kind))
    ]
    for record in records:
        path.write_text(draft([record], issue=issue), encoding="utf-8")
        marked = read(path).marked(record)
        assert (issue or NO_ISSUE) == marked.known
        assert draft([record], issue=issue) == draft([marked])


ENTRY = Known(scenario=PLAIN, clause="EXPIRY-2", issue=LINK)
OTHER = Known(scenario=OUTLINE, clause="EXPIRY-2", issue="#7", example="by ID, 121, 10")


@pytest.mark.parametrize(
    ("verdict", "selected_all", "kept"),
    [
        (Verdict.FAIL, False, (ENTRY, OTHER)),
        (Verdict.PASS, False, (OTHER,)),
        (Verdict.NOT_RUN, False, (ENTRY, OTHER)),
        (Verdict.FAIL, True, (ENTRY,)),
        (Verdict.PASS, True, ()),
    ],
)
def test_a_draft_of_a_part_keeps_what_the_part_says_nothing_of(
    verdict: Verdict, *, selected_all: bool, kept: tuple[Known, ...]
) -> None:
    """An entry goes if its scenario was run and does not fail as it says."""
    known = Baseline(name="known.toml", entries=(ENTRY, OTHER))
    text = draft([failure(PLAIN, verdict)], known, selected_all=selected_all)
    found = tomllib.loads(text).get("known", [])
    assert [(one.scenario, one.issue, one.example) for one in kept] == [
        (one["scenario"], one["issue"], one.get("example")) for one in found
    ]
    assert selected_all == ("Only a part was run" not in text)


NO_ERROR = {None, "missing-method"}
