"""What was said and when: the story of one scenario, the same bytes every time.

A target's ids are its own (a counter, a UUID, an emoji); here the first invitation seen
is `i1`, the first session `s1`. Characters that could move a terminal's cursor or turn
its text around are made visible where they come in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from invitelab.adapters import messages
from invitelab.conformance.execution.labels import Ends, act, sight
from invitelab.conformance.features.people import KNOWN
from invitelab.formats.run import Exchange, StepRecord
from invitelab.inputs.safe_text import escaped

MAX_SHOWN = 300
MOST_TARGET = 500
"""Letters of a target in its header, by which a run is known again."""

MOST_ROWS = 20
"""Of a list that a target shows; the others are counted."""

MAX_GIST = 100

Table = tuple[tuple[str, ...], ...]
"""The cells below a step, row by row."""


def visible(text: str, limit: int = MAX_SHOWN) -> str:
    """`text` with control, format and surrogate characters escaped, and shortened."""
    start = text[: limit + 1]
    shown = escaped(start)
    return shown if len(text) <= limit else f"{shown[:limit]}..."


def visible_lines(text: str) -> str:
    """Each line of `text`, visible."""
    return "\n".join(visible(line) for line in text.splitlines())


def _outcome(answer: messages.Wire | str) -> Literal["ok", "refused", "broken"]:
    if isinstance(answer, str):
        return "broken"
    refused = isinstance(answer, messages.OutcomeBase) and answer.refused is not None
    return "refused" if refused else "ok"


@dataclass(slots=True)
class _Step:
    """A step under way."""

    keyword: str
    text: str
    line: int
    at_ms: int
    table: Table = ()
    status: Literal["passed", "failed", "not-reached"] = "not-reached"
    exchanges: list[Exchange] = field(default_factory=list[Exchange])


class Trace:
    """Steps and their exchanges, in order; a silent one keeps the steps alone."""

    def __init__(self, *, silent: bool = False) -> None:
        self._silent = silent
        self._steps: list[_Step] = []
        self._names: dict[str, str] = {}
        self._count: dict[str, int] = {"i": 0, "s": 0}
        self._ends = Ends()
        self.people: dict[str, str] = {}
        """Names by client token, and by ID."""

    def begin(
        self, keyword: str, text: str, line: int, at_ms: int, *, table: Table = ()
    ) -> None:
        """A step begins."""
        self._steps.append(_Step(keyword, text, line, at_ms, table=table))

    def end(self, status: Literal["passed", "failed"]) -> None:
        """The step under way has ended."""
        if self._steps:
            self._steps[-1].status = status

    def exchange(
        self,
        at_ms: int,
        method: str,
        call: messages.Wire,
        answer: messages.Wire | str,
    ) -> None:
        """A call and its answer (text: what went wrong instead)."""
        if self._silent or not self._steps:
            return
        params = call.model_dump(mode="json", by_alias=True)
        shown = {
            key: self._value(key, value)
            for key, value in params.items()
            if key not in {"scenario", "client", "clients"}
        }
        name = self.people.get(str(params.get("client")))
        other = self._other(name, params)
        gist = act(method, shown)
        if not isinstance(answer, str):
            self._learn(name, other, answer)
            gist = self._gist(gist, answer)
        self._steps[-1].exchanges.append(
            Exchange(
                at_ms=at_ms,
                method=method,
                client=name,
                request=" ".join(f"{key}={shown[key]}" for key in shown),
                response=visible(answer)
                if isinstance(answer, str)
                else self._answer(answer),
                other=None if other == name else other,
                outcome=_outcome(answer),
                gist=visible(gist, MAX_GIST),
            )
        )

    def records(self) -> tuple[StepRecord, ...]:
        """The story so far."""
        return tuple(
            StepRecord(
                keyword=step.keyword,
                text=step.text,
                line=step.line,
                at_ms=step.at_ms,
                status=step.status,
                table=step.table,
                exchanges=tuple(step.exchanges),
            )
            for step in self._steps
        )

    def name_of(self, id_: str) -> str:
        """A person's name for an ID that is one of theirs, else the ID."""
        return self.people.get(id_, visible(id_, 40))

    def _other(self, name: str | None, params: Mapping[str, object]) -> str | None:
        """Whom a call concerns, as far as has been told until now."""
        for kind in ("invitation", "session"):
            if kind in params:
                return self._ends.of(kind, name, str(params[kind]))
        return self._addressed(str(params["to"])) if "to" in params else None

    def _addressed(self, typed: str) -> str | None:
        """The person behind an address as it was typed."""
        found = self.people.get(typed.replace(" ", ""))
        names = set(self.people.values())
        aliases = {KNOWN[name][1]: name for name in names if name in KNOWN}
        return found or aliases.get(typed.lower())

    def _learn(
        self, name: str | None, other: str | None, answer: messages.Wire
    ) -> None:
        """Remember who is at the other end of what an answer names."""
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

    def _gist(self, gist: str, answer: messages.Wire) -> str:
        match answer:
            case messages.View():
                return sight(answer, self._id, self.name_of)
            case messages.SendOutcome(ok=messages.Sent() as sent):
                return f"{gist} ({self._id('i', sent.invitation)})"
            case messages.MenuOutcome(ok=messages.Menu() as menu):
                entries = ", ".join(self._entry(entry) for entry in menu.entries)
                return f"is offered {entries or 'nothing'}"
            case _:
                return gist

    def _id(self, kind: str, id_: str) -> str:
        key = f"{kind}:{id_}"
        if key not in self._names:
            self._count[kind] += 1
            self._names[key] = f"{kind}{self._count[kind]}"
        return self._names[key]

    def _value(self, key: str, value: object) -> str:
        if key == "invitation":
            return self._id("i", str(value))
        if key == "session":
            return self._id("s", str(value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ",".join(str(entry) for entry in cast("list[object]", value))
        text = visible(str(value), 80)
        return f'"{text}"' if " " in text else text

    def _answer(self, answer: messages.Wire) -> str:
        match answer:
            case messages.View():
                return self._view(answer)
            case messages.OutcomeBase(refused=messages.Refused() as refused):
                words = [refused.reason or "no reason given", refused.message or ""]
                return f"refused {visible(': '.join(word for word in words if word))}"
            case messages.SendOutcome(ok=messages.Sent() as sent):
                return f"ok {self._id('i', sent.invitation)}"
            case messages.MenuOutcome(ok=messages.Menu() as menu):
                return f"ok [{', '.join(self._entry(entry) for entry in menu.entries)}]"
            case messages.EmailOutcome(ok=messages.EmailOpened() as email):
                with_ = visible(email.opened_with, 40)
                return f"ok opened with {with_}: {visible(email.text, 200)}"
            case messages.Advanced():
                return f"now {answer.now_ms} ms"
            case _:
                return "ok"

    def _entry(self, entry: messages.MenuEntry) -> str:
        name = visible(entry.entry, 60)
        return f"{name} of {self.name_of(entry.contact)}" if entry.contact else name

    def _view(self, view: messages.View) -> str:
        notifications = [
            f"{self._id('i', row.invitation)} from {self.name_of(row.from_.id)}"
            f" ({row.surface})"
            for row in view.notifications
        ]
        invitations = [
            f"{self._id('i', row.invitation)} to {self.name_of(row.to)}: {row.state},"
            f" {visible(row.profile, 40)}"
            for row in view.invitations
        ]
        sessions = [
            f"{self._id('s', row.session)}: {self.name_of(row.guest)} controls"
            f" {self.name_of(row.host)}: {visible(' '.join(row.permissions), 120)}"
            for row in view.sessions
        ]
        requests = [self.name_of(row.from_) for row in view.requests]
        parts = {
            "notifications": notifications,
            "invitations": invitations,
            "sessions": sessions,
            "requests": requests,
        }
        full = [f"{name} [{_few(rows)}]" for name, rows in parts.items() if rows]
        return ", ".join(full) or "nothing"


def _few(rows: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(rows) - MOST_ROWS
    return "; ".join([*rows[:MOST_ROWS], *([f"and {more} more"] if more > 0 else [])])
