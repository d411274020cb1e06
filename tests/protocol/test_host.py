"""The host's decisions: every event in every state, before and after the deadline."""

from dataclasses import replace

import pytest

from invitelab.protocol.host import (
    AnswerFrom,
    Cancel,
    Decision,
    HostEffect,
    HostEvent,
    Modify,
    PollFrom,
    Refuse,
    Restart,
    Say,
    SessionOver,
    StartSession,
    Tick,
    Wake,
    decide,
    open_invitation,
)
from invitelab.protocol.messages import Closed, Offer, Started, Withdraw
from invitelab.protocol.policy import Policy
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Invitation,
    Permission,
    Profile,
    Session,
    State,
)

ADA = ClientId("100200300")
BEA = ClientId("400500600")
CLEO = ClientId("700800900")
CLICK = "i/400500600/1"
NEXT_CLICK = "i/400500600/2"

DEADLINE_US = 125_000_000
EARLY_US = 6_000_000
FULL = BUILT_IN_PROFILES[2]

MODIFY = Modify(by=ADA, profile=FULL)
ACCEPT = AnswerFrom(by=BEA, answer=CLICK, accept=True)
REJECT = AnswerFrom(by=BEA, answer=CLICK, accept=False)
OPEN_TO_ALL = Policy(only_the_addressee_may_answer=False)
OTHERS_MAY_CHANGE = Policy(only_the_inviter_may_change=False)

EVENTS: dict[str, HostEvent] = {
    "modify": MODIFY,
    "modify, no profile": Modify(by=ADA, profile=None),
    "cancel": Cancel(by=ADA),
    "accept": ACCEPT,
    "reject": REJECT,
    "accept again": replace(ACCEPT, answer=NEXT_CLICK),
    "reject again": replace(REJECT, answer=NEXT_CLICK),
    "poll": PollFrom(by=BEA),
    "tick": Tick(),
    "restart": Restart(),
    "modify by the recipient": Modify(by=BEA, profile=FULL),
    "cancel by the recipient": Cancel(by=BEA),
    "cancel by a stranger": Cancel(by=CLEO),
    "accept by a stranger": AnswerFrom(by=CLEO, answer="i/c/1", accept=True),
    "reject by a stranger": AnswerFrom(by=CLEO, answer="i/c/1", accept=False),
    "accept by the inviter": AnswerFrom(by=ADA, answer="i/a/1", accept=True),
}

FOREIGN = {
    "modify by the recipient": ["not-inviter"],
    "cancel by the recipient": ["not-inviter"],
    "cancel by a stranger": ["not-inviter"],
    "accept by a stranger": ["not-recipient"],
    "reject by a stranger": ["not-recipient"],
    "accept by the inviter": ["not-recipient"],
}
ENDED = {
    "modify": ["not-pending"],
    "modify, no profile": ["not-pending"],
    "cancel": ["not-pending"],
    "accept": ["Closed"],
    "reject": ["Closed"],
    "accept again": ["Closed"],
    "reject again": ["Closed"],
    "poll": ["Withdraw"],
    "tick": [],
    "restart": [],
    **FOREIGN,
}
EFFECTS: dict[State, dict[str, list[str]]] = {
    State.PENDING: {
        "modify": ["Offer"],
        "modify, no profile": ["profile-unavailable"],
        "cancel": ["Withdraw"],
        "accept": ["StartSession", "Started"],
        "reject": ["Closed"],
        "accept again": ["StartSession", "Started"],
        "reject again": ["Closed"],
        "poll": [],
        "tick": [],
        "restart": ["Offer", "Wake"],
        **FOREIGN,
    },
    # The same click, whatever it says, is the one that was accepted.
    State.ACCEPTED: {**ENDED, "accept": ["Started"], "reject": ["Started"]},
    State.REJECTED: ENDED,
    State.CANCELLED: ENDED,
    State.EXPIRED: ENDED,
}
ENDING = {
    "cancel": State.CANCELLED,
    "accept": State.ACCEPTED,
    "accept again": State.ACCEPTED,
    "reject": State.REJECTED,
    "reject again": State.REJECTED,
}
MEETINGS = [(state, name) for state, row in EFFECTS.items() for name in row]
LIVE_EVENTS = [name for name in EVENTS if name != "tick"]


