"""The first difference between two runs of a scenario."""

import json

from invitelab.formats.exchange_differences import first_difference
from invitelab.formats.exchanges import RawExchange


def call(method: str, answer: object, **params: object) -> RawExchange:
    """Make a call with an answer, as lines; every id of a request is another."""
    call.number += 1  # type: ignore[attr-defined]
    number = call.number  # type: ignore[attr-defined]
    sent = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    received = {"jsonrpc": "2.0", "id": number, "result": answer}
    return RawExchange(
        call=1,
        method=method,
        at_ms=5,
        wall_s=0.0,
        took_ms=0.0,
        sent=json.dumps(sent) + "\n",
        received=json.dumps(received) + "\n" if answer is not None else "",
        error=None if answer is not None else "hang: no answer",
    )


call.number = 0  # type: ignore[attr-defined]


def told(token: str, first: str, second: str, state: str) -> list[RawExchange]:
    """Send two invitations that get these ids, then look at the second."""
    seen = [{"invitation": second, "state": state}]
    return [
        call("invitation.send", {"ok": {"invitation": first}}, scenario=token),
        call("invitation.send", {"ok": {"invitation": second}}, scenario=token),
        call("invitation.cancel", {"ok": {}}, scenario=token, invitation=second),
        call("client.view", {"invitations": seen}, scenario=token),
    ]


def test_ids_that_the_target_chose_are_no_difference() -> None:
    """Nor are ids of requests, or the scenario's name."""
    before, now = told("k1", "7", "8", "pending"), told("k2", "uuid", "id", "pending")
    assert first_difference(before, now) is None


def test_another_id_than_before_is_a_difference() -> None:
    """Here the view shows the first invitation in place of the second."""
    before, now = told("k1", "7", "8", "x"), told("k1", "7", "8", "x")
    swapped = [{"invitation": "7", "state": "x"}]
    now[-1] = call("client.view", {"invitations": swapped}, scenario="k1")
    found = first_difference(before, now)
    assert found is not None
    assert (4, "answer") == (found.call, found.part)
    assert "i2" in found.before
    assert "i1" in found.now


def test_the_first_answer_that_differs_is_named() -> None:
    """With its method, its time, and both texts."""
    before, now = told("k", "1", "2", "expired"), told("k", "1", "2", "pending")
    found = first_difference(before, now)
    assert found is not None
    assert (4, "client.view", 5) == (found.call, found.method, found.at_ms)
    assert "expired" in found.before
    assert "pending" in found.now


def test_a_missing_call_is_a_difference() -> None:
    """A scenario that goes on further than before, or less far."""
    before = told("k", "1", "2", "x")
    found = first_difference(before[:2], before)
    assert found is not None
    assert (3, "request", "") == (found.call, found.part, found.before)


def test_no_answer_is_a_difference() -> None:
    """What is said in its place is the error."""
    one, other = call("client.view", {}), call("client.view", None)
    found = first_difference([one], [other])
    assert found is not None
    assert "hang: no answer" == found.now


def test_the_headers_of_http_are_no_difference() -> None:
    """Only the message counts: a date is another one each time."""
    plain = call("client.view", {"a": 1})
    headers = "HTTP/1.1 200 OK\r\nDate: today\r\n\r\n"
    served = plain.model_copy(update={"received": headers + plain.received})
    assert first_difference([plain], [served]) is None
