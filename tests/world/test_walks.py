"""After any actions of users, in any order, every invariant holds.

Hypothesis walks through a world of six clients: it sends, changes, answers, leaves,
returns and lets time pass, to the microsecond around every deadline. A walk that
breaks something is shrunk to the shortest one that does.
"""

from collections.abc import Iterator

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from invitelab.protocol.guest import BOTH_SURFACES, NO_SURFACE, GuestState
from invitelab.protocol.history import Fact, History
from invitelab.protocol.invariants import violations
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.table import TABLE
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    ContactList,
    EntryPoint,
    Identity,
    Invitation,
    Permission,
    Permissions,
    Platform,
    Session,
    SessionState,
    State,
    Surface,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.simulation import ClientSetup, World

SETTINGS = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

SECOND_US = 1_000_000
HEALTHY_US = 12 * SECOND_US
"""How long after a return everything is settled again (L2, L3)."""
ADA, BEA, CLEO, DAN, EVE, FAY = (
    ClientId(text)
    for text in (
        "100200300",
        "400500600",
        "700800900",
        "600600600",
        "500500500",
        "1234567890",
    )
)


def spec(id_: ClientId, alias: str | None, version: Version) -> ClientSpec:
    """Describe a client with all there is to start with."""
    return ClientSpec(
        identity=Identity(id=id_, alias=alias),
        version=version,
        platform=Platform.MACOS if id_ == EVE else Platform.WINDOWS,
        profiles=BUILT_IN_PROFILES,
        locked={Permission.FILES: True, Permission.VIEW: False} if id_ == FAY else {},
        contacts={ContactList.FAVORITES: (BEA, CLEO)},
    )


SPECS = {
    ADA: spec(ADA, "ada@ad", Version(7, 0, 0)),
    BEA: spec(BEA, "bea@ad", Version(10, 0, 0)),
    CLEO: spec(CLEO, None, Version(7, 0, 0)),  # portable
    DAN: spec(DAN, "dan@ad", Version(6, 9, 9)),
    EVE: spec(EVE, "eve@ad", Version(7, 0, 0)),  # on macOS
    FAY: spec(FAY, "fay@ad", Version(7, 0, 0)),  # locked
}
Sent = MultipleResults[str] | str
NOTHING: MultipleResults[str] = multiple()
EDGES = {(state, cell.next) for state, row in TABLE.items() for cell in row.values()}

PEOPLE = st.sampled_from(list(SPECS))
# Those who invite and are invited most, so that walks meet.
FRIENDS = st.sampled_from([ADA, BEA, CLEO, FAY])
TYPED = st.sampled_from(
    [*SPECS, "100 200 300", "400 500 600", "BEA@ad", "ada@ad", "999999999", "x"]
)
ENTRIES = st.sampled_from([EntryPoint.ICON] * 4 + [EntryPoint.TILE_FAVORITES])
PROFILES = st.sampled_from([*(entry.name for entry in BUILT_IN_PROFILES), "None"])
PERMISSIONS = st.sampled_from(Permission)
# What passes before the next thing is done: nothing, half a way, a way, a while.
THEN = st.sampled_from([0, 40_000, 80_000, 160_000, SECOND_US])
LONG = st.sampled_from([1, 10, 12, 41, 60, 119, 121])


