"""What a person sees, in words: who it is and in which order do not matter."""

from collections.abc import Sequence

from invitelab.adapters import messages as wire
from invitelab.adapters.base import Json
from invitelab.conformance.features.people import Person
from invitelab.conformance.random_walks.sight import Eyes, names_of

Row = dict[str, Json]

ADA, BOB = "100200300", "012345678"
NAMES = names_of(
    {
        name: Person(name=name, token=name, id=id_, alias=alias, version="8.0.1")
        for name, id_, alias in (("Ada", ADA, "Ada.x@ad"), ("Bob", BOB, None))
    }
)


def view(**lists: Sequence[Row]) -> wire.View:
    """Make a view; what is not given is empty."""
    empty: dict[str, Sequence[Row]] = {
        name: [] for name in ("notifications", "invitations", "sessions", "requests")
    }
    return wire.View.model_validate({**empty, **lists})


def shown(id_: str, surface: str = "client", **others: Json) -> Row:
    """Make a row of a notification from Ada."""
    row: Row = {"invitation": id_, "surface": surface, "actions": ["accept", "reject"]}
    return {**row, "from": {"id": ADA, "alias": "Ada.x@ad"}, **others}


def shown_from(id_: str, alias: str | None) -> Row:
    """Make a row of a notification from another sender."""
    return {**shown("a"), "from": {"id": id_, "alias": alias}}


def sent(id_: str, state: str = "pending", to: str = BOB) -> Row:
    """Make a row of an invitation."""
    return {"invitation": id_, "to": to, "profile": "Default", "state": state}


def test_persons_are_named_and_ids_are_numbered() -> None:
    """So that two views that mean the same are the same words."""
    session: Row = {"session": "s", "host": ADA, "guest": BOB, "permissions": ["view"]}
    sight = Eyes(NAMES).see(
        view(
            notifications=[
                shown("x", "popup", corner="bottom-right"),
                shown("x", "client"),
            ],
            invitations=[sent("x")],
            sessions=[session],
            requests=[{"from": "012 345 678"}],
        )
    )
    assert [
        "a session request from Bob",
        'invitation 1 to Bob with "Default", pending',
        "notification 1 from Ada with the alias of Ada as a pop-up (bottom-right)",
        "notification 1 from Ada with the alias of Ada in the client",
        "session 1 in which Bob controls Ada: view",
    ] == sorted(sight.rows)
    assert not sight.quiet


def test_ids_and_the_order_of_lists_do_not_count() -> None:
    """Neither do other actions, or how an ID is grouped."""
    one = view(
        invitations=[sent("a", to=ADA), sent("b")],
        notifications=[shown("n"), shown("n", "popup", corner="bottom-right")],
    )
    other = view(
        invitations=[sent("2", to="012 345 678"), sent("1", to=ADA)],
        notifications=[
            shown("m", "popup", corner="bottom-right"),
            shown("m", actions=["snooze", "reject", "accept"]),
        ],
    )
    assert ([], []) == Eyes(NAMES).see(one).unlike(Eyes(NAMES).see(other))


def test_an_alias_is_known_in_any_letter_case() -> None:
    """It is another text than the ID, whose it is as well."""
    aliases = [
        Eyes(NAMES).see(view(invitations=[sent("a", to=typed)]))
        for typed in ("Ada.x@ad", "ada.X@AD", ADA)
    ]
    assert ([], []) == aliases[0].unlike(aliases[1])
    assert ([], []) != aliases[0].unlike(aliases[2])


def test_an_invitation_that_has_ended_may_be_left_out() -> None:
    """But it may not have ended otherwise, and not be pending."""
    first, second, third, fourth = (Eyes(NAMES) for _ in range(4))
    for eyes in (first, second, third, fourth):
        eyes.see(view(invitations=[sent("a")]))
    rejected = first.see(view(invitations=[sent("a", "rejected")]))
    missing = second.see(view())
    expired = third.see(view(invitations=[sent("a", "expired")]))
    pending = fourth.see(view(invitations=[sent("a")]))
    assert ([], []) == rejected.unlike(missing)
    assert rejected.quiet
    said = 'invitation 1 to Bob with "Default", '
    assert ([f"{said}rejected"], [f"{said}expired"]) == rejected.unlike(expired)
    assert ([], [f"{said}pending"]) == missing.unlike(pending)


def test_what_is_past_is_not_numbered_again() -> None:
    """A pending one stands out, and an ended one is left out."""
    eyes = Eyes(NAMES)
    eyes.see(view(invitations=[sent("a"), sent("b")]))
    eyes.forget()
    sight = eyes.see(view(invitations=[sent("a", "expired"), sent("b"), sent("c")]))
    said = 'to Bob with "Default", pending'
    assert [f"an earlier {said}", f"invitation 1 {said}"] == sorted(sight.rows)
    assert not sight.ended


def test_a_missing_answer_and_a_foreign_alias_are_seen() -> None:
    """Other words in place of an alias are all alike."""
    own, other, none, odd = (
        Eyes(NAMES).see(view(notifications=[row]))
        for row in (
            shown("a", actions=["accept"]),
            shown_from(BOB, "Ada.x@ad"),
            shown_from(BOB, None),
            shown_from(BOB, "guest 7"),
        )
    )
    start = "notification 1 from"
    assert [f"{start} Ada with the alias of Ada in the client without reject"] == [
        *own.rows
    ]
    assert [f"{start} Bob with the alias of Ada in the client"] == [*other.rows]
    assert [f"{start} Bob with no alias in the client"] == [*none.rows]
    assert [f"{start} Bob with something else in the client"] == [*odd.rows]
