"""A session's switches: the host's alone, while it runs, and not over a lock."""

from dataclasses import replace

import pytest

from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.session import permit
from invitelab.protocol.values import ClientId, Permission, Session, SessionState

ADA = ClientId("100200300")
BEA = ClientId("400500600")
SESSION = Session(
    id="s",
    invitation="i",
    host=ADA,
    guest=BEA,
    permissions=frozenset({Permission.VIEW, Permission.INPUT}),
)
LOCKED = {Permission.VIEW: True, Permission.AUDIO: False}


def reason(answer: Session | Refusal) -> Reason | None:
    """Find why it was refused."""
    return answer.reason if isinstance(answer, Refusal) else None


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("permission", Permission)
def test_the_host_switches_one_permission(
    permission: Permission, *, allowed: bool
) -> None:
    """That one has the new value, the others stay; it counts (SESSION-5)."""
    changed = permit(SESSION, ADA, permission, allowed=allowed, locked={})
    rest = SESSION.permissions - {permission}
    expected = rest | {permission} if allowed else rest
    assert replace(SESSION, permissions=expected, revision=1) == changed


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("permission", LOCKED)
def test_a_lock_is_not_switched(permission: Permission, *, allowed: bool) -> None:
    """Neither against its value nor to it (SESSION-6, S17)."""
    answer = permit(SESSION, ADA, permission, allowed=allowed, locked=LOCKED)
    assert Reason.PERMISSION_LOCKED == reason(answer)


def test_what_is_not_locked_is_switched_beside_a_lock() -> None:
    """A lock is about one permission."""
    answer = permit(SESSION, ADA, Permission.FILES, allowed=True, locked=LOCKED)
    assert None is reason(answer)


@pytest.mark.parametrize("by", [BEA, ClientId("700800900")])
def test_only_the_host_switches(by: ClientId) -> None:
    """Neither the guest nor any other client."""
    answer = permit(SESSION, by, Permission.VIEW, allowed=False, locked={})
    assert Reason.NOT_HOST == reason(answer)


@pytest.mark.parametrize("state", [SessionState.ENDED, SessionState.FAILED])
def test_only_a_running_session_is_switched(state: SessionState) -> None:
    """Afterwards there is none."""
    over = replace(SESSION, state=state)
    answer = permit(over, ADA, Permission.VIEW, allowed=False, locked={})
    assert Reason.UNKNOWN_SESSION == reason(answer)


def test_of_two_reasons_the_earlier_is_said() -> None:
    """An ended session first, then who asks, then the lock."""
    over = replace(SESSION, state=SessionState.ENDED)
    ended = permit(over, BEA, Permission.VIEW, allowed=False, locked=LOCKED)
    foreign = permit(SESSION, BEA, Permission.VIEW, allowed=False, locked=LOCKED)
    expected = (Reason.UNKNOWN_SESSION, Reason.NOT_HOST)
    assert expected == (reason(ended), reason(foreign))