class Walk(RuleBasedStateMachine):
    """Users at clients; all messages arrive at once."""

    latency_us = 0
    invitations = Bundle[str]("invitations")

    def __init__(self) -> None:
        """Begin at time zero, with all clients connected."""
        super().__init__()
        self.facts: list[Fact] = []
        self.world = World(
            [ClientSetup(spec=entry) for entry in SPECS.values()],
            latency_us=self.latency_us,
            record=self.facts.append,
        )
        self.clients = self.world.clients
        self.states: dict[str, State] = {}
        self.dismissed: set[str] = set()
        self.returned_us = dict.fromkeys(SPECS, -HEALTHY_US)

    # What people do.

    @initialize(target=invitations, pair=st.permutations([ADA, BEA, CLEO, FAY]))
    def begin(self, pair: list[ClientId]) -> Sent:
        """Start in a state in which most actions are possible."""
        return self.invite(pair[0], pair[1], SECOND_US)

    @rule(target=invitations, data=st.data(), who=PEOPLE, to=TYPED, then_us=THEN)
    def send(self, data: st.DataObject, who: ClientId, to: str, then_us: int) -> Sent:
        """Invite another client, or be refused."""
        entry, profile = data.draw(ENTRIES), data.draw(PROFILES)
        sent = self.clients[who].send(entry, to, profile)
        self.world.advance(then_us)
        return NOTHING if isinstance(sent, Refusal) else sent

    @rule(target=invitations, who=FRIENDS, to=FRIENDS, then_us=THEN)
    def invite(self, who: ClientId, to: ClientId, then_us: int) -> Sent:
        """Invite a frequent contact."""
        sent = self.clients[who].send(EntryPoint.ICON, to, "Default")
        self.world.advance(then_us)
        return NOTHING if isinstance(sent, Refusal) else sent

    @rule(id_=invitations, profile=PROFILES, then_us=THEN)
    def modify(self, id_: str, profile: str, then_us: int) -> None:
        """Choose another profile."""
        self.host(id_).modify(id_, profile)
        self.world.advance(then_us)

    @rule(id_=invitations, then_us=THEN)
    def cancel(self, id_: str, then_us: int) -> None:
        """Take it back."""
        self.host(id_).cancel(id_)
        self.world.advance(then_us)

    @rule(id_=invitations, accept=st.booleans(), then_us=THEN)
    def answer(self, id_: str, then_us: int, *, accept: bool) -> None:
        """Accept or reject what is, or was, shown."""
        guest = self.guest(id_)
        if id_ in guest.recipient.notifications:
            guest.answer(id_, accept=accept)
        self.world.advance(then_us)

    @rule(id_=invitations, then_us=THEN)
    def dismiss(self, id_: str, then_us: int) -> None:
        """Close the pop-up."""
        guest = self.guest(id_)
        if id_ in guest.recipient.notifications and guest.dismiss(id_) is None:
            self.dismissed.add(id_)
        self.world.advance(then_us)

    @rule(id_=invitations, who=PEOPLE, accept=st.booleans(), then_us=THEN)
    def answer_another(
        self, id_: str, who: ClientId, then_us: int, *, accept: bool
    ) -> None:
        """Answer another client's invitation."""
        if who != self.record(id_).recipient:
            self.clients[who].answer(id_, accept=accept)
        self.world.advance(then_us)

    @rule(id_=invitations, who=PEOPLE, profile=PROFILES | st.none(), then_us=THEN)
    def change_another(
        self, id_: str, who: ClientId, profile: str | None, then_us: int
    ) -> None:
        """Modify or cancel an invitation of another client."""
        client = self.clients[who]
        if who != self.record(id_).inviter and profile is None:
            client.cancel(id_)
        elif who != self.record(id_).inviter and profile is not None:
            client.modify(id_, profile)
        self.world.advance(then_us)

    @rule(data=st.data(), id_=invitations, who=PEOPLE, then_us=THEN)
    def permit(
        self, data: st.DataObject, id_: str, who: ClientId, then_us: int
    ) -> None:
        """Change a permission, as the host and as another client."""
        permission, allowed = data.draw(PERMISSIONS), data.draw(st.booleans())
        for session in self.sessions(self.host(id_), id_):
            for client in (self.host(id_), self.clients[who]):
                client.permit(session.id, permission, allowed=allowed)
        self.world.advance(then_us)

    @rule(
        who=FRIENDS,
        profile=PROFILES,
        permissions=st.frozensets(PERMISSIONS, max_size=3),
    )
    def edit_profile(
        self, who: ClientId, profile: str, permissions: Permissions
    ) -> None:
        """Give a stored profile other permissions."""
        self.clients[who].edit_profile(profile, permissions)
        self.world.settle()

    @rule(who=FRIENDS, then_us=THEN)
    def leave_or_return(self, who: ClientId, then_us: int) -> None:
        """Drop off the network, or come back."""
        online = not self.clients[who].device.online
        self.clients[who].set_online(online=online)
        self.returned_us[who] = self.world.now_us
        self.world.advance(then_us)

    @rule(seconds=LONG)
    def let_time_pass(self, seconds: int) -> None:
        """Wait, for up to more than a lifetime."""
        self.world.advance(seconds * SECOND_US)

    @rule(id_=invitations, offset_us=st.sampled_from([-1, 0, 1]))
    def wait_for_the_deadline(self, id_: str, offset_us: int) -> None:
        """Wait until just before a deadline, until it, or until just after it."""
        until_us = self.record(id_).deadline_us + offset_us
        if until_us > self.world.now_us:
            self.world.advance(until_us - self.world.now_us)

    # What must hold.

    @invariant()
    def every_invariant_holds(self) -> None:
        """S1 to S18, over the history so far."""
        history = History(clients=SPECS, facts=self.facts)
        assert [] == list(violations(history))

    @invariant()
    def only_the_table_changes_a_state(self) -> None:
        """Each step is one of the table's, and a new invitation begins pending."""
        for record in self.records():
            before = self.states.get(record.id)
            if before is not record.state:
                # Between two looks it may be sent and come to its end.
                via = {None, State.PENDING} if before is None else {before}
                assert any((state, record.state) in EDGES for state in via)
            self.states[record.id] = record.state

    @invariant()
    def what_is_pending_is_alive(self) -> None:
        """By its deadline an invitation has ended (L1)."""
        for record in self.records():
            alive = self.world.now_us < record.deadline_us
            assert alive or record.state is not State.PENDING

    @invariant()
    def a_session_has_an_invitation(self) -> None:
        """One accepted invitation, one session, from its inviter to its addressee."""
        for record in self.records():
            held = self.sessions(self.host(record.id), record.id)
            assert len(held) == (record.state is State.ACCEPTED)
            assert {record.inviter} >= {session.host for session in held}
            assert {record.recipient} >= {session.guest for session in held}

    def teardown(self) -> None:
        """Reconnect all clients and wait: all has ended, and both ends agree (L6)."""
        for client in self.clients.values():
            client.set_online(online=True)
        self.world.advance(200 * SECOND_US)
        for record in self.records():
            assert record.state is not State.PENDING
            known = self.guest(record.id).recipient.notifications.get(record.id)
            assert known is None or known.surfaces == NO_SURFACE
            at_host = self.running(self.host(record.id), record)
            assert at_host == self.running(self.guest(record.id), record)
        self.every_invariant_holds()

    # Where to look.

    def host(self, id_: str) -> Client:
        """Find the inviter's client."""
        return self.clients[ClientId(id_.partition("-")[0])]

    def guest(self, id_: str) -> Client:
        """Find the addressee's client."""
        return self.clients[self.record(id_).recipient]

    def record(self, id_: str) -> Invitation:
        """Look into the inviter's list."""
        return self.host(id_).inviter.invitations[id_]

    def records(self) -> Iterator[Invitation]:
        """Go through all lists."""
        for client in self.clients.values():
            yield from client.inviter.invitations.values()

    def sessions(self, client: Client, id_: str) -> list[Session]:
        """List a client's sessions of an invitation."""
        held = {**client.inviter.sessions, **client.recipient.sessions}
        return [session for session in held.values() if session.invitation == id_]

    def running(self, client: Client, record: Invitation) -> list[Session]:
        """List those of them that are not over."""
        held = self.sessions(client, record.id)
        return [session for session in held if session.state is SessionState.ACTIVE]

    def settled(self, record: Invitation) -> bool:
        """Whether both ends are there, and have been for a while."""
        return all(
            self.clients[who].device.online
            and self.world.now_us - self.returned_us[who] >= HEALTHY_US
            for who in (record.inviter, record.recipient)
        )


