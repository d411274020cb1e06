"""Invitations through a whole world, with no latency and with 80 ms."""

from dataclasses import replace

import pytest

from invitelab.protocol.guest import BOTH_SURFACES, NO_SURFACE, GuestState
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    EntryPoint,
    Identity,
    Permission,
    SessionState,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.simulation import ClientSetup, World

ADA = ClientId("100200300")
BEA = ClientId("400500600")
CLEO = ClientId("700800900")
DAN = ClientId("600600600")
EVE = ClientId("500500500")
FAY = ClientId("1234567890")

SECOND_US = 1_000_000
LIFETIME_US = 120 * SECOND_US
DEFAULT, SCREEN, FULL, _ = BUILT_IN_PROFILES


def invite(world: World, sender: ClientId, to: str, profile: str = "Default") -> str:
    """Send an invitation that is not refused."""
    sent = world.clients[sender].send(EntryPoint.ICON, to, profile)
    world.settle()
    assert isinstance(sent, str), sent
    return sent


def invited(world: World) -> tuple[str, Client, Client]:
    """Let Ada invite Bea, and a second pass."""
    id_ = invite(world, ADA, BEA)
    world.advance(SECOND_US)
    return id_, world.clients[ADA], world.clients[BEA]


def started(world: World) -> tuple[str, Client, Client]:
    """Let Bea accept Ada's invitation; the session, the host and the guest."""
    id_, ada, bea = invited(world)
    assert None is bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    (session,) = ada.inviter.sessions
    return session, ada, bea


def reason(answer: str | Refusal | None) -> Reason | None:
    """Find why it was refused."""
    return answer.reason if isinstance(answer, Refusal) else None


def state(client: Client, id_: str) -> State:
    """Look into the inviter's list."""
    return client.inviter.invitations[id_].state


def surfaces(client: Client, id_: str) -> frozenset[Surface]:
    """Look at the recipient's client."""
    return client.recipient.notifications[id_].surfaces


# From the send to the end


@pytest.mark.parametrize("latency_us", [0, 1, 3, 80_000, 80_001], indirect=True)
def test_an_offer_takes_the_latency(world: World, latency_us: int) -> None:
    """It is shown when it has arrived, on both surfaces, and not before."""
    id_ = invite(world, ADA, BEA)
    if latency_us:
        world.advance(latency_us - 1)
        assert {} == world.clients[BEA].recipient.notifications
        world.advance(1)
    assert BOTH_SURFACES == surfaces(world.clients[BEA], id_)


def test_only_the_addressee_is_notified(world: World) -> None:
    """No other client is notified (NOTIFY-6)."""
    invited(world)
    notified = [id_ for id_, c in world.clients.items() if c.recipient.notifications]
    assert [BEA] == notified


def test_an_accept_starts_one_session_at_both(world: World) -> None:
    """The inviter does nothing more, and is the host (SESSION-1, SESSION-4)."""
    session, ada, bea = started(world)
    assert ada.inviter.sessions == bea.recipient.sessions
    assert (ADA, BEA) == (
        ada.inviter.sessions[session].host,
        ada.inviter.sessions[session].guest,
    )
    assert {} == ada.recipient.sessions == bea.inviter.sessions


def test_an_accept_ends_the_invitation(world: World) -> None:
    """Accepted in the list, gone from both surfaces (ANSWER-5)."""
    _, ada, bea = started(world)
    (id_,) = ada.inviter.invitations
    assert State.ACCEPTED == state(ada, id_)
    assert NO_SURFACE == surfaces(bea, id_)


def test_a_modification_reaches_the_guest(world: World) -> None:
    """Both sides have the new revision, and the session its permissions."""
    id_, ada, bea = invited(world)
    assert None is ada.modify(id_, "Screen Sharing")
    world.advance(SECOND_US)
    assert 2 == bea.recipient.notifications[id_].revision
    bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    (session,) = bea.recipient.sessions.values()
    assert SCREEN.permissions == session.permissions


