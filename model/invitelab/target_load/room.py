"""An open room: one scenario of the adapter protocol, and what its views have shown.

A room translates both ways: what people do becomes calls, and what views show becomes
facts for people and instruments, and observations for the judgement. It decides nothing
about an invitation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.handshake import Capability
from invitelab.protocol.observed import ENDS, Listed, Running, Shown, Span, note
from invitelab.protocol.values import ClientId, ClientSpec, State
from invitelab.target_load.calls import Calls
from invitelab.target_load.clocks import RoomClock
from invitelab.target_load.declaration import declare
from invitelab.target_load.tracked import Tracked

Result = TypeVar("Result", bound=wire_types.Wire)

PENDING = "pending"


class Watcher(Protocol):
    """What a room tells about: the world that it belongs to."""

    def shown(self, one: Tracked, at_us: int) -> None:
        """The recipient's client shows it for the first time."""
        ...

    def ended(self, one: Tracked, state: State, at_us: int) -> None:
        """The inviter's client no longer shows it as pending."""
        ...

    def joined(self, one: Tracked, held: frozenset[str], at_us: int) -> None:
        """The recipient's client shows the session, with these permissions."""
        ...

    def sighted(self, one: Tracked, text: str, at_us: int) -> None:
        """A view has shown something else of it than before."""
        ...

    def suspicious(self, clause: str, what: str, client: ClientId) -> None:
        """A view has shown what belongs to no invitation."""
        ...

    def seen_beside(self, what: str) -> None:
        """A view has shown something that is about no invitation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the target has declared, as far as a room needs it."""

    declined: frozenset[Capability]
    settle_us: int
    blur_us: int

    @classmethod
    def of(cls, answer: handshake.Initialized) -> "Terms":
        """From the answer to the handshake."""
        settle_us = answer.settling_ms * 1000
        resolution_ms = max(1, answer.resolution_ms)
        ends_ms = (
            resolution_ms if declared is None else declared
            for declared in (answer.early_ms, answer.late_ms)
        )
        return cls(
            declined=frozenset(entry.capability for entry in answer.declines),
            settle_us=settle_us,
            blur_us=max(1, *ends_ms) * 1000 + settle_us,
        )

    def has(self, capability: Capability) -> bool:
        """Whether the target has it."""
        return capability not in self.declined


class Resident:
    """A client of a room: its token, and the invitations in which it takes part.

    `hosting` are those that it sent, by the target's id; `guesting` the newest from
    each inviter, by the inviter's ID.
    """

    __slots__ = ("guesting", "hosting", "met", "requests", "sessions", "spec", "token")

    def __init__(self, token: str, spec: ClientSpec) -> None:
        self.token = token
        self.spec = spec
        self.hosting: dict[str, Tracked] = {}
        self.guesting: dict[ClientId, Tracked] = {}
        self.sessions: dict[str, Tracked | None] = {}
        """The invitation of each session that was seen, by the session's id."""
        self.requests: frozenset[str] = frozenset()
        """Who was seen to ask for a session."""
        self.met = False
        """Whether its menu was looked at."""


