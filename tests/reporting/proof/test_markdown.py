"""A proof as Markdown: the same figures, and no character that means anything."""

import re

from invitelab.formats.proof import Proof
from invitelab.reporting.common.markdown import plain
from invitelab.reporting.proof.markdown import markdown
from invitelab.reporting.proof.summary import lines


def test_the_verdict_and_the_figures_come_first(proven: Proof) -> None:
    """Without complaints nothing is called wrong."""
    head = markdown(proven).partition("## ")[0]
    assert head.startswith("# PROVEN\n")
    assert [] == [line for line in lines(proven) if f"- {plain(line)}\n" not in head]
    assert "## Wrong" not in markdown(proven)


def test_what_is_wrong_follows(doubtful: Proof) -> None:
    """All of it."""
    text = markdown(doubtful)
    assert text.startswith("# NOT PROVEN\n")
    told = text.partition("## Wrong\n\n")[2].partition("\n\n")[0]
    assert [f"- {plain(one)}" for one in doubtful.complaints] == told.splitlines()


def test_survivors_stand_with_their_reasons(doubtful: Proof) -> None:
    """One row each."""
    part = markdown(doubtful).partition("## Survivors")[2].partition("## ")[0]
    row = "| saint | PLATFORM-1 | does it wrong | excused | nobody can see it |"
    assert row in part
    assert 4 == sum(line.endswith(" |") for line in part.splitlines()) - 1


def test_where_none_survives_it_says_so(proven: Proof) -> None:
    """In place of a table."""
    mutants = [one for one in proven.mutants if one.name != "saint"]
    text = markdown(proven.model_copy(update={"mutants": tuple(mutants)}))
    assert "## Survivors\n\nNone: every mutant" in text


def test_every_part_has_its_row(doubtful: Proof) -> None:
    """Mutants, floor, panel, identity."""
    text = markdown(doubtful)
    parts = (doubtful.mutants, doubtful.floor, doubtful.panel)
    names = [part.name for of_kind in parts for part in of_kind]
    assert [] == [name for name in names if f"| {plain(name)} |" not in text]
    assert "| tcp | no | 2 |" in text


def test_tables_are_whole(doubtful: Proof) -> None:
    """Each row has as many cells as the one above."""
    counts: list[int] = []
    for line in markdown(doubtful).splitlines():
        if line.startswith("|"):
            counts.append(len(re.findall(r"(?<!\\)\|", line)))
            assert counts[0] == counts[-1]
        else:
            counts = []


def test_scenarios_are_told_that_kill_alone_and_that_kill_none(proven: Proof) -> None:
    """Or that there are none."""
    text = markdown(proven)
    assert 28 == len(re.findall(r"(?m)^- [A-Z]+-\d+: features/", text))
    assert len(proven.idle) == len(re.findall(r"(?m)^  - features/", text))
    bare = proven.model_copy(update={"idle": (), "clauses": ()})
    assert 2 == markdown(bare).count("\n\nNone.\n")