def test_a_cancel_takes_it_away(world: World) -> None:
    """It is off both surfaces and cannot be accepted (PENDING-3)."""
    id_, ada, bea = invited(world)
    assert None is ada.cancel(id_)
    world.advance(SECOND_US)
    assert NO_SURFACE == surfaces(bea, id_)
    assert Reason.NOT_PENDING == reason(bea.answer(id_, accept=True))
    world.advance(SECOND_US)
    assert (State.CANCELLED, {}) == (state(ada, id_), ada.inviter.sessions)


def test_a_reject_ends_it(world: World) -> None:
    """No session, then or later (ANSWER-1)."""
    id_, ada, bea = invited(world)
    assert None is bea.answer(id_, accept=False)
    world.advance(SECOND_US)
    assert None is bea.verdict(id_)
    assert (State.REJECTED, NO_SURFACE) == (state(ada, id_), surfaces(bea, id_))
    assert Reason.NOT_PENDING == reason(bea.answer(id_, accept=True))
    world.advance(SECOND_US)
    assert {} == ada.inviter.sessions


def test_it_expires_to_the_microsecond(world: World) -> None:
    """Pending until just before the deadline, expired at it (EXPIRY-6)."""
    id_ = invite(world, ADA, BEA)
    world.advance(LIFETIME_US - 1)
    assert State.PENDING == state(world.clients[ADA], id_)
    world.advance(1)
    assert State.EXPIRED == state(world.clients[ADA], id_)


def test_after_expiry_it_is_shown_nowhere(world: World, latency_us: int) -> None:
    """Both surfaces are gone as soon as the guest can know (EXPIRY-3)."""
    id_ = invite(world, ADA, BEA)
    world.advance(LIFETIME_US + latency_us)
    assert NO_SURFACE == surfaces(world.clients[BEA], id_)


@pytest.mark.parametrize(("after_s", "expected"), [(119, 1), (121, 0)])
def test_two_minutes_to_accept(world: World, after_s: int, expected: int) -> None:
    """After 119 s it still can be accepted, after 121 s no more (EXPIRY-1, -2)."""
    id_ = invite(world, ADA, BEA)
    world.advance(after_s * SECOND_US)
    world.clients[BEA].answer(id_, accept=True)
    world.advance(SECOND_US)
    assert expected == len(world.clients[ADA].inviter.sessions)


def test_a_session_outlives_the_two_minutes(world: World) -> None:
    """And the forty seconds in which its guest had to join (EXPIRY-5)."""
    session, ada, bea = started(world)
    world.advance(3600 * SECOND_US)
    assert SessionState.ACTIVE == ada.inviter.sessions[session].state
    assert SessionState.ACTIVE == bea.recipient.sessions[session].state


def test_a_closed_popup_is_no_answer(world: World) -> None:
    """The list keeps it, and takes an answer (ANSWER-4)."""
    id_, ada, bea = invited(world)
    assert None is bea.dismiss(id_)
    world.advance(SECOND_US)
    assert {Surface.CLIENT} == surfaces(bea, id_)
    assert State.PENDING == state(ada, id_)
    bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert State.ACCEPTED == state(ada, id_)


# On the way


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_an_answer_that_arrives_too_late_is_too_late(world: World) -> None:
    """The host's clock counts, not the time of the click (S6)."""
    id_ = invite(world, ADA, BEA)
    ada, bea = world.clients[ADA], world.clients[BEA]
    world.advance(LIFETIME_US - 40_000)
    assert None is bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert (State.EXPIRED, {}) == (state(ada, id_), ada.inviter.sessions)
    assert Reason.NOT_PENDING == reason(bea.verdict(id_))
    assert State.EXPIRED == bea.recipient.notifications[id_].outcome


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_nothing_is_accepted_before_it_is_shown(world: World) -> None:
    """A client that guesses the id of an invitation under way starts nothing (S2)."""
    id_ = invite(world, ADA, BEA)
    world.clients[BEA].answer(id_, accept=True)
    world.advance(SECOND_US)
    assert {} == world.clients[ADA].inviter.sessions


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_a_cancel_overtakes_an_accept_on_the_way(world: World) -> None:
    """Both click at once: the host has cancelled, and the guest is told (S4, S12)."""
    id_, ada, bea = invited(world)
    assert None is bea.answer(id_, accept=True)
    assert None is ada.cancel(id_)
    world.advance(SECOND_US)
    assert (State.CANCELLED, {}) == (state(ada, id_), ada.inviter.sessions)
    assert State.CANCELLED == bea.recipient.notifications[id_].outcome


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_a_modification_overtakes_an_accept_on_the_way(world: World) -> None:
    """The session starts with what the host has chosen by then (S7)."""
    id_, ada, bea = invited(world)
    bea.answer(id_, accept=True)
    assert None is ada.modify(id_, "Screen Sharing")
    world.advance(SECOND_US)
    (session,) = bea.recipient.sessions.values()
    assert SCREEN.permissions == session.permissions


