"""Every invariant has a mutant of the core that its checker catches in a bad world.

The world is one in which messages are lost, doubled and overtaken, clients crash and
sleep, and some are cut off. The core as it is breaks nothing there; each mutant is a
mistake that somebody could make, and the table says which invariants see it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from invitelab.protocol import guest, host
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import (
    Answer,
    Closed,
    FromGuest,
    FromHost,
    Offer,
    SessionEnded,
    SessionUpdate,
    Started,
    Withdraw,
)
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Refusal, SendFacts
from invitelab.protocol.values import (
    ClientId,
    Identity,
    Invitation,
    Permission,
    Permissions,
    Session,
    State,
    Version,
)
from invitelab.study.traces import Sample, broken_invariants
from invitelab.world import facts
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.load.client_directory import ClientDirectory
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.recipient import Recipient
from invitelab.world.scenario.schema import Scenario

SECOND_US = 1_000_000

BAD: Mapping[str, object] = {
    "duration": "40s",
    "drain": "215s",
    "population.clients": 10,
    "population.versions": {"7.1.4": 0.9, "6.3.2": 0.1},
    "population.locked": 0.5,
    "arrivals.rate": "4/s",
    "people.cancel": 0.4,
    "people.cancel_after": {"distribution": "exponential", "mean": "12s"},
    "people.modify": 0.4,
    "people.modify_after": {"distribution": "exponential", "mean": "4s"},
    "network.reorder_by": {"distribution": "uniform", "low": "0ms", "high": "5s"},
    "faults": [
        {"kind": "loss", "at": "0s", "for": "1min", "share": 0.2},
        {"kind": "duplicate", "at": "0s", "for": "1min", "share": 0.3},
        {"kind": "reorder", "at": "0s", "for": "1min", "share": 0.3},
        {"kind": "crash", "at": "15s", "for": "4s", "share": 0.4},
        {"kind": "suspend", "at": "25s", "for": "4s", "share": 0.3},
        {"kind": "partition", "at": "32s", "for": "10s", "share": 0.3},
    ],
}
SLOW: Mapping[str, object] = {
    "faults": [
        {"kind": "delay", "at": "0s", "for": "1min", "by": "8s"},
        {"kind": "crash", "at": "25s", "for": "60s", "share": 0.4},
    ]
}
LOSSY: Mapping[str, object] = {
    "faults": [
        {"kind": "loss", "at": "30s", "for": "20s", "share": 0.6},
        {"kind": "crash", "at": "35s", "for": "4s", "share": 0.5},
    ]
}


class EndsAgain(Inviter):
    """What was rejected expires as well, in the end."""

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Let the time do its work."""
        super().act(decision, before)
        ended = decision.invitation
        if before.state is State.PENDING and ended.state is State.REJECTED:
            self.device.at(ended.deadline_us, self.again, ended.id)

    def again(self, id_: str) -> None:
        """Write another end into the list."""
        known = self.invitations[id_]
        expired = host.Decision(
            invitation=replace(known, state=State.EXPIRED), effects=()
        )
        super().act(expired, known)


class AcceptsByItself(Recipient):
    """Whatever is shown is accepted without a click."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Click in the user's place."""
        super().keep(after, before)
        if before is None:
            self.device.after(SECOND_US, self.click, after.invitation)

    def click(self, id_: str) -> None:
        """Accept."""
        self.happen(id_, guest.Click(accept=True))


class JoinsAgain(Recipient):
    """A copy of STARTED is taken for another one."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Join whatever has started."""
        known = self.notifications.get(id_)
        inside = known is not None and known.state is guest.GuestState.JOINED
        if inside and isinstance(event, Started):
            self.join(id_, event.session, event.permissions)
        return super().happen(id_, event)


class ForgetsCancels(Inviter):
    """A cancel is granted and comes to nothing."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Say yes to what is pending."""
        pending = {one.id for one in self.pending()}
        return None if invitation in pending else super().cancel(invitation)


class TakesRejectsForAccepts(Inviter):
    """Any answer starts the session."""

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """Read yes for no."""
        if isinstance(message, Answer):
            message = replace(message, accept=True)
        super().receive(sender, message)


class ForgetsPermissions(Inviter):
    """A modification keeps the first permissions."""

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Count the revision up, and write nothing else."""
        after = decision.invitation
        if after.revision > before.revision:
            after = replace(after, permissions=before.permissions)
        super().act(replace(decision, invitation=after), before)


class JoinsWithEverything(Recipient):
    """The guest takes all permissions there are."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Never mind what was granted."""
        super().join(id_, session, permissions ^ {Permission.TCP_TUNNEL})


