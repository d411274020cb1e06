"""Texts with markup or control characters are shown as text in every report."""

import re
import sys
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import Blame
from invitelab.formats.run import Run, RunVerdict, Verdict
from invitelab.reporting.conformance.terminal import print_run

HERE = Path(__file__).parent
CLAUSES = {"NOTIFY-4", "PENDING-2", "PENDING-6", "EMAIL-3", "SESSION-3", "DIRECT-9"}


class Judged(Protocol):
    """A run that was read back, and where its reports are."""

    @property
    def run(self) -> Run:
        """Everything that is known of it."""
        ...

    @property
    def folder(self) -> Path:
        """The reports."""
        ...


Judge = Callable[..., Judged]
FindDirt = Callable[[str], list[str]]


def chosen(pickle: Pickle) -> bool:
    """Whether a scenario is one of a few in which much is said."""
    return bool(pickle.scenario.tags & CLAUSES)


@pytest.fixture(scope="module")
def nasty(
    judge_it: Judge, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Judged]:
    """Judge the nasty adapter, when it is right and when it is wrong."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(HERE)
        patch.setattr(sys, "path", [str(HERE), *sys.path])
        return {
            name: judge_it(
                Target.parse(f"py:nasty:{name}"),
                tmp_path_factory.mktemp(name),
                wanted=chosen,
            )
            for name in ("right", "wrong", "unable")
        }


EACH = pytest.mark.parametrize("name", ["right", "wrong", "unable"])


def test_words_that_are_allowed_change_no_verdict(nasty: Mapping[str, Judged]) -> None:
    """Ids, reasons, emails and names are the implementation's own."""
    run = nasty["right"].run
    assert run.scenarios
    assert [] == [r.title for r in run.scenarios if r.verdict is not Verdict.PASS]


def test_words_that_are_wrong_are_the_implementations(
    nasty: Mapping[str, Judged],
) -> None:
    """They are compared like any others, and the implementation is to blame."""
    run = nasty["wrong"].run
    assert run.footer is not None
    assert RunVerdict.NON_CONFORMANT is run.footer.verdict
    blamed = {record.blame for record in run.scenarios}
    assert set[Blame]() == blamed & {Blame.HARNESS, Blame.ADAPTER, Blame.ENVIRONMENT}


@EACH
def test_no_report_has_a_character_that_is_not_seen(
    nasty: Mapping[str, Judged], find_dirt: FindDirt, name: str
) -> None:
    """Nothing moves a cursor, turns text around or ends a line."""
    files = sorted(nasty[name].folder.iterdir())
    found = {path.name: find_dirt(path.read_text(encoding="utf-8")) for path in files}
    assert {path.name: list[str]() for path in files} == found
    assert "run.jsonl" in found


@EACH
def test_nothing_unseen_reaches_a_terminal(
    nasty: Mapping[str, Judged], find_dirt: FindDirt, name: str
) -> None:
    """Whether the verdict is short or the story is long."""
    screen = StringIO()
    console = Console(file=screen, width=150, color_system=None)
    print_run(console, nasty[name].run, stored=Path("run.jsonl"))
    assert [] == find_dirt(screen.getvalue())
    assert "owned" in screen.getvalue()


def test_junit_has_the_texts_as_text(nasty: Mapping[str, Judged]) -> None:
    """It is XML, and in it the words are what they were."""
    text = (nasty["wrong"].folder / "junit.xml").read_text(encoding="utf-8")
    document = ET.fromstring(text)  # noqa: S314 - our own document
    messages = [entry.get("message", "") for entry in document.iter("failure")]
    assert any("<script>alert('owned')</script>" in message for message in messages)
    assert [] == list(document.iter("script"))


def outside_fences(text: str) -> str:
    """Leave out of a Markdown report what is shown as it is."""
    return "".join(text.split("~~~~")[::2])


@pytest.mark.parametrize("name", ["wrong", "unable"])
def test_markdown_has_no_tags(nasty: Mapping[str, Judged], name: str) -> None:
    """Outside of what is shown as it is, no word opens one, nor a link or a heading."""
    text = (nasty[name].folder / "report.md").read_text(encoding="utf-8")
    assert 0 == text.count("\n~~~~") % 2
    ours = re.compile(
        r"^(<details><summary>[^<>]*</summary>|</details>)$", re.MULTILINE
    )
    spans = ours.sub("", "".join(outside_fences(text).split("`")[::2]))
    assert ("owned" in spans) == (name == "unable")
    assert "<" not in spans
    assert re.search(r"(?<!\\)\](?:\(|\\\()", spans) is None
    assert "\n# owned" not in text


class Tags(HTMLParser):
    """Collects what a browser would take for an element or a handler."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the name, and those of what it would run or load."""
        self.found.add(tag)
        self.found |= {name for name, _ in attrs if name.startswith("on")}
        self.found |= {f"src={value}" for name, value in attrs if name == "src"}


def test_a_page_has_no_elements_of_the_targets(nasty: Mapping[str, Judged]) -> None:
    """Whatever pages there are: no script, no picture, no handler."""
    for path in nasty["wrong"].folder.glob("*.html"):
        tags = Tags()
        tags.feed(path.read_text(encoding="utf-8"))
        assert set[str]() == tags.found & {"script", "img", "onerror", "src=x"}


# Whatever is answered

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=5,
)


class Mutating(Reference):
    """The reference, one of whose answers has something else somewhere in it."""

    def __init__(self, call: int, path: list[int], instead: Json) -> None:
        super().__init__()
        self.call = call
        self.path = path
        self.instead = instead

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count, and change the answer when it is time."""
        answer = super().request(method, params)
        self.call -= 1
        return self.changed(answer, self.path) if self.call == 0 else answer

    def changed(self, value: Json, path: list[int]) -> Json:
        """Follow the path as far as there is one, and put the other thing there."""
        if not path or not isinstance(value, dict | list) or not value:
            return self.instead
        first, *rest = path
        if isinstance(value, list):
            at = first % len(value)
            return [*value[:at], self.changed(value[at], rest), *value[at + 1 :]]
        key = list(value)[first % len(value)]
        return {**value, key: self.changed(value[key], rest)}


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    call=st.integers(1, 18),
    path=st.lists(st.integers(0, 9), max_size=4),
    instead=values,
)
def test_any_wrong_answer_is_blamed_on_the_target(
    judge_it: Judge,
    find_dirt: FindDirt,
    tmp_path_factory: pytest.TempPathFactory,
    *,
    call: int,
    path: list[int],
    instead: Json,
) -> None:
    """The run has an end, nothing is our fault, and every report can be read."""
    adapter = Mutating(call, path, instead)
    judged = judge_it(
        InProcessTarget(adapter), tmp_path_factory.getbasetemp() / "mutated"
    )
    (record,) = judged.run.scenarios
    assert judged.run.footer is not None
    assert Blame.HARNESS not in {record.blame, judged.run.footer.blame}
    text = (judged.folder / "junit.xml").read_text(encoding="utf-8")
    assert "testsuites" == ET.fromstring(text).tag  # noqa: S314 - our own document
    assert [] == find_dirt(text)
