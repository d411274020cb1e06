"""`explain` knows every word that a command or a page prints.

The words are collected from what is printed: heads of columns, labels, titles of charts
and sections in the published reports and in a page of a check; labels of the printed
blocks in README and docs; the lists of commands; and the words of the code itself.
"""

import html
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import click
import pytest

from invitelab import live
from invitelab.adapters.handshake import Capability
from invitelab.cli import commands, main
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.table import factors
from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import MutantStatus
from invitelab.formats.results import Outcome
from invitelab.formats.transcript import GLYPHS
from invitelab.reporting.common.signs import SCENARIO_SIGNS
from invitelab.reporting.conformance.differences import Change
from invitelab.reporting.conformance.sentences import Standing
from invitelab.reporting.load.live_page import LiveFrame, live_page
from invitelab.world.scenario.faults import METRICS

ROOT = Path(__file__).parents[2]
TITLES = re.compile(
    r"<(th scope=\"col\"[^>]*|dt[^>]*|h[23])>((?:(?!</?(?:th|dt|h[23])\b).)*)",
    re.DOTALL,
)
HEAD = re.compile(r"^\|[-:|]+$")
BLOCK = re.compile(r"<!-- prints:.*?-->\n```text\n(.*?)```", re.DOTALL)
LABEL = re.compile(r"^([A-Za-z][A-Za-z ]*?) {2,}\S")
CAPITALS = re.compile(r"\b[A-Z][A-Z]+\b")
OPTIONS_ARE = re.compile(r"  (?:-\w, )?--[\w-]+ ([A-Z][A-Z_]+)")


def known(words: Iterable[str]) -> list[str]:
    """Give the words that nothing explains."""
    return [word for word in sorted(set(words)) if word and not is_explained(word)]


def is_explained(word: str) -> bool:
    """Ask the command itself."""
    return 0 == main(["explain", "--", word])


def titles(text: str) -> Iterator[str]:
    """Give the heads of columns, terms and sections of a page."""
    for _, inner in TITLES.findall(text):
        told = re.sub(r"<bdi>.*?</bdi>|<[^>]+>", " ", inner, flags=re.DOTALL)
        words = " ".join(html.unescape(told).split())
        # A name of a run stands in <bdi>; below it is its verdict.
        yield words.split(" ", 1)[-1] if "<bdi>" in inner else words


def heads(text: str) -> Iterator[str]:
    """Give the heads of the tables and sections of a Markdown report."""
    lines = text.splitlines()
    for line, below in pairwise(lines):
        if HEAD.match(below):
            yield from (cell.strip() for cell in line.strip("|").split("|"))
        if line.startswith("## "):
            yield line.removeprefix("## ")


def labels(text: str) -> Iterator[str]:
    """Give what stands at the beginning of a line, apart from what follows."""
    return (found[1] for line in text.splitlines() if (found := LABEL.match(line)))


@pytest.mark.parametrize(
    "path",
    [
        one.relative_to(ROOT).as_posix()
        for name in ("report.*", "machine.html", "machine.md")
        for one in (ROOT / "reports").rglob(name)
    ],
)
def test_words_of_the_published_reports(path: str) -> None:
    """Columns, charts and sections, in the page and in Markdown."""
    text = (ROOT / path).read_text(encoding="utf-8")
    words = list(titles(text) if path.endswith(".html") else heads(text))
    assert len(words) > 1
    assert not known(words)


def test_words_of_the_report_of_a_check(tmp_path: Path) -> None:
    """In the page, and in Markdown."""
    target = "py:invitelab.proof.mutants:never_expires"
    main(["check", target, "--clause", "EXPIRY-2", "--output", str(tmp_path)])
    texts = [(tmp_path / f"report.{end}").read_text("utf-8") for end in ("html", "md")]
    words = [*titles(texts[0]), *heads(texts[1])]
    assert {"clause", "verdict", "What is broken", "resolution"} <= set(words)
    assert not known(words)


def test_words_of_the_page_of_a_run() -> None:
    """Its sections and columns, what its figures are called, and how it can end."""
    frame = LiveFrame(
        title="Desk",
        name="desk",
        summary="",
        size="",
        warm_up_us=0,
        duration_us=1,
        end_us=2,
    )
    page = live_page(frame)
    cards = re.findall(r"</b><span[^>]*>([^<]+)</span></li>", page)
    signs = re.findall(r"<b[^>]*>(?:! )?([^<-]+)</b>", page)
    script = Path(live.__file__).with_name("live.js").read_text("utf-8")
    states = re.findall(r'\? "(\w+)" : "(\w+)"', script)
    assert {"running", "NO ANSWER"} == set(signs)
    assert [("done", "ended")] == states
    assert 6 == len(cards)
    words = [*titles(page), *cards, *signs, *(word for pair in states for word in pair)]
    assert not known(words)


def test_labels_that_commands_print(capsys: pytest.CaptureFixture[str]) -> None:
    """As the executed blocks of the documents show them, and a few more commands."""
    texts = [
        block
        for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        for block in BLOCK.findall(path.read_text(encoding="utf-8"))
    ]
    for arguments in (["coverage"], ["clauses"], ["clauses", "TILE-1"], ["scenarios"]):
        assert 0 == main(arguments)
        texts.append(capsys.readouterr().out)
    words = {word for text in texts for word in labels(text)}
    assert {"report", "target", "suite", "triples", "repro"} & words
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.toml")}
    assert not known(words - shipped - {"million"})


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_commands_and_what_their_help_leaves_to_be_filled_in(name: str) -> None:
    """The name of the command, and the words in capitals behind its options."""
    command = commands.commands[name]
    with click.Context(command, info_name=name) as context:
        text = command.get_help(context)
    words = {name, *OPTIONS_ARE.findall(text)}
    usage = text.split("\n\n", 1)[0]
    words |= {word for word in CAPITALS.findall(usage) if word != "COMMAND"}
    assert not known(words - {"ARGS"})


WORDS: tuple[type[StrEnum], ...] = (
    Capability,
    Change,
    Depth,
    MutantStatus,
    Outcome,
    Standing,
)


@pytest.mark.parametrize("words", WORDS, ids=[one.__name__ for one in WORDS])
def test_words_of_the_code(words: type[StrEnum]) -> None:
    """Each in the spelling that is printed."""
    assert not known(word.value for word in words)


def test_metrics_and_signs_and_factors_and_values() -> None:
    """Metrics of objectives, signs of verdicts, and what scenarios leave open."""
    assert not known(METRICS)
    assert not known(GLYPHS.values())
    assert not known(SCENARIO_SIGNS.values())
    assert not known(factors())
    assert not known(value.name for some in factors().values() for value in some)


def test_clauses_are_explained_by_their_id() -> None:
    """And by their area."""
    ids = ["EXPIRY-2", "TILE-4"]
    assert set(ids) <= set(load())
    assert not known([*ids, "EXPIRY", "TILE"])


def test_a_word_that_nobody_prints_is_not_explained() -> None:
    """So that these tests can fail."""
    assert ["zebra crossing"] == known(["zebra crossing", "fail"])
