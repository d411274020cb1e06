"""The words for an exchange: parameters, answer, and a label for a picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from invitelab.adapters import messages as wire
from invitelab.formats.exchange_text import (
    MOST_ANSWER,
    MOST_LABEL,
    answer_text,
    label,
    request_text,
)
from invitelab.formats.run import Exchange

VIEW: dict[str, JsonValue] = {
    "notifications": [
        {"invitation": "i1", "surface": "client", "from": {"id": "Ada"}},
        {"invitation": "i1", "surface": "popup", "from": {"id": "Ada"}},
    ],
    "invitations": [
        {"invitation": "i2", "to": "Ada", "profile": "Default", "state": "pending"}
    ],
    "sessions": [
        {"session": "s1", "host": "Ada", "guest": "Bob", "permissions": ["a", "b"]}
    ],
    "requests": [{"from": "Bob"}],
}
SIGHTS = (
    "i1 from Ada (client, popup), i2 pending, s1: Bob controls Ada, a request of Bob"
)
PARTS = (
    "notifications [i1 from Ada (client); i1 from Ada (popup)]",
    "invitations [i2 to Ada: pending, Default; and 2 more]",
    "sessions [s1: Bob controls Ada: a b]",
    "requests [Bob]",
)


def exchange(method: str = "client.view", **fields: object) -> Exchange:
    """Make an exchange."""
    return Exchange.model_validate({"at_ms": 0, "method": method, **fields})


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("invitation.send", {"profile": "Default"}, "invites"),
        ("invitation.send", {"profile": "Screen only"}, 'invites, "Screen only"'),
        ("invitation.accept", {"invitation": "i1"}, "accepts i1"),
        ("invitation.accept", {}, "accepts ?"),
        ("session.permit", {"permission": "input", "allowed": True}, "allows input"),
        ("session.permit", {"permission": "input", "allowed": False}, "denies input"),
        ("client.online", {"online": True}, "comes online"),
        ("client.online", {"online": False}, "goes offline"),
        ("something.new", {}, "something.new"),
    ],
)
def test_an_operation_is_labelled_as_what_a_person_does(
    method: str, params: dict[str, JsonValue], words: str
) -> None:
    """A method without a label is called by its name."""
    assert words == label(exchange(method, params=params, outcome="refused"))


def test_every_operation_has_a_label() -> None:
    """None is called by its name, but for what no person does."""
    names = {
        name
        for name in wire.METHODS
        if label(exchange(name, outcome="refused")) == name
    }
    lifecycle = {"initialize", "shutdown", "scenario.begin", "scenario.end"}
    assert lifecycle | {"clock.advance"} == names


@pytest.mark.parametrize(
    ("method", "result", "words"),
    [
        ("client.view", {}, "sees nothing"),
        (
            "client.view",
            VIEW,
            f"sees {SIGHTS}",
        ),
        ("invitation.send", {"invitation": "i1"}, "invites, ? (i1)"),
        ("client.menu", {"entries": []}, "is offered nothing"),
        (
            "client.menu",
            {"entries": [{"entry": "a"}, {"entry": "b", "contact": "Ada"}]},
            "is offered a, b of Ada",
        ),
    ],
)
def test_what_came_back_is_labelled_by_its_kind(
    method: str, result: dict[str, JsonValue], words: str
) -> None:
    """One invitation on two surfaces is one."""
    assert words == label(exchange(method, result=result))


def test_parameters_are_told_by_name() -> None:
    """Quoted where a space would part them."""
    params = {"profile": "Screen only", "permissions": ["a", "b"], "allowed": True}
    expected = 'profile="Screen only" permissions=a,b allowed=yes'
    assert expected == request_text(exchange("profile.edit", params=params))


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("popup.dismiss", {}, "ok"),
        ("clock.advance", {"result": {"now_ms": 250}}, "now 250 ms"),
        ("invitation.send", {"result": {"invitation": "i1"}}, "ok i1"),
        (
            "client.menu",
            {"result": {"entries": [{"entry": "a"}]}, "left_out": {"entries": 3}},
            "ok [a, and 3 more]",
        ),
        (
            "invitation.email",
            {"result": {"opened_with": "browser", "text": "Hello"}},
            "ok opened with browser: Hello",
        ),
        ("client.view", {}, "nothing"),
        (
            "client.view",
            {"result": VIEW, "left_out": {"invitations": 2}},
            ", ".join(PARTS),
        ),
        ("client.view", {"outcome": "refused"}, "refused no reason given"),
        (
            "client.view",
            {"outcome": "refused", "reason": "expired", "message": "too late"},
            "refused expired: too late",
        ),
        (
            "client.view",
            {"outcome": "broken", "reason": "crash", "message": "it exited with 1"},
            "crash: it exited with 1",
        ),
    ],
)
def test_an_answer_is_told_by_outcome_and_method(
    method: str, fields: dict[str, object], words: str
) -> None:
    """With what was not recorded counted."""
    assert words == answer_text(exchange(method, **fields))


KEYS = st.sampled_from([*VIEW, *("invitation", "from", "id", "to", "entries", "x")])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


@given(
    st.sampled_from([*wire.METHODS]),
    st.dictionaries(KEYS, VALUES),
    st.dictionaries(KEYS, VALUES),
)
def test_any_record_has_words(
    method: str, params: dict[str, JsonValue], result: dict[str, JsonValue]
) -> None:
    """Whatever program wrote it, and never more than a view has room for."""
    made = exchange(method, params=params, result=result)
    assert isinstance(request_text(made), str)
    assert isinstance(answer_text(made), str)
    assert len(label(made)) <= MOST_LABEL + len("...")
    broken = made.model_copy(update={"outcome": "broken", "message": "x" * 999})
    assert len(answer_text(broken)) == MOST_ANSWER + len("...")
