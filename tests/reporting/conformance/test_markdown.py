"""A run as Markdown, in which no text of a target means anything."""

from collections.abc import Callable

from invitelab.conformance.features.clauses import load
from invitelab.formats.run import Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.sentences import OTHER_SUITE

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]

CLOCK = ", clock virtual (proven)"
SENTENCE = (
    "NON-CONFORMANT: the implementation crashes where PENDING-2 is tried, and 1 more"
    " clause is broken"
)


def lines(run: Run) -> list[str]:
    """Write the report."""
    return markdown(run).splitlines()


def test_it_is_read_from_the_verdict_to_the_clauses(mixed: Run) -> None:
    """What is broken by causes, the sentences, the clauses, and how it was checked."""
    found = [line for line in lines(mixed) if line.startswith(("# ", "## "))]
    assert [
        f"# {SENTENCE}",
        "## What is broken",
        "## The specification, sentence by sentence",
        "## Clauses",
        "## How it was checked",
    ] == found
    cause = "an accept after the two minutes still starts a session (EXPIRY-2)"
    assert f"2. **{cause}**: seen in 1 scenario" in lines(mixed)


def test_the_verdict_is_the_title(mixed: Run) -> None:
    """What qualifies it is below."""
    title, blank, *others = lines(mixed)
    assert f"# {SENTENCE}" == title
    assert "" == blank
    rest = [line for line in others if line.startswith("- ")]
    assert f"- Verdict: NON-CONFORMANT (EXPIRY-2, PENDING-2){CLOCK}" == rest.pop(0)
    assert [
        "- Target: `cmd:./acme --stdio (acme 2.3)`",
        "- Suite: invitelab 0.1.0, suite 0123456789ab, clock virtual (proven)",
    ] == rest[:2]
    assert rest[2].startswith("- Clauses: required 1/44 - ")
    assert rest[3].startswith("- Scenarios: 7 scenarios: 1 pass, 1 fail")


def test_every_sentence_has_a_row_before_the_clauses(mixed: Run) -> None:
    """With its verdict, and the signs of clauses that did not pass; or why not."""
    found = lines(mixed)
    (head,) = [line for line in found if "sentence of the specification" in line]
    place = found.index(head)
    counts = "0 of 26 sentences hold, 2 do not, 19 are not tried in full and 5 demand"
    assert f"{counts} nothing." == found[place - 2]
    rows = found[place + 2 : place + 28]
    assert rows[0].startswith("| 1 |  | The page is about")
    assert rows[0].endswith(" | the title |")
    assert (
        "| 24 | x fail | The invitation is over two minutes after it was sent. |"
        " EXPIRY-1, x EXPIRY-2, . EXPIRY-3, . EXPIRY-4, . EXPIRY-5, \\~ EXPIRY-6 |"
    ) == rows[23]
    assert "" == found[place + 28]


def test_a_run_of_another_suite_has_a_sentence_instead(mixed: Run) -> None:
    """Its clauses are not those of the sentences."""
    found = lines(mixed.model_copy(update={"clauses": mixed.clauses[1:]}))
    assert OTHER_SUITE in found
    assert not any("sentence of the specification" in line for line in found)


def test_every_clause_has_a_row_of_five_cells(mixed: Run) -> None:
    """What is in order is folded up below what is not."""
    found = lines(mixed)
    noted, folded = [n for n, line in enumerate(found) if line.startswith("| clause")]
    assert "<details><summary>1 clause holds, 74 not tried or not applicable" in (
        "\n".join(found[noted:folded])
    )
    rows = [
        line
        for line in (*found[noted + 1 : folded], *found[folded + 1 :])
        if line.startswith("| ")
    ]
    assert 79 == len(rows)
    assert ["PENDING-1", "PENDING-2", "EXPIRY-2", "EXPIRY-6"] == [
        row.split()[1] for row in rows[:4]
    ]
    assert {6} == {row.replace("\\|", "").count("|") for row in rows}
    text = load()["EXPIRY-1"].text
    assert f"| EXPIRY-1 | required | 1/1 | ok pass | {text} |" in rows
    assert any(row.startswith("| TILE-3 | required | 0/0 | untested |") for row in rows)


def test_failures_are_shown_in_fences(mixed: Run) -> None:
    """The headline above, the transcript within; all but the first are folded up."""
    text = markdown(mixed)
    assert 1 == text.count("\n### ")
    assert 4 == text.count("\n#### ")
    assert 4 == text.count("\n<details>")
    assert 8 == text.count("\n~~~~")
    assert "\n#### x EXPIRY-2 required features/expiry.feature:29" in text
    assert "\n~~~~text\n  t=  121.000 s  When Bob accepts the invitation\n" in text


