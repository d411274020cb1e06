"""The sample of invitations: bounded, evenly thinned, and given as traces."""

from itertools import pairwise

import pytest

from invitelab.formats.results import Outcome
from invitelab.protocol.history import Fact, FactKind, Spoken
from invitelab.protocol.messages import Poll
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    State,
    Surface,
    Version,
)
from invitelab.study.traces import Sample, broken_invariants, sampled_traces

ADA, BOB = ClientId("100200300"), ClientId("400500600")
CLIENTS = {
    id_: ClientSpec(identity=Identity(id=id_, alias=alias), version=Version(7, 1, 4))
    for id_, alias in ((ADA, "ada@ad"), (BOB, None))
}


def fact(
    number: int,
    kind: FactKind,
    client: ClientId = ADA,
    *,
    surface: Surface | None = None,
    state: State | None = None,
    accept: bool | None = None,
) -> Fact:
    """Make a fact of the invitation of that number, a second for each."""
    is_sent = kind is FactKind.SENT
    return Fact(
        at_us=number * 1_000_000,
        kind=kind,
        client=client,
        other=BOB if is_sent else None,
        invitation=f"i{number}",
        deadline_us=number * 1_000_000 + 120_000_000 if is_sent else None,
        revision=1 if is_sent else None,
        surface=surface,
        state=state,
        accept=accept,
    )


def sampled(count: int, room: int) -> list[int]:
    """The numbers of the invitations that a sample keeps."""
    sample = Sample(room)
    for number in range(count):
        sample.happened(0, fact(number, FactKind.SENT))
    return [int(name.removeprefix("i")) for name in sample.facts]


# Which are kept


@pytest.mark.parametrize(
    ("expected", "count"),
    [
        ([0, 1, 2, 3], 4),
        ([0, 2, 4], 5),
        ([0, 2, 4, 6], 8),
        ([0, 4, 8], 9),
        ([0, 32, 64, 96], 100),
    ],
)
def test_a_full_sample_keeps_every_second(expected: list[int], count: int) -> None:
    """Repeatedly: they stay evenly spread over all that were sent."""
    assert expected == sampled(count, room=4)


@pytest.mark.parametrize("room", [2, 3, 4, 7])
def test_a_sample_is_never_larger_than_its_room(room: int) -> None:
    """And never less than about half of it, once so many were sent."""
    for count in range(room, 60):
        found = sampled(count, room)
        steps = {b - a for a, b in pairwise(found)}
        assert room // 2 <= len(found) <= room
        assert len(steps) <= 1


@pytest.mark.parametrize(
    ("expected", "count"), [([0, 2], 4), ([0, 4], 5), ([0, 4], 8), ([0, 8], 9)]
)
def test_one_of_some_is_followed(expected: list[int], count: int) -> None:
    """Only their messages are kept, however the sample is thinned."""
    sample = Sample(room=4, every=2)
    for number in range(count):
        sample.happened(0, fact(number, FactKind.SENT))
        sample.spoke(Spoken(0, False, ADA, BOB, Poll(invitation=f"i{number}")))  # noqa: FBT003 - said, not heard
    followed = {f"i{number}" for number in expected}
    assert followed == set(sample.spoken)
    assert all(len(kept) == 1 for kept in sample.spoken.values())


def test_all_facts_of_the_kept_are_kept() -> None:
    """Those of others are not."""
    sample = Sample(room=2)
    for number in range(3):
        sample.happened(0, fact(number, FactKind.SENT))
    for number in range(3):
        sample.happened(0, fact(number, FactKind.CANCELLED))
    assert {"i0": 2, "i2": 2} == {key: len(kept) for key, kept in sample.facts.items()}


# What is made of them


def sample_of(*facts: Fact) -> Sample:
    """Make a sample of these facts."""
    sample = Sample()
    for one in facts:
        sample.happened(one.at_us, one)
    return sample


def test_a_trace_has_the_steps_of_both_sides() -> None:
    """Each step once, with its side and the displayed names."""
    sample = sample_of(
        fact(0, FactKind.SENT),
        fact(0, FactKind.SHOWN, BOB, surface=Surface.POPUP),
        fact(0, FactKind.SHOWN, BOB, surface=Surface.CLIENT),
        fact(0, FactKind.CLICKED, BOB, accept=False),
        fact(0, FactKind.ENDED, state=State.REJECTED),
    )
    (trace,) = sampled_traces(sample, CLIENTS)
    assert ("ada@ad", BOB, Outcome.REJECTED) == (
        trace.inviter,
        trace.recipient,
        trace.outcome,
    )
    assert [
        ("sent", "inviter", ""),
        ("shown", "recipient", ""),
        ("clicked", "recipient", "reject"),
        ("ended", "inviter", "rejected"),
    ] == [(moment.kind, moment.side, moment.detail) for moment in trace.moments]


def test_a_trace_without_an_end_is_pending() -> None:
    """The world stopped before it."""
    (trace,) = sampled_traces(sample_of(fact(0, FactKind.SENT)), CLIENTS)
    assert Outcome.PENDING is trace.outcome


@pytest.mark.parametrize(("expected", "sent"), [(0, 0), (5, 5), (5, 10), (4, 12)])
def test_few_traces_are_kept(expected: int, sent: int) -> None:
    """Evenly spread, at most as many as wanted, and numbered from one."""
    sample = sample_of(*(fact(number, FactKind.SENT) for number in range(sent)))
    found = sampled_traces(sample, CLIENTS, count=5)
    assert list(range(1, expected + 1)) == [trace.number for trace in found]
    assert len({trace.invitation for trace in found}) == expected


def test_a_broken_invariant_is_found() -> None:
    """An invitation that ends twice."""
    healthy = sample_of(fact(0, FactKind.SENT))
    assert [] == broken_invariants(healthy, CLIENTS)
    twice = sample_of(
        fact(0, FactKind.SENT),
        fact(0, FactKind.ENDED, state=State.REJECTED),
        fact(0, FactKind.ENDED, state=State.CANCELLED),
    )
    assert broken_invariants(twice, CLIENTS)
