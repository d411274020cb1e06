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


def test_a_proof_is_told_with_all_its_figures(proven: Proof) -> None:
    """The verdict first."""
    text = plain(page(proven))
    assert "The suite is proven" in text
    for words in (
        "✓ PROVEN every required clause",
        "114/115 mutants killed by their own clause",
        "42/43 required clauses: every mutant killed",
        "0 false failures among 2 right implementations",
        "1/1 implementations that do nothing are red",
        "1/1 other ways to the same verdicts",
        f"114/{len(proven.scenarios)} scenarios kill a mutant",
    ):
        assert words in text


def test_who_was_excused_is_told_with_the_reason(proven: Proof) -> None:
    """In the table of survivors, which is not red."""
    html = page(proven)
    assert "saint PLATFORM-1 does it wrong ~ excused nobody can see it" in plain(html)
    assert [] == amiss(html)


def test_where_none_survives_it_says_so(proven: Proof) -> None:
    """In place of a table."""
    mutants = [one for one in proven.mutants if one.name != "saint"]
    text = plain(page(proven.model_copy(update={"mutants": tuple(mutants)})))
    assert "None: every mutant is killed by a scenario" in text


def test_what_is_wrong_is_on_top_and_marked_in_its_table(doubtful: Proof) -> None:
    """Every complaint, and every row behind one."""
    html = page(doubtful)
    text = plain(html)
    assert "The suite is not proven" in text
    assert f"✗ NOT PROVEN {len(doubtful.complaints)} of what must be so are" in text
    for complaint in doubtful.complaints:
        assert text.index(complaint) < text.index("Kill rate by area")
    survivors = ["sinner-3", "sinner-4", "sinner-5"]
    wrong = [*survivors, "null", "odd", "other", "tcp", *survivors]
    assert sorted(wrong) == sorted(amiss(html))


def test_every_part_is_listed(doubtful: Proof) -> None:
    """Mutants, floor, panel, identity and idle scenarios, by name."""
    text = plain(page(doubtful))
    parts = (doubtful.mutants, doubtful.floor, doubtful.panel)
    names = [part.name for of_kind in parts for part in of_kind]
    assert [] == [name for name in names if name not in text]
    titles = [doubtful.scenarios[place].title for place in doubtful.idle]
    html = page(doubtful).replace("&#39;", "'").replace("&#34;", '"')
    assert [] == [title for title in titles if f"<bdi>{title}</bdi>" not in html]


def test_without_idle_scenarios_it_says_so(proven: Proof) -> None:
    """There is nothing to open."""
    text = plain(page(proven.model_copy(update={"idle": ()})))
    assert "Rows of an outline count one by one. None." in text


def test_every_link_leads_somewhere(proven: Proof) -> None:
    """And no id is there twice."""
    html = page(proven)
    ids = re.findall(r'\sid="([^"]*)"', html)
    links = re.findall(r'href="#([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_the_page_asks_nobody_for_anything(doubtful: Proof) -> None:
    """Nor has it a script."""
    html = page(doubtful)
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


def test_equal_proofs_are_equal_pages(doubtful: Proof) -> None:
    """There is no time in them."""
    assert page(doubtful) == page(doubtful.model_copy())


def test_a_scenario_is_named_with_its_place(proven: Proof) -> None:
    """And with its row of an outline."""
    place = proven.scenarios[0].model_copy(
        update={"feature": "f", "line": 3, "title": "It", "example": None}
    )
    assert "f:3 It" == where(place)
    assert "f:3 It [a]" == where(place.model_copy(update={"example": "a"}))