# Presence


def test_a_recipient_that_returns_sees_it_again(world: World) -> None:
    """With the time that is left, and can accept it (PRESENCE-1)."""
    id_, ada, bea = invited(world)
    bea.set_online(online=False)
    world.advance(60 * SECOND_US)
    assert State.PENDING == state(ada, id_)
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert Surface.CLIENT in surfaces(bea, id_)
    bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert 1 == len(bea.recipient.sessions)


def test_a_recipient_that_returns_has_no_more_time(world: World) -> None:
    """Its lifetime went on while it was away."""
    id_ = invite(world, ADA, BEA)
    bea = world.clients[BEA]
    world.advance(SECOND_US)
    bea.set_online(online=False)
    world.advance(118 * SECOND_US)
    bea.set_online(online=True)
    world.advance(SECOND_US + 80_000)
    assert NO_SURFACE == surfaces(bea, id_)


def test_a_recipient_that_returns_learns_what_it_missed(world: World) -> None:
    """A modification and a cancel reach it afterwards (L2, L3)."""
    modified, ada, bea = invited(world)
    cancelled = invite(world, CLEO, BEA)
    world.advance(SECOND_US)
    bea.set_online(online=False)
    ada.modify(modified, "Full Access")
    world.clients[CLEO].cancel(cancelled)
    world.advance(20 * SECOND_US)
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert 2 == bea.recipient.notifications[modified].revision
    assert NO_SURFACE == surfaces(bea, cancelled)
    assert State.CANCELLED == bea.recipient.notifications[cancelled].outcome


