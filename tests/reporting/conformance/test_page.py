"""The page: everything there, everything linked, nothing that means anything."""

import re
from collections.abc import Callable
from html import escape

from invitelab.errors import Blame
from invitelab.formats.run import Footer, Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.page import page
from invitelab.reporting.conformance.sentences import NOTHING_JUDGED, OTHER_SUITE

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]


def plain(html: str) -> str:
    """Leave the words alone."""
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(words.split())


def test_the_strip_has_all_that_qualifies_a_verdict(mixed: Run) -> None:
    """Verdict, reason, denominators, clock, settling, what was declined, and suite."""
    header = mixed.header.model_copy(
        update={"settle_ms": 240, "declined": {"tiles": "no contact lists"}}
    )
    assert mixed.footer is not None
    footer = mixed.footer.model_copy(update={"tolerance_ms": 17})
    run = mixed.model_copy(update={"header": header, "footer": footer})
    text = plain(page([run]))
    for words in (
        "✗ NON-CONFORMANT : the implementation crashes where PENDING-2 is tried, and",
        "required 1/44 - interpretations",
        "7 scenarios: 1 pass",
        "clock virtual (proven)",
        "settles within 240 ms",
        "this machine late by at most 17 ms",
        "declined tiles : no contact lists",
        "suite 0123456789ab (invitelab 0.1.0)",
        "target cmd:./acme --stdio calls itself acme 2.3",
    ):
        assert words in text


def test_a_run_that_could_not_be_says_why_and_whose_fault(mixed: Run) -> None:
    """With the hint."""
    assert mixed.footer is not None
    header = mixed.header.model_copy(update={"problem": "no", "hint": "try this"})
    footer: Footer = mixed.footer.model_copy(
        update={
            "verdict": RunVerdict.INVALID,
            "reason": "it lied",
            "blame": Blame.ADAPTER,
        }
    )
    run = mixed.model_copy(update={"header": header, "footer": footer})
    assert "! INVALID : it lied blame: adapter Hint: try this" in plain(page([run]))


def test_the_page_opens_with_the_verdict_and_what_is_broken(late: Run) -> None:
    """Then what is broken, the specification, the clauses, and how it was checked."""
    html = page([late])
    marks = [
        'class="verdict-line"',
        'id="failures"',
        'id="sentences"',
        'id="matrix"',
        'id="checked"',
    ]
    places = [html.index(mark) for mark in marks]
    assert sorted(places) == places
    text = plain(html)
    assert "NON-CONFORMANT : an accept after the two minutes still starts" in text
    assert "24 The invitation is over two minutes after it was sent. EXPIRY-2" in text
    assert "No clause: it announces the two ways that follow." in text


def test_the_box_of_the_verdict_says_what_was_seen(late: Run, mixed: Run) -> None:
    """In the words of the step that failed; of several runs each has its own report."""
    cause = causes(late)[0]
    record = next(one for one in cause.records if one.message)
    seen, title = escape(record.message or ""), escape(record.title)
    assert f"<p><bdi>Seen: {seen}, in “{title}”</bdi>.</p>" in page([late])
    assert "Seen: " not in page([late, mixed])


def test_no_line_ends_within_the_id_of_a_clause(late: Run) -> None:
    """Where it stands in a sentence."""
    assert '(<span class="id">EXPIRY-2</span>)' in page([late])


def test_a_sentence_shows_its_verdict_without_colours_too(mixed: Run) -> None:
    """By a sign for eyes, and by a word for ears."""
    html = page([mixed])
    row = re.search(r'<li class="fail" id="sentence-24">.*?</summary>', html, re.DOTALL)
    assert row is not None
    assert '<b class="sign fail" aria-hidden="true">✗</b>' in row[0]
    assert '<span class="unseen">fail: </span>' in row[0]