class OpenRoom:
    """One scenario at the target."""

    def __init__(
        self,
        token: str,
        calls: Calls,
        terms: Terms,
        watcher: Watcher,
        clock: RoomClock,
    ) -> None:
        self.token = token
        self.terms = terms
        self._calls = calls
        self._watcher = watcher
        self.clock = clock
        self.residents: dict[ClientId, Resident] = {}
        self.members: list[ClientId] = []
        """Their IDs, in the order in which they were declared."""

    def begin(self, clients: Iterable[tuple[ClientSpec, bool]]) -> None:
        """Declare all clients, each with whether it is online. Raises CallError."""
        declared: list[messages.ClientDeclaration] = []
        for number, (spec, online) in enumerate(clients, start=1):
            token = f"c{number}"
            self.residents[spec.id] = Resident(token, spec)
            declared.append(
                declare(token, spec, online=online, declined=self.terms.declined)
            )
        begin = messages.Begin(scenario=self.token, clients=tuple(declared))
        self.members = list(self.residents)
        self._calls.call("scenario.begin", begin, wire_types.Empty)

    def end(self) -> None:
        """Close the scenario. Raises CallError."""
        scenario = messages.Scenario(scenario=self.token)
        self._calls.call("scenario.end", scenario, wire_types.Empty)

    def ask(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> tuple[Result, Span]:
        """Make a call; its answer, and when it was. Raises CallError."""
        begun_us = self.clock.before_call()
        answer = self._calls.call(method, params, result)
        return answer, self.clock.after_call(begun_us)

    # Looking.

    def look(self, client: ClientId) -> messages.View:
        """Look at a client's view, and tell what is new. Raises CallError."""
        resident = self.residents[client]
        params = messages.ClientCall(scenario=self.token, client=resident.token)
        view, span = self.ask("client.view", params, messages.View)
        self._read_notifications(resident, view, span)
        self._read_list(resident, view, span)
        self._read_sessions(resident, view, span)
        asking = frozenset(row.from_ for row in view.requests)
        if asking != resident.requests:
            resident.requests = asking
            who = ", ".join(sorted(asking)) or "nobody"
            self._watcher.seen_beside(f"{client} is asked for a session by {who}")
        return view

    def _read_notifications(
        self, resident: Resident, view: messages.View, span: Span
    ) -> None:
        if not view.notifications and not resident.guesting:
            return
        by_sender: dict[str, list[messages.NotificationView]] = {}
        for row in view.notifications:
            by_sender.setdefault(row.from_.id.replace(" ", ""), []).append(row)
        unseen: list[Tracked] = []
        for sender, one in resident.guesting.items():
            rows = by_sender.pop(sender, [])
            if rows:
                self._note_shown(one, rows, span)
            else:
                unseen.append(one)
        for stranger, rows in by_sender.items():
            self._note_stranger(resident, unseen, stranger, rows, span)
        for one in unseen:
            if note(one.observed.at_guest, (), span) and one.was_shown:
                at_us = self.clock.instant_of(span)
                self._watcher.sighted(one, "no longer shown", at_us)

    def _note_shown(
        self, one: Tracked, rows: list[messages.NotificationView], span: Span
    ) -> None:
        shown = tuple(
            Shown(
                row.surface,
                row.corner,
                row.from_.id,
                row.from_.alias,
                tuple(sorted(row.actions)),
            )
            for row in sorted(rows, key=lambda row: row.surface)
        )
        if not note(one.observed.at_guest, shown, span):
            return
        one.shown_as = {row.surface: row.invitation for row in rows}
        self._watcher.sighted(one, self._as_text(shown), self.clock.instant_of(span))
        if not one.was_shown:
            one.was_shown = True
            self._watcher.shown(one, self.clock.instant_of(span))

    def _as_text(self, shown: tuple[Shown, ...]) -> str:
        """What the recipient sees, as far as every implementation must agree."""
        popup = self.terms.has(Capability.POPUP)
        rows = (
            f"{row.surface if popup else 'client'} from "
            f"{row.id.replace(' ', '')} ({row.alias or 'no alias'})"
            for row in shown
            if popup or row.surface != "popup"
        )
        return f"shown as {', '.join(rows)}"

    def _note_stranger(
        self,
        resident: Resident,
        unseen: list[Tracked],
        sender: str,
        rows: list[messages.NotificationView],
        span: Span,
    ) -> None:
        """A notification of a sender that has not invited this client."""
        known = self.residents.get(ClientId(sender))
        mine = [one for one in unseen if one.ended is None]
        if known is None and mine:  # with a wrong ID, which the judgement will say
            unseen.remove(mine[0])
            self._note_shown(mine[0], rows, span)
            return
        theirs = known.hosting.values() if known is not None else ()
        pending = [one for one in theirs if one.ended is None]
        for one in pending:
            one.observed.elsewhere.append(resident.spec.id)
        if not pending:
            what = f"{resident.spec.id} was shown an invitation from {sender}"
            self._watcher.suspicious("NOTIFY-6", what, resident.spec.id)

    def _read_list(self, resident: Resident, view: messages.View, span: Span) -> None:
        if not resident.hosting:
            return
        rows = {row.invitation: row for row in view.invitations}
        for id_, one in resident.hosting.items():
            row = rows.get(id_)
            listed = None if row is None else Listed(row.state, row.profile)
            is_new = note(one.observed.at_host, listed, span)
            if is_new and listed is not None and listed.state == PENDING:
                text = f"listed as pending with {listed.profile}"
                self._watcher.sighted(one, text, self.clock.instant_of(span))
            if one.ended is None and (row is None or row.state != PENDING):
                state = _derived(one) if row is None else State(row.state)
                one.ended = state
                self._watcher.ended(one, state, self.clock.instant_of(span))

    def _read_sessions(
        self, resident: Resident, view: messages.View, span: Span
    ) -> None:
        running: dict[str, Running] = {}
        for row in view.sessions:
            if row.session not in resident.sessions:
                self._attribute(resident, row)
            one = resident.sessions[row.session]
            if one is not None:
                held = frozenset(row.permissions)
                running[one.key] = Running(row.host, row.guest, held)
        me = resident.spec.id
        mine = (*resident.hosting.values(), *resident.guesting.values())
        known = (one for one in resident.sessions.values() if one is not None)
        for one in dict.fromkeys((*mine, *known)):
            found = running.get(one.key)
            if found is None and not one.accepted:
                continue
            hosts = one.observed.inviter.id == me
            seen = one.observed.started if hosts else one.observed.joined
            if note(seen, found, span) and (found is not None or len(seen) > 1):
                self._tell_session(one, found, span, hosts=hosts)
            if found is not None and not hosts and one.joined_us is None:
                at_us = self.clock.instant_of(span)
                self._watcher.joined(one, found.permissions, at_us)

    def _tell_session(
        self, one: Tracked, found: Running | None, span: Span, *, hosts: bool
    ) -> None:
        held = "no session"
        if found is not None:
            names = ", ".join(sorted(found.permissions)) or "no permissions"
            held = f"{found.guest} at {found.host} with {names}"
        side = "inviter" if hosts else "recipient"
        at_us = self.clock.instant_of(span)
        self._watcher.sighted(one, f"seen by the {side}: {held}", at_us)

    def _attribute(self, resident: Resident, row: messages.SessionView) -> None:
        """Find the invitation that a new session comes from."""
        me = resident.spec.id
        known = {one.key for one in resident.sessions.values() if one is not None}
        parties = {ClientId(row.host), ClientId(row.guest)}
        between = [
            one
            for party in sorted(parties & self.residents.keys())
            for one in self.residents[party].hosting.values()
            if {one.host_id, one.guest_id} == parties
        ]
        new = [one for one in between if one.key not in known]
        new.sort(key=lambda one: (one.accepted, one.number))
        found = resident.sessions[row.session] = new[-1] if new else None
        if found is None:
            # One more session of an invitation that has one is another reading.
            clause = "ANSWER-3" if between else "SESSION-1"
            what = f"{me} was shown a session of {row.host} and {row.guest}"
            self._watcher.suspicious(clause, what, me)


def _derived(one: Tracked) -> State:
    """How an invitation ended that is no longer listed."""
    granted = (
        ENDS[click.kind]
        for click in one.observed.clicks
        if click.granted and click.kind in ENDS
    )
    return next(granted, State.EXPIRED)
