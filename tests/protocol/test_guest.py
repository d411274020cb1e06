"""The guest's decisions: what is shown, what a click sends, and what never returns."""

from dataclasses import replace

import pytest

from invitelab.protocol.guest import (
    BOTH_SURFACES,
    NO_SURFACE,
    Click,
    Decision,
    Dismiss,
    GuestEvent,
    GuestState,
    JoinSession,
    LifetimeOver,
    LinkLost,
    Notification,
    PollDue,
    Refuse,
    Say,
    WakeAt,
    decide,
    foreign,
    verdict,
)
from invitelab.protocol.messages import (
    Answer,
    Closed,
    Gone,
    Joined,
    JoinSeen,
    Offer,
    Poll,
    Refused,
    Shown,
    Started,
    Withdraw,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    Permission,
    State,
    Surface,
)

ADA = Identity(id=ClientId("100200300"), alias="ada@ad")
BEA = ClientId("400500600")
CLICK = "i/400500600/1"
VIEW = frozenset({Permission.VIEW})

NOW_US = 7_000_000
UNTIL_US = 127_000_000
OFFER = Offer(invitation="i", revision=1, ttl_us=120_000_000, sender=ADA)
ACCEPT = Click(accept=True)
REJECT = Click(accept=False)
STARTED = Started(invitation="i", answer=CLICK, session="s", permissions=VIEW)
CLOSED = Closed(invitation="i", answer=CLICK, state=State.EXPIRED)
WITHDRAW = Withdraw(invitation="i", state=State.CANCELLED)
REFUSED = Refused(invitation="i", reason=Reason.NOT_RECIPIENT, answer=CLICK)
REFUSED_CHANGE = Refused(invitation="i", reason=Reason.NOT_INVITER)

SHOWN = Notification(invitation="i", sender=ADA, revision=1, until_us=UNTIL_US)
ANSWERING = replace(
    SHOWN,
    state=GuestState.ANSWERING,
    surfaces=NO_SURFACE,
    clicks=1,
    accept=True,
    answer=CLICK,
)
REJECTING = replace(ANSWERING, accept=False)
JOINED = replace(ANSWERING, state=GuestState.JOINED, outcome=State.ACCEPTED)
ENDED = replace(ANSWERING, state=GuestState.CLOSED, outcome=State.EXPIRED)
HIDDEN = replace(SHOWN, state=GuestState.HIDDEN, surfaces=NO_SURFACE)
UNKNOWN = replace(ANSWERING, state=GuestState.UNKNOWN, refusal=Reason.NOT_RECIPIENT)
DISMISSED = replace(SHOWN, surfaces=frozenset({Surface.CLIENT}))

TOMBSTONES = {known.state: known for known in (JOINED, ENDED, HIDDEN, UNKNOWN)}
OFF_SURFACE = {**TOMBSTONES, GuestState.ANSWERING: ANSWERING}
EVERY_STATE = {**OFF_SURFACE, GuestState.SHOWN: SHOWN}
EVERY_EVENT: dict[str, GuestEvent] = {
    "offer": OFFER,
    "newer offer": replace(OFFER, revision=9),
    "withdraw": WITHDRAW,
    "started": STARTED,
    "closed": CLOSED,
    "join seen": JoinSeen(invitation="i", session="s"),
    "refused": REFUSED,
    "accept": ACCEPT,
    "reject": REJECT,
    "dismiss": Dismiss(),
    "lifetime over": LifetimeOver(),
    "poll due": PollDue(),
    "link lost": LinkLost(),
}
# Without an offer, only a withdrawal is answered.
UNASKED = [name for name in EVERY_EVENT if "offer" not in name and name != "withdraw"]

off_surface = pytest.mark.parametrize("known", OFF_SURFACE.values(), ids=OFF_SURFACE)
tombstone = pytest.mark.parametrize("known", TOMBSTONES.values(), ids=TOMBSTONES)
every_state = pytest.mark.parametrize("known", EVERY_STATE.values(), ids=EVERY_STATE)


