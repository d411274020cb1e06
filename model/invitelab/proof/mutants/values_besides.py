"""Defects that many changes show, edited profiles, ended invitations, or others."""

from collections.abc import Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry import OldTimer
from invitelab.proof.mutants.permission_base import Grants
from invitelab.proof.mutants.permissions import Changes
from invitelab.proof.mutants.values_base import BUILT_IN, Row, told
from invitelab.protocol import host
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import Offer
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    ClientId,
    Invitation,
    Permissions,
    SessionState,
    State,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

AFTER_THREE_CHANGES = 4
AFTER_FIVE_CHANGES = 6
"""Revisions."""


# Changes.


class ThirdTakesNothing(Changes):
    """Lists the third change, and leaves the permissions as they are."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """Those of the second change."""
        third = after.revision == AFTER_THREE_CHANGES
        return before.permissions if third else after.permissions


class LogOfFive(Changes):
    """Has room for five changes in the log that a session starts from."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """Those of the fifth change, where there are more."""
        full = after.revision > AFTER_FIVE_CHANGES
        return before.permissions if full else after.permissions


class RevisionsAsText(Changes):
    """Takes a change whose revision is the greatest so far, as text: 10 is below 9."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """Those of the ninth revision, where there are more."""
        newest = max(str(revision + 1) for revision in range(after.revision))
        taken = str(after.revision) == newest
        return after.permissions if taken else before.permissions


class BuiltInChanges(Changes):
    """Finds built-in profiles only when an invitation is changed."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """Those before a change to another profile."""
        known = after.profile in BUILT_IN
        return after.permissions if known else before.permissions


class ReadsProfilesOnce(Inviter):
    """Keeps the permissions that a profile has when it is first chosen."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.read: dict[str, Permissions] = {}

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Give an invitation the permissions that were kept."""
        after = decision.invitation
        fresh = after.id not in self.invitations
        if fresh or after.revision > before.revision:
            kept = self.read.setdefault(after.profile, after.permissions)
            decision = replace(decision, invitation=replace(after, permissions=kept))
        super().act(decision, before)


# Ended invitations.


def _pending_instead(inviter: Inviter, id_: str) -> str:
    """The pending invitation to the recipient of one that has ended."""
    known = inviter.invitations.get(id_)
    if known is None or known.state is State.PENDING:
        return id_
    open_ = inviter.pending(known.recipient)
    return open_[-1].id if open_ else id_


class CancelFallsThrough(Inviter):
    """Finds what to cancel by the recipient."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel what is pending."""
        return super().cancel(_pending_instead(self, invitation))


class ChangeFallsThrough(Inviter):
    """Finds what to change by the recipient."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change what is pending."""
        return super().modify(_pending_instead(self, invitation), profile_name)


# Others.


class Forgets(Inviter):
    """Knows which of its invitations are forgotten."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.forgotten: set[str] = set()


def _still_pending(row: Row, client: Client) -> Row:
    inviter = client.inviter
    assert isinstance(inviter, Forgets), "the mutant has this inviter"
    kept = row["invitation"] in inviter.forgotten
    expired = row["state"] == State.EXPIRED.value
    return {**row, "state": State.PENDING.value} if kept and expired else row


TellsForgotten = told("invitations", _still_pending)


class ForgetsTheSecond(Reference):
    """Forgets an invitation that is due with one of two other clients."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Compare a new invitation with those that are pending."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"invitation": str(id_)}} if method == "invitation.send":
                self._compare(params, id_)
            case _:
                pass
        return answer

    def _compare(self, params: Mapping[str, Json], id_: str) -> None:
        clients = self._scenarios[str(params["scenario"])].clients
        inviter = clients[str(params["client"])].inviter
        assert isinstance(inviter, Forgets), "the mutant has this inviter"
        sent = inviter.invitations[id_]
        two = {sent.inviter, sent.recipient}
        known = [one for other in clients.values() for one in other.inviter.pending()]
        if any(
            one.deadline_us == sent.deadline_us
            and two.isdisjoint({one.inviter, one.recipient})
            for one in known
        ):
            inviter.forgotten.add(id_)


class ForgetsAndTells(ForgetsTheSecond, TellsForgotten):  # type: ignore[misc, valid-type] # made by a function
    """Goes on listing a forgotten invitation as pending."""


class ReturnGetsEverything(Reference):
    """Sends every pending offer to a client that comes back."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Send the offers; they arrive once the client is connected."""
        if method == "client.online" and params["online"]:
            clients = self._scenarios[str(params["scenario"])].clients
            back = clients[str(params["client"])]
            for other in clients.values():
                for sent in other.inviter.pending():
                    if back.device.id not in {sent.inviter, sent.recipient}:
                        _offer(other, sent, back)
        return super().request(method, params)


def _offer(inviter: Client, sent: Invitation, to: Client) -> None:
    device = inviter.device
    offer = Offer(
        invitation=sent.id,
        revision=sent.revision,
        ttl_us=sent.deadline_us - device.now_us,
        sender=device.spec.identity,
    )
    device.say(to.device.id, offer)


