"""A send is refused for the first reason of the list, whatever else is wrong."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from invitelab.protocol.policy import Policy, knobs
from invitelab.protocol.refusals import SEND_CHECKS, Reason, SendFacts, check_send
from invitelab.protocol.values import (
    Address,
    ClientSpec,
    EntryPoint,
    Platform,
    Version,
)

OLD = Version(6, 9, 9)

# As the design lists them.
ORDER = [
    Reason.CLIENT_OFFLINE,
    Reason.NOT_OFFERED,
    Reason.SENDER_UNSUPPORTED,
    Reason.INVALID_ADDRESS,
    Reason.UNKNOWN_RECIPIENT,
    Reason.SELF_INVITATION,
    Reason.RECIPIENT_UNSUPPORTED,
    Reason.RECIPIENT_OFFLINE,
    Reason.PROFILE_UNAVAILABLE,
    Reason.ALREADY_PENDING,
]
REST = [
    Reason.UNKNOWN_INVITATION,
    Reason.NOT_INVITER,
    Reason.NOT_RECIPIENT,
    Reason.NOT_PENDING,
    Reason.UNKNOWN_SESSION,
    Reason.NOT_HOST,
    Reason.PERMISSION_LOCKED,
]


@dataclass(frozen=True)
class Case:
    """How a send comes to have a reason, and how to see that it has."""

    spoil: Callable[[SendFacts], SendFacts]
    holds: Callable[[SendFacts], bool]


def nobody(facts: SendFacts) -> SendFacts:
    """There is no client with the address, and so none online."""
    return replace(facts, recipient=None, recipient_online=False)


def with_old_recipient(facts: SendFacts) -> SendFacts:
    """Take the recipient back to version 6, if there is one."""
    if facts.recipient is None:
        return facts
    return replace(facts, recipient=replace(facts.recipient, version=OLD))


CASES = {
    Reason.CLIENT_OFFLINE: Case(
        lambda facts: replace(facts, sender_online=False),
        lambda facts: not facts.sender_online,
    ),
    Reason.NOT_OFFERED: Case(
        lambda facts: replace(facts, entry_offered=False),
        lambda facts: not facts.entry_offered,
    ),
    Reason.SENDER_UNSUPPORTED: Case(
        lambda facts: replace(facts, sender=replace(facts.sender, version=OLD)),
        lambda facts: facts.sender.version.major < 7,
    ),
    Reason.INVALID_ADDRESS: Case(
        lambda facts: nobody(replace(facts, address=None)),
        lambda facts: facts.address is None,
    ),
    Reason.UNKNOWN_RECIPIENT: Case(
        nobody,
        lambda facts: facts.address is not None and facts.recipient is None,
    ),
    Reason.SELF_INVITATION: Case(
        lambda facts: replace(facts, recipient=facts.recipient and facts.sender),
        lambda facts: (
            facts.recipient is not None and facts.recipient.id == facts.sender.id
        ),
    ),
    Reason.RECIPIENT_UNSUPPORTED: Case(
        with_old_recipient,
        lambda facts: facts.recipient is not None and facts.recipient.version.major < 7,
    ),
    Reason.RECIPIENT_OFFLINE: Case(
        lambda facts: replace(facts, recipient_online=False),
        lambda facts: facts.recipient is not None and not facts.recipient_online,
    ),
    Reason.PROFILE_UNAVAILABLE: Case(
        lambda facts: replace(facts, profile=None),
        lambda facts: facts.profile is None,
    ),
    Reason.ALREADY_PENDING: Case(
        lambda facts: replace(facts, pending_to_recipient=True),
        lambda facts: facts.pending_to_recipient,
    ),
}
# Without a recipient nothing can be said of one.
NEEDS_A_RECIPIENT = {
    Reason.SELF_INVITATION,
    Reason.RECIPIENT_UNSUPPORTED,
    Reason.RECIPIENT_OFFLINE,
}
WITHOUT_A_RECIPIENT = {Reason.INVALID_ADDRESS, Reason.UNKNOWN_RECIPIENT}


def cannot_meet(earlier: Reason, later: Reason) -> bool:
    """Whether two reasons exclude each other."""
    pair = {earlier, later}
    return pair == WITHOUT_A_RECIPIENT or (
        bool(pair & WITHOUT_A_RECIPIENT) and bool(pair & NEEDS_A_RECIPIENT)
    )


PAIRS = [pair for pair in itertools.combinations(ORDER, 2) if not cannot_meet(*pair)]


@pytest.fixture
def facts(ada: ClientSpec, bea: ClientSpec) -> SendFacts:
    """Give what is known of a send that nothing is wrong with."""
    return SendFacts(
        sender=ada,
        sender_online=True,
        entry=EntryPoint.ICON,
        entry_offered=True,
        address=Address(bea.id),
        recipient=bea,
        recipient_online=True,
        profile=ada.profiles[0],
        pending_to_recipient=False,
        pending_from_recipient=False,
        pending_to_anybody=False,
    )


def reason(facts: SendFacts, policy: Policy | None = None) -> Reason | None:
    """Ask the protocol."""
    refusal = check_send(facts, policy or Policy())
    return refusal.reason if refusal else None


def reasons_in(facts: SendFacts) -> list[Reason]:
    """List every reason that holds, in the order of the design."""
    return [name for name in ORDER if CASES[name].holds(facts)]


def test_the_reasons_are_the_designs() -> None:
    """Those of a send come first, in the order in which they are looked for."""
    assert [*ORDER, *REST] == list(Reason)
    assert ORDER == [name for name, _, _ in SEND_CHECKS]


def test_nothing_wrong_is_not_refused(facts: SendFacts) -> None:
    """The facts these tests start from make a send."""
    assert None is reason(facts)


@pytest.mark.parametrize("name", ORDER)
def test_each_reason_alone_refuses(facts: SendFacts, name: Reason) -> None:
    """One reason is enough, and is the one that is given."""
    assert name == reason(CASES[name].spoil(facts))


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_of_two_reasons_the_earlier_is_said(
    facts: SendFacts, earlier: Reason, later: Reason
) -> None:
    """For every pair that can hold at once."""
    both = CASES[later].spoil(CASES[earlier].spoil(facts))
    assert {earlier, later} <= set(reasons_in(both))
    assert reasons_in(both)[0] == reason(both)


def test_of_all_that_is_wrong_the_first_is_said(facts: SendFacts) -> None:
    """Every set of reasons, brought about in either order."""
    for chosen in itertools.product([False, True], repeat=len(ORDER)):
        spoilt = list(itertools.compress(ORDER, chosen))
        for order in (spoilt, spoilt[::-1]):
            wrong = facts
            for name in order:
                wrong = CASES[name].spoil(wrong)
            assert (*reasons_in(wrong), None)[0] == reason(wrong)


@pytest.mark.parametrize(
    ("name", "flipped"),
    [
        (Reason.NOT_OFFERED, "entry_point_must_be_offered"),
        (Reason.INVALID_ADDRESS, "malformed_address_is_refused"),
        (Reason.UNKNOWN_RECIPIENT, "unknown_address_is_refused"),
        (Reason.SELF_INVITATION, "own_address_is_refused"),
        (Reason.RECIPIENT_UNSUPPORTED, "old_recipient_is_refused"),
        (Reason.RECIPIENT_OFFLINE, "offline_recipient_is_refused"),
        (Reason.ALREADY_PENDING, "one_pending_per_pair"),
    ],
)
def test_the_other_reading_lets_it_pass(
    facts: SendFacts, name: Reason, flipped: str
) -> None:
    """Each of these refusals is an interpretation, which its field alone flips."""
    wrong = CASES[name].spoil(facts)
    passing = [
        knob.name for knob in knobs() if not reason(wrong, Policy(**{knob.name: False}))
    ]
    assert [flipped] == passing


@pytest.mark.parametrize(
    "name",
    [
        Reason.CLIENT_OFFLINE,
        Reason.SENDER_UNSUPPORTED,
        Reason.PROFILE_UNAVAILABLE,
    ],
)
def test_some_refusals_are_no_reading(facts: SendFacts, name: Reason) -> None:
    """Whatever is flipped, these stay (a missing profile is chosen elsewhere)."""
    wrong = CASES[name].spoil(facts)
    found = {reason(wrong, Policy(**{knob.name: False})) for knob in knobs()}
    assert {name} == found


@pytest.mark.parametrize(
    ("flipped", "expected"),
    [
        ("other_platforms_can_be_invited", Reason.RECIPIENT_UNSUPPORTED),
        ("pending_per_pair_not_per_inviter", Reason.ALREADY_PENDING),
        ("crossed_invitations_are_independent", Reason.ALREADY_PENDING),
    ],
)
def test_the_other_reading_refuses_more(
    facts: SendFacts, bea: ClientSpec, flipped: str, expected: Reason
) -> None:
    """What the defaults permit is refused by exactly one alternative."""
    odd = {
        "other_platforms_can_be_invited": replace(
            facts, recipient=replace(bea, platform=Platform.MACOS)
        ),
        "pending_per_pair_not_per_inviter": replace(facts, pending_to_anybody=True),
        "crossed_invitations_are_independent": replace(
            facts, pending_from_recipient=True
        ),
    }
    found = {
        knob.name: reason(odd[flipped], Policy(**{knob.name: False}))
        for knob in knobs()
    }
    assert {flipped: expected} == {name: why for name, why in found.items() if why}
    assert None is reason(odd[flipped])


def test_a_limit_per_inviter_leaves_the_pair_to_its_own_reading(
    facts: SendFacts,
) -> None:
    """With both flipped the same recipient can be invited twice (PENDING-7, -8)."""
    again = replace(facts, pending_to_anybody=True, pending_to_recipient=True)
    policy = Policy(pending_per_pair_not_per_inviter=False, one_pending_per_pair=False)
    assert None is reason(again, policy)


def test_a_refusal_has_a_sentence(facts: SendFacts) -> None:
    """Every reason comes with a message of its own."""
    told = [check_send(case.spoil(facts), Policy()) for case in CASES.values()]
    assert len(CASES) == len({refusal.message for refusal in told if refusal})