def after(
    known: Notification | None,
    event: GuestEvent,
    now_us: int = NOW_US,
    policy: Policy | None = None,
) -> Decision:
    """Decide as Bea."""
    return decide(known, event, now_us, BEA, policy or Policy())


def kept(decision: Decision) -> Notification:
    """Find the notification of a decision that has one."""
    assert decision.notification is not None
    return decision.notification


def refusal_of(decision: Decision) -> Reason:
    """Find why the local user is refused."""
    (effect,) = decision.effects
    assert isinstance(effect, Refuse)
    return effect.refusal.reason


# Offers


def test_an_offer_is_shown_on_both_surfaces() -> None:
    """It names the inviter, and lasts for its `ttl_us` (NOTIFY-1 to NOTIFY-4)."""
    decision = after(None, OFFER)
    shown = Say(message=Shown(invitation="i", revision=1))
    assert SHOWN == decision.notification
    assert BOTH_SURFACES == kept(decision).surfaces
    assert (shown, WakeAt(at_us=UNTIL_US)) == decision.effects


def test_the_wake_is_past_a_deadline_that_counts() -> None:
    """With the deadline inside the lifetime it is taken off just behind it."""
    policy = Policy(lifetime_is_half_open=False)
    decision = after(None, OFFER, policy=policy)
    assert WakeAt(at_us=UNTIL_US + 1) == decision.effects[1]


@pytest.mark.parametrize(
    ("interpretation", "alias"), [(True, None), (False, "unnamed@portable")]
)
def test_a_missing_alias_stays_missing(
    *, interpretation: bool, alias: str | None
) -> None:
    """A portable inviter is an ID and no placeholder, unless flipped (NOTIFY-7)."""
    offer = replace(OFFER, sender=Identity(id=ADA.id, alias=None))
    policy = Policy(no_placeholder_for_a_missing_alias=interpretation)
    assert alias == kept(after(None, offer, policy=policy)).sender.alias


def test_a_newer_revision_replaces_an_older_one() -> None:
    """The lifetime left comes with it; surfaces stay as they are."""
    offer = replace(OFFER, revision=2, ttl_us=1_000_000)
    decision = after(DISMISSED, offer)
    expected = replace(DISMISSED, revision=2, until_us=NOW_US + 1_000_000)
    shown = Say(message=Shown(invitation="i", revision=2))
    assert expected == decision.notification
    assert (shown, WakeAt(at_us=NOW_US + 1_000_000)) == decision.effects


@pytest.mark.parametrize("revision", [1, 2, 3])
def test_an_older_revision_is_only_acknowledged(revision: int) -> None:
    """Offers may come in any order; the highest revision stays (S15)."""
    known = replace(SHOWN, revision=3)
    decision = after(known, replace(OFFER, revision=revision))
    shown = Say(message=Shown(invitation="i", revision=revision))
    assert Decision(notification=known, effects=(shown,)) == decision


@off_surface
@pytest.mark.parametrize("revision", [1, 9])
def test_a_late_offer_brings_nothing_back(known: Notification, revision: int) -> None:
    """What was closed or answered keeps a tombstone (S11)."""
    decision = after(known, replace(OFFER, revision=revision))
    shown = Say(message=Shown(invitation="i", revision=revision))
    assert Decision(notification=known, effects=(shown,)) == decision


@pytest.mark.parametrize("name", EVERY_EVENT)
@off_surface
def test_nothing_brings_back_what_is_off(known: Notification, name: str) -> None:
    """No event at all shows again what is on no surface (S11)."""
    assert NO_SURFACE == kept(after(known, EVERY_EVENT[name])).surfaces


# Clicks


