"""A proof as Markdown: the same figures, and no character that means anything."""

import re

from invitelab.formats.proof import Proof
from invitelab.reporting.common.markdown import plain
from invitelab.reporting.proof.markdown import markdown
from invitelab.reporting.proof.summary import lines


def test_the_verdict_and_the_figures_come_first(proven: Proof) -> None:
    """Without findings there is no such section."""
    head = markdown(proven).partition("## ")[0]
    assert head.startswith("# PROVEN\n")
    assert [] == [line for line in lines(proven) if f"- {plain(line)}\n" not in head]
    assert "## Findings" not in markdown(proven)


def test_the_findings_follow(failed_proof: Proof) -> None:
    """All of it."""
    text = markdown(failed_proof)
    assert text.startswith("# NOT PROVEN\n")
    told = text.partition("## Findings\n\n")[2].partition("\n\n")[0]
    assert [f"- {plain(one)}" for one in failed_proof.findings] == told.splitlines()


def test_survivors_stand_with_their_reasons(failed_proof: Proof) -> None:
    """One row each."""
    part = markdown(failed_proof).partition("## Survivors")[2].partition("## ")[0]
    row = "| waived-mutant | PLATFORM-1 | does it wrong | waived | not observable |"
    assert row in part
    assert 4 == sum(line.endswith(" |") for line in part.splitlines()) - 1


def test_where_none_survives_it_says_so(proven: Proof) -> None:
    """In place of a table."""
    mutants = [one for one in proven.mutants if one.name != "waived-mutant"]
    text = markdown(proven.model_copy(update={"mutants": tuple(mutants)}))
    assert "## Survivors\n\nNone: every mutant" in text


def test_every_part_has_its_row(failed_proof: Proof) -> None:
    """Mutants, null implementations, conforming variants, transports."""
    text = markdown(failed_proof)
    parts = (
        failed_proof.mutants,
        failed_proof.null_implementations,
        failed_proof.conforming_variants,
    )
    names = [part.name for of_kind in parts for part in of_kind]
    assert [] == [name for name in names if f"| {plain(name)} |" not in text]
    assert "| tcp | no | 2 |" in text


def test_tables_are_whole(failed_proof: Proof) -> None:
    """Each row has as many cells as the one above."""
    counts: list[int] = []
    for line in markdown(failed_proof).splitlines():
        if line.startswith("|"):
            counts.append(len(re.findall(r"(?<!\\)\|", line)))
            assert counts[0] == counts[-1]
        else:
            counts = []


def test_scenarios_are_told_that_kill_alone_and_that_kill_none(proven: Proof) -> None:
    """Or that there are none."""
    text = markdown(proven)
    assert 34 == len(re.findall(r"(?m)^- [A-Z]+-\d+: features/", text))
    assert len(proven.redundant) == len(re.findall(r"(?m)^  - features/", text))
    bare = proven.model_copy(update={"redundant": (), "clauses": ()})
    assert 2 == markdown(bare).count("\n\nNone.\n")