def test_a_sentence_leads_to_its_clauses_and_these_to_failures(mixed: Run) -> None:
    """All in the page."""
    html = page([mixed])
    found = re.search(
        r"The invitation is over two minutes.*?</details>", html, re.DOTALL
    )
    assert found is not None
    links = re.findall(r'href="#([^"]*)"', found[0])
    assert [f"clause-expiry-{n}" for n in range(1, 7)] == [
        link for link in links if link.startswith("clause")
    ]
    assert ["run-1-failure-2", "run-1-failure-3"] == [
        link for link in links if link.startswith("run")
    ]


def test_several_runs_share_a_table_of_sentences(mixed: Run, late: Run) -> None:
    """With a column each, and a link for each that failed."""
    html = page([mixed, late])
    table = re.search(r'<table class="matrix sentences">.*?</table>', html, re.DOTALL)
    assert table is not None
    assert 26 == table[0].count('<th scope="row">')
    assert 52 == table[0].count('<td class="cell ')
    assert "what went wrong in <bdi>acme 2.3</bdi>" in table[0]


def test_sentences_of_another_suite_are_not_shown(mixed: Run) -> None:
    """A sentence says why; every link still leads somewhere."""
    old = mixed.model_copy(update={"clauses": mixed.clauses[1:]})
    html = page([old])
    assert OTHER_SUITE in plain(html)
    assert '<ol class="sentences">' not in html


def test_a_run_that_broke_off_is_not_praised_for_its_failures(mixed: Run) -> None:
    """It has none, as it tried nothing."""
    assert mixed.footer is not None
    footer = mixed.footer.model_copy(update={"verdict": RunVerdict.INVALID})
    run = mixed.model_copy(update={"footer": footer, "scenarios": ()})
    text = plain(page([run]))
    assert "Nothing: no scenario failed" not in text
    assert "did not try them all" in text


def test_every_link_leads_somewhere(mixed: Run, late: Run) -> None:
    """And no id is there twice."""
    html = page([mixed, late], ["a", "b"])
    ids = re.findall(r'\sid="([^"]*)"', html)
    links = re.findall(r'href="#([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert "run-2-failure-1" in links


def test_a_cell_with_a_failure_links_to_its_details(mixed: Run) -> None:
    """One that is in order leads nowhere."""
    html = page([mixed])
    row = re.search(r"<tr [^>]*>(?:(?!</tr>).)*EXPIRY-2.*?</tr>", html, re.DOTALL)
    assert row is not None
    assert 'href="#run-1-failure-2"' in row[0]
    row = re.search(r"<tr [^>]*>(?:(?!</tr>).)*EXPIRY-1.*?</tr>", html, re.DOTALL)
    assert row is not None
    assert "href" not in row[0]


def test_a_scenario_has_one_row(make_run: MakeRun, record: Record) -> None:
    """By its own record, whatever its values show about another clause."""
    own = record("EXPIRY-2", Verdict.PASS)
    fields = {"clauses": ("PENDING-7",), "verdict": Verdict.DEVIATION, "besides": True}
    html = page([make_run([own, own.model_copy(update=fields)])])
    assert html.count("1 of 1 passed") == 1


def test_what_passes_with_some_values_alone_is_told(
    make_run: MakeRun, record: Record
) -> None:
    """A scenario that passed is shown where others of its values were blocked."""
    own, failed = record("EXPIRY-2", Verdict.PASS), record("TILE-1", Verdict.FAIL)
    assert "1 scenario did not pass; each opens" in plain(page([make_run([failed])]))
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "NOTIFY-1", "besides": True}
    run = make_run([failed, own, own.model_copy(update=fields)])
    assert "2 scenarios did not pass with all values; each" in plain(page([run]))


def test_scenarios_that_could_not_be_tried_are_counted(
    make_run: MakeRun, record: Record
) -> None:
    """Each of them with its reason, which is elsewhere."""
    message = "blocked by PENDING-1: the change was refused"
    fields = {"blocked_by": "PENDING-1", "message": message}
    blocked = [
        record("SESSION-3", Verdict.BLOCKED, title=title).model_copy(update=fields)
        for title in ("a", "b")
    ]
    run = make_run([record("PENDING-1", title="c"), *blocked])
    told = plain(page([run]))
    assert "1 scenario did not pass; each opens to its steps" in told
    assert "2 scenarios could not be tried because of PENDING-1." in told
    assert 2 == told.count(message)
    beside = plain(page([run, run], ["a", "b"]))
    assert 2 == beside.count(": 2 scenarios could not be tried because of PENDING-1.")
    assert "could not be tried" not in plain(page([make_run([record("PENDING-1")])]))