@pytest.mark.parametrize("accept", [True, False])
def test_a_click_is_named_and_said(*, accept: bool) -> None:
    """The answer names invitation, client and click; the surfaces are cleared."""
    decision = after(SHOWN, Click(accept=accept))
    expected = replace(ANSWERING, accept=accept)
    answer = Answer(invitation="i", answer=CLICK, accept=accept)
    assert Decision(notification=expected, effects=(Say(message=answer),)) == decision


@pytest.mark.parametrize(
    ("event", "expected"), [(ACCEPT, BOTH_SURFACES), (REJECT, NO_SURFACE)]
)
def test_accepting_may_leave_it_shown(
    event: Click, expected: frozenset[Surface]
) -> None:
    """The alternative of ANSWER-5; a reject clears the surfaces all the same."""
    policy = Policy(accepting_clears_the_surfaces=False)
    assert expected == kept(after(SHOWN, event, policy=policy)).surfaces


def test_a_click_on_the_list_counts_without_the_popup() -> None:
    """A closed pop-up is no answer, so the client's list still takes one (ANSWER-4)."""
    assert GuestState.ANSWERING == kept(after(DISMISSED, ACCEPT)).state


@off_surface
@pytest.mark.parametrize("event", [ACCEPT, REJECT])
def test_nothing_can_be_clicked_twice(known: Notification, event: Click) -> None:
    """Once it is answered or gone, a click is refused as no longer pending."""
    decision = after(known, event)
    assert Reason.NOT_PENDING == refusal_of(decision)
    assert known == decision.notification


@pytest.mark.parametrize(
    ("half_open", "offset_us", "open_"),
    [(True, -1, True), (True, 0, False), (False, 0, True), (False, 1, False)],
)
def test_its_own_clock_ends_the_clicks(
    *, half_open: bool, offset_us: int, open_: bool
) -> None:
    """A click at the guest's own deadline is too late, or just in time (EXPIRY-6)."""
    policy = Policy(lifetime_is_half_open=half_open)
    decision = after(SHOWN, ACCEPT, UNTIL_US + offset_us, policy)
    assert open_ == (kept(decision).state is GuestState.ANSWERING)


def test_a_second_accept_is_another_click() -> None:
    """With ANSWER-3 flipped it is an answer with an id of its own."""
    policy = Policy(one_accept_counts=False)
    decision = after(JOINED, ACCEPT, policy=policy)
    assert "i/400500600/2" == kept(decision).answer
    assert Reason.NOT_PENDING == refusal_of(after(JOINED, REJECT, policy=policy))


# What the host says


def test_a_started_session_is_joined() -> None:
    """With the session and the permissions the host names, and no others (S8)."""
    decision = after(ANSWERING, STARTED)
    joined = Say(message=Joined(invitation="i", session="s"))
    assert JOINED == decision.notification
    assert (JoinSession(session="s", permissions=VIEW), joined) == decision.effects


def test_a_session_is_joined_once() -> None:
    """A repeated STARTED is acknowledged again and changes nothing (S3)."""
    decision = after(JOINED, STARTED)
    joined = Say(message=Joined(invitation="i", session="s"))
    assert Decision(notification=JOINED, effects=(joined,)) == decision


def test_a_late_word_does_not_undo_a_join() -> None:
    """Neither a closing verdict nor an old start after it: one click, one join (S3)."""
    assert Decision(notification=JOINED) == after(JOINED, CLOSED)
    closed = after(ANSWERING, CLOSED).notification
    assert closed is not None
    assert Decision(notification=closed) == after(closed, STARTED)


@pytest.mark.parametrize("state", [state for state in State if state.terminal])
def test_a_settled_answer_closes(state: State) -> None:
    """The host's word is the outcome (S12)."""
    decision = after(ANSWERING, replace(CLOSED, state=state))
    expected = replace(ANSWERING, state=GuestState.CLOSED, outcome=state)
    assert Decision(notification=expected) == decision