class WalkAtOnce(Walk):
    """Without latency both ends agree at every moment."""

    @invariant()
    def the_list_and_the_surfaces_agree(self) -> None:
        """What is pending in the list is shown, and nothing else is."""
        for record in filter(self.settled, self.records()):
            known = self.guest(record.id).recipient.notifications.get(record.id)
            pending = record.state is State.PENDING
            expected = BOTH_SURFACES if pending else NO_SURFACE
            if record.id in self.dismissed:
                expected -= {Surface.POPUP}
            assert expected == (known.surfaces if known else NO_SURFACE)
            if pending and known:
                assert GuestState.SHOWN == known.state
                assert record.revision == known.revision

    @invariant()
    def both_ends_agree_about_the_session(self) -> None:
        """Where it runs at the host it runs at the guest, with equal permissions."""
        for record in self.records():
            ends = (self.host(record.id), self.guest(record.id))
            at_host, at_guest = (self.running(end, record) for end in ends)
            assert [s.id for s in at_host] == [s.id for s in at_guest]
            if self.settled(record):
                assert at_host == at_guest


class WalkApart(Walk):
    """With 80 ms between any two clients."""

    latency_us = 80_000


def test_walks_without_latency_break_nothing() -> None:
    """Every invariant, and both ends agree at every moment."""
    run_state_machine_as_test(WalkAtOnce, settings=SETTINGS)


def test_walks_with_latency_break_nothing() -> None:
    """Every invariant, whatever crosses on the way."""
    run_state_machine_as_test(WalkApart, settings=SETTINGS)
