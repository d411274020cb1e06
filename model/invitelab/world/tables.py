"""The tables of a client's two roles, each made when it is first used.

A world may have met a million clients, most of which have only been invited once: their
empty dictionaries took a third of their memory.
"""

from mypy_extensions import mypyc_attr

from invitelab.protocol.guest import Notification
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import Identity, Invitation, Session


@mypyc_attr(allow_interpreted_subclasses=True)
class InviterTables:
    """What an inviter knows; the keys are the ids of invitations and of sessions."""

    __slots__ = ("_invitations", "_joins", "_requests", "_sessions")

    def __init__(self) -> None:
        self._invitations: dict[str, Invitation] | None = None
        self._sessions: dict[str, Session] | None = None
        self._joins: set[str] | None = None
        self._requests: list[Identity] | None = None

    @property
    def invitations(self) -> dict[str, Invitation]:
        """Every invitation that was sent, with its present state."""
        table = self._invitations
        if table is None:
            table = self._invitations = {}
        return table

    @property
    def sessions(self) -> dict[str, Session]:
        """Every session at this device."""
        table = self._sessions
        if table is None:
            table = self._sessions = {}
        return table

    @property
    def joined(self) -> set[str]:
        """The sessions whose guest has joined."""
        table = self._joins
        if table is None:
            table = self._joins = set()
        return table

    @property
    def requests(self) -> list[Identity]:
        """Who has asked for a session in the main window (SESSION-11)."""
        table = self._requests
        if table is None:
            table = self._requests = []
        return table

    def drop(self, id_: str) -> None:
        """Remove an invitation and its session, and tables that are empty then."""
        known = None if self._invitations is None else self._invitations.pop(id_, None)
        session = None if known is None else known.session
        if session is not None and self._sessions is not None:
            self._sessions.pop(session, None)
        if session is not None and self._joins is not None:
            self._joins.discard(session)
        self._invitations = self._invitations or None
        self._sessions = self._sessions or None
        self._joins = self._joins or None


@mypyc_attr(allow_interpreted_subclasses=True)
class RecipientTables:
    """What a recipient knows; the keys are the ids of invitations and of sessions."""

    __slots__ = ("_notifications", "_refused", "_sessions")

    def __init__(self) -> None:
        self._notifications: dict[str, Notification] | None = None
        self._sessions: dict[str, Session] | None = None
        self._refused: dict[str, Reason] | None = None

    @property
    def notifications(self) -> dict[str, Notification]:
        """Every invitation that was offered or answered."""
        table = self._notifications
        if table is None:
            table = self._notifications = {}
        return table

    @property
    def sessions(self) -> dict[str, Session]:
        """Every session that was joined."""
        table = self._sessions
        if table is None:
            table = self._sessions = {}
        return table

    @property
    def refused(self) -> dict[str, Reason]:
        """Why the newest change of an invitation was refused, if it was."""
        table = self._refused
        if table is None:
            table = self._refused = {}
        return table

    def drop(self, id_: str) -> None:
        """Remove an invitation and its session, and tables that are empty then."""
        if self._notifications is not None:
            self._notifications.pop(id_, None)
        if self._refused is not None:
            self._refused.pop(id_, None)
        joined = self._sessions or {}
        for session in [one.id for one in joined.values() if one.invitation == id_]:
            del joined[session]
        self._notifications = self._notifications or None
        self._refused = self._refused or None
        self._sessions = self._sessions or None
