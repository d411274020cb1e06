"""The target's world: the people of a scenario, at the clients of one connection.

The people are those of a simulation (`world.load`), with the same draws. The world
opens rooms, tells people and instruments what views have shown, and has every
invitation judged once it is over.
"""

from collections.abc import Callable
from typing import Any

from invitelab.adapters import messages
from invitelab.adapters.handshake import Capability
from invitelab.errors import CallError
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.observed import Broken, Click, ClickKind, Exactness, Observed
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Permission,
    State,
    Surface,
)
from invitelab.target_load.calls import Calls
from invitelab.target_load.client import TargetClient
from invitelab.target_load.clocks import rounded_up
from invitelab.target_load.courses import EFFECTS, FACTS, text_of
from invitelab.target_load.declined import not_judged
from invitelab.target_load.directory import TargetDirectory
from invitelab.target_load.extras import Extras
from invitelab.target_load.findings import Example
from invitelab.target_load.judging import Judging, taking_part
from invitelab.target_load.looking import FORGOTTEN_US, Looking, third_of
from invitelab.target_load.open_rooms import OpenRooms
from invitelab.target_load.pace import Extremes
from invitelab.target_load.part import Manner, Part
from invitelab.target_load.people import RoomUsers
from invitelab.target_load.room import OpenRoom, Resident
from invitelab.target_load.sights import look_at_menu, requested
from invitelab.target_load.tracked import Tracked
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.attempt_times import begin_attempts
from invitelab.world.load.controls import Told
from invitelab.world.load.intentions import Intentions
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CounterRng
from invitelab.world.load.user_behaviour import NOTICED
from invitelab.world.scenario.schema import Closed

LONG_US = 7_200 * US_PER_S
"""When an invitation is judged in a thorough run, in which people look again later."""

OnSight = Callable[[int, int, str], None]
"""Takes an attempt, an instant in microseconds, and what was seen."""


