"""What is told of several invitations, and that it fails alone where it is needed."""

from collections.abc import Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.protocol.observed import Click, ClickKind, Observed, Span
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Identity,
    Version,
)
from invitelab.target_load.connection import Connection
from invitelab.target_load.evidence import scenario_of
from invitelab.target_load.findings import Example
from invitelab.target_load.histories import histories_of, names_of_all, told

MS = 1000


def client(number: int) -> ClientSpec:
    """Make a client of version 7 on Windows."""
    return ClientSpec(
        identity=Identity(id=ClientId(f"10020030{number}"), alias=f"c{number}@ad"),
        version=Version.parse("7.1.4"),
        profiles=BUILT_IN_PROFILES,
    )


def invitation(sent_ms: int, *clicks: Click, recipient: int = 2) -> Observed:
    """Make an invitation of the first client."""
    sent = Span(sent_ms * MS, sent_ms * MS)
    return Observed(
        key=f"{sent_ms}",
        inviter=client(1),
        recipient=client(recipient),
        profile="Default",
        permissions=frozenset(),
        sent=sent,
        deadline_us=sent.begin_us + LIFETIME_US,
        clicks=list(clicks),
    )


def rejected(at_ms: int) -> Click:
    """Make a rejection in the pop-up."""
    span = Span(at_ms * MS, at_ms * MS)
    return Click(span=span, kind=ClickKind.REJECT, granted=True, surface="popup")


def test_events_are_told_in_the_order_of_time() -> None:
    """With the time that has passed since the newest invitation was sent."""
    earlier = invitation(0, rejected(5))
    later = invitation(10, rejected(12))
    names = names_of_all(later, [earlier])
    assert [
        'Ada invites Ben with the permission profile "Default"',
        "5 milliseconds have passed since Ada invited Ben",
        "Ben rejects the invitation from Ada in the pop-up",
        "10 milliseconds have passed since Ada invited Ben",
        'Ada invites Ben with the permission profile "Default"',
        "2 milliseconds have passed since Ada invited Ben",
        "Ben rejects the invitation from Ada in the pop-up",
    ] == list(told(later, [earlier], names, 1))


def test_little_is_tried_before_much() -> None:
    """The newest of the two, then the newest, then all of the two, then all."""
    same = [invitation(1), invitation(2)]
    before = [*same, invitation(3, recipient=3)]
    found = [list(one) for one in histories_of(invitation(9), before)]
    assert [same[-1:], before[-1:], same, before] == found


class OnceOnly(Reference):
    """Refuses to invite the same client from the same one again."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        if method == "invitation.send":
            pair = f"{params['scenario']} {params['client']} {params['to']}"
            if pair in self._seen:
                return {"refused": {"reason": "busy"}}
            self._seen.add(pair)
        return super().request(method, params)


@pytest.mark.parametrize("with_history", [True, False])
def test_a_scenario_tells_what_came_before(*, with_history: bool) -> None:
    """And there is none without it: two of them are needed to fail."""
    earlier = invitation(0, rejected(5))
    example = Example(
        at_us=0,
        room=0,
        what="it was refused",
        observed=invitation(10),
        before=(earlier,) if with_history else (),
    )
    connection = Connection(DirectTarget(OnceOnly()))
    found = scenario_of("DIRECT-1", [example], connection)
    connection.close()
    assert (found is not None) is with_history
    if found is not None:
        assert 2 == found.count("Ada invites Ben")
        assert found.rstrip().endswith("Then the attempt succeeds")
