"""A run file is read back as it was written, or not at all."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.run import (
    MOST_MS,
    Exchange,
    Header,
    Run,
    RunVerdict,
    digest,
    dump,
    read,
    schema,
)
from invitelab.protocol.policy import LIFETIME_US, Policy


def written(path: Path) -> Path:
    """Write a run with a failure and a deviation in it, last scenario first."""
    policy = Policy(lifetime_us=LIFETIME_US + 2_000_000)
    target = InProcessTarget(Reference(policy=policy))
    engine = Engine(target, path, plan=NO_PLAN)
    for clause in ("EXPIRY-6", "EXPIRY-2"):
        for pickle in reversed([*pickles(clause)]):
            engine.run(pickle)
    engine.finish(selected_all=False)
    return path


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one run for all tests."""
    return written(tmp_path_factory.mktemp("run") / "run.jsonl")


@pytest.fixture(scope="module")
def lines(original: Path) -> list[str]:
    """Give its lines."""
    return original.read_text("utf-8").splitlines()


def refused(path: Path) -> str:
    """Give the sentence with which a file is refused."""
    with pytest.raises(UsageError) as caught:
        read(path)
    assert ExitCode.USAGE == caught.value.code
    assert caught.value.hint
    return str(caught.value)


def write(path: Path, lines: list[str]) -> Path:
    """Write these lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


# Whole files


def test_a_run_is_read_back_as_it_was_written(original: Path, lines: list[str]) -> None:
    """Line by line, to the byte; only scenarios may be in another order."""
    run = read(original)
    assert run.footer is not None
    records = [run.header, *run.scenarios, *run.clauses, run.footer]
    texts = [dump(record) for record in records]
    assert sorted(lines) == sorted(texts)
    ends = slice(1 + len(run.scenarios), None)
    assert (lines[0], lines[ends]) == (texts[0], texts[ends])


def test_scenarios_are_read_in_the_order_of_the_suite(
    original: Path, lines: list[str]
) -> None:
    """Whatever the order in which they were run."""
    told = [json.loads(line) for line in lines]
    as_run = [line["place"] for line in told if line["record"] == "scenario"]
    assert sorted(as_run) != as_run
    assert sorted(as_run) == [record.place for record in read(original).scenarios]


def test_a_run_says_what_became_of_it(original: Path) -> None:
    """In its footer."""
    footer = read(original).footer
    assert footer is not None
    assert (RunVerdict.NON_CONFORMANT, 1, "EXPIRY-2") == (
        footer.verdict,
        footer.exit_code,
        footer.reason,
    )


def test_the_footer_seals_the_whole_file(lines: list[str]) -> None:
    """Its sha256 is that of all lines, the last one with nothing in its place."""
    sealed = json.loads(lines[-1])
    unsealed = lines[-1].replace(sealed["sha256"], "")
    assert digest([*lines[:-1], unsealed]) == sealed["sha256"]


def test_line_ends_do_not_count(tmp_path: Path, original: Path) -> None:
    """Somebody's editor or checkout may have changed them."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(original.read_bytes().replace(b"\n", b"\r\n"))
    assert read(original) == read(path)


def test_every_line_fits_the_published_schema(lines: list[str]) -> None:
    """So that others can read it."""
    validator = jsonschema.Draft202012Validator(schema())
    for line in lines:
        validator.validate(json.loads(line))  # pyright: ignore[reportUnknownMemberType]


def test_a_line_is_ascii_with_its_kind_first() -> None:
    """Whatever is in it: no reader can split it or misread it."""
    line = dump(Header(harness="invitelab 0", suite="0", target="ü\u2028"))
    assert line.isascii()
    assert line.startswith('{"record":"header","format":4,')
    assert 'target":"\\u00fc\\u2028' in line


# Files that were cut


def test_a_run_without_its_footer_is_incomplete(
    tmp_path: Path, lines: list[str]
) -> None:
    """Everything else is there."""
    run = read(write(tmp_path / "run.jsonl", lines[:-1]))
    assert (None, 79) == (run.footer, len(run.clauses))


def test_a_line_that_was_cut_is_named(tmp_path: Path, lines: list[str]) -> None:
    """By its number."""
    path = write(tmp_path / "run.jsonl", [*lines[:4], lines[4][:99]])
    assert refused(path).startswith(f"{path} is damaged: line 5: Invalid JSON")


