"""`exchanges.jsonl`: bytes as text or base64, reading, and what a reader refuses."""

import json
from pathlib import Path
from typing import cast

import pytest

from invitelab.errors import UsageError
from invitelab.formats.exchanges import (
    OUTSIDE,
    ExchangesHeader,
    PlayedScenario,
    RawExchange,
    direction,
    line_of,
    of_failures,
    parse,
    read,
    schema,
)
from invitelab.formats.run import Level, ScenarioRecord, Verdict

NOT_UTF_8 = b"caf\xe9\x00\n"
HEADER = ExchangesHeader(harness="invitelab 1", target="cmd:x", began="2026-01-01")
SCENARIO = PlayedScenario(
    scenario="One",
    feature="features/a.feature",
    line=3,
    clauses=("A-1",),
    verdict=Verdict.FAIL,
)
KEY = ("features/a.feature", 3, "One", "", ("A-1",), "")


def exchange(scenario: str | None, sent: bytes, received: bytes) -> str:
    """Write one call as a line."""
    fields: dict[str, object] = {
        "record": "exchange",
        "scenario": scenario,
        "call": 1,
        "method": "client.view",
        "wall_s": 0.5,
        "took_ms": 1.0,
    }
    sides = direction("sent", sent, len(sent)) | direction("received", received, 900)
    return line_of(fields | sides)


TEXT = (
    line_of(HEADER.model_dump())
    + exchange(None, b"hello\n", b"")
    + line_of(SCENARIO.model_dump(mode="json"))
    + exchange("One", b'{"a":"\xc3\xa9"}\n', NOT_UTF_8)
)


def test_bytes_come_back_as_they_were() -> None:
    """UTF-8 is readable in the file, anything else is base64; a cut is counted."""
    (call,) = parse(TEXT)[KEY].calls
    assert '{"a":"é"}\n' == call.sent
    assert "" == call.received
    assert NOT_UTF_8 == call.answer
    assert 900 == call.received_bytes
    assert TEXT.isascii()


def test_calls_outside_of_scenarios_are_kept_apart() -> None:
    """They belong to none."""
    (call,) = parse(TEXT)[OUTSIDE].calls
    assert b"hello\n" == call.request


def test_only_what_is_asked_for_is_read() -> None:
    """A file of many megabytes has a failure or two: damage elsewhere is not seen."""
    damaged = TEXT + '{"scenario":"Two"}\n'
    assert {KEY, OUTSIDE} == set(parse(damaged, ["One"]))
    with pytest.raises(ValueError, match="line 5"):
        parse(damaged)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    """The writer was stopped in the middle of a line."""
    assert 1 == len(parse(TEXT + '{"record":"exch')[KEY].calls)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"record":"header"}\n', "does not hold the exchanges"),
        ("no JSON\n", "line 1 is no object of JSON"),
        (line_of(HEADER.model_dump() | {"format": 9}), "has the format 9, not 1"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    """In one sentence, with a hint; a report is made without it."""
    path = tmp_path / "exchanges.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=reason) as refused:
        read(path)
    assert "run the check again" in refused.value.hint
    assert {} == of_failures(content, [])


def test_the_calls_of_a_record_are_found() -> None:
    """By what tells it from every other record of a run."""
    record = ScenarioRecord(
        feature="features/a.feature",
        line=3,
        title="One",
        clauses=("A-1",),
        level=Level.REQUIRED,
        verdict=Verdict.FAIL,
    )
    assert KEY in of_failures(TEXT, [record])
    other = record.model_copy(update={"clauses": ("A-2",)})
    assert KEY not in of_failures(TEXT, [other])


def test_the_schema_describes_every_line() -> None:
    """It names each kind of line, and the file has no other fields."""
    kinds = cast("dict[str, dict[str, str]]", schema()["discriminator"])
    assert {"exchange", "exchanges", "scenario"} == set(kinds["mapping"])
    assert set(json.loads(TEXT.splitlines()[-1])) <= set(RawExchange.model_fields)
