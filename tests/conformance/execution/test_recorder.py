"""The record of a target fits into a report, whatever the target answers."""

from invitelab.adapters import messages
from invitelab.conformance.execution.recorder import MOST_ROWS, Trace
from invitelab.errors import CallError, HangError
from invitelab.formats.exchange_text import answer_text
from invitelab.formats.run import Exchange


def test_a_view_of_many_rows_is_told_in_short() -> None:
    """The first of them, and how many there are beside."""
    row = {"invitation": "i", "to": "", "profile": "", "state": "expired"}
    rows = [{**row, "invitation": f"{number:x}"} for number in range(14_000)]
    values = {"notifications": [], "invitations": rows, "sessions": [], "requests": []}
    trace = Trace()
    trace.begin("Given", "a", 1, 0)
    call = messages.ClientCall(scenario="k1", client="c1")
    trace.exchange(0, "client.view", call, messages.View.model_validate(values))
    exchange = trace.records()[0].exchanges[0]
    assert {"invitations": 14_000 - MOST_ROWS} == exchange.left_out
    assert len(exchange.model_dump_json()) < 2000
    assert answer_text(exchange).endswith(f"; and {14_000 - MOST_ROWS} more]")


def recorded(method: str, params: dict[str, object], answer: object) -> Exchange:
    """Record one call and its answer, between Ada and Bob."""
    trace = Trace()
    trace.people = {"c1": "Ada", "100": "Ada", "200": "Bob"}
    trace.begin("When", "a", 1, 0)
    known = messages.METHODS[method]
    call = known.params.model_validate({"scenario": "k1", "client": "c1", **params})
    if not isinstance(answer, CallError):
        answer = known.result.model_validate(answer)
    trace.exchange(5, method, call, answer)
    return trace.records()[0].exchanges[0]


def test_an_answer_is_recorded_as_values() -> None:
    """Ids are the record's own, and persons have their names."""
    row = {
        "invitation": "x7",
        "surface": "popup",
        "corner": "bottom-right",
        "from": {"id": "200", "alias": None},
        "actions": ["accept", "reject"],
    }
    session = {"session": "x7", "host": "100", "guest": "300", "permissions": ["a"]}
    empty: dict[str, object] = {"invitations": [], "requests": []}
    answer = {"notifications": [row], "sessions": [session], **empty}
    assert {
        "notifications": [
            {
                "invitation": "i1",
                "surface": "popup",
                "corner": "bottom-right",
                "from": {"id": "Bob"},
                "actions": ["accept", "reject"],
            }
        ],
        "sessions": [
            {"session": "s1", "host": "Ada", "guest": "300", "permissions": ["a"]}
        ],
        **empty,
    } == recorded("client.view", {}, answer).result


def test_a_refusal_is_recorded_by_reason_and_message() -> None:
    """Escaped; there is no result then."""
    answer = {"refused": {"reason": "gone\x1b", "message": None}}
    exchange = recorded("invitation.cancel", {"invitation": "x"}, answer)
    assert ("refused", r"gone\x1b", None, {}, {"invitation": "i1"}) == (
        exchange.outcome,
        exchange.reason,
        exchange.message,
        exchange.result,
        exchange.params,
    )


def test_an_error_is_recorded_by_kind_and_message() -> None:
    """In place of a result."""
    exchange = recorded("client.view", {}, HangError("no answer"))
    assert ("broken", "hang", "no answer") == (
        exchange.outcome,
        exchange.reason,
        exchange.message,
    )


def test_values_are_bounded() -> None:
    """Long texts and long lists of names are cut, and the names counted."""
    session = {
        "session": "x",
        "host": "h" * 4000,
        "guest": "g",
        "permissions": ["p" * 50] * 1000,
    }
    lists = ("notifications", "invitations", "requests")
    answer = {"sessions": [session] * 1, **{name: list[object]() for name in lists}}
    exchange = recorded("client.view", {}, answer)
    assert {"permissions": 996} == exchange.left_out
    assert len(exchange.model_dump_json()) < 600