class TargetWorld:
    """The people of some rooms, and the target that they use."""

    def __init__(self, part: Part, calls: Calls, manner: Manner, told: Told) -> None:
        terms = manner.terms
        self.env = CalendarEnvironment()
        self.calls = calls
        self.judging = Judging(
            Exactness(
                blur_us=terms.blur_us,
                settle_us=terms.settle_us,
                popup=terms.has(Capability.POPUP),
            ),
            manner.required,
            not_judged(terms.declined),
        )
        self.sent_count = 0
        self.lost = 0
        """Invitations that were pending when the target ended."""
        self.troubled: set[int] = set()
        """Rooms in which a call has failed, or that were lost with the target."""
        self.on_failure: Callable[[CallError], None] = lambda _error: None
        """Called when a call has failed."""
        self.on_room: Callable[[int, int], None] = lambda _number, _room: None
        """Called with each attempt and the number of its room."""
        self.on_sight: OnSight = lambda _number, _us, _text: None
        """Called with what a view has shown anew of an attempt, as text."""
        self.thorough = part.thorough
        self.can_modify = terms.has(Capability.MODIFY)
        self._manner = manner
        self._told = told
        self._tracked: dict[str, Tracked] = {}
        scenario = part.scenario
        calls.follow(scenario.end_us, lambda: self.env.now_us)
        rng = CounterRng(part.seed, part.replication)
        self.population = Population(scenario.population, rng)
        intentions = Extremes if part.thorough else Intentions
        self.intentions = intentions(scenario.people, rng)
        self.directory = TargetDirectory(
            self.population, terms, self, thorough=part.thorough
        )
        self.rooms = OpenRooms(self.directory, part.rooms, self._make_room)
        open_loop = not isinstance(scenario.arrivals, Closed)
        self.extras: Extras | None = None
        if part.thorough:
            self.extras = Extras(self, terms, open_loop=open_loop)
        self.directory.on_meeting = self._meet
        self._looking = Looking(
            self.env, self.look, settle_us=terms.settle_us, poll_us=manner.poll_us
        )
        self.users = RoomUsers(self, told)
        begin_attempts(
            self.env,
            self.users,
            self.population,
            scenario=scenario,
            rng=rng,
            trace=part.trace,
        )

    def finish(self) -> None:
        """Judge what is left, and close all rooms."""
        for one in list(self._tracked.values()):
            self._forget(one)
        self.rooms.close()

    def abandon(self) -> None:
        """Forget all rooms: the target has ended with them."""
        for one in self._tracked.values():
            self.lost += one.ended is None
        self.troubled |= self.rooms.abandon()
        self._tracked.clear()

    # What clients need: see `client.ClientWorld`.

    @property
    def number(self) -> int:
        """The attempt that is being made."""
        return self.directory.number

    @property
    def addressee(self) -> TargetClient:
        """The recipient of the attempt that is being made."""
        assert self.directory.addressee is not None, "an attempt is being made"
        return self.directory.addressee

    @property
    def now_us(self) -> int:
        """The instant that is due now."""
        return self.env.now_us

    @property
    def settle_us(self) -> int:
        """How long an effect may take to show."""
        return self._manner.terms.settle_us

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object
    ) -> object:
        """Call `action(argument)` after a time, at a whole millisecond."""
        at_us = rounded_up(self._manner.now_us(self) + delay_us)
        return self.env.call_at(at_us, action, argument)

    def room_of(self, index: int) -> OpenRoom:
        """The room of a client, at the present instant. Raises CallError."""
        room = self.rooms.of(index)
        room.clock.reach(self.env.now_us)
        return room

    def _make_room(self, token: str) -> OpenRoom:
        clock = self._manner.make_clock(self, token)
        return OpenRoom(token, self.calls, self._manner.terms, self, clock)

    def failed(self, index: int, error: CallError) -> None:
        """A call for that client has failed."""
        self.troubled.add(self.rooms.number_of(index))
        self.on_failure(error)

    def tracked(self, key: str) -> Tracked | None:
        """An invitation; None once it is forgotten."""
        return self._tracked.get(key)

    def sent(self, one: Tracked) -> None:
        """The target has granted an invitation."""
        self._tracked[one.key] = one
        self.sent_count += 1
        room, (host, guest) = self.room_of(one.host.index), self._sides(one)
        online = self.directory.is_online(one.guest.index)
        for found in self.judging.sent(one, host, guest, online=online):
            self.broken(found, one.number, one.host)
        self._record(
            one,
            FactKind.SENT,
            one.due_us,
            client=one.host_id,
            other=one.guest_id,
            deadline_us=one.observed.deadline_us,
            permissions=one.observed.permissions,
        )
        third = third_of(room.members, one.number, but={one.host_id, one.guest_id})
        bystander = (
            None
            if third is None
            else self.directory.client(self.directory.index_of(third))
        )
        self._looking.after_send(one, bystander)
        kept_us = LONG_US if self.thorough else FORGOTTEN_US
        self.env.call_at(rounded_up(self.env.now_us + kept_us), self._forget, one)
        if self.extras is not None:
            self.extras.sent(one)

    def _sides(self, one: Tracked) -> tuple[Resident, Resident]:
        residents = self.room_of(one.host.index).residents
        return residents[one.host_id], residents[one.guest_id]

    def not_sent(self, refused: Observed, host: int, guest: int) -> None:
        """The target has refused an invitation."""
        room = self.room_of(host)
        ids = refused.inviter.id, refused.recipient.id
        sender, addressee = (room.residents[id_] for id_ in ids)
        online = all(map(self.directory.is_online, (host, guest)))
        found = self.judging.not_sent(sender, addressee, online=online)
        if found is not None:
            inviter = self.directory.client(host)
            before = taking_part(sender, addressee)
            example = Example(
                at_us=self.env.now_us,
                room=self.rooms.number_of(inviter.index),
                what=found[0].what,
                number=self.number,
                observed=refused,
                before=tuple(one.observed for one in before),
            )
            self.judging.add(found[0], example, deviation=found[1])

    def pressed(self, one: Tracked, click: Click) -> None:
        """The target has answered an operation on an invitation."""
        one.observed.clicks.append(click)
        if click.kind is ClickKind.ACCEPT and one.ended is State.ACCEPTED:
            self.judging.accepted_again(*self._sides(one))
        if click.granted:
            one.accepted = one.accepted or click.kind is ClickKind.ACCEPT
            self._clicked(one, click)
            if click.kind is ClickKind.MODIFY and self.extras is not None:
                changes = (two.kind is ClickKind.MODIFY for two in one.observed.clicks)
                self.extras.modified(one, sum(changes))
        self._looking.after_click(one)

    def _clicked(self, one: Tracked, click: Click) -> None:
        """Tell of an operation that the target has granted."""
        kind = FACTS.get(click.kind, FactKind.CLICKED)
        answers = kind is FactKind.CLICKED
        self._record(
            one,
            kind,
            self.env.now_us,
            client=one.guest_id if answers else one.host_id,
            accept=click.kind is ClickKind.ACCEPT if answers else None,
            permissions=click.permissions or None,
        )

    def mailed(self, index: int, answer: messages.EmailOutcome) -> None:
        """The target has answered an email."""
        client = self.directory.client(index)
        for found in self.judging.email(client, answer):
            self.broken(found, self.number, client)

    def typed(self, id_: str) -> str:
        """An ID, or in a thorough run the alias, where there is one."""
        spec = self.directory.client(self.directory.index_of(ClientId(id_))).device.spec
        alias = spec.identity.alias if self.thorough and self.number % 2 else None
        return alias or id_

    def requested(self, asker: int, typed: str, *, granted: bool) -> None:
        """The target has answered a session request; look at who is asked."""
        client = self.directory.client(asker)
        self.attempt(asker, lambda: requested(self, client, typed, granted=granted))

    def _meet(self, client: TargetClient) -> None:
        if self.extras is not None and client is self.directory.addressee:
            self.extras.meeting(self.number, client)
        self.attempt(client.index, lambda: look_at_menu(self, client))

    # Looking.

    def look(self, client: TargetClient) -> None:
        """Look at a client's view."""
        self.view_of(client)

    def look_at_both(self, one: Tracked) -> None:
        """Look at both sides, now and when an effect has had time to settle."""
        for after_us in {0, self.settle_us}:
            self.env.call_at(self.env.now_us + after_us, self.look, one.host)
            self.env.call_at(self.env.now_us + after_us, self.look, one.guest)

    def view_of(self, client: TargetClient) -> messages.View | None:
        """The view of a client; None where it cannot be had."""
        found: list[messages.View] = []
        if client.present:
            self.attempt(
                client.index,
                lambda: found.append(self.room_of(client.index).look(client.device.id)),
            )
        return found[0] if found else None

    def attempt(self, index: int, work: Callable[[], object]) -> None:
        """Do something for a client that may fail with the target."""
        try:
            work()
        except CallError as error:
            self.failed(index, error)

    # What a room tells: see `room.Watcher`.

    def shown(self, one: Tracked, at_us: int) -> None:
        """The recipient's client shows it for the first time."""
        self._record(
            one,
            FactKind.SHOWN,
            max(self.env.now_us, at_us),
            client=one.guest_id,
            identity=one.observed.inviter.identity,
            surface=Surface.POPUP,
        )

    def ended(self, one: Tracked, state: State, at_us: int) -> None:
        """The inviter's client no longer shows it as pending."""
        one.ended_us = max(self.env.now_us, at_us)
        self._record(one, FactKind.ENDED, one.ended_us, client=one.host_id, state=state)
        if state is State.ACCEPTED and one.joined_us is not None:
            self._joined(one)
        if self.extras is not None:
            self.extras.ended(one, state)

    def joined(self, one: Tracked, held: frozenset[str], at_us: int) -> None:
        """The recipient's client shows the session, with these permissions."""
        one.joined_us, one.held = max(self.env.now_us, at_us), held
        if one.ended is State.ACCEPTED:  # else its inviter has to see that first
            self._joined(one)

    def _joined(self, one: Tracked) -> None:
        at_us = max(one.joined_us or 0, one.ended_us)
        held = frozenset(name for name in Permission if name.value in one.held)
        self._record(one, FactKind.JOINED, at_us, client=one.guest_id, permissions=held)
        if self.extras is not None:
            self.extras.joined(one)

    def sighted(self, one: Tracked, text: str, at_us: int) -> None:
        """A view has shown something else of it than before."""
        self.on_sight(one.number, max(self.env.now_us, at_us), text)

    def suspicious(self, clause: str, what: str, client: ClientId) -> None:
        """A view has shown what belongs to no invitation."""
        here = self.directory.client(self.directory.index_of(client))
        self.broken(Broken(clause, what), None, here)
        self.on_sight(self.number, self.env.now_us, what)

    def seen_beside(self, what: str) -> None:
        """A view has shown something that is about no invitation."""
        self.on_sight(self.number, self.env.now_us, what)

    def _record(
        self,
        one: Tracked,
        kind: FactKind,
        at_us: int,
        **fields: Any,  # noqa: ANN401 - those of Fact
    ) -> None:
        fact = Fact(at_us=at_us, kind=kind, invitation=one.key, **fields)
        if kind in EFFECTS:
            self.on_sight(one.number, at_us, text_of(fact))
        if kind in NOTICED:
            self.users.notice(fact)
        self._told.tell("happened", at_us, fact)

    # Judging.

    def _forget(self, one: Tracked) -> None:
        """Judge an invitation, and forget it."""
        if self._tracked.pop(one.key, None) is None:
            return
        self.judging.over(one, self.rooms.number_of(one.host.index))
        room = self.rooms.known(one.host.index)
        if room is None:
            return
        host, guest = room.residents[one.host_id], room.residents[one.guest_id]
        host.hosting.pop(one.id, None)
        for resident in (host, guest):
            for id_, known in resident.sessions.items():
                if known is one:
                    resident.sessions[id_] = None
        if guest.guesting.get(one.host_id) is one:
            del guest.guesting[one.host_id]

    def broken(self, found: Broken, number: int | None, client: TargetClient) -> None:
        """Note a clause that was broken at a client."""
        example = Example(
            at_us=self.env.now_us,
            room=self.rooms.number_of(client.index),
            what=found.what,
            number=number,
            clients=(client.device.spec,),
        )
        self.judging.add(found, example)