def test_what_a_target_calls_itself_is_text(make_run: MakeRun, mixed: Run) -> None:
    """It can neither end the code it stands in nor add a row."""
    name = "`<script>` **x** | [a](b)"
    header = mixed.header.model_copy(update={"implementation": name})
    run = make_run(list(mixed.scenarios), header=header)
    assert "- Target: `cmd:./acme --stdio ('<script>' **x** | [a](b))`" in lines(run)


def test_the_reason_of_a_verdict_is_text(mixed: Run) -> None:
    """It may be a target's own words."""
    assert mixed.footer is not None
    footer = mixed.footer.model_copy(update={"reason": "<img> *a* _b_ [c](d) ~~e~~ &"})
    found = lines(mixed.model_copy(update={"footer": footer}))
    expected = r"&lt;img> \*a\* \_b\_ \[c\](d) \~\~e\~\~ &amp;"
    assert f"- Verdict: NON-CONFORMANT ({expected}){CLOCK}" in found
    invalid = footer.model_copy(update={"verdict": RunVerdict.INVALID})
    title = lines(mixed.model_copy(update={"footer": invalid}))[0]
    assert f"# INVALID: {expected}" == title


def test_a_target_cannot_end_a_fence(make_run: MakeRun, record: Record) -> None:
    """However many tildes it sends."""
    hostile = record(message="~~~~\n~~~~~~~\n# CONFORMANT")
    fences = [line for line in lines(make_run([hostile])) if line.startswith("~~~~")]
    assert ["~~~~text", "~~~~"] == fences


def test_a_title_of_a_scenario_is_text(make_run: MakeRun, record: Record) -> None:
    """As in a feature of a user's own."""
    run = make_run([record(title="<b>*x*</b> | y")])
    assert any(r"&lt;b>\*x\*&lt;/b> \| y" in line for line in lines(run))


def test_the_hint_of_a_problem_is_shown(make_run: MakeRun, mixed: Run) -> None:
    """Where there is one."""
    header = mixed.header.model_copy(update={"problem": "no", "hint": "try `x`"})
    assert r"- Hint: try \`x\`" in lines(make_run([], header=header))
    assert not any("Hint" in line for line in lines(mixed))


def test_a_run_in_which_all_passes_shows_no_failure(
    make_run: MakeRun, record: Record
) -> None:
    """Only the specification, the clauses, and how it was checked."""
    run = make_run([record("EXPIRY-1", Verdict.PASS)])
    assert ["specification,", "Clauses", "How"] == [
        line.removeprefix("## ").removeprefix("The ").split()[0]
        for line in lines(run)
        if line.startswith("## ")
    ]


def test_equal_runs_are_equal_reports(mixed: Run) -> None:
    """There is no time in them."""
    assert markdown(mixed) == markdown(mixed)


# Side by side


def test_runs_side_by_side_have_a_verdict_each_and_one_table(mixed: Run) -> None:
    """A column a run; what is required is bold, and passing needs no word."""
    text = comparison_markdown([mixed, mixed])
    found = text.splitlines()
    assert "# 2 implementations side by side" == found[0]
    assert 2 == text.count(f"{SENTENCE}{CLOCK}")
    rows = [line for line in found if line.startswith("| ")]
    assert {6} == {row.replace("\\|", "").count("|") for row in rows}
    assert any(
        row.startswith("| **EXPIRY-2** | required | x 0/1 fail | x 0/1 fail | ")
        for row in rows
    )
    assert any(
        row.startswith("| **EXPIRY-1** | required | ok 1/1 | ok 1/1 | ") for row in rows
    )
    assert "| required clauses | | 1/44 | 1/44 | |" in rows


def test_what_was_declined_is_shown_with_its_reason(mixed: Run) -> None:
    """And so is a hint; neither means anything to Markdown."""
    header = mixed.header.model_copy(
        update={"declined": {"tiles": "no *lists*"}, "problem": "x", "hint": "<b>"}
    )
    found = comparison_markdown([mixed.model_copy(update={"header": header})])
    assert "  - Declined: tiles: no \\*lists\\*\n" in found
    assert "  - Hint: &lt;b>\n" in found


def test_what_targets_call_themselves_adds_no_cell(mixed: Run) -> None:
    """Nor a row."""
    header = mixed.header.model_copy(update={"implementation": "a | b\n| c |"})
    text = comparison_markdown([mixed.model_copy(update={"header": header})])
    head, other = [line for line in text.splitlines() if line.startswith("| clause")]
    assert head == other
    assert 5 == head.replace("\\|", "").count("|")
