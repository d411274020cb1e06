"""The judgement of one invitation from outside: what breaks a clause, and what not."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from invitelab.protocol.observed import (
    Click,
    ClickKind,
    Exactness,
    Listed,
    Observed,
    Running,
    Seen,
    Shown,
    Span,
    Switch,
    note,
)
from invitelab.protocol.observed_judge import broken, end_of
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    Permission,
    Profile,
    State,
    Version,
)

MS = 1_000
VIEW, ALL = frozenset({Permission.VIEW}), frozenset(Permission)
ADA = Identity(id=ClientId("100200300"), alias="ada@ad")
BEN = Identity(id=ClientId("400500600"), alias=None)
BOTH = ("accept", "reject")
EXACT = Exactness(blur_us=MS)
LISTED = Listed("pending", "Default")


def client(identity: Identity, version: str = "7.1.4", **locks: bool) -> ClientSpec:
    """A client with one profile."""
    return ClientSpec(
        identity=identity,
        version=Version.parse(version),
        profiles=(Profile(name="Default", permissions=VIEW),),
        locked={Permission(name): value for name, value in locks.items()},
    )


def at(ms: int) -> Span:
    """A call that takes no time."""
    return Span(ms * MS, ms * MS)


def row(surface: str, **changes: Any) -> Shown:  # noqa: ANN401 - those of Shown
    """A row of the notifications."""
    shown = Shown(
        surface, "bottom-right" if surface == "popup" else None, ADA.id, ADA.alias, BOTH
    )
    return shown._replace(**changes)


SWITCH = Switch(
    span=at(6_000), by_host=True, permission="input", allowed=True, granted=True
)
SHOWN = (row("client"), row("popup"))


def pending(**changes: object) -> Observed:
    """An invitation of Ada to Ben, sent at 0, that both sides see at once."""
    one = Observed(
        key="1",
        inviter=client(ADA),
        recipient=client(BEN),
        profile="Default",
        permissions=VIEW,
        sent=at(0),
        deadline_us=120_000 * MS,
    )
    for name, value in changes.items():
        setattr(one, name, value)
    see(one, 1)
    return one


def see(
    one: Observed,
    ms: int,
    shown: tuple[Shown, ...] = SHOWN,
    listed: Listed | None = LISTED,
) -> None:
    """Both sides are looked at."""
    note(one.at_guest, shown, at(ms))
    note(one.at_host, listed, at(ms))


def click(one: Observed, ms: int, kind: ClickKind, *, granted: bool = True) -> None:
    """Somebody has clicked."""
    one.clicks.append(Click(span=at(ms), kind=kind, granted=granted))


def change(one: Observed, ms: int, profile: str, *, granted: bool = True) -> None:
    """The inviter has changed it."""
    one.clicks.append(
        Click(
            span=at(ms),
            kind=ClickKind.MODIFY,
            granted=granted,
            profile=profile,
            permissions=ALL,
        )
    )


def join(one: Observed, ms: int, permissions: frozenset[Permission] = VIEW) -> None:
    """Both sides see the session."""
    held = frozenset(name.value for name in permissions)
    for looks in (one.joined, one.started):
        note(looks, Running(ADA.id, BEN.id, held), at(ms))


def ended(one: Observed, ms: int, state: str) -> None:
    """Both sides see how it ended."""
    see(one, ms, (), Listed(state, "Default"))


def clauses(one: Observed, exact: Exactness = EXACT) -> set[str]:
    """The clauses that an invitation breaks."""
    return {found.clause for found in broken(one, exact)}


# What is right.


def accepted() -> Observed:
    """Accepted."""
    one = pending()
    click(one, 5_000, ClickKind.ACCEPT)
    ended(one, 5_001, "accepted")
    join(one, 5_001)
    return one


def rejected() -> Observed:
    """Rejected."""
    one = pending()
    click(one, 5_000, ClickKind.REJECT)
    ended(one, 5_001, "rejected")
    return one


def cancelled() -> Observed:
    """Cancelled."""
    one = pending()
    click(one, 5_000, ClickKind.CANCEL)
    ended(one, 5_001, "cancelled")
    return one


def expired() -> Observed:
    """Expired."""
    one = pending()
    see(one, 119_000)
    ended(one, 121_000, "expired")
    return one


def changed() -> Observed:
    """Changed."""
    one = pending()
    change(one, 2_000, "Full")
    see(one, 2_001, listed=Listed("pending", "Full"))
    click(one, 5_000, ClickKind.ACCEPT)
    ended(one, 5_001, "accepted")
    join(one, 5_001, ALL)
    return one


def unlisted() -> Observed:
    """Ended invitations may be left out of the list."""
    one = pending()
    click(one, 5_000, ClickKind.REJECT)
    see(one, 5_001, (), None)
    return one


def late_clicks_without_effect() -> Observed:
    """What comes too late may be granted, if nothing comes of it."""
    one = rejected()
    for kind in (ClickKind.ACCEPT, ClickKind.CANCEL):
        click(one, 9_000, kind)
    change(one, 9_500, "Full")
    ended(one, 10_000, "rejected")
    return one


def late_clicks_refused() -> Observed:
    """Late clicks refused."""
    one = accepted()
    for kind in ClickKind:
        click(one, 9_000, kind, granted=False)
    return one


def old_recipient() -> Observed:
    """Granted to a client below 7, and lapses unseen."""
    one = Observed(
        key="1",
        inviter=client(ADA),
        recipient=client(BEN, "6.9.9"),
        profile="Default",
        permissions=VIEW,
        sent=at(0),
        deadline_us=120_000 * MS,
    )
    see(one, 1, ())
    ended(one, 121_000, "expired")
    return one


def switched() -> Observed:
    """Switched."""
    one = accepted()
    one.switches.append(SWITCH)
    join(one, 6_001, VIEW | {Permission.INPUT})
    return one


@pytest.mark.parametrize(
    "life",
    [
        accepted,
        rejected,
        cancelled,
        expired,
        changed,
        unlisted,
        late_clicks_without_effect,
        late_clicks_refused,
        old_recipient,
        switched,
    ],
)
def test_nothing_is_broken(life: Callable[[], Observed]) -> None:
    """Nothing is broken."""
    assert not clauses(life())


# What is wrong.


def seen_wrong(**changes: Any) -> Observed:  # noqa: ANN401 - those of Shown
    """Seen wrong."""
    one = Observed(
        key="1",
        inviter=client(ADA),
        recipient=client(BEN),
        profile="Default",
        permissions=VIEW,
        sent=at(0),
        deadline_us=120_000 * MS,
    )
    see(one, 1, tuple(row(surface, **changes) for surface in ("client", "popup")))
    return one


def no_popup() -> Observed:
    """No popup."""
    one = pending()
    see(one, 2, (row("client"),))
    return one


def nothing_shown() -> Observed:
    """Nothing shown."""
    one = pending()
    one.at_guest.clear()
    see(one, 1, ())
    return one


def twice() -> Observed:
    """Twice."""
    one = pending()
    see(one, 2, (row("client"), row("client"), row("popup")))
    return one


def twice_after_a_change() -> Observed:
    """Twice after a change."""
    one = pending()
    change(one, 2, "Full")
    shown = (row("client"), row("client"), row("popup"))
    see(one, 3, shown, Listed("pending", "Full"))
    return one


def third_client() -> Observed:
    """Third client."""
    one = pending()
    one.elsewhere.append("999888777")
    return one


def gone_too_early() -> Observed:
    """Gone too early."""
    one = pending()
    see(one, 60_000, ())
    return one


def expires_too_early() -> Observed:
    """Expires too early."""
    one = pending()
    see(one, 119_000, listed=Listed("expired", "Default"))
    return one


def still_shown(life: Callable[[], Observed]) -> Callable[[], Observed]:
    """Still shown."""

    def make() -> Observed:
        one = life()
        note(one.at_guest, SHOWN, at(122_000))
        return one

    return make


def still_listed(life: Callable[[], Observed]) -> Callable[[], Observed]:
    """Still listed."""

    def make() -> Observed:
        one = life()
        one.at_host.clear()
        note(one.at_host, Listed("pending", "Default"), at(122_000))
        return one

    return make


def with_session(life: Callable[[], Observed]) -> Callable[[], Observed]:
    """With session."""

    def make() -> Observed:
        one = life()
        join(one, 122_000)
        return one

    return make


def refused(kind: ClickKind) -> Callable[[], Observed]:
    """Refused."""

    def make() -> Observed:
        one = pending()
        click(one, 5_000, kind, granted=False)
        return one

    return make


def no_session() -> Observed:
    """No session."""
    one = accepted()
    one.joined.clear()
    note(one.joined, None, at(5_001))
    return one


def session_cut() -> Observed:
    """Session cut."""
    one = accepted()
    note(one.joined, None, at(130_000))
    return one


def other_permissions() -> Observed:
    """Other permissions."""
    one = pending()
    click(one, 5_000, ClickKind.ACCEPT)
    ended(one, 5_001, "accepted")
    join(one, 5_001, ALL)
    return one


def change_forgotten() -> Observed:
    """Change forgotten."""
    one = pending()
    change(one, 2_000, "Full")
    see(one, 2_001, listed=Listed("pending", "Full"))
    click(one, 5_000, ClickKind.ACCEPT)
    ended(one, 5_001, "accepted")
    join(one, 5_001, VIEW)
    return one


def change_not_listed() -> Observed:
    """Change not listed."""
    one = pending()
    change(one, 2_000, "Full")
    see(one, 2_001)
    return one


def wrong_profile() -> Observed:
    """Wrong profile."""
    one = pending()
    see(one, 2, listed=Listed("pending", "Other"))
    return one


def reversed_session() -> Observed:
    """Reversed session."""
    one = accepted()
    one.joined[:] = [
        Seen(
            value=Running(BEN.id, ADA.id, frozenset({"view"})),
            first=at(5_001),
            last=at(5_001),
        )
    ]
    return one


def accept_after_the_end() -> Observed:
    """Accept after the end."""
    one = expired()
    click(one, 121_500, ClickKind.ACCEPT)
    join(one, 121_501)
    return one


def reopened() -> Observed:
    """Reopened."""
    one = rejected()
    note(one.at_host, Listed("accepted", "Default"), at(9_000))
    return one


def switch_without_effect() -> Observed:
    """Switch without effect."""
    one = accepted()
    one.switches.append(SWITCH)
    join(one, 6_001)
    note(one.joined, one.joined[-1].value, at(6_001))
    return one


def recipient_switches() -> Observed:
    """Recipient switches."""
    one = accepted()
    one.switches.append(SWITCH._replace(by_host=False))
    join(one, 6_001, VIEW | {Permission.INPUT})
    return one


def lock_switched() -> Observed:
    """Lock switched."""
    one = pending(inviter=client(ADA, input=False))
    click(one, 5_000, ClickKind.ACCEPT)
    ended(one, 5_001, "accepted")
    join(one, 5_001)
    one.switches.append(SWITCH)
    join(one, 6_001, VIEW | {Permission.INPUT})
    return one


WRONG: Sequence[tuple[Callable[[], Observed], str]] = (
    (lambda: seen_wrong(id="100200301"), "NOTIFY-3"),
    (lambda: seen_wrong(alias="eve@ad"), "NOTIFY-4"),
    (lambda: seen_wrong(actions=("reject",)), "NOTIFY-5"),
    (lambda: seen_wrong(corner="top-left"), "NOTIFY-2"),
    (no_popup, "NOTIFY-2"),
    (nothing_shown, "NOTIFY-1"),
    (twice, "NOTIFY-1"),
    (twice_after_a_change, "NOTIFY-8"),
    (third_client, "NOTIFY-6"),
    (gone_too_early, "EXPIRY-1"),
    (expires_too_early, "EXPIRY-1"),
    (still_shown(rejected), "ANSWER-1"),
    (still_shown(cancelled), "PENDING-3"),
    (still_shown(expired), "EXPIRY-3"),
    (still_shown(accepted), "ANSWER-5"),
    (still_listed(rejected), "ANSWER-1"),
    (still_listed(cancelled), "PENDING-2"),
    (still_listed(expired), "EXPIRY-4"),
    (with_session(rejected), "ANSWER-1"),
    (with_session(cancelled), "PENDING-3"),
    (with_session(expired), "EXPIRY-2"),
    (accept_after_the_end, "EXPIRY-2"),
    (refused(ClickKind.ACCEPT), "EXPIRY-1"),
    (refused(ClickKind.REJECT), "ANSWER-1"),
    (refused(ClickKind.CANCEL), "PENDING-2"),
    (refused(ClickKind.MODIFY), "PENDING-1"),
    (no_session, "SESSION-1"),
    (session_cut, "EXPIRY-5"),
    (other_permissions, "SESSION-2"),
    (change_forgotten, "SESSION-3"),
    (change_not_listed, "PENDING-1"),
    (wrong_profile, "DIRECT-7"),
    (reversed_session, "SESSION-4"),
    (reopened, "ANSWER-1"),
    (switch_without_effect, "SESSION-5"),
    (recipient_switches, "SESSION-10"),
    (lock_switched, "SESSION-6"),
)


@pytest.mark.parametrize(
    ("life", "clause"),
    WRONG,
    ids=[f"{clause}-{number}" for number, (_, clause) in enumerate(WRONG)],
)
def test_a_clause_is_broken(life: Callable[[], Observed], clause: str) -> None:
    """A clause is broken."""
    assert clauses(life()) == {clause}


# What is in doubt.


def test_what_overlaps_the_deadline_is_in_doubt() -> None:
    """What overlaps the deadline is in doubt."""
    one = pending()
    one.clicks.append(
        Click(
            span=Span(119_999 * MS, 120_002 * MS), kind=ClickKind.ACCEPT, granted=True
        )
    )
    assert end_of(one, EXACT).states == {State.ACCEPTED, State.EXPIRED}
    ended(one, 122_000, "expired")
    assert not clauses(one)
    join(one, 122_001)
    assert not clauses(one)


def test_two_clicks_at_once_may_come_in_either_order() -> None:
    """Two clicks at once may come in either order."""
    one = pending()
    for kind in (ClickKind.CANCEL, ClickKind.ACCEPT):
        one.clicks.append(
            Click(span=Span(5_000 * MS, 5_010 * MS), kind=kind, granted=True)
        )
    assert end_of(one, EXACT).states == {State.ACCEPTED, State.CANCELLED}
    ended(one, 6_000, "cancelled")
    assert not clauses(one)


def test_an_effect_has_its_time_to_settle() -> None:
    """An effect has its time to settle."""
    slow = Exactness(blur_us=MS, settle_us=500 * MS)
    one = pending()
    click(one, 5_000, ClickKind.REJECT)
    see(one, 5_300, SHOWN, Listed("pending", "Default"))
    ended(one, 5_600, "rejected")
    assert not clauses(one, slow)
    assert clauses(one) == {"ANSWER-1"}


def test_without_a_popup_there_is_none_to_judge() -> None:
    """Without a popup there is none to judge."""
    one = no_popup()
    assert not clauses(one, Exactness(blur_us=MS, popup=False))
