"""The record of one scenario: its steps and exchanges, the same bytes every time.

A target's ids are its own (a counter, a UUID, an emoji); on record the first invitation
seen is `i1`, the first session `s1`, and a person's ID in an answer is the person's
name. Foreign text is escaped before it is recorded, and every value is bounded in size.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from pydantic import JsonValue

from invitelab.adapters import messages, wire_types
from invitelab.conformance.execution.other_ends import OtherEnds
from invitelab.conformance.features.people import Person
from invitelab.errors import CallError
from invitelab.formats.run import Exchange, StepRecord
from invitelab.safe_text import escaped

MOST_SHOWN = 300
"""Characters of a text in a record."""

MOST_IN_ROW = 60
"""Characters of a text in a row of a list."""

MOST_NAME = 40
"""Characters of a person's ID that is not known."""

MOST_NAMES = 200
"""Characters of a list of names in a row of a list, such as permissions."""

MOST_ROWS = 20
"""Of a list that a target shows; the others are counted."""

IDS = {"invitation": "i", "session": "s"}
"""Keys whose values are ids of a client's own, with the first letter on record."""

PERSONS = frozenset({"contact", "from", "guest", "host", "id", "to"})
"""Keys of a result whose values are IDs of persons."""

Table = tuple[tuple[str, ...], ...]
"""The cells below a step, row by row."""