def test_a_recipient_that_returns_asks_at_once(world: World, latency_us: int) -> None:
    """It need not wait until the host repeats it, or until it polls."""
    id_, ada, bea = invited(world)
    bea.set_online(online=False)
    ada.cancel(id_)
    world.advance(SECOND_US // 2)
    bea.set_online(online=True)
    world.advance(2 * latency_us)
    assert NO_SURFACE == surfaces(bea, id_)


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_an_offer_that_was_missed_says_what_is_left(
    world: World, latency_us: int
) -> None:
    """A guest counts from the offer, which must not have two minutes left."""
    id_ = invite(world, ADA, BEA)
    bea = world.clients[BEA]
    bea.set_online(online=False)
    world.advance(60 * SECOND_US)
    bea.set_online(online=True)
    world.advance(2 * SECOND_US)
    assert BOTH_SURFACES == surfaces(bea, id_)
    assert LIFETIME_US + latency_us == bea.recipient.notifications[id_].until_us


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_what_has_ended_is_offered_no_more(world: World, facts: list[Fact]) -> None:
    """A lost offer is not repeated after the end."""
    id_ = invite(world, ADA, BEA)
    bea = world.clients[BEA]
    bea.set_online(online=False)
    world.advance(SECOND_US)
    world.clients[ADA].cancel(id_)
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert FactKind.SHOWN not in {fact.kind for fact in facts}


def test_an_inviter_that_leaves_cancels(world: World) -> None:
    """The recipient sees it go, and the inviter finds it cancelled (PRESENCE-2)."""
    id_, ada, bea = invited(world)
    ada.set_online(online=False)
    world.advance(SECOND_US)
    assert NO_SURFACE == surfaces(bea, id_)
    assert State.CANCELLED == state(ada, id_)


def test_both_away_is_settled_later(world: World) -> None:
    """The withdrawal waits for both of them, within the repeats."""
    id_, ada, bea = invited(world)
    bea.set_online(online=False)
    ada.set_online(online=False)
    world.advance(30 * SECOND_US)
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert BOTH_SURFACES == surfaces(bea, id_)
    ada.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert NO_SURFACE == surfaces(bea, id_)
    assert State.CANCELLED == bea.recipient.notifications[id_].outcome


def test_an_inviter_may_leave_and_stay_pending(setups: list[ClientSetup]) -> None:
    """The alternative of PRESENCE-2; the answer waits for the host."""
    world = World(setups, policy=Policy(leaving_inviter_cancels=False))
    id_, ada, bea = invited(world)
    ada.set_online(online=False)
    bea.answer(id_, accept=True)
    world.advance(30 * SECOND_US)
    assert State.PENDING == state(ada, id_)
    ada.set_online(online=True)
    world.advance(2 * SECOND_US)
    assert ada.inviter.sessions == bea.recipient.sessions
    assert 1 == len(ada.inviter.sessions)


def test_leaving_twice_is_leaving_once(world: World, facts: list[Fact]) -> None:
    """As is returning."""
    _, ada, bea = invited(world)
    before = len(facts)
    bea.set_online(online=True)
    world.advance(SECOND_US)
    assert before == len(facts)
    ada.set_online(online=False)
    ada.set_online(online=False)
    world.advance(SECOND_US)
    assert 1 == [fact.kind for fact in facts].count(FactKind.CANCELLED)


def test_who_is_away_can_do_nothing(world: World) -> None:
    """Neither send nor change nor answer nor ask."""
    id_, ada, bea = invited(world)
    bea.set_online(online=False)
    assert [Reason.CLIENT_OFFLINE] * 5 == [
        reason(bea.send(EntryPoint.ICON, ADA, "Default")),
        reason(bea.modify(id_, "Default")),
        reason(bea.cancel(id_)),
        reason(bea.answer(id_, accept=True)),
        reason(bea.request_session(ADA)),
    ]
    world.advance(SECOND_US)
    assert State.PENDING == state(ada, id_)


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_a_session_nobody_joins_is_over(world: World) -> None:
    """After forty seconds; the late answer is told that it was accepted (L5)."""
    id_, ada, bea = invited(world)
    bea.answer(id_, accept=True)
    world.advance(80_000)
    bea.set_online(online=False)
    world.advance(40 * SECOND_US)
    (session,) = ada.inviter.sessions.values()
    assert SessionState.ENDED == session.state
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert {} == bea.recipient.sessions
    assert GuestState.CLOSED == bea.recipient.notifications[id_].state


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
@pytest.mark.parametrize("away_s", [41, 600])
def test_a_half_open_session_is_closed_at_both_ends(world: World, away_s: int) -> None:
    """The host was away when its guest joined, and gave the session up (L5, L6)."""
    id_, ada, bea = invited(world)
    bea.answer(id_, accept=True)
    world.advance(80_000)
    ada.set_online(online=False)
    world.advance(away_s * SECOND_US)
    ada.set_online(online=True)
    world.advance(41 * SECOND_US)
    assert [SessionState.ENDED] == [s.state for s in ada.inviter.sessions.values()]
    assert {} == bea.recipient.sessions


# Between several


def test_crossed_invitations_are_independent(world: World) -> None:
    """Each may be accepted while the other one is rejected (PENDING-9)."""
    there, ada, bea = invited(world)
    back = invite(world, BEA, ADA)
    world.advance(SECOND_US)
    bea.answer(there, accept=True)
    ada.answer(back, accept=False)
    world.advance(SECOND_US)
    assert (State.ACCEPTED, State.REJECTED) == (state(ada, there), state(bea, back))
    (session,) = bea.recipient.sessions.values()
    assert (ADA, BEA) == (session.host, session.guest)


def test_crossed_invitations_may_exclude_each_other(setups: list[ClientSetup]) -> None:
    """The alternative of PENDING-9."""
    world = World(setups, policy=Policy(crossed_invitations_are_independent=False))
    invited(world)
    back = world.clients[BEA].send(EntryPoint.ICON, ADA, "Default")
    assert Reason.ALREADY_PENDING == reason(back)


def test_pending_invitations_are_independent(world: World) -> None:
    """To several recipients and from several inviters (PENDING-7)."""
    ids = [invite(world, *pair) for pair in [(ADA, BEA), (ADA, CLEO), (CLEO, BEA)]]
    world.advance(SECOND_US)
    world.clients[BEA].answer(ids[0], accept=False)
    world.advance(SECOND_US)
    hosts = [world.clients[host] for host in (ADA, ADA, CLEO)]
    ended = [state(host, id_) for host, id_ in zip(hosts, ids, strict=True)]
    assert [State.REJECTED, State.PENDING, State.PENDING] == ended


def test_a_pair_may_invite_again_after_the_end(world: World) -> None:
    """Under a new id; the old one stays as it ended (PENDING-8, S13)."""
    first, ada, bea = invited(world)
    assert Reason.ALREADY_PENDING == reason(ada.send(EntryPoint.ICON, BEA, "Default"))
    bea.answer(first, accept=False)
    world.advance(SECOND_US)
    second = invite(world, ADA, BEA)
    assert first != second
    assert (State.REJECTED, State.PENDING) == (state(ada, first), state(ada, second))


@pytest.mark.parametrize("stranger", [CLEO, EVE])
def test_a_strangers_answer_has_no_effect(world: World, stranger: ClientId) -> None:
    """The host refuses it, and it stays pending (ANSWER-2)."""
    id_, ada, bea = invited(world)
    client = world.clients[stranger]
    assert None is client.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert Reason.NOT_RECIPIENT == reason(client.verdict(id_))
    assert State.PENDING == state(ada, id_)
    assert BOTH_SURFACES == surfaces(bea, id_)


@pytest.mark.parametrize("who", [BEA, CLEO])
def test_only_the_inviter_changes_it(world: World, who: ClientId) -> None:
    """Not even the recipient may (PENDING-10)."""
    id_, ada, _ = invited(world)
    client = world.clients[who]
    assert None is client.cancel(id_)
    world.advance(SECOND_US)
    assert Reason.NOT_INVITER == reason(client.change_verdict(id_))
    assert None is client.modify(id_, "Full Access")
    world.advance(SECOND_US)
    assert Reason.NOT_INVITER == reason(client.change_verdict(id_))
    assert ("Default", State.PENDING) == (
        ada.inviter.invitations[id_].profile,
        state(ada, id_),
    )


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_a_refused_cancel_does_not_refuse_a_later_accept(world: World) -> None:
    """The recipient may not cancel, but its accept counts and is told so."""
    id_, ada, bea = invited(world)
    bea.cancel(id_)
    world.advance(SECOND_US)
    assert None is bea.answer(id_, accept=True)
    assert None is bea.verdict(id_)
    world.advance(SECOND_US)
    assert State.ACCEPTED == state(ada, id_)


def test_an_inviter_cannot_answer_its_own_invitation(world: World) -> None:
    """It is refused as not the addressee (ANSWER-2)."""
    id_, ada, _ = invited(world)
    clicked = ada.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert Reason.NOT_RECIPIENT == reason(clicked or ada.verdict(id_))


# Sessions


def test_a_switched_permission_reaches_the_guest(world: World) -> None:
    """Both sides have it after the latency (SESSION-5)."""
    session, ada, bea = started(world)
    assert None is ada.permit(session, Permission.INPUT, allowed=False)
    world.advance(SECOND_US)
    expected = DEFAULT.permissions - {Permission.INPUT}
    assert expected == ada.inviter.sessions[session].permissions
    assert expected == bea.recipient.sessions[session].permissions


@pytest.mark.parametrize("away_s", [1, 600])
def test_a_switch_reaches_a_guest_that_was_away(world: World, away_s: int) -> None:
    """Both ends finally agree (L6)."""
    session, ada, bea = started(world)
    bea.set_online(online=False)
    ada.permit(session, Permission.INPUT, allowed=False)
    world.advance(away_s * SECOND_US)
    bea.set_online(online=True)
    world.advance(12 * SECOND_US)
    assert ada.inviter.sessions == bea.recipient.sessions


@pytest.mark.parametrize("latency_us", [80_000], indirect=True)
def test_a_switch_overtakes_the_start_on_the_way(world: World) -> None:
    """The guest joins with the initial permissions, and then gets the change."""
    id_, ada, bea = invited(world)
    bea.answer(id_, accept=True)
    world.advance(80_000)
    (session,) = ada.inviter.sessions
    ada.permit(session, Permission.INPUT, allowed=False)
    world.advance(12 * SECOND_US)
    assert ada.inviter.sessions == bea.recipient.sessions


def test_a_switch_stays_in_its_session(world: World) -> None:
    """The stored profile is what it was (SESSION-7)."""
    session, ada, _ = started(world)
    ada.permit(session, Permission.INPUT, allowed=False)
    assert DEFAULT in ada.device.spec.profiles


def test_a_switch_may_be_stored(setups: list[ClientSetup]) -> None:
    """The alternative of SESSION-7 changes the profile."""
    policy = Policy(session_changes_stay_in_the_session=False)
    session, ada, _ = started(World(setups, policy=policy))
    ada.permit(session, Permission.INPUT, allowed=False)
    expected = replace(DEFAULT, permissions=DEFAULT.permissions - {Permission.INPUT})
    assert expected == ada.device.spec.profiles[0]


def test_a_locked_client_starts_with_its_locks(world: World) -> None:
    """Added and taken away, and not to be switched (SESSION-6, SESSION-8)."""
    id_ = invite(world, FAY, BEA, "Screen Sharing")
    world.advance(SECOND_US)
    fay, bea = world.clients[FAY], world.clients[BEA]
    bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    (session,) = bea.recipient.sessions.values()
    assert {Permission.VIEW, Permission.FILES} == session.permissions
    answer = fay.permit(session.id, Permission.FILES, allowed=False)
    assert Reason.PERMISSION_LOCKED == reason(answer)


def test_editing_a_profile_changes_no_invitation(world: World) -> None:
    """It was taken at the send (SESSION-9)."""
    id_, ada, bea = invited(world)
    assert None is ada.edit_profile("Default", SCREEN.permissions)
    bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    (session,) = bea.recipient.sessions.values()
    assert DEFAULT.permissions == session.permissions


def test_a_request_starts_nothing(world: World, facts: list[Fact]) -> None:
    """The main window's Connect only asks (EMAIL-8)."""
    world.clients[DAN].request_session("Bea@ad")
    world.advance(SECOND_US)
    bea = world.clients[BEA]
    assert [Identity(id=DAN, alias="dan@ad")] == bea.inviter.requests
    assert [] == facts


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("bea", Reason.INVALID_ADDRESS),
        ("999999999", Reason.UNKNOWN_RECIPIENT),
        ("600 600 600", Reason.SELF_INVITATION),
        (CLEO, Reason.RECIPIENT_OFFLINE),
    ],
)
def test_a_request_needs_somebody_to_ask(
    world: World, typed: str, expected: Reason
) -> None:
    """The ordinary Connect is refused for the ordinary reasons."""
    world.clients[CLEO].set_online(online=False)
    assert expected == reason(world.clients[DAN].request_session(typed))