def named(effect: HostEffect) -> str:
    """Name an effect in one word."""
    match effect:
        case Say(message=message):
            return type(message).__name__
        case Refuse(refusal=refusal):
            return refusal.reason.value
        case _:
            return type(effect).__name__


def names(decision: Decision) -> list[str]:
    """Name the effects of a decision, in order."""
    return [named(effect) for effect in decision.effects]


def in_state(invitation: Invitation, state: State) -> Invitation:
    """Bring an invitation to a state, with the record that leads there."""
    session = f"session-{CLICK}" if state is State.ACCEPTED else None
    answered = state in {State.ACCEPTED, State.REJECTED}
    return replace(
        invitation, state=state, answer=CLICK if answered else None, session=session
    )


def started_with(decision: Decision) -> Session:
    """Find the session a decision starts."""
    (found,) = (e for e in decision.effects if isinstance(e, StartSession))
    return found.session


# What happens in every state


@pytest.mark.parametrize(("state", "name"), MEETINGS)
def test_an_event_has_its_effects_in_order(
    invitation: Invitation, ada: ClientSpec, policy: Policy, state: State, name: str
) -> None:
    """The design's table, cell by cell, as effects by name."""
    before = in_state(invitation, state)
    decision = decide(before, EVENTS[name], EARLY_US, ada, policy)
    assert EFFECTS[state][name] == names(decision)


@pytest.mark.parametrize(("state", "name"), MEETINGS)
def test_an_event_leads_where_it_should(
    invitation: Invitation, ada: ClientSpec, policy: Policy, state: State, name: str
) -> None:
    """A pending invitation ends by cancel and answer; an ended one stays as it is."""
    before = in_state(invitation, state)
    after = decide(before, EVENTS[name], EARLY_US, ada, policy).invitation
    expected = ENDING.get(name, state) if state is State.PENDING else state
    assert expected == after.state


@pytest.mark.parametrize("state", [s for s in State if s.terminal])
@pytest.mark.parametrize("name", EVENTS)
def test_a_record_that_has_ended_stays_to_the_letter(
    invitation: Invitation, ada: ClientSpec, policy: Policy, state: State, name: str
) -> None:
    """Not only the state; but a restart knows that the session went with it."""
    before = in_state(invitation, state)
    decision = decide(before, EVENTS[name], EARLY_US, ada, policy)
    expected = replace(before, session=None) if name == "restart" else before
    assert expected == decision.invitation


# Time


@pytest.mark.parametrize("name", LIVE_EVENTS)
@pytest.mark.parametrize("late_us", [0, 1, 10**9])
def test_what_is_due_happens_first(
    invitation: Invitation, ada: ClientSpec, policy: Policy, name: str, late_us: int
) -> None:
    """From its deadline on, an event meets an expired invitation."""
    decision = decide(invitation, EVENTS[name], DEADLINE_US + late_us, ada, policy)
    assert State.EXPIRED == decision.invitation.state
    assert ["Withdraw", *ENDED[name]] == names(decision)


@pytest.mark.parametrize(
    ("half_open", "offset_us", "expected"),
    [
        (True, -1, State.PENDING),
        (True, 0, State.EXPIRED),
        (True, 1, State.EXPIRED),
        (False, -1, State.PENDING),
        (False, 0, State.PENDING),
        (False, 1, State.EXPIRED),
    ],
)
def test_the_lifetime_ends_to_the_microsecond(
    invitation: Invitation,
    ada: ClientSpec,
    *,
    half_open: bool,
    offset_us: int,
    expected: State,
) -> None:
    """Half-open, the deadline is outside; the alternative keeps it in (EXPIRY-6)."""
    interpretation = Policy(lifetime_is_half_open=half_open)
    at_us = DEADLINE_US + offset_us
    ticked = decide(invitation, Tick(), at_us, ada, interpretation)
    accepted = decide(invitation, ACCEPT, at_us, ada, interpretation)
    alive = expected is State.PENDING
    assert expected == ticked.invitation.state
    assert (State.ACCEPTED if alive else expected) == accepted.invitation.state