class InvitesOldClients(Inviter):
    """The recipient's version is not looked at."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Treat every client as of the newest version."""
        if facts.recipient is not None:
            new = replace(facts.recipient, version=Version(7, 0, 0))
            facts = replace(facts, recipient=new)
        return super().refusal(facts)


class InvitesTwice(Inviter):
    """What is pending is not looked at."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Take nothing for pending."""
        return super().refusal(replace(facts, pending_to_recipient=False))


class ShowsNoAlias(Recipient):
    """The inviter's alias gets lost."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Show the ID alone."""
        anonymous = Identity(id=after.sender.id, alias=None)
        super().keep(replace(after, sender=anonymous), before)


class KeepsNoTombstones(Recipient):
    """A late copy of an offer brings its notification back."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Forget what was closed before."""
        known = self.notifications.get(id_)
        if isinstance(event, Offer) and known is not None and not known.surfaces:
            del self.notifications[id_]
        return super().happen(id_, event)


class TellsOneEnd(Recipient):
    """Whatever the verdict was, it has expired."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Read another state."""
        if isinstance(event, Closed):
            event = replace(event, state=State.EXPIRED)
        return super().happen(id_, event)


class UsesIdsAgain(Inviter):
    """A session is named by its two clients."""

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Name it, wherever it is named."""
        name = f"session-{before.inviter}-{before.recipient}"
        effects = tuple(self.renamed(one, name) for one in decision.effects)
        super().act(replace(decision, effects=effects), before)

    def renamed(self, effect: host.HostEffect, name: str) -> host.HostEffect:
        """Put the name in."""
        match effect:
            case host.StartSession(session=session):
                return host.StartSession(session=replace(session, id=name))
            case host.Say(message=Started() as message):
                return replace(effect, message=replace(message, session=name))
            case other:
                return other


class CancelsByItself(Inviter):
    """An invitation without an answer for half a minute is cancelled."""

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Wait for so long."""
        super().act(decision, before)
        if decision.invitation is before:
            self.device.after(30 * SECOND_US, self.lose_patience, before.id)

    def lose_patience(self, id_: str) -> None:
        """Cancel it without a request."""
        self.cancel(id_)


class TakesAnyOffer(Recipient):
    """The offer that came last counts, whichever was made last."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Go back, if need be."""
        known = self.notifications.get(id_)
        shown = known is not None and known.state is guest.GuestState.SHOWN
        if known is not None and shown and isinstance(event, Offer):
            self.keep(replace(known, revision=event.revision), known)
        return super().happen(id_, event)


class GrantsAnyCancel(Inviter):
    """A cancel is granted, whatever has become of the invitation."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Say yes."""
        refusal = super().cancel(invitation)
        return None if invitation in self.invitations else refusal


class SwitchesLocked(Inviter):
    """The Accept window lets its user switch what is locked."""

    def start(self, session: Session) -> None:
        """Switch the first thing that is locked."""
        super().start(session)
        if self.device.spec.locked:
            self.device.after(SECOND_US, self.switch, session.id)

    def switch(self, id_: str) -> None:
        """Switch it, and let the guest know."""
        session = self.sessions[id_]
        locked = next(iter(self.device.spec.locked))
        changed = self.sessions[id_] = replace(
            session,
            permissions=session.permissions ^ {locked},
            revision=session.revision + 1,
        )
        self.device.record(facts.of_session(self.device, changed, FactKind.PERMITTED))
        update = SessionUpdate(
            invitation=session.invitation,
            session=id_,
            revision=changed.revision,
            permissions=changed.permissions,
        )
        self._retransmission.post(self, session.guest, update)


class SetsNoTimer(Inviter):
    """No timer fires at the host at the end of a lifetime."""

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Ignore the timer."""
        if not isinstance(effect, host.Wake):
            super().perform(invitation, effect)


class NeverClears(Recipient):
    """What was shown stays until it is clicked."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the end."""
        if isinstance(event, Withdraw | guest.LifetimeOver):
            return None
        return super().happen(id_, event)


class OffersOnce(Inviter):
    """An offer is not repeated."""

    def tell(self, to: ClientId, message: FromHost) -> None:
        """Send it once."""
        if isinstance(message, Offer):
            self.device.say(to, message)
        else:
            super().tell(to, message)


class AnswersOnce(Recipient):
    """An answer is not repeated."""

    def tell(self, id_: str, message: FromGuest) -> None:
        """Send it once."""
        if isinstance(message, Answer):
            self.device.say(self.notifications[id_].sender.id, message)
        else:
            super().tell(id_, message)


