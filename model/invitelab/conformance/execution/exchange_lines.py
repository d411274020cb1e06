"""The lines of `exchanges.jsonl`, written as the scenarios of a run end."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from invitelab.adapters.traffic import MOST_BYTES_OF_ALL, Call, Traffic
from invitelab.adapters.wall_clock import monotonic_s, utc_s
from invitelab.conformance.execution.recorder import MOST_SHOWN
from invitelab.errors import CallError
from invitelab.formats.exchanges import (
    ExchangesHeader,
    Played,
    PlayedScenario,
    direction,
    line_of,
    parse,
    shown_besides,
)
from invitelab.formats.run import Header, ScenarioRecord, Verdict
from invitelab.safe_text import escaped

MOST_OF_RUN = 64 << 20
"""Characters of the file of one run; what comes later is left out."""

_ID = re.compile(rb'"id":(\d{1,15}),')


class ScenarioTraffic(Traffic):
    """The calls of one run of a scenario."""

    def __init__(self, token: str, draw: int) -> None:
        """`token` names it in the calls, `draw` is the place of its row in the plan."""
        super().__init__()
        self.token = token
        self.draw = draw


class ExchangeLines:
    """Puts calls into lines; times count from when it was made."""

    def __init__(self) -> None:
        self.outside = Traffic()
        """The calls that belong to no scenario."""
        self._began_s = monotonic_s()
        self._began = datetime.fromtimestamp(utc_s(), UTC)
        self._written = 0

    def header(self, header: Header) -> str:
        """The first line."""
        began = self._began.isoformat(timespec="milliseconds")
        first = ExchangesHeader(
            harness=header.harness, target=header.target, began=began
        )
        return self._counted(line_of(first.model_dump()))

    def pending(self) -> str:
        """The lines of calls outside of scenarios that have not been written yet."""
        calls = self.outside.take()
        return self._counted("".join(self._lines(calls, None)))

    def of(self, record: ScenarioRecord) -> str:
        """The lines of a scenario and its calls; empty where it made none."""
        traffic = record.traffic
        if not isinstance(traffic, ScenarioTraffic) or self._written > MOST_OF_RUN:
            return ""
        played = PlayedScenario(
            scenario=record.title,
            feature=record.feature,
            line=record.line,
            example=record.example,
            clauses=record.clauses,
            verdict=record.verdict,
            token=traffic.token,
            draw=traffic.draw,
            besides=shown_besides(record),
            left_out=traffic.left_out,
        )
        fields = played.model_dump(mode="json")
        if played.besides is None:
            del fields["besides"]
        first = line_of(fields)
        calls = self._lines(traffic.calls, record.title)
        return self._counted("".join([first, *calls]))

    def _counted(self, text: str) -> str:
        self._written += len(text)
        return text

    def _lines(self, calls: Sequence[Call], title: str | None) -> Iterator[str]:
        room = MOST_BYTES_OF_ALL
        for place, call in enumerate(calls, start=1):
            call.settle()
            sent, received = call.sent[:room], call.received[:room]
            room -= min(room, len(sent) + len(received))
            found = _ID.search(sent)
            fields: dict[str, object] = {
                "record": "exchange",
                "scenario": title,
                "call": place,
                "id": int(found[1]) if found else None,
                "method": call.method,
                "at_ms": call.at_ms,
                "wall_s": round(call.began_s - self._began_s, 6),
                "took_ms": round(call.took_s * 1000, 3),
                **direction("sent", sent, call.sent_bytes),
                **direction("received", received, call.received_bytes),
            }
            if call.error is not None:
                fields["error"] = _error(call.error)
            yield line_of(fields)


def _error(error: BaseException) -> str:
    kind = error.kind if isinstance(error, CallError) else type(error).__name__
    return f"{kind}: {escaped(str(error), MOST_SHOWN)}"


def exchanges_of(record: ScenarioRecord) -> Played:
    """The calls of a record that was made in this process, as a file has them."""
    lines = ExchangeLines()
    text = lines.header(Header(harness="", suite="", target="")) + lines.of(record)
    return next(iter(parse(text).values()), Played(scenario=_NEVER, calls=()))


_NEVER = PlayedScenario(scenario="", feature="", line=0, verdict=Verdict.NOT_RUN)