# What nobody knows


@pytest.mark.parametrize("id_", ["nothing", "100200300-700800900-1"])
def test_nobody_answers_an_invitation_that_is_not_there(world: World, id_: str) -> None:
    """Neither a made-up id nor one that its host never gave out."""
    bea = world.clients[BEA]
    clicked = bea.answer(id_, accept=True)
    world.advance(SECOND_US)
    assert Reason.UNKNOWN_INVITATION == reason(clicked or bea.verdict(id_))
    assert Reason.UNKNOWN_INVITATION == reason(bea.dismiss("another"))


@pytest.mark.parametrize("id_", ["nothing", "100200300-700800900-1"])
def test_nobody_changes_an_invitation_that_is_not_there(world: World, id_: str) -> None:
    """Neither by a cancel nor by another profile."""
    bea = world.clients[BEA]
    cancelled = bea.cancel(id_)
    world.advance(SECOND_US)
    assert Reason.UNKNOWN_INVITATION == reason(cancelled or bea.change_verdict(id_))
    modified = bea.modify(id_, "Default")
    world.advance(SECOND_US)
    assert Reason.UNKNOWN_INVITATION == reason(modified or bea.change_verdict(id_))


def test_a_profile_that_is_not_there_is_not_edited(world: World) -> None:
    """It is not made, either."""
    ada = world.clients[ADA]
    before = ada.device.spec
    answer = ada.edit_profile("Nothing", SCREEN.permissions)
    assert Reason.PROFILE_UNAVAILABLE == reason(answer)
    assert before == ada.device.spec


