"""What a failed scenario has seen first that should have been otherwise.

A scenario fails at one step, but the step often speaks of a consequence: a notification
cannot offer two buttons where it was never shown, and nobody can accept what could not
be sent. So the exchanges before the failure are read again: which operations there
were, which of them was refused, how the latest invitation has ended, and for how long
it had been there. From these follows the clause that speaks of what was seen first.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from invitelab.formats.run import Exchange, ScenarioRecord, StepRecord

LIFETIME_MS = 120_000
MOMENT_MS = 1_000
"""An invitation that is older has been waited for."""

SEND, MODIFY, CANCEL = "invitation.send", "invitation.modify", "invitation.cancel"
ACCEPT, REJECT = "invitation.accept", "invitation.reject"
EMAIL, PERMIT = "invitation.email", "session.permit"
LOOKS = frozenset({"client.view", "client.menu"})
EXPIRED, CANCELLED, REJECTED = "expired", "cancelled", "rejected"
ENDINGS = {CANCEL: CANCELLED, REJECT: REJECTED, ACCEPT: "accepted"}
WAITED = "waited"

TILES = {
    "tile.favorites": "TILE-1",
    "tile.recent-sessions": "TILE-2",
    "tile.discovery": "TILE-3",
    "tile.address-book": "TILE-4",
}
ADDRESSES = frozenset({"DIRECT-4", "DIRECT-5", "DIRECT-6"})
"""Clauses of one way to invite each, as the tiles are; `DIRECT-1` is about them all."""

_REFUSED: Mapping[str, tuple[str, ...]] = {
    MODIFY: ("PENDING-1",),
    CANCEL: ("PENDING-2",),
    ACCEPT: ("SESSION-1",),
    REJECT: ("ANSWER-1",),
}
"""The clause that demands each operation on a pending invitation."""

_FORBIDS = re.compile(
    r"is refused|no session has|sees no |no longer|unchanged|lists no"
)
"""Steps that expect nothing to be there, which no refusal can prevent."""

_NOTHING = re.compile(
    r"was refused|could be sent|no invitation email|found nothing|found none|found 0|"
    r"sees none|sees no such|views have: \w+ 0(, \w+ 0)*$"
)
"""Messages of what is not there at all, rather than there and wrong."""

_INVITER = re.compile(r"invitation from (\w+)")
_ADDRESS = re.compile(r"[\d ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation that somebody tried, and the form in which it was done."""

    method: str
    form: str = ""
    """The way to invite or to an email, or the surface of an answer."""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One failed scenario: what was done before it failed, and what it fails at."""

    record: ScenarioRecord
    failed: StepRecord | None
    operations: tuple[Operation, ...]
    age_ms: int
    """Since the latest invitation was sent, in protocol time; 0 without one."""
    ended: str
    """How the latest invitation had ended; empty while it should be pending."""
    ends: frozenset[str]
    """How the invitations of the scenario had ended, earlier ones as well."""
    seen: Mapping[str, JsonValue]
    """The last view or menu before the failure."""

    @property
    def needed(self) -> frozenset[str]:
        """The values that the failure needs; all of its row where nobody has looked."""
        record = self.record
        if record.besides and not record.needed:
            values = record.values.items()
            return frozenset(f"{factor}: {name}" for factor, name in values)
        return frozenset(record.needed)

    @property
    def waited(self) -> bool:
        """Whether time has passed in which the invitation should have been pending."""
        return not self.ended and self.age_ms >= MOMENT_MS

    @property
    def answered(self) -> str:
        """The surface of the last answer; empty where none was named."""
        answers = [one for one in self.operations if one.method in {ACCEPT, REJECT}]
        return answers[-1].form if answers else ""

    @property
    def last_call(self) -> str:
        """The method of the last call."""
        steps = () if self.failed is None else self.failed.exchanges
        return steps[-1].method if steps else ""

    @property
    def events(self) -> Counter[str]:
        """What has happened, each kind of it counted; waiting is one of them."""
        found = Counter(one.method for one in self.operations)
        if self.age_ms >= MOMENT_MS:
            found[WAITED] = 1
        return found


def deviation(record: ScenarioRecord, lifetime_ms: int = LIFETIME_MS) -> Deviation:
    """Read what had happened in a failed scenario until it failed."""
    reached = list(_reached(record.steps))
    failed = next((step for step in reached if step.status == "failed"), None)
    exchanges = [one for step in reached for one in step.exchanges]
    operations: list[Operation] = []
    ends: set[str] = set()
    sent_ms, ended = None, ""
    for one in exchanges:
        if one.method in LOOKS:
            continue
        operations.append(_operation(one))
        if sent_ms is not None and one.at_ms - sent_ms >= lifetime_ms:
            ended = ended or EXPIRED
        ends.add(ended)
        if one.outcome == "ok" and one.method == SEND:
            sent_ms, ended = one.at_ms, ""
        elif one.outcome == "ok":
            ended = ended or ENDINGS.get(one.method, "")
        ends.add(ended)
    last_ms = max([0, *(step.at_ms for step in reached), *_times(exchanges)])
    age_ms = 0 if sent_ms is None else last_ms - sent_ms
    if age_ms >= lifetime_ms:
        ended = ended or EXPIRED
    return Deviation(
        record=record,
        failed=failed,
        operations=tuple(operations),
        age_ms=age_ms,
        ended=ended,
        ends=frozenset(ends | {ended}),
        seen=_last_look(exchanges),
    )


def _last_look(exchanges: Sequence[Exchange]) -> Mapping[str, JsonValue]:
    """The last view or menu; empty without one."""
    looks = [one.result for one in exchanges if one.method in LOOKS]
    return looks[-1] if looks else {}


def _reached(steps: Sequence[StepRecord]) -> Iterator[StepRecord]:
    """The steps until the failed one, which is the last."""
    for step in steps:
        if step.status == "not-reached":
            return
        yield step
        if step.status == "failed":
            return


def _times(exchanges: Sequence[Exchange]) -> Iterator[int]:
    return (one.at_ms for one in exchanges)


def _operation(one: Exchange) -> Operation:
    form = str(one.params.get("entry") or one.params.get("surface") or "")
    if one.method == SEND and form == "invitation-icon":
        by_id = _ADDRESS.fullmatch(str(one.params.get("to", "")))
        form = "id" if by_id else "alias"
    return Operation(method=one.method, form=form, refused=one.outcome == "refused")


# --- The clauses that speak of it ------------------------------------------------

_NO_END: Mapping[str, str] = {}
_STILL_THERE: Mapping[str, Mapping[str, str]] = {
    "no session has": {EXPIRED: "EXPIRY-2", CANCELLED: "PENDING-3"},
    "sees no invitation": {EXPIRED: "EXPIRY-3", CANCELLED: "PENDING-3"},
    "no longer": {EXPIRED: "EXPIRY-4", CANCELLED: "PENDING-2"},
}
"""What must be over after an end, by words of the step; of a rejected one `ANSWER-1`
speaks in any case."""


def speaks_of(one: Deviation) -> tuple[str, ...]:
    """The clauses that speak of what was seen first, the nearest one first.

    None where it is what the scenario is about.
    """
    if one.record.blocked_by is not None or one.failed is None:
        return ()
    text, message = one.failed.text, one.record.message or ""
    if _FORBIDS.search(text):
        ends = (ends for words, ends in _STILL_THERE.items() if words in text)
        by_end = next(ends, _NO_END)
        if "sees no invitation" in text and not one.ended:
            return ("NOTIFY-6",)  # it is pending, and of somebody else
        return (by_end[one.ended],) if one.ended in by_end else ()
    nothing = _NOTHING.search(message) is not None
    if nothing and one.operations and one.operations[-1].refused:
        return _of_refusal(one.operations[-1])
    if "notification" in text or "invitation from" in text:
        return _of_sight(one, text, nothing=nothing)
    if "session" in text or "controls" in text:
        return _of_session(one, text, nothing=nothing)
    return ()


def worked_before(record: ScenarioRecord, clause: str) -> bool:
    """Whether an operation that a clause demands was refused, and had worked before."""
    one = deviation(record)
    if not one.operations or not one.operations[-1].refused:
        return False
    last = one.operations[-1]
    return clause in _of_refusal(last) and any(
        earlier.method == last.method and not earlier.refused
        for earlier in one.operations[:-1]
    )


def _of_refusal(last: Operation) -> tuple[str, ...]:
    """The clauses that demand an operation that was refused."""
    if last.method == SEND:
        by_address = "DIRECT-6" if last.form == "alias" else "DIRECT-5"
        return (TILES.get(last.form, by_address), "DIRECT-1")
    if last.method == EMAIL:
        link = last.form == "invitation-email-link"
        return ("EMAIL-5",) if link else ("EMAIL-6", "EMAIL-7")
    return _REFUSED.get(last.method, ())


def _of_sight(one: Deviation, text: str, *, nothing: bool) -> tuple[str, ...]:
    """What the recipient should have seen."""
    surface = "popup" if "pop-up" in text else None
    shown = _rows(one.seen, "notifications")
    if not nothing:
        return ()
    inviter = _INVITER.search(text)
    senders = [_sender(row) for row in shown if surface in (None, row.get("surface"))]
    if inviter is not None and senders and inviter[1] not in senders:
        return ("NOTIFY-3",)
    if shown:  # only one of the two surfaces is missing
        return ("NOTIFY-2",) if surface else ("NOTIFY-1",)
    sent = [operation for operation in one.operations if operation.method == SEND]
    way = TILES.get(sent[-1].form) if sent else None
    return (way, "NOTIFY-1") if way else ("NOTIFY-1",)


def _sender(row: Mapping[str, JsonValue]) -> JsonValue:
    """The ID, or name, from which a notification is shown to be."""
    sender = row.get("from")
    return sender.get("id") if isinstance(sender, dict) else None


def _of_session(one: Deviation, text: str, *, nothing: bool) -> tuple[str, ...]:
    """What the session should have been."""
    methods = {operation.method for operation in one.operations}
    if nothing and ACCEPT in methods:
        return ("SESSION-4",) if _rows(one.seen, "sessions") else ("SESSION-1",)
    if not nothing and "has exactly the perm" in text and PERMIT not in methods:
        return ("SESSION-3",) if MODIFY in methods else ("DIRECT-7", "SESSION-2")
    return ()


def _rows(view: Mapping[str, JsonValue], name: str) -> list[Mapping[str, JsonValue]]:
    rows = view.get(name)
    return (
        [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
