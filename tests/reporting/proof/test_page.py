"""The page of a proof: everything there, everything linked, nothing asked for."""

import re

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.page import page, where


def plain(html: str) -> str:
    """Leave the words alone."""
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(words.split())


def amiss(html: str) -> list[str]:
    """Give the first words of every row that is marked as wrong."""
    return re.findall(r'<tr class="amiss"><td>([^<]*)', html)


def test_a_page_has_all_figures(proven: Proof) -> None:
    """The verdict first."""
    text = plain(page(proven))
    assert "The suite is proven" in text
    for words in (
        "✓ PROVEN every required clause",
        "124/125 mutants killed by their own clause",
        "44/45 required clauses: every mutant killed",
        "0 false failures among 2 conforming variants",
        "1/1 null implementations rejected",
        "1/1 transports with the same records",
        f"124/{len(proven.scenarios)} scenarios kill a mutant",
    ):
        assert words in text


def test_a_waived_mutant_has_its_reason(proven: Proof) -> None:
    """In the table of survivors, where it is not marked as wrong."""
    html = page(proven)
    assert "waived-mutant PLATFORM-1 does it wrong ~ waived not observable" in plain(
        html
    )
    assert [] == amiss(html)


def test_where_none_survives_it_says_so(proven: Proof) -> None:
    """In place of a table."""
    mutants = [one for one in proven.mutants if one.name != "waived-mutant"]
    text = plain(page(proven.model_copy(update={"mutants": tuple(mutants)})))
    assert "None: every mutant is killed by a scenario" in text


def test_what_is_wrong_is_on_top_and_marked_in_its_table(failed_proof: Proof) -> None:
    """Every finding, and every row behind one."""
    html = page(failed_proof)
    text = plain(html)
    assert "The suite is not proven" in text
    assert f"✗ NOT PROVEN {len(failed_proof.findings)} findings" in text
    for finding in failed_proof.findings:
        assert text.index(finding) < text.index("Kill rate by area")
    survivors = ["mutant-4", "mutant-5", "mutant-6"]
    wrong = [*survivors, "null", "odd", "other", "tcp", *survivors]
    assert sorted(wrong) == sorted(amiss(html))


def test_every_part_is_listed(failed_proof: Proof) -> None:
    """Mutants, null implementations, variants and redundant scenarios, by name."""
    text = plain(page(failed_proof))
    parts = (
        failed_proof.mutants,
        failed_proof.null_implementations,
        failed_proof.conforming_variants,
    )
    names = [part.name for of_kind in parts for part in of_kind]
    assert [] == [name for name in names if name not in text]
    titles = [failed_proof.scenarios[place].title for place in failed_proof.redundant]
    html = page(failed_proof).replace("&#39;", "'").replace("&#34;", '"')
    assert [] == [title for title in titles if f"<bdi>{title}</bdi>" not in html]


def test_without_redundant_scenarios_it_says_so(proven: Proof) -> None:
    """There is nothing to open."""
    text = plain(page(proven.model_copy(update={"redundant": ()})))
    assert "Each row of an outline counts as a scenario. None." in text


def test_every_link_leads_somewhere(proven: Proof) -> None:
    """And no id is there twice."""
    html = page(proven)
    ids = re.findall(r'\sid="([^"]*)"', html)
    links = re.findall(r'href="#([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_the_page_asks_nobody_for_anything(failed_proof: Proof) -> None:
    """Nor has it a script."""
    html = page(failed_proof)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert [] == re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import|<script", html)


def test_words_are_text(proven: Proof) -> None:
    """A message of a mutant means nothing to the browser."""
    hostile = "</td><script>alert(1)</script>\x1b\u202e"
    first, *rest = proven.mutants
    said = first.model_copy(update={"message": hostile, "name": hostile})
    html = page(proven.model_copy(update={"mutants": (said, *rest)}))
    assert "<script" not in html
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", html)


def test_equal_proofs_are_equal_pages(failed_proof: Proof) -> None:
    """There is no time in them."""
    assert page(failed_proof) == page(failed_proof.model_copy())


def test_a_scenario_is_named_with_its_place(proven: Proof) -> None:
    """And with its row of an outline."""
    place = proven.scenarios[0].model_copy(
        update={"feature": "f", "line": 3, "title": "It", "example": None}
    )
    assert "f:3 It" == where(place)
    assert "f:3 It [a]" == where(place.model_copy(update={"example": "a"}))