Params = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call and its answer as they were, until somebody wants to read them."""

    at_ms: int
    method: str
    call: wire_types.Wire
    answer: wire_types.Wire | CallError


@dataclass(slots=True)
class _Step:
    """A step under way."""

    keyword: str
    text: str
    line: int
    at_ms: int
    table: Table = ()
    drawn: bool = False
    status: Literal["passed", "failed", "not-reached"] = "not-reached"
    calls: list[_Call] = field(default_factory=list[_Call])


class Trace:
    """Steps and their exchanges, in order; a silent one keeps the steps alone.

    Exchanges are put into words by `records` only: of most runs nobody reads them, and
    it takes as long as to run them.
    """

    def __init__(self, *, silent: bool = False) -> None:
        self._silent = silent
        self._steps: list[_Step] = []
        self._ids: dict[tuple[str, str], str] = {}
        self._count = dict.fromkeys(IDS, 0)
        self._ends = OtherEnds()
        self.people: dict[str, str] = {}
        """Names by client token, and by ID."""
        self.aliases: dict[str, str] = {}
        """Names by alias in lower case."""
        self.refusals = 0
        """How many operations were refused."""
        self.cast: dict[str, str] = {}
        """Version, ID and alias of everybody by name."""

    def begin(
        self,
        keyword: str,
        text: str,
        line: int,
        at_ms: int,
        *,
        table: Table = (),
        drawn: bool = False,
    ) -> None:
        """A step begins."""
        self._steps.append(_Step(keyword, text, line, at_ms, table=table, drawn=drawn))

    def end(self, status: Literal["passed", "failed"]) -> None:
        """The step under way has ended."""
        if self._steps:
            self._steps[-1].status = status

    def exchange(
        self,
        at_ms: int,
        method: str,
        call: wire_types.Wire,
        answer: wire_types.Wire | CallError,
    ) -> None:
        """Record a call and its answer, or the error in place of one."""
        if not self._silent and self._steps:
            called = _Call(at_ms, method, call, answer)
            self._steps[-1].calls.append(called)

    def _exchange(self, called: _Call) -> Exchange:
        answer = called.answer
        values = called.call.model_dump(mode="json", by_alias=True)
        name = self.people.get(str(values.get("client")))
        other = self._other(name, values)
        params = {
            key: self._param(key, value)
            for key, value in values.items()
            if key not in {"scenario", "client", "clients"}
        }
        if not isinstance(answer, CallError):
            self._learn(name, other, answer)
        exchange = Exchange(
            at_ms=called.at_ms,
            method=called.method,
            client=name,
            params=params,
            other=None if other == name else other,
        )
        return exchange.model_copy(update=self._answered(answer))

    def records(self) -> tuple[StepRecord, ...]:
        """The steps so far; to be called once, since it counts the ids."""
        return tuple(
            StepRecord(
                keyword=step.keyword,
                text=step.text,
                line=step.line,
                at_ms=step.at_ms,
                status=step.status,
                drawn=step.drawn,
                table=step.table,
                exchanges=tuple(self._exchange(call) for call in step.calls),
            )
            for step in self._steps
        )

    def name_of(self, id_: str) -> str:
        """A person's name for an ID that is one of theirs, else the ID."""
        return self.people.get(id_, escaped(id_, MOST_NAME))

    # The people.

    def introduce(self, people: Iterable[Person]) -> None:
        """Put who takes part on record."""
        for person in people:
            told = (person.version, person.id, person.alias or "no alias")
            self.cast[person.name] = ", ".join(told)
            if person.alias is not None:
                self.aliases[person.alias.lower()] = person.name

    def _other(self, name: str | None, params: Params) -> str | None:
        """The person whom a call concerns, as far as is known until now."""
        for kind in IDS:
            if kind in params:
                return self._ends.of(kind, name, str(params[kind]))
        return self._addressed(str(params["to"])) if "to" in params else None

    def _addressed(self, typed: str) -> str | None:
        """The person behind an address as it was typed."""
        found = self.people.get(typed.replace(" ", ""))
        return found or self.aliases.get(typed.lower())

    def _learn(
        self, name: str | None, other: str | None, answer: wire_types.Wire
    ) -> None:
        """Remember the persons at the other ends of what an answer names."""
        match answer:
            case messages.SendOutcome(ok=messages.Sent() as sent):
                self._ends.learn("invitation", name, sent.invitation, other)
            case messages.View():
                for row in answer.notifications:
                    sender = self.people.get(row.from_.id.replace(" ", ""))
                    self._ends.learn("invitation", name, row.invitation, sender)
                for session in answer.sessions:
                    ends = [
                        self.people.get(id_) for id_ in (session.host, session.guest)
                    ]
                    far = next((end for end in ends if end != name), None)
                    self._ends.learn("session", name, session.session, far)
            case _:
                pass

    # The values.

    def _param(self, key: str, value: JsonValue) -> JsonValue:
        """A parameter; an address stays as it was typed."""
        match value:
            case str() if key in IDS:
                return self._id(key, value)
            case str():
                return escaped(value, MOST_SHOWN)
            case list():
                return [self._param("", entry) for entry in value]
            case _:
                return value

    def _answered(self, answer: wire_types.Wire | CallError) -> Mapping[str, object]:
        """The fields of an exchange that say what came back."""
        if isinstance(answer, CallError):
            return _without_result("broken", answer.kind, str(answer))
        if isinstance(answer, messages.OutcomeBase):
            if answer.refused is not None:
                refused = answer.refused
                return _without_result("refused", refused.reason, refused.message)
            answer = cast("wire_types.Wire", getattr(answer, "ok", None))
        values = answer.model_dump(mode="json", by_alias=True, exclude_none=True)
        left_out: dict[str, int] = {}
        result = {
            key: self._value(key, value, left_out, MOST_SHOWN)
            for key, value in values.items()
        }
        return {"result": result, "left_out": left_out}

    def _value(
        self, key: str, value: JsonValue, left_out: dict[str, int], most: int
    ) -> JsonValue:
        """A value of a result; `left_out` counts what is cut off lists, by key."""
        match value:
            case str() if key in IDS:
                return self._id(key, value)
            case str() if key in PERSONS:
                return self.name_of(value)
            case str():
                return escaped(value, most)
            case dict():
                return {
                    name: self._value(name, one, left_out, MOST_IN_ROW)
                    for name, one in value.items()
                }
            case list():
                kept = value[: _room(value)]
                if len(kept) < len(value):
                    more = len(value) - len(kept)
                    left_out[key] = left_out.get(key, 0) + more
                return [self._value(key, one, left_out, MOST_IN_ROW) for one in kept]
            case _:
                return value

    def _id(self, kind: str, id_: str) -> str:
        """The name on record of an invitation or a session."""
        if (kind, id_) not in self._ids:
            self._count[kind] += 1
            self._ids[kind, id_] = f"{IDS[kind]}{self._count[kind]}"
        return self._ids[kind, id_]


def _without_result(
    outcome: Literal["refused", "broken"], reason: str | None, message: str | None
) -> Mapping[str, object]:
    texts = {"reason": reason, "message": message}
    shown = {name: escaped(text, MOST_SHOWN) for name, text in texts.items() if text}
    return {"outcome": outcome, **shown}


def _room(entries: Sequence[JsonValue]) -> int:
    """How many entries of a list are recorded: MOST_ROWS, of MOST_NAMES characters."""
    length = 0
    for number, entry in enumerate(entries[:MOST_ROWS]):
        length += len(entry) if isinstance(entry, str) else 0
        if length > MOST_NAMES:
            return number
    return MOST_ROWS