def test_a_run_of_several_leads_to_its_own_report(mixed: Run) -> None:
    """Whatever its folder is called."""
    html = page([mixed, mixed], ['a "b"', "c"])
    assert 'href="./a%20%22b%22/report.html"' in html
    assert "report.html" not in page([mixed])


def test_the_text_and_the_level_of_a_clause_can_be_read_and_hovered(
    mixed: Run,
) -> None:
    """And what is required is marked."""
    html = page([mixed])
    clause = next(one for one in mixed.clauses if one.clause == "EXPIRY-2")
    assert f'<abbr title="EXPIRY-2, required: {clause.text}">EXPIRY-2</abbr>' in html
    assert f"<bdi>{clause.text}</bdi>" in html
    assert 45 == html.count('<tr class="required"')
    assert '<tr class="required" id="clause-expiry-2">' in html


def test_a_run_in_order_is_worth_reading(right: Run) -> None:
    """It shows that nothing failed, and lists what was tried."""
    html = page([right])
    assert "Nothing: no scenario failed" in plain(html)
    assert '<details class="failure' not in html
    for record in right.scenarios:
        assert f"<bdi>{record.title}</bdi>".replace("'", "&#39;") in html


def test_a_failure_opens_to_its_steps_and_its_picture(late: Run) -> None:
    """With messages and the command that repeats it; the first is open."""
    html = page([late])
    broken = [one for one in late.scenarios if one.verdict is not Verdict.PASS]
    assert len(broken) == html.count('<details class="failure')
    assert len(broken) == html.count('<svg class="scene"')
    assert 1 == html.count('<details class="failure fail" open>')
    text = plain(html)
    assert "expected no session, found Bob controlling Ada" in text
    assert "invitation.accept invitation=i1 ok" in text
    assert "again: invitelab check " in text


def test_runs_of_different_suites_are_not_compared_in_silence(
    mixed: Run, late: Run
) -> None:
    """The page warns; it does not for runs of one suite."""
    assert "! DIFFERENT SUITES" in page([mixed, late])
    assert "! DIFFERENT SUITES" not in page([late, late])


def test_a_run_without_an_end_can_be_shown(mixed: Run) -> None:
    """It is incomplete, and its failures are shown."""
    cut = mixed.model_copy(update={"footer": None, "clauses": ()})
    text = plain(page([cut]))
    assert "! INCOMPLETE : the run has no end" in text
    assert NOTHING_JUDGED in text
    assert "No clause was judged" in text
    assert "expected no session" in text


def test_nothing_a_target_says_is_markup(hostile: Run) -> None:
    """No element, no attribute, no script and no character that cannot be seen."""
    html = page([hostile, hostile])
    assert "<script" not in html
    assert not re.search(r"<[^>]*\sonload=", html)
    assert "&lt;/svg&gt;&lt;script&gt;" in html
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", html)


def test_the_page_loads_nothing(late: Run) -> None:
    """It forbids that to the browser, and has no address but the SVG's name."""
    html = page([late])
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert [] == re.findall(r"(?:src|href)=\"(?!#|\./)[^\"]*\"|url\(|@import", html)


def test_equal_runs_are_equal_pages(late: Run) -> None:
    """There is no time in them."""
    assert page([late]) == page([late])


def test_a_page_of_many_failures_stays_small(late: Run) -> None:
    """Four runs of sixty are at most three megabytes."""
    broken = next(one for one in late.scenarios if one.verdict is not Verdict.PASS)
    many = [broken.model_copy(update={"title": f"Title {n}"}) for n in range(60)]
    run = late.model_copy(update={"scenarios": tuple(many)})
    assert len(page([run] * 4).encode()) < 3_000_000