def test_a_last_line_that_was_being_written_is_left_out(
    tmp_path: Path, lines: list[str]
) -> None:
    """Whoever wrote it was stopped: the run is incomplete, and not damaged."""
    path = write(tmp_path / "run.jsonl", lines[:4])
    with path.open("a", encoding="utf-8") as stream:
        stream.write(lines[4][:99])
    run = read(path)
    assert (3, None) == (len(run.scenarios), run.footer)


@pytest.mark.parametrize("text", ["", "\n", "[]\n", '{"record":"step"}\n', "hello\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """In one sentence."""
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    sentence = refused(path)
    assert sentence.startswith(str(path))
    assert "\n" not in sentence


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """What is not there, what is a folder, and what is no text."""
    (tmp_path / "bytes").write_bytes(b"\xff\xff")
    assert f"{tmp_path / 'nothing'} does not exist" == refused(tmp_path / "nothing")
    assert f"{tmp_path} is a folder, not a file" == refused(tmp_path)
    assert refused(tmp_path / "bytes").endswith("bytes is not UTF-8 text (byte 0)")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (0, "it does not begin with the header of a run"),
        (2, "it has a header or footer in its middle"),
    ],
)
def test_a_run_has_one_header_and_it_comes_first(
    tmp_path: Path, lines: list[str], number: int, reason: str
) -> None:
    """Neither none nor two."""
    path = tmp_path / "run.jsonl"
    write(path, [lines[0]] * number + lines[1:])
    assert f"{path} is damaged: {reason}" == refused(path)


# Files that were changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict":"fail"', '"verdict":"pass"'),
        ('"title":"', '"title":"!'),
        ('"proven":true', '"proven":false'),
        ('"passed":0', '"passed":9'),
        ('"verdict":"NON-CONFORMANT"', '"verdict":"CONFORMANT"'),
        ('"exit_code":1', '"exit_code":0'),
        ('"tolerance_ms":0', '"tolerance_ms":9'),
    ],
)
def test_a_changed_word_is_noticed(
    tmp_path: Path, original: Path, old: str, new: str
) -> None:
    """A verdict cannot be improved afterwards."""
    text = original.read_text("utf-8")
    assert old in text
    path = tmp_path / "run.jsonl"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    expected = f"{path} is damaged: its digest does not fit what it says"
    assert expected == refused(path)


# Files of another version

OLDER = (
    "was made by an older invitelab: run the check again"
    " (its format is 3, and this version reads 4)"
)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("99", "was written by a newer invitelab: its format is 99"),
        ("3", OLDER),
        ('"4"', "is damaged: its format is not a format number"),
        ("-1", "is damaged: its format is not a format number"),
        ("9" * 40, "is damaged: its format is not a format number"),
    ],
    ids=["newer", "older", "text", "negative", "huge"],
)
def test_another_format_is_refused_by_its_number(
    tmp_path: Path, original: Path, number: str, reason: str
) -> None:
    """Before anything that only this version knows is looked for."""
    text = original.read_text("utf-8").replace('"format":4', f'"format":{number}', 1)
    path = tmp_path / "run.jsonl"
    path.write_text(text.replace('"clock":', '"time":'), encoding="utf-8")
    assert refused(path).startswith(f"{path} {reason}")


@settings(deadline=None)
@given(st.data())
def test_no_line_can_be_dropped_moved_or_repeated(
    tmp_path_factory: pytest.TempPathFactory, original: Path, data: st.DataObject
) -> None:
    """While the footer is there."""
    lines = original.read_text("utf-8").splitlines()
    body = st.integers(min_value=1, max_value=len(lines) - 2)
    place, other = data.draw(body), data.draw(body)
    changed = list(lines)
    match data.draw(st.sampled_from(["drop", "move", "repeat", "append"])):
        case "drop":
            del changed[place]
        case "move":
            changed.insert(other, changed.pop(place))
        case "repeat":
            changed.insert(other, changed[place])
        case _:
            changed.append(changed[place])
    path = write(tmp_path_factory.getbasetemp() / "changed.jsonl", changed)
    if changed == lines:
        assert isinstance(read(path), Run)
    else:
        assert refused(path).startswith(f"{path} is damaged: ")


@pytest.mark.parametrize("at_ms", [-1, MOST_MS + 1])
def test_an_instant_that_no_page_can_draw_is_none(at_ms: int) -> None:
    """Time begins with the scenario, and ends within months."""
    with pytest.raises(ValueError, match="at_ms"):
        Exchange(at_ms=at_ms, method="client.view")
