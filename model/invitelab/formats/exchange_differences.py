"""The first difference between two runs of one scenario, call by call.

Ids of invitations and sessions are the target's own, and may be others each time: the
first one that occurs is `i1` or `s1` on either side. The id of the request and the name
of the scenario are left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from pydantic import JsonValue, TypeAdapter

from invitelab.formats.exchanges import RawExchange

OWN_IDS = {"invitation": "i", "session": "s"}
LEFT_OUT = frozenset({"jsonrpc", "id", "scenario"})
MOST_DEPTH = 40

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first call that differs, and how."""

    call: int
    """Its place in the scenario, from 1."""
    method: str
    at_ms: int | None
    part: Literal["request", "answer"]
    before: str
    """The message as it was, as JSON with ids replaced; empty where there was none."""
    now: str


def first_difference(
    before: Sequence[RawExchange], now: Sequence[RawExchange]
) -> Difference | None:
    """The first difference; None where all calls went alike."""
    earlier, later = _Names(), _Names()
    for place, (one, other) in enumerate(zip_longest(before, now), start=1):
        some = other or one
        assert some is not None, "by zip_longest"
        for part in ("request", "answer"):
            was, is_ = _told(one, part, earlier), _told(other, part, later)
            if was != is_:
                return Difference(
                    call=place,
                    method=some.method,
                    at_ms=some.at_ms,
                    part="request" if part == "request" else "answer",
                    before=was,
                    now=is_,
                )
    return None


@dataclass(slots=True)
class _Names:
    """Names for the ids of one run, in the order in which they occur."""

    known: dict[tuple[str, str], str] = field(
        default_factory=dict[tuple[str, str], str]
    )

    def of(self, kind: str, id_: str) -> str:
        """The name of an id."""
        count = sum(other == kind for other, _ in self.known) + 1
        return self.known.setdefault((kind, id_), f"{OWN_IDS[kind]}{count}")


def _told(one: RawExchange | None, part: str, names: _Names) -> str:
    """One direction of a call as text; empty where there is none."""
    if one is None:
        return ""
    data = one.request if part == "request" else one.answer
    text = data.decode(errors="backslashreplace")
    try:
        message = _OBJECT.validate_json(text[text.find("{") : text.rfind("}") + 1])
    except (ValueError, RecursionError):
        return text.strip() or (one.error or "" if part == "answer" else "")
    kept = {key: value for key, value in message.items() if key not in LEFT_OUT}
    return json.dumps(_named("", kept, names, MOST_DEPTH), ensure_ascii=False)


def _named(key: str, value: JsonValue, names: _Names, depth: int) -> JsonValue:
    """The value with the names of ids, and without the name of the scenario."""
    match value:
        case str() if key in OWN_IDS:
            return names.of(key, value)
        case dict() if depth:
            return {
                name: _named(name, one, names, depth - 1)
                for name, one in value.items()
                if name != "scenario"
            }
        case list() if depth:
            return [_named("", one, names, depth - 1) for one in value]
        case _:
            return value
