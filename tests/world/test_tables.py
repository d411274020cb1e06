"""A client's table takes memory once it is used, and not before."""

import pytest

from invitelab.world.tables import InviterTables, RecipientTables

NAMES = {
    InviterTables: ("invitations", "joined", "requests", "sessions"),
    RecipientTables: ("notifications", "refused", "sessions"),
}


@pytest.mark.parametrize("tables", NAMES)
def test_tables_are_made_once(tables: type[InviterTables | RecipientTables]) -> None:
    """What is put into one stays there, and each is another one."""
    made = tables()
    first = {name: getattr(made, name) for name in NAMES[tables]}
    assert len(first) == len({id(table) for table in first.values()})
    assert all(getattr(made, name) is first[name] for name in first)


def test_a_client_begins_without_tables() -> None:
    """Neither role has any before something happens."""
    inviter, recipient = InviterTables(), RecipientTables()
    slots = ("_invitations", "_joins", "_requests", "_sessions")
    assert all(getattr(inviter, slot) is None for slot in slots)
    others = ("_notifications", "_refused", "_sessions")
    assert all(getattr(recipient, slot) is None for slot in others)
