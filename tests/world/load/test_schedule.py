"""The schedule is what the users of a simulation do, without the simulation."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from invitelab.errors import UsageError
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.schedule import PlannedAttempt, Schedule
from invitelab.world.scenario.schema import Scenario

Changed = Callable[[Mapping[str, object]], Scenario]
SECOND_US = 1_000_000
MIXED = {
    "population.clients": 60,
    "population.versions": {"7.1.4": 0.7, "6.3.2": 0.3},
    "population.offline": 0.1,
    "population.locked": 0.2,
    "arrivals.rate": "5/s",
    "people.by_tile": 0.5,
    "people.by_alias": 0.5,
    "people.cancel": 0.3,
    "people.modify": 0.3,
    "people.email_fallback": 0.6,
}


class Seen(Instrument):
    """Notes what users do, as the world tells it."""

    def __init__(self) -> None:
        self.attempts: list[tuple[int, str, str]] = []
        self.meant_by: dict[int, bool | None] = {}
        self.emails: list[tuple[int, str, str]] = []
        self.reasons: dict[int, Reason] = {}
        self.facts: list[Fact] = []

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Note who invites whom when."""
        self.attempts.append((at_us, sender.identity.id, recipient.identity.id))

    def meant(self, at_us: int, invitation: str, accepts: bool | None) -> None:  # noqa: FBT001 - a hook
        """Note what will be answered."""
        del at_us, invitation
        self.meant_by[len(self.attempts) - 1] = accepts

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Note an email."""
        self.emails.append((at_us, sender.identity.id, recipient.identity.id))

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Note why an attempt was refused."""
        del at_us, sender, recipient
        self.reasons[len(self.attempts) - 1] = reason

    def happened(self, at_us: int, fact: Fact) -> None:
        """Note what became of it."""
        del at_us
        self.facts.append(fact)


def simulated(scenario: Scenario, replication: int = 0) -> Seen:
    """What the users of a simulation do."""
    seen = Seen()
    LoadWorld(scenario, replication=replication, instruments=(seen,)).run()
    return seen


def planned(scenario: Scenario, replication: int = 0) -> Sequence[PlannedAttempt]:
    """The whole schedule."""
    return list(Schedule(scenario, replication).attempts())


@pytest.mark.parametrize("replication", [0, 3])
def test_the_attempts_are_those_of_the_simulation(
    changed: Changed, replication: int
) -> None:
    """To the microsecond, and between the same clients."""
    scenario = changed(MIXED)
    rows = planned(scenario, replication)
    found = [(row.at_us, row.inviter, row.recipient) for row in rows]
    assert simulated(scenario, replication).attempts == found
    assert [*range(len(rows))] == [row.attempt for row in rows]
    assert planned(scenario, 1) != rows


def test_the_answers_are_those_of_the_simulation(changed: Changed) -> None:
    """Of each invitation that was sent."""
    scenario = changed(MIXED)
    rows = planned(scenario)
    names = {True: "accept", False: "reject", None: "none"}
    for number, accepts in simulated(scenario).meant_by.items():
        assert names[accepts] == rows[number].answer


def test_emails_are_written_where_the_schedule_says_so(changed: Changed) -> None:
    """If a direct invitation is impossible, and only then."""
    scenario = changed(MIXED)
    seen, schedule = simulated(scenario), Schedule(scenario)
    direct = {client.id: client.direct for client in schedule.clients()}
    expected = [
        (row.at_us, row.inviter, row.recipient)
        for row in schedule.attempts()
        if row.email
        if not direct[row.inviter]
        or seen.reasons.get(row.attempt) is Reason.RECIPIENT_UNSUPPORTED
    ]
    assert len(expected) > 10
    assert expected == seen.emails


def test_a_recipient_thinks_as_long_as_the_schedule_says(changed: Changed) -> None:
    """From the pop-up to the end of the invitation at the recipient."""
    scenario = changed({"people.cancel": 0.0})
    seen = simulated(scenario)
    shown = {
        fact.invitation: fact.at_us
        for fact in seen.facts
        if fact.kind is FactKind.SHOWN and fact.surface == "popup"
    }
    clicked = {
        fact.invitation: fact.at_us - shown[fact.invitation]
        for fact in seen.facts
        if fact.kind is FactKind.CLICKED
    }
    sent = {
        (fact.at_us, fact.invitation.split("-")[1]): fact.invitation
        for fact in seen.facts
        if fact.kind is FactKind.SENT
    }
    compared = 0
    for row in planned(scenario):
        id_ = sent.get((row.at_us, row.recipient))
        if id_ in clicked:
            assert clicked[id_] == row.think_us
            compared += 1
    assert compared > 20


def test_what_is_not_done_is_empty(changed: Changed) -> None:
    """And what is done has all that belongs to it."""
    rows = planned(changed(MIXED))
    for row in rows:
        assert (row.answer == "none") is (row.think_us is None)
        assert (row.answer == "accept") is (row.session_us is not None)
        assert (row.modify_after_us is None) is (row.modify_profile is None)
        assert row.email or row.connect_after_us is None
    assert {True, False} == {row.cancel_after_us is None for row in rows}
    assert {True, False} == {row.modify_after_us is None for row in rows}


def test_an_invitation_is_addressed_by_id_or_alias(changed: Changed) -> None:
    """Both belong to the recipient."""
    schedule = Schedule(changed(MIXED))
    aliases = {client.id: client.alias for client in schedule.clients()}
    kinds = set[bool]()
    for row in schedule.attempts():
        assert row.to in {row.recipient, aliases[row.recipient]}
        kinds.add(row.to == row.recipient)
    assert {True, False} == kinds


def test_the_clients_are_the_population(changed: Changed) -> None:
    """Some of them offline, of an older version or locked."""
    clients = list(Schedule(changed(MIXED)).clients())
    assert 60 == len({client.id for client in clients})
    for column in ("online", "direct", "locked"):
        assert {True, False} == {getattr(client, column) for client in clients}
    assert {"7.1.4", "6.3.2"} == {client.version for client in clients}


def test_clients_are_forgotten_and_made_again(
    changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the same ones."""
    scenario = changed(MIXED)
    whole = planned(scenario)
    monkeypatch.setattr("invitelab.world.load.schedule.AT_ONCE", 7)
    assert whole == planned(scenario)


def test_a_trace_is_followed_up_to_the_duration(changed: Changed) -> None:
    """Its instants are those of the attempts."""
    arrivals = {"kind": "trace", "file": "trace.csv"}
    scenario = changed({"arrivals": arrivals, "duration": "10s"})
    trace = [5, 9 * SECOND_US, 10 * SECOND_US]
    rows = list(Schedule(scenario, trace=trace).attempts())
    assert [5, 9 * SECOND_US] == [row.at_us for row in rows]


def test_a_closed_loop_has_no_schedule(changed: Changed) -> None:
    """It depends on the answers when a helper invites again."""
    arrivals = {
        "kind": "closed",
        "helpers": 2,
        "pause": {"distribution": "constant", "value": "1s"},
    }
    with pytest.raises(UsageError, match="a closed loop has no schedule") as caught:
        Schedule(changed({"arrivals": arrivals}))
    assert "poisson" in caught.value.hint
