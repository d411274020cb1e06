"""Every text of a record is text and no more in every view, whatever it holds."""

import re
import types
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin
from xml.etree import ElementTree as ET

import pytest
from pydantic import BaseModel, JsonValue
from rich.console import Console

from invitelab.formats.proof import Proof
from invitelab.formats.run import Exchange, Run
from invitelab.formats.walk_text import WALK
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.differences import differences
from invitelab.reporting.conformance.differences_terminal import print_differences
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page
from invitelab.reporting.conformance.side_by_side import print_repeats, print_runs
from invitelab.reporting.conformance.terminal import print_run
from invitelab.reporting.proof import markdown as proof_markdown
from invitelab.reporting.proof import page as proof_page
from invitelab.reporting.proof.matrix import matrix
from invitelab.reporting.proof.overview import overview_file
from invitelab.reporting.proof.terminal import print_proof
from invitelab.resources import suite_digest

FOREIGN = (
    "\x1b[31m\x1b]0;owned\x07\x00\x08\x9b2J\r\n# owned\n~~~~\n| a |\n"
    "<script>owned()</script><img src=x onerror=owned()>]]>&amp;"
    "[x](javascript:owned()) `owned` \u202egnp\u2066\u200f\ufeff\ufffe\ud800\u2028'\""
)
SEEN = re.compile(r"owned")
DIRTY = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

Path_ = tuple[str | int, ...]


# One record, and every place in it