@every_state
@pytest.mark.parametrize("event", [STARTED, CLOSED])
def test_the_answer_to_another_click_is_ignored(
    known: Notification, event: Started | Closed
) -> None:
    """An answer counts for the click it names."""
    other = replace(event, answer="i/400500600/7")
    assert Decision(notification=known) == after(known, other)


@pytest.mark.parametrize("event", [STARTED, CLOSED])
def test_an_answer_to_no_click_is_ignored(event: Started | Closed) -> None:
    """While it is shown nobody has clicked, so nothing can be settled."""
    assert Decision(notification=SHOWN) == after(SHOWN, event)


def test_a_withdrawal_takes_it_off() -> None:
    """Both surfaces are cleared, and the end is acknowledged (PENDING-3)."""
    decision = after(SHOWN, WITHDRAW)
    expected = replace(HIDDEN, outcome=State.CANCELLED)
    gone = Say(message=Gone(invitation="i"))
    assert Decision(notification=expected, effects=(gone,)) == decision


def test_a_withdrawal_leaves_an_answer_its_verdict() -> None:
    """While answering, the outcome is the host's reply to the answer (S12)."""
    withdrawn = after(ANSWERING, WITHDRAW)
    assert ANSWERING == withdrawn.notification
    assert (Say(message=Gone(invitation="i")),) == withdrawn.effects
    closed = after(kept(withdrawn), replace(CLOSED, state=State.CANCELLED))
    assert State.CANCELLED == kept(closed).outcome


@tombstone
def test_a_repeated_withdrawal_is_acknowledged(known: Notification) -> None:
    """The host repeats it until acknowledged; the first outcome stays."""
    decision = after(known, WITHDRAW)
    gone = Say(message=Gone(invitation="i"))
    assert Decision(notification=known, effects=(gone,)) == decision


def test_an_unknown_withdrawal_is_acknowledged() -> None:
    """It is unknown, and acknowledged so that the host stops repeating."""
    gone = Say(message=Gone(invitation="i"))
    assert Decision(notification=None, effects=(gone,)) == after(None, WITHDRAW)


@pytest.mark.parametrize("name", UNASKED)
def test_what_was_never_offered_stays_unknown(name: str) -> None:
    """Only an offer makes a notification."""
    assert Decision(notification=None) == after(None, EVERY_EVENT[name])


def test_a_refused_answer_is_unknown() -> None:
    """The host refused the answer of a client that was not invited."""
    assert Decision(notification=UNKNOWN) == after(ANSWERING, REFUSED)


@every_state
def test_a_refusal_of_another_click_is_ignored(known: Notification) -> None:
    """It closes the answer it names and nothing else."""
    refused = replace(REFUSED, answer="i/400500600/7")
    assert Decision(notification=known) == after(known, refused)


@every_state
def test_a_refused_change_is_no_answer(known: Notification) -> None:
    """The recipient tried to cancel; its answer, if any, is still under way."""
    assert Decision(notification=known) == after(known, REFUSED_CHANGE)


@every_state
def test_a_join_that_was_seen_changes_nothing(known: Notification) -> None:
    """It only ends the repeating of JOINED."""
    assert Decision(notification=known) == after(
        known, JoinSeen(invitation="i", session="s")
    )


# At the guest alone


@pytest.mark.parametrize(
    ("half_open", "offset_us", "state"),
    [
        (True, -1, GuestState.SHOWN),
        (True, 0, GuestState.HIDDEN),
        (False, 0, GuestState.SHOWN),
        (False, 1, GuestState.HIDDEN),
    ],
)
def test_its_own_lifetime_hides_it(
    *, half_open: bool, offset_us: int, state: GuestState
) -> None:
    """A guest without a connection removes it by itself (EXPIRY-3)."""
    policy = Policy(lifetime_is_half_open=half_open)
    decision = after(SHOWN, LifetimeOver(), UNTIL_US + offset_us, policy)
    assert state == kept(decision).state
    assert (state is GuestState.SHOWN) == bool(kept(decision).surfaces)
    assert () == decision.effects


