"""The bytes of a scenario as lines of a report."""

from invitelab.formats.exchanges import (
    Played,
    PlayedScenario,
    RawExchange,
    direction,
    key_of,
)
from invitelab.formats.run import Run, Verdict
from invitelab.reporting.conformance.page import page
from invitelab.reporting.conformance.raw_calls import (
    MOST_CALLS,
    MOST_LINE,
    MOST_LINES,
    raw_calls,
    raw_lines,
)
from invitelab.reporting.conformance.summary import troubled

SCENARIO = PlayedScenario(
    scenario="One", feature="features/a.feature", line=3, verdict=Verdict.FAIL
)


def call(received: bytes, size: int = 0, error: str | None = None) -> RawExchange:
    """Make a call with that answer."""
    return RawExchange.model_validate(
        {
            "call": 1,
            "method": "client.view",
            "at_ms": 119_000,
            "wall_s": 1.0,
            "took_ms": 0.25,
            "error": error,
            "sent": '{"id":1}\n',
            **direction("received", received, size),
        }
    )


def told(*calls: RawExchange) -> list[str]:
    """Give the lines of a terminal."""
    raw = raw_calls(Played(scenario=SCENARIO, calls=calls))
    assert raw is not None
    return list(raw_lines(raw))


def test_a_call_is_told_in_both_directions() -> None:
    """With protocol time before, and how long it took after."""
    assert told(call(b'{"id":1,"result":{}}\n')) == [
        '    119.000 s > {"id":1}',
        '       0.2 ms < {"id":1,"result":{}}',
    ]


def test_bytes_of_a_hostile_target_are_safe() -> None:
    """Neither an escape sequence nor a byte that is not UTF-8 reaches a terminal."""
    (_, line, end, why) = told(call(b"\x1b[2J\xff\r\n\x00", error="protocol: no JSON"))
    assert line.endswith(r"< \x1b[2J\xff\r")
    assert end.endswith(r"< \x00")
    assert why.endswith("! protocol: no JSON")


def test_long_lines_and_many_lines_are_cut() -> None:
    """Each says how much there was."""
    lines = told(call(b"x" * 5000, size=70_000))
    assert lines[1].endswith("... (5,000 characters)")
    assert len(lines[1]) < MOST_LINE + 100
    assert lines[2].endswith("... 70,000 bytes in all, of which 5,000 are kept")
    lines = told(call(b"a\n" * 100))
    assert MOST_LINES + 2 == len(lines)
    assert lines[-1].endswith("... and 60 lines more")


def test_many_calls_are_cut() -> None:
    """The file has the others."""
    lines = told(*[call(b"{}\n")] * (MOST_CALLS + 5))
    assert lines[-1].endswith("and 5 calls more, in exchanges.jsonl")


def test_a_page_opens_a_failure_to_its_calls(late: Run) -> None:
    """The bytes are escaped for HTML, and the duration of a call is left out.

    So the page of the same run has the same bytes.
    """
    record = troubled(late)[0]
    hostile = call(b"<script>\x1b\xff</script>\n")
    played = Played(scenario=SCENARIO, calls=(hostile,))
    text = page([late], calls=[{key_of(record): played}])
    assert text.count("Raw exchanges: 1 call, 29 bytes") == 1
    assert r"&lt;script&gt;\x1b\xff&lt;/script&gt;" in text
    assert "0.25" not in text.partition("Raw exchanges")[2]
    assert "Raw exchanges" not in page([late])
