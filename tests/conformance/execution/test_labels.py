"""What a call comes to in a few words, and who is at its other end."""

import pytest

from invitelab.adapters import messages as wire
from invitelab.conformance.execution.labels import Ends, act, sight


@pytest.mark.parametrize(
    ("method", "shown", "words"),
    [
        ("invitation.send", {"profile": "Default"}, "invites"),
        ("invitation.send", {"profile": '"Screen"'}, 'invites, "Screen"'),
        ("invitation.accept", {"invitation": "i1"}, "accepts i1"),
        ("session.permit", {"permission": "input", "allowed": "yes"}, "allows input"),
        ("session.permit", {"permission": "input", "allowed": "no"}, "denies input"),
        ("client.online", {"online": "yes"}, "comes online"),
        ("client.online", {"online": "no"}, "goes offline"),
        ("something.new", {}, "something.new"),
    ],
)
def test_an_operation_is_said_as_what_somebody_does(
    method: str, shown: dict[str, str], words: str
) -> None:
    """A method without words is called by its name."""
    assert words == act(method, shown)


def test_every_operation_has_words() -> None:
    """None is called by its name, but for what no person does."""
    names = ["profile", "invitation", "permission", "allowed", "online"]
    shown = dict.fromkeys(names, "x")
    operations = {name for name in wire.METHODS if act(name, shown) == name}
    assert {
        "initialize",
        "shutdown",
        "scenario.begin",
        "scenario.end",
        "clock.advance",
    } >= operations


def test_what_is_seen_is_told_by_kind() -> None:
    """One invitation on two surfaces is one."""
    row: dict[str, object] = {
        "invitation": "x",
        "from": {"id": "1", "alias": None},
        "actions": [],
    }
    view = wire.View.model_validate(
        {
            "notifications": [
                {**row, "surface": "client"},
                {**row, "surface": "popup", "corner": "bottom-right"},
            ],
            "invitations": [
                {"invitation": "y", "to": "1", "profile": "p", "state": "pending"}
            ],
            "sessions": [
                {"session": "z", "host": "1", "guest": "2", "permissions": []}
            ],
            "requests": [{"from": "2"}],
        }
    )
    told = sight(view, lambda kind, id_: f"{kind}-{id_}", lambda id_: f"P{id_}")
    assert (
        "sees i-x from P1 (client, popup), i-y pending, s-z: P2 controls P1,"
        " a request of P2"
    ) == told


def test_nothing_seen_is_said() -> None:
    """It is what many scenarios are about."""
    view = wire.View.model_validate(
        {"notifications": [], "invitations": [], "sessions": [], "requests": []}
    )
    assert "sees nothing" == sight(view, lambda _, id_: id_, lambda id_: id_)


def test_ends_are_each_clients_own() -> None:
    """A stranger's try is at what somebody else has seen."""
    ends = Ends()
    ends.learn("invitation", "Ada", "1", "Bob")
    ends.learn("invitation", "Bob", "1", "Ada")
    ends.learn("invitation", "Cid", "2", None)
    assert "Bob" == ends.of("invitation", "Ada", "1")
    assert "Ada" == ends.of("invitation", "Bob", "1")
    assert "Bob" == ends.of("invitation", "Cid", "1")
    assert None is ends.of("session", "Ada", "1")
    assert None is ends.of("invitation", "Cid", "2")