@pytest.mark.parametrize("profile", ["Nothing", "Off"])
def test_a_modification_needs_a_profile(world: World, profile: str) -> None:
    """It is refused and changes nothing (REFUSE-5, REFUSE-6)."""
    id_, ada, bea = invited(world)
    off = replace(SCREEN, name="Off", enabled=False)
    ada.device.spec = replace(ada.device.spec, profiles=(*BUILT_IN_PROFILES, off))
    assert Reason.PROFILE_UNAVAILABLE == reason(ada.modify(id_, profile))
    world.advance(SECOND_US)
    assert "Default" == ada.inviter.invitations[id_].profile
    assert 1 == bea.recipient.notifications[id_].revision


# The world


@pytest.mark.parametrize(
    ("id_", "alias", "taken"),
    [
        (BEA, None, "400500600"),
        ("111222333", "ada@ad", "ada@ad"),
        ("111222333", "ADA@AD", "ADA@AD"),
        ("111222333", "bea@ad", "bea@ad"),
    ],
)
def test_an_address_belongs_to_one_client(
    setups: list[ClientSetup], id_: str, alias: str | None, taken: str
) -> None:
    """Neither an ID nor an alias, in whatever case, is there twice."""
    identity = Identity(id=ClientId(id_), alias=alias)
    twin = ClientSetup(spec=replace(setups[0].spec, identity=identity))
    with pytest.raises(ValueError, match=f"the address {taken} is taken"):
        World([*setups, twin])