class WaitsForEver(Inviter):
    """A session that its guest does not join goes on."""

    def _end_unless_joined(self, id_: str) -> None:
        """Wait on."""


class EndsSilently(Inviter):
    """After a restart the end of the sessions is sent once."""

    def restart(self) -> None:
        """Send it once."""
        super().restart()
        for one in self.sessions.values():
            self._retransmission.settle(self, one.guest, SessionEnded, one.id)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One mistake: in whichever role, or in a number of the policy.

    `also` are other invariants that see it, since they see its consequences.
    """

    inviter: type[Inviter] = Inviter
    recipient: type[Recipient] = Recipient
    policy: Policy = field(default_factory=Policy)
    also: frozenset[str] = frozenset()
    changes: Mapping[str, object] = field(default_factory=dict[str, object])


MUTANTS: Mapping[str, Mutant] = {
    "S1": Mutant(inviter=EndsAgain),
    "S2": Mutant(recipient=AcceptsByItself),
    "S3": Mutant(recipient=JoinsAgain),
    "S4": Mutant(inviter=ForgetsCancels),
    "S5": Mutant(inviter=TakesRejectsForAccepts, also=frozenset({"S2"})),
    "S6": Mutant(policy=Policy(lifetime_us=90 * SECOND_US)),
    "S7": Mutant(inviter=ForgetsPermissions),
    "S8": Mutant(recipient=JoinsWithEverything, also=frozenset({"L6"})),
    "S9": Mutant(inviter=InvitesOldClients),
    "S10": Mutant(recipient=ShowsNoAlias),
    "S11": Mutant(recipient=KeepsNoTombstones, also=frozenset({"S10", "S15"})),
    "S12": Mutant(recipient=TellsOneEnd),
    "S13": Mutant(inviter=UsesIdsAgain),
    "S14": Mutant(inviter=CancelsByItself),
    "S15": Mutant(recipient=TakesAnyOffer),
    "S16": Mutant(inviter=GrantsAnyCancel),
    "S17": Mutant(inviter=SwitchesLocked),
    "S18": Mutant(inviter=InvitesTwice),
    "L1": Mutant(inviter=SetsNoTimer),
    "L2": Mutant(recipient=NeverClears),
    "L3": Mutant(inviter=OffersOnce),
    "L4": Mutant(recipient=AnswersOnce),
    "L5": Mutant(inviter=WaitsForEver, changes=SLOW),
    "L6": Mutant(inviter=EndsSilently, changes=LOSSY),
}

Changed = Callable[[Mapping[str, object]], Scenario]
Breaks = Callable[[Mutant], set[str]]


@pytest.fixture
def breaks(changed: Changed, monkeypatch: pytest.MonkeyPatch) -> Breaks:
    """Give a way to the invariants that a mutant breaks in the bad world."""

    def live(mutant: Mutant) -> set[str]:
        class Mutated(Client):
            """A client with one mistake."""

            inviter_class = mutant.inviter
            recipient_class = mutant.recipient

        monkeypatch.setattr(ClientDirectory, "client_class", Mutated)
        sample = Sample(every=1)
        scenario = changed({**BAD, **mutant.changes})
        world = LoadWorld(scenario, instruments=[sample], policy=mutant.policy)
        world.run()
        assert [] == world.panel.removals
        clients = world.directory.specs()
        spells = world.fault_schedule.spells(clients)
        until_us = world.env.now_us
        found = broken_invariants(sample, clients, spells=spells, until_us=until_us)
        return {one.invariant for one in found}

    return live


def test_every_invariant_has_a_mutant() -> None:
    """S1 to S18 and L1 to L6."""
    safety = {f"S{number}" for number in range(1, 19)}
    assert {*safety, *(f"L{number}" for number in range(1, 7))} == set(MUTANTS)


@pytest.mark.parametrize("changes", [{}, SLOW, LOSSY], ids=["bad", "slow", "lossy"])
def test_the_core_breaks_nothing(breaks: Breaks, changes: Mapping[str, object]) -> None:
    """In the worlds in which its mutants are caught."""
    assert set() == breaks(Mutant(changes=changes))


@pytest.mark.parametrize("invariant", MUTANTS)
def test_a_mutant_is_caught_by_its_invariant(breaks: Breaks, invariant: str) -> None:
    """And by no other than those that see its consequences."""
    mutant = MUTANTS[invariant]
    assert {invariant, *mutant.also} == breaks(mutant)