@pytest.mark.parametrize("known", [ANSWERING, JOINED, ENDED, UNKNOWN])
def test_a_lifetime_ends_no_answer(known: Notification) -> None:
    """Once clicked, only the host determines the outcome."""
    assert Decision(notification=known) == after(known, LifetimeOver(), UNTIL_US)


def test_a_closed_popup_leaves_the_list() -> None:
    """It is no answer: nothing is sent (ANSWER-4)."""
    assert Decision(notification=DISMISSED) == after(SHOWN, Dismiss())


def test_closing_the_popup_may_be_a_reject() -> None:
    """The alternative of ANSWER-4."""
    policy = Policy(closing_the_popup_is_no_answer=False)
    assert REJECTING == after(SHOWN, Dismiss(), policy=policy).notification


@pytest.mark.parametrize("known", [DISMISSED, *OFF_SURFACE.values()])
def test_only_a_popup_can_be_closed(known: Notification) -> None:
    """Without one the user is refused."""
    decision = after(known, Dismiss())
    assert Reason.NOT_PENDING == refusal_of(decision)
    assert known == decision.notification


def test_an_open_popup_asks() -> None:
    """A withdrawal that was lost is found out (L2)."""
    poll = Say(message=Poll(invitation="i"))
    assert Decision(notification=SHOWN, effects=(poll,)) == after(SHOWN, PollDue())


@off_surface
def test_only_an_open_popup_asks(known: Notification) -> None:
    """What is off the surfaces has nothing to ask."""
    assert Decision(notification=known) == after(known, PollDue())


@every_state
def test_a_lost_link_changes_nothing(known: Notification) -> None:
    """A recipient that drops sees it again when it returns (PRESENCE-1)."""
    assert Decision(notification=known) == after(known, LinkLost())


def test_a_lost_link_may_hide_it() -> None:
    """The alternative of PRESENCE-1."""
    policy = Policy(returning_recipient_sees_it_again=False)
    assert Decision(notification=HIDDEN) == after(SHOWN, LinkLost(), policy=policy)


# Foreign answers and verdicts


@pytest.mark.parametrize("accept", [True, False])
def test_a_strangers_answer_shows_nothing(cleo: ClientSpec, *, accept: bool) -> None:
    """It is asked of the host, under a name of its own, and seen on no surface."""
    notification, answer = foreign("i", ADA.id, cleo.id, Click(accept=accept))
    expected = Answer(invitation="i", answer="i/700800900/1", accept=accept)
    assert expected == answer
    assert (GuestState.ANSWERING, NO_SURFACE, answer.answer) == (
        notification.state,
        notification.surfaces,
        notification.answer,
    )


def test_a_strangers_answer_comes_to_nothing(cleo: ClientSpec) -> None:
    """A client that was not invited gets the host's refusal."""
    notification, answer = foreign("i", ADA.id, cleo.id, ACCEPT)
    refused = replace(REFUSED, answer=answer.answer)
    told = verdict(kept(after(notification, refused)))
    assert Reason.NOT_RECIPIENT == (told.reason if told else None)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (SHOWN, None),
        (ANSWERING, None),
        (JOINED, None),
        (HIDDEN, None),
        (ENDED, Reason.NOT_PENDING),
        (UNKNOWN, Reason.NOT_RECIPIENT),
        (replace(ENDED, accept=False), Reason.NOT_PENDING),
        (replace(ENDED, accept=False, outcome=State.REJECTED), None),
        (replace(ENDED, outcome=State.REJECTED), Reason.NOT_PENDING),
    ],
)
def test_a_verdict_is_what_came_of_the_click(
    known: Notification, expected: Reason | None
) -> None:
    """A reject that counted is no refusal, an accept of what was rejected is."""
    told = verdict(known)
    assert expected == (told.reason if told else None)