def test_a_strict_reader_takes_an_alias_as_it_is(setups: list[ClientSetup]) -> None:
    """With DIRECT-8 flipped, in another letter case it is none (DIRECT-6)."""
    world = World(setups, policy=Policy(typed_addresses_are_lenient=False))
    ada = world.clients[ADA]
    for typed in ("BEA@ad", "bea@ad"):
        other_case = ada.send(EntryPoint.ICON, typed, "Default")
        assert Reason.UNKNOWN_RECIPIENT == reason(other_case)
    assert isinstance(ada.send(EntryPoint.ICON, "Bea@ad", "Default"), str)


def test_time_does_not_run_back(world: World) -> None:
    """A use of it is refused."""
    world.advance(5)
    with pytest.raises(ValueError, match="time does not run back"):
        world.advance(-1)
    assert 5 == world.now_us


@pytest.mark.parametrize(
    ("typed", "flipped"),
    [
        ("999999999", "unknown_address_is_refused"),
        ("x", "malformed_address_is_refused"),
    ],
)
def test_an_invitation_to_nobody_expires(
    setups: list[ClientSetup], typed: str, flipped: str
) -> None:
    """With REFUSE-1 or REFUSE-2 flipped it is pending, and shown nowhere."""
    world = World(setups, policy=Policy(**{flipped: False}))
    id_ = invite(world, ADA, typed)
    world.advance(LIFETIME_US)
    assert State.EXPIRED == state(world.clients[ADA], id_)
    assert not any(c.recipient.notifications for c in world.clients.values())