def filled(kind: Any) -> Any:  # noqa: ANN401 - whatever a field is of
    """Make a value of a type: every text a word, every list one long."""
    if kind is JsonValue:
        return ["word"]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return filled(arguments[0])
    if origin is Literal:
        return arguments[-1]
    if origin in {Union, types.UnionType}:
        return filled(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        several = arguments[-1] is Ellipsis
        return tuple(map(filled, arguments[:1] if several else arguments))
    if origin in {dict, Mapping}:
        return {filled(arguments[0]): filled(arguments[1])}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        return kind(**{name: filled(field.annotation) for name, field in fields})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[1]  # of verdicts: a failure, which is shown in full
    return {str: "word", int: 1, bool: True}[kind]


def places(value: object, path: Path_ = ()) -> Iterator[Path_]:
    """Name every place in a document that holds a text of its own."""
    if type(value) is str:
        yield path
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if get_origin(field.annotation) is not Literal:  # no other is ever read
                yield from places(getattr(value, name), (*path, name))
    elif isinstance(value, tuple | list):
        for index, one in enumerate(cast("tuple[object, ...]", value)):
            yield from places(one, (*path, index))
    elif isinstance(value, dict):
        for key, one in cast("dict[str, object]", value).items():
            yield from places(one, (*path, key))


def changed(document: Any, path: Path_, text: str) -> Any:  # noqa: ANN401 - as above
    """Put a text at a place."""
    value: object = document
    if not path:
        return text
    first, *rest = path
    if isinstance(value, BaseModel):
        inner = changed(getattr(value, str(first)), tuple(rest), text)
        return value.model_copy(update={str(first): inner})
    if isinstance(value, tuple | list):
        items = tuple(cast("tuple[object, ...]", value))
        made = with_item(items, int(first), tuple(rest), text)
        return [*made] if isinstance(value, list) else made
    entries = cast("dict[str | int, object]", value)
    return {**entries, first: changed(entries[first], tuple(rest), text)}


def with_item(
    items: tuple[object, ...], index: int, rest: Path_, text: str
) -> tuple[object, ...]:
    """Put a text at a place below one of several."""
    item = changed(items[index], rest, text)
    return (*items[:index], item, *items[index + 1 :])


VIEW: dict[str, JsonValue] = {
    "notifications": [
        {"invitation": "word", "surface": "word", "from": {"id": "word"}}
    ],
    "invitations": [
        {"invitation": "word", "to": "word", "profile": "word", "state": "word"}
    ],
    "sessions": [
        {"session": "word", "host": "word", "guest": "word", "permissions": ["word"]}
    ],
    "requests": [{"from": "word"}],
}
ENTRIES: list[JsonValue] = [{"entry": "word", "contact": "word"}]
CALLED = filled(Exchange).model_copy(update={"outcome": "ok"})
EXCHANGES = tuple(
    CALLED.model_copy(update=fields)
    for fields in (
        {"method": "client.view", "result": VIEW},
        {"method": "client.menu", "result": {"entries": ENTRIES}},
        {"method": "invitation.send", "result": {"invitation": "word"}},
        {
            "method": "invitation.email",
            "result": {"opened_with": "word", "text": "word"},
        },
        {"method": "session.permit", "params": {"permission": "word"}},
        {"outcome": "refused"},
        {"outcome": "broken"},
    )
)
"""Every way in which a view makes words of an exchange."""


def sample() -> Run:
    """Make a run in which every field has a text, of this suite."""
    run: Run = filled(Run)
    counted = ("required", "interpretation")
    totals = dict.fromkeys(
        ["clauses", "not applicable", "untested", "scenarios", "runs", *counted]
        + [f"{one} passed" for one in counted],
        1,
    )
    assert run.footer is not None
    (record,) = run.scenarios
    (step,) = record.steps
    step = step.model_copy(update={"exchanges": EXCHANGES})
    record = record.model_copy(update={"steps": (step,)})
    return run.model_copy(
        update={
            "scenarios": (record,),
            "header": run.header.model_copy(update={"suite": suite_digest()}),
            "footer": run.footer.model_copy(update={"totals": totals}),
        }
    )


SAMPLE = sample()
PLACES = list(places(SAMPLE))
EACH = pytest.mark.parametrize(
    "path", PLACES, ids=[".".join(map(str, p)) for p in PLACES]
)


def printed(run: Run) -> str:
    """Print everything that a terminal shows of a run."""
    screen = StringIO()
    console = Console(file=screen, width=4000, color_system=None)
    print_run(console, run, stored=Path("x"))
    print_runs(console, [run, SAMPLE], stored=Path("x"))
    print_repeats(console, [[run, SAMPLE]])
    print_differences(console, differences(SAMPLE, run), ("a", "b"))
    return screen.getvalue()


def dirt(text: str) -> set[str]:
    """Name the characters that move, hide or break text, but for the end of a line."""
    return {
        f"U+{ord(char):04X}"
        for char in text
        if char != "\n" and unicodedata.category(char) in DIRTY
    }


def test_the_sample_has_every_field_that_there_is() -> None:
    """Some of header, exchanges, absences, clauses and the end among them."""
    assert {
        ("header", "target"),
        ("header", "declined", "word"),
        ("scenarios", 0, "steps", 0, "exchanges", 0, "result", "requests", 0, "from"),
        ("scenarios", 0, "steps", 0, "exchanges", 5, "reason"),
        ("scenarios", 0, "steps", 0, "table", 0, 0),
        ("scenarios", 0, "absent", "what"),
        ("clauses", 0, "clause"),
        ("footer", "stale_entries", 0, "sentence"),
    } <= set(PLACES)


def test_a_document_without_foreign_text_is_shown_as_it_is() -> None:
    """The same object: nothing is copied for nothing."""
    assert safe_document(SAMPLE) is SAMPLE


@EACH
def test_xml_stays_xml(path: Path_) -> None:
    """And has no element of a record."""
    run = changed(SAMPLE, path, FOREIGN)
    for text in (junit(run), comparison_junit([run, SAMPLE])):
        root = ET.fromstring(text)  # noqa: S314 - our own document
        assert "testsuites" == root.tag
        assert set() == {one.tag for one in root.iter()} & {"script", "img"}
        assert set() == dirt(text)


def outside_code(text: str) -> str:
    """Leave out of Markdown what is shown as it is, and what folds up a part."""
    outside = "".join("".join(text.split("\n~~~~")[::2]).split("`")[::2])
    return FOLDS.sub("", outside)


FOLDS = re.compile(r"^(?:<details><summary>|</details>$)|</summary>$", re.MULTILINE)


@EACH
def test_markdown_has_no_html_and_no_hidden_character(path: Path_) -> None:
    """Nor does a word end what is shown as it is, or begin a heading or a link."""
    run = changed(SAMPLE, path, FOREIGN)
    for text in (markdown(run), comparison_markdown([run, SAMPLE])):
        assert set() == dirt(text)
        assert 0 == text.count("\n~~~~") % 2
        assert "<" not in outside_code(text)
        assert "\n# owned" not in outside_code(text)
        assert re.search(r"(?<!\\)\]\(", outside_code(text)) is None


@EACH
def test_a_terminal_gets_no_escape(path: Path_) -> None:
    """However a run is shown: alone, side by side, again, or compared."""
    assert set() == dirt(printed(changed(SAMPLE, path, FOREIGN)))


class Tags(HTMLParser):
    """Collects what a browser would take for an element or a handler."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the name, and those of its handlers."""
        self.found.add(tag)
        self.found |= {name for name, _ in attrs if name.startswith("on")}


@EACH
def test_a_page_has_no_element_of_a_record(path: Path_) -> None:
    """Nor a hidden character."""
    text = page([changed(SAMPLE, path, FOREIGN)])
    tags = Tags()
    tags.feed(text)
    assert set() == tags.found & {"script", "img", "onerror"}
    assert set() == dirt(text)


@EACH
def test_messages_can_be_made_of_any_record(path: Path_) -> None:
    """Of another suite there are none."""
    lines = messages(changed(SAMPLE, path, FOREIGN))
    assert (lines is None) == (path == ("header", "suite"))
    assert set() == dirt(lines or "")


def test_a_walk_with_foreign_words_can_be_told() -> None:
    """Its example is a part of the command that repeats it."""
    path: Path_ = ("scenarios", 0, "example")
    run = changed(changed(SAMPLE, ("scenarios", 0, "feature"), WALK), path, FOREIGN)
    assert SEEN.search(printed(run))
    assert SEEN.search(page([run]))


# Proofs


def proof_with(text: str, path: Path_ | None = None) -> Proof:
    """Make a proof with a text at a place; None: as the name of its only clause."""
    proof: Proof = filled(Proof)
    mutants = [one.model_copy(update={"killers": (0,)}) for one in proof.mutants]
    proof = proof.model_copy(update={"redundant": (0,), "mutants": tuple(mutants)})
    for place in NAMES if path is None else [path]:
        proof = changed(proof, place, text)
    return proof


NAMES: list[Path_] = [
    ("clauses", 0, "clause"),
    ("mutants", 0, "clause"),
    ("mutants", 0, "failing_clauses", 0),
]
"""Where a proof names its only clause: these have to agree."""

PROOF_PLACES = [None, *(p for p in places(proof_with("")) if p not in NAMES)]


@pytest.mark.parametrize(
    "path", PROOF_PLACES, ids=[".".join(map(str, p or ["names"])) for p in PROOF_PLACES]
)
def test_a_proof_is_text_in_every_view(path: Path_ | None) -> None:
    """For people, on a terminal, as a page and as a picture."""
    proof = proof_with(FOREIGN, path)
    screen = StringIO()
    console = Console(file=screen, width=4000, color_system=None)
    print_proof(console, proof, stored=Path("x"))
    text = proof_markdown.markdown(proof)
    views = {
        "terminal": screen.getvalue(),
        "markdown": text,
        "page": proof_page.page(proof),
        "picture": overview_file(matrix(proof)),
    }
    assert {name: set[str]() for name in views} == {
        name: dirt(text) for name, text in views.items()
    }
    assert "<" not in outside_code(text)
    assert "svg" in ET.fromstring(views["picture"]).tag  # noqa: S314 - our own
    tags = Tags()
    tags.feed(views["page"])
    assert set() == tags.found & {"script", "img", "onerror"}