def test_an_expiry_is_told_once(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A second timer finds nothing to do."""
    first = decide(invitation, Tick(), DEADLINE_US, ada, policy)
    second = decide(first.invitation, Tick(), DEADLINE_US, ada, policy)
    withdraw = Withdraw(invitation="i", state=State.EXPIRED)
    assert (Say(to=BEA, message=withdraw),) == first.effects
    assert () == second.effects


def test_an_expiry_leaves_no_answer(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """An answer that is too late is refused, and is not recorded."""
    decision = decide(invitation, ACCEPT, DEADLINE_US, ada, policy)
    closed = Closed(invitation="i", answer=CLICK, state=State.EXPIRED)
    assert Say(to=BEA, message=closed) == decision.effects[-1]
    assert (None, None) == (decision.invitation.answer, decision.invitation.session)


# Sending and modifying


def test_a_send_offers_and_sets_a_timer(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The offer has the time that is left, not the end."""
    offer = Offer(invitation="i", revision=1, ttl_us=120_000_000, sender=ada.identity)
    decision = open_invitation(invitation, 5_000_000, ada, policy)
    assert (Say(to=BEA, message=offer), Wake(at_us=DEADLINE_US)) == decision.effects
    assert invitation == decision.invitation


def test_a_timer_fires_when_the_lifetime_is_over(
    invitation: Invitation, ada: ClientSpec
) -> None:
    """With the deadline inside the lifetime, one microsecond behind it."""
    interpretation = Policy(lifetime_is_half_open=False)
    decision = open_invitation(invitation, 5_000_000, ada, interpretation)
    assert Wake(at_us=DEADLINE_US + 1) == decision.effects[1]


def test_a_modification_is_a_new_revision(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """Only profile, permissions and revision change (PENDING-1, PENDING-6)."""
    decision = decide(invitation, MODIFY, EARLY_US, ada, policy)
    expected = replace(
        invitation, profile=FULL.name, permissions=FULL.permissions, revision=2
    )
    offer = Offer(invitation="i", revision=2, ttl_us=119_000_000, sender=ada.identity)
    assert expected == decision.invitation
    assert (Say(to=BEA, message=offer),) == decision.effects


def test_every_modification_counts(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The revision grows by one each time, the deadline stays."""
    for revision in range(2, 12):
        invitation = decide(invitation, MODIFY, EARLY_US, ada, policy).invitation
        assert (revision, DEADLINE_US) == (invitation.revision, invitation.deadline_us)


def test_a_modification_may_restart_the_lifetime(
    invitation: Invitation, ada: ClientSpec
) -> None:
    """The alternative of PENDING-6 moves the deadline and sets a timer for it."""
    interpretation = Policy(modify_keeps_the_deadline=False)
    decision = decide(invitation, MODIFY, EARLY_US, ada, interpretation)
    assert EARLY_US + 120_000_000 == decision.invitation.deadline_us
    assert Wake(at_us=EARLY_US + 120_000_000) == decision.effects[-1]


def test_a_modification_without_a_profile_changes_nothing(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """It is refused, and the record stays."""
    event = Modify(by=ADA, profile=None)
    decision = decide(invitation, event, EARLY_US, ada, policy)
    assert invitation == decision.invitation


# Answers and sessions


def test_an_accept_starts_a_session_at_the_host(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """Its host is the inviter, its guest the addressee (SESSION-1, SESSION-4)."""
    decision = decide(invitation, ACCEPT, EARLY_US, ada, policy)
    session = Session(
        id=f"session-{CLICK}",
        invitation="i",
        host=ADA,
        guest=BEA,
        permissions=invitation.permissions,
    )
    started = Started(
        invitation="i",
        answer=CLICK,
        session=session.id,
        permissions=session.permissions,
    )
    expected = (StartSession(session=session), Say(to=BEA, message=started))
    assert expected == decision.effects


def test_an_accept_is_on_record(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The record names the click and the session, and nothing else changes."""
    decision = decide(invitation, ACCEPT, EARLY_US, ada, policy)
    expected = replace(
        invitation, state=State.ACCEPTED, answer=CLICK, session=f"session-{CLICK}"
    )
    assert expected == decision.invitation


def test_the_newest_specification_starts_the_session(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A modified invitation starts with the modified permissions (SESSION-3)."""
    modified = decide(invitation, MODIFY, EARLY_US, ada, policy).invitation
    decision = decide(modified, ACCEPT, EARLY_US, ada, policy)
    assert FULL.permissions == started_with(decision).permissions


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [(True, {Permission.VIEW}), (False, {Permission.VIEW, Permission.INPUT})],
)
def test_the_permissions_are_a_snapshot(
    invitation: Invitation, ada: ClientSpec, *, snapshot: bool, expected: set[str]
) -> None:
    """Editing the stored profile later changes nothing, or all (SESSION-9)."""
    edited = Profile(
        name="Screen Sharing",
        permissions=frozenset({Permission.VIEW, Permission.INPUT}),
    )
    host = replace(ada, profiles=(edited,))
    interpretation = Policy(permissions_are_a_snapshot=snapshot)
    decision = decide(invitation, ACCEPT, EARLY_US, host, interpretation)
    assert expected == started_with(decision).permissions


@pytest.mark.parametrize(
    ("win", "expected"),
    [(True, {Permission.INPUT}), (False, {Permission.VIEW})],
)
def test_locks_win_at_the_start(
    invitation: Invitation, ada: ClientSpec, *, win: bool, expected: set[str]
) -> None:
    """A lock takes a permission away and adds one, or neither (SESSION-8)."""
    host = replace(ada, locked={Permission.VIEW: False, Permission.INPUT: True})
    interpretation = Policy(locks_win_at_the_start=win)
    decision = decide(invitation, ACCEPT, EARLY_US, host, interpretation)
    assert expected == started_with(decision).permissions


def test_the_same_click_finds_the_same_session(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A repeated answer gets the same reply as before (S3)."""
    first = decide(invitation, ACCEPT, EARLY_US, ada, policy)
    again = decide(first.invitation, ACCEPT, EARLY_US + 1, ada, policy)
    assert (first.effects[1],) == again.effects
    assert first.invitation == again.invitation


def test_one_accept_counts(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """Another click is refused and starts nothing (ANSWER-3)."""
    second = replace(ACCEPT, answer=NEXT_CLICK)
    accepted = decide(invitation, ACCEPT, EARLY_US, ada, policy).invitation
    decision = decide(accepted, second, EARLY_US, ada, policy)
    closed = Closed(invitation="i", answer=NEXT_CLICK, state=State.ACCEPTED)
    assert (Say(to=BEA, message=closed),) == decision.effects


def test_a_second_accept_may_start_a_second_session(
    invitation: Invitation, ada: ClientSpec
) -> None:
    """The alternative of ANSWER-3; the state stays, a reject is still too late."""
    interpretation = Policy(one_accept_counts=False)
    accepted = decide(invitation, ACCEPT, EARLY_US, ada, interpretation).invitation
    again = replace(ACCEPT, answer=NEXT_CLICK)
    decision = decide(accepted, again, EARLY_US, ada, interpretation)
    assert f"session-{NEXT_CLICK}" == started_with(decision).id
    assert accepted == decision.invitation
    late = decide(accepted, replace(again, accept=False), EARLY_US, ada, interpretation)
    assert ["Closed"] == names(late)


def test_an_answer_is_late_when_the_session_is_over(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A guest that never joined is told of the end, even with the same click."""
    accepted = in_state(invitation, State.ACCEPTED)
    over = decide(accepted, SessionOver(), EARLY_US, ada, policy)
    assert replace(accepted, session=None) == over.invitation
    assert () == over.effects
    late = decide(over.invitation, ACCEPT, EARLY_US, ada, policy)
    assert ["Closed"] == names(late)


def test_a_session_is_not_cut_by_the_lifetime(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The two minutes end a pending invitation, not an accepted one (EXPIRY-5)."""
    accepted = in_state(invitation, State.ACCEPTED)
    decision = decide(accepted, Tick(), DEADLINE_US, ada, policy)
    assert (accepted, ()) == (decision.invitation, decision.effects)


# Who asks


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("state", State)
def test_who_may_not_ask_is_told_so(
    invitation: Invitation, ada: ClientSpec, policy: Policy, state: State, name: str
) -> None:
    """The refusal goes to the author of the request, and nothing changes."""
    event = EVENTS[name]
    assert isinstance(event, Modify | Cancel | AnswerFrom)
    before = in_state(invitation, state)
    decision = decide(before, event, EARLY_US, ada, policy)
    (refuse,) = decision.effects
    assert isinstance(refuse, Refuse)
    clicked = event.answer if isinstance(event, AnswerFrom) else None
    assert (event.by, clicked) == (refuse.to, refuse.answer)
    assert before == decision.invitation


def test_others_may_change_it_in_the_other_reading(
    invitation: Invitation, ada: ClientSpec
) -> None:
    """With PENDING-10 flipped the recipient modifies and cancels."""
    modify = decide(
        invitation, Modify(by=BEA, profile=FULL), EARLY_US, ada, OTHERS_MAY_CHANGE
    )
    cancel = decide(invitation, Cancel(by=BEA), EARLY_US, ada, OTHERS_MAY_CHANGE)
    assert FULL.name == modify.invitation.profile
    assert State.CANCELLED == cancel.invitation.state


def test_others_may_answer_in_the_other_reading(
    invitation: Invitation, ada: ClientSpec
) -> None:
    """With ANSWER-2 flipped any client that accepts becomes the guest."""
    event = AnswerFrom(by=CLEO, answer="i/c/1", accept=True)
    decision = decide(invitation, event, EARLY_US, ada, OPEN_TO_ALL)
    assert CLEO == started_with(decision).guest
    started = decision.effects[1]
    assert isinstance(started, Say)
    assert CLEO == started.to


def test_a_refusal_names_the_state(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The inviter reads how it ended."""
    ended = in_state(invitation, State.REJECTED)
    (effect,) = decide(ended, Cancel(by=ADA), EARLY_US, ada, policy).effects
    assert isinstance(effect, Refuse)
    expected = "the invitation is rejected: it can no longer be changed"
    assert expected == effect.refusal.message


def test_an_open_popup_learns_how_it_ended(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A poll after the end takes the notification off the addressee's surfaces."""
    ended = in_state(invitation, State.CANCELLED)
    decision = decide(ended, PollFrom(by=BEA), EARLY_US, ada, policy)
    withdraw = Withdraw(invitation="i", state=State.CANCELLED)
    assert (Say(to=BEA, message=withdraw),) == decision.effects


# Restart


def test_a_restart_offers_what_is_left(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """The lifetime goes on while the client does not run."""
    decision = decide(invitation, Restart(), DEADLINE_US - 1, ada, policy)
    offer = Offer(invitation="i", revision=1, ttl_us=1, sender=ada.identity)
    assert (Say(to=BEA, message=offer), Wake(at_us=DEADLINE_US)) == decision.effects
    assert invitation == decision.invitation


def test_a_restart_expires_what_is_due(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """A client that comes back too late withdraws."""
    decision = decide(invitation, Restart(), DEADLINE_US, ada, policy)
    assert (State.EXPIRED, ["Withdraw"]) == (decision.invitation.state, names(decision))


def test_a_crash_of_the_host_ends_the_session(
    invitation: Invitation, ada: ClientSpec, policy: Policy
) -> None:
    """After it, the answer that was accepted is late (design: host crash)."""
    accepted = in_state(invitation, State.ACCEPTED)
    restarted = decide(accepted, Restart(), EARLY_US, ada, policy).invitation
    late = decide(restarted, ACCEPT, EARLY_US, ada, policy)
    assert ["Closed"] == names(late)


# Profiles


@pytest.mark.parametrize(
    ("name", "flipped", "expected"),
    [
        ("Default", None, "Default"),
        ("None", None, None),
        ("Off", None, None),
        ("None", "unknown_profile_is_refused", "Default"),
        ("Off", "unknown_profile_is_refused", None),
        ("Off", "disabled_profile_is_refused", "Off"),
        ("None", "disabled_profile_is_refused", None),
    ],
)
def test_a_profile_is_chosen_by_name(
    ada: ClientSpec, name: str, flipped: str | None, expected: str | None
) -> None:
    """Unknown and disabled ones cannot be used, unless flipped (REFUSE-5, -6)."""
    off = Profile(name="Off", permissions=frozenset(), enabled=False)
    host = replace(ada, profiles=(*ada.profiles, off))
    interpretation = Policy(**{flipped: False}) if flipped else Policy()
    chosen = choose_profile(host, name, interpretation)
    assert expected == (chosen.name if chosen else None)


def test_without_profiles_there_is_nothing_to_fall_back_to(ada: ClientSpec) -> None:
    """The alternative of REFUSE-5 needs a first profile."""
    interpretation = Policy(unknown_profile_is_refused=False)
    assert None is choose_profile(replace(ada, profiles=()), "Default", interpretation)
