"""`invitelab coverage`: what a run would try, without a target."""

import re
from collections.abc import Sequence

import pytest

from invitelab.cli import main
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.lint import count
from invitelab.errors import ExitCode

Said = pytest.CaptureFixture[str]


def printed(capsys: Said, *words: str) -> list[str]:
    """Run the command, and give the lines of its output."""
    assert 0 == main(["coverage", *words])
    told = capsys.readouterr()
    assert "" == told.err
    return told.out.splitlines()


def section(lines: Sequence[str], name: str) -> dict[str, str]:
    """Give the values of a factor, each with what is said of it."""
    start = lines.index(name) + 1
    found: dict[str, str] = {}
    for line in lines[start:]:
        if not line.startswith("  "):
            break
        value, said = re.split(r"  +(?=[\d,]+$|left out$)", line.strip())
        found[value] = said
    return found


def test_what_a_run_tries_is_counted(capsys: Said) -> None:
    """By values, pairs, triples and clauses, of the depth that is standard."""
    first, runs, values, pairs, triples, clauses, empty, *_ = printed(capsys)
    assert "depth standard, seed 0" == first
    assert re.fullmatch(rf"{count()} scenarios, run [\d,]+ times", runs)
    every = sum(map(len, factors().values()))
    assert f"values   {every} of {every}" == values
    assert re.fullmatch(r"pairs    ([\d,]+) of \1", pairs)
    assert re.fullmatch(r"triples  [\d,]+ of [\d,]+ of the core factors", triples)
    words = "values that can matter to a clause"
    assert re.fullmatch(rf"clauses  ([\d,]+) of \1 {words}", clauses)
    assert "" == empty


def test_every_factor_is_shown_with_its_values(capsys: Said) -> None:
    """In the order of the file, each with the number of its uses."""
    lines = printed(capsys, "--depth", "quick")
    for name, values in factors().items():
        shown = section(lines, name)
        assert [value.name for value in values] == list(shown)
        assert all(int(number.replace(",", "")) > 0 for number in shown.values())


def test_the_rarest_pairs_come_last(capsys: Said) -> None:
    """Each with the number of times that it occurs."""
    lines = printed(capsys, "--depth", "quick")
    title, *pairs = lines[-6:]
    assert "pairs that occur the least" == title
    assert all(re.fullmatch(r"    0  .+: .+ and .+: .+", pair) for pair in pairs)


def test_what_a_target_declines_is_left_out(capsys: Said) -> None:
    """As it would be in a run of such a target."""
    lines = printed(capsys, "--depth", "quick", "--decline=popup", "--decline=alias")
    assert "left out" == section(lines, "where it is answered")["pop-up"]
    assert "left out" == section(lines, "way to invite")["icon by alias"]
    assert "left out" != section(lines, "way to invite")["tile in Favorites"]


def test_what_takes_too_long_in_real_time_is_left_out(capsys: Said) -> None:
    """And what leans on an interpretation."""
    lines = printed(capsys, "--depth", "quick", "--real")
    start = section(lines, "start")
    assert {"after 59 minutes", "after a day"} == {
        name for name, said in start.items() if said == "left out"
    }
    assert "left out" == section(lines, "history")["session running"]
    assert "left out" != section(lines, "history")["rejected"]


def test_a_seed_moves_the_rows(capsys: Said) -> None:
    """And is named; a seed that is drawn as well."""
    by_seed = {
        seed: printed(capsys, "--depth", "quick", "--seed", seed)
        for seed in ("0", "1", "random")
    }
    assert by_seed["0"] == printed(capsys, "--depth", "quick")
    assert by_seed["0"][1:] != by_seed["1"][1:]
    assert "depth quick, seed 1" == by_seed["1"][0]
    assert re.fullmatch(r"depth quick, seed \d+", by_seed["random"][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--decline", "allias"], "'allias' is no capability"),
        (["--seed", "-3"], '"-3" is no seed: that is a whole number from 0 to '),
        (["--seed", "1" * 40], " is no seed: that is a whole number from 0 to "),
        (["--depth", "shallow"], "'shallow' is not one of 'quick', 'standard', 'deep'"),
    ],
)
def test_a_mistake_gets_a_sentence_and_a_hint(
    capsys: Said, words: list[str], said: str
) -> None:
    """And nothing is printed."""
    assert ExitCode.USAGE == main(["coverage", *words])
    told = capsys.readouterr()
    assert "" == told.out
    sentence, hint = told.err.splitlines()
    assert sentence.startswith("invitelab: ")
    assert said in sentence
    assert hint.startswith("  hint: ")


def test_a_near_capability_is_guessed(capsys: Said) -> None:
    """All are named."""
    main(["coverage", "--decline", "allias"])
    assert 'hint: did you mean "alias"? known: menu, ' in capsys.readouterr().err
