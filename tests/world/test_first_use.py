"""A table takes memory once it is used, and not before."""

import pytest

from invitelab.world.first_use import MadeOnFirstUse
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient


class Inbox(MadeOnFirstUse, messages=list):
    """Has one table."""

    __slots__ = ("messages", "owner")

    messages: list[str]
    owner: str


class Archive(Inbox, years=dict):
    """Has another one."""

    __slots__ = ("years",)

    years: dict[int, str]


def is_made(of: object, name: str) -> bool:
    """Whether a slot has been filled."""
    try:
        object.__getattribute__(of, name)
    except AttributeError:
        return False
    return True


def test_a_table_is_made_once() -> None:
    """What is put into it stays there."""
    inbox = Inbox()
    assert not is_made(inbox, "messages")
    inbox.messages.append("hello")
    assert ["hello"] == inbox.messages


def test_a_subclass_adds_tables() -> None:
    """It has those of its base, too."""
    archive = Archive()
    assert ([], {}) == (archive.messages, archive.years)


def test_other_slots_are_no_tables() -> None:
    """A slot that was never set is an error that names it."""
    with pytest.raises(AttributeError, match="Inbox has no attribute"):
        Inbox().owner  # noqa: B018 - it raises


@pytest.mark.parametrize("role", [Inviter, Recipient])
def test_a_client_begins_without_tables(role: type[Inviter | Recipient]) -> None:
    """Neither role has any before something happens."""
    made = role.__new__(role)
    tables = ("invitations", "notifications", "sessions", "joined", "requests")
    assert not any(is_made(made, name) for name in tables)
    assert {} == made.sessions