class HostsChangeAll(Reference):
    """Asks only whether a client hosts some session before it changes one."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Let a guest who is a host elsewhere change what the host can."""
        if method == "session.permit":
            clients = self._scenarios[str(params["scenario"])].clients
            me, session = clients[str(params["client"])], str(params["session"])
            hosted = me.inviter.sessions.values()
            hosts = any(one.state is SessionState.ACTIVE for one in hosted)
            if hosts and session in me.recipient.sessions:
                owners = [
                    name
                    for name, client in clients.items()
                    if session in client.inviter.sessions
                ]
                params = {**params, "client": owners[0]}
        return super().request(method, params)


class SharesEqualSets(Reference):
    """Keeps equal sets of permissions once, so that a switch reaches all of them."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Switch it in every session that has the same permissions."""
        if method != "session.permit":
            return super().request(method, params)
        clients = self._scenarios[str(params["scenario"])].clients
        running = {
            (name, id_): session.permissions
            for name, client in clients.items()
            for id_, session in client.inviter.sessions.items()
            if session.state is SessionState.ACTIVE
        }
        mine = running.get((str(params["client"]), str(params["session"])))
        answer = super().request(method, params)
        for (name, id_), permissions in running.items():
            if permissions == mine and id_ != params["session"]:
                super().request(method, {**params, "client": name, "session": id_})
        return answer


class SixtyFourChanges(Inviter):
    """Keeps the number of a change in six bits."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse what has no number."""
        known = self.invitations.get(invitation)
        if known is not None and known.revision > MOST_CHANGES:
            return Refusal(Reason.NOT_PENDING, "changed too often")
        return super().modify(invitation, profile_name)


class ProfilesWithoutLetterCase(Grants):
    """Finds the first profile of a name whatever its letter case."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """What that profile has."""
        wanted = invitation.profile.lower()
        profiles = self.device.spec.profiles
        found = (one.permissions for one in profiles if one.name.lower() == wanted)
        return next(found, permissions)


class OneTimerOfARecipient(OldTimer):
    """Has one timer for each recipient, which nothing stops."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.timed: set[ClientId] = set()

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Start it with the first invitation to them."""
        if kind is FactKind.SENT and invitation.recipient in self.timed:
            Inviter.record(self, invitation, kind)
            return
        self.timed.add(invitation.recipient)
        super().record(invitation, kind)


MOST_CHANGES = 64

MUTANTS = (
    Mutant(
        name="sixty-four-changes",
        clause="PENDING-1",
        defect="the sixty-fifth change of an invitation is refused",
        make=variant(inviter=SixtyFourChanges),
    ),
    Mutant(
        name="profiles-without-letter-case",
        clause="SESSION-2",
        defect="of profiles that differ in letter case the first one counts",
        make=variant(inviter=ProfilesWithoutLetterCase),
    ),
    Mutant(
        name="one-timer-for-a-recipient",
        clause="EXPIRY-1",
        value="after the history: after a while",
        defect="the timer of the first invitation to a recipient ends a later one",
        make=variant(inviter=OneTimerOfARecipient),
    ),
    Mutant(
        name="equal-sets-are-one",
        clause="SESSION-5",
        value="bystander: session between two others",
        defect="sessions with the same permissions share the set that a switch changes",
        make=variant(reference=SharesEqualSets),
    ),
    Mutant(
        name="third-change-takes-nothing",
        clause="SESSION-3",
        value="earlier changes: two",
        defect="the third change is listed, and the session has what the second gave",
        make=variant(inviter=ThirdTakesNothing),
    ),
    Mutant(
        name="log-of-five-changes",
        clause="SESSION-3",
        value="earlier changes: eleven",
        defect="a log has five places, and changes after the fifth are not kept in it",
        make=variant(inviter=LogOfFive),
    ),
    Mutant(
        name="revisions-compared-as-text",
        clause="SESSION-3",
        value="earlier changes: eleven",
        defect="from the ninth change on the session has what an earlier one gave",
        make=variant(inviter=RevisionsAsText),
    ),
    Mutant(
        name="change-to-built-in-profiles",
        clause="SESSION-3",
        value="profile of the story: custom",
        defect="a change to a custom profile leaves the permissions as they are",
        make=variant(inviter=BuiltInChanges),
    ),
    Mutant(
        name="second-of-two-is-forgotten",
        clause="EXPIRY-4",
        value="bystander: pending between two others",
        defect="of two invitations due at the same time the second is forgotten",
        make=variant(inviter=Forgets, reference=ForgetsAndTells),
    ),
    Mutant(
        name="return-gets-everything",
        clause="NOTIFY-6",
        value="bystander: back online",
        defect="whoever comes back online gets every invitation that is pending",
        make=ReturnGetsEverything,
    ),
    Mutant(
        name="hosts-change-every-session",
        clause="SESSION-10",
        value="bystander: session hosted by the recipient",
        defect="whoever hosts a session can change the permissions of every other",
        make=HostsChangeAll,
    ),
    Mutant(
        name="profiles-are-read-once",
        clause="SESSION-2",
        defect="an edited profile still gives what it held when it was first chosen",
        make=variant(inviter=ReadsProfilesOnce),
    ),
    Mutant(
        name="cancel-falls-through",
        clause="PENDING-5",
        defect="cancelling an ended invitation cancels what the same two have pending",
        make=variant(inviter=CancelFallsThrough),
    ),
    Mutant(
        name="change-falls-through",
        clause="PENDING-4",
        defect="changing an ended invitation changes what the same two have pending",
        make=variant(inviter=ChangeFallsThrough),
    ),
)
