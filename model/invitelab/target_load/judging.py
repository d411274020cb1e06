"""The judgement of a run as it goes: each invitation, menu and email, once it is known.

Where an invitation depends on what the specification does not say, such as a second
one that is pending at the same client, what it breaks is a deviation.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from invitelab.adapters import messages
from invitelab.protocol.observed import Broken, ClickKind, Exactness, Observed
from invitelab.protocol.observed_judge import broken
from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.values import US_PER_MS, ClientId, Platform
from invitelab.target_load.client import TargetClient
from invitelab.target_load.findings import Example, Findings
from invitelab.target_load.menus import broken_by_email, broken_by_menu
from invitelab.target_load.room import Resident
from invitelab.target_load.tracked import Tracked

SEVERAL = "PENDING-7"
"""Several at one client, as inviter or recipient, are an interpretation."""
PROLONGED = "PENDING-6"
"""Whether a change prolongs an invitation."""
TWICE = "ANSWER-3"
"""Whether a second accept of the same invitation counts."""
CROSSED = "PENDING-9"
MOST_BEFORE = 6
"""How many of its invitations are kept of each client, to tell what came before."""
MOST_KEPT = 1_000
"""How many are kept of all clients."""
ELSEWHERE = "PLATFORM-2"
"""A recipient on another platform than Windows."""


class Judging:
    """Judges what one world observes."""

    def __init__(
        self,
        exact: Exactness,
        required: frozenset[str],
        left_out: frozenset[str] = frozenset(),
    ) -> None:
        """`required` and `left_out` are ids of clauses; the latter do not apply."""
        self.findings = Findings()
        self._exact = exact
        self._required = required
        self._left_out = left_out
        self._recent: defaultdict[ClientId, deque[Observed]] = defaultdict(
            lambda: deque(maxlen=MOST_BEFORE)
        )
        self._kept: deque[Observed] = deque()
        """The newest of all, in the order in which they were judged."""

    # An invitation's beginning.

    def sent(
        self, one: Tracked, host: Resident, guest: Resident, *, online: bool
    ) -> list[Broken]:
        """Note what a new invitation leans on, and what should have refused it."""
        leans = one.observed.leans_on
        if one.observed.recipient.platform is not Platform.WINDOWS:
            leans.add(ELSEWHERE)
        for other in _pending(host, guest):
            if other is one:
                continue
            crossed = other.host is one.guest and other.guest is one.host
            clause = CROSSED if crossed else SEVERAL
            leans.add(clause)
            other.observed.leans_on.add(clause)
        if host.sessions or guest.sessions:
            leans.add(SEVERAL)
        same = [
            other
            for other in _pending(host)
            if other is not one and other.guest is one.guest
        ]
        found: list[Broken] = []
        name = guest.spec.id
        if same:
            for other in (one, *same):
                other.observed.leans_on.add("PENDING-8")
            found.append(Broken("PENDING-8", f"a second one to {name} was granted"))
        if not guest.spec.supports_direct:
            what = f"{name} has version {guest.spec.version}, and it was granted"
            found.append(Broken("DIRECT-10", what))
        if any(two.observed.leans_on & {TWICE} for two in _between(host, guest)):
            leans.add(TWICE)
        if not online:
            leans.add("REFUSE-4")
            found.append(Broken("REFUSE-4", f"{name} is offline, and it was granted"))
        return found

    def not_sent(
        self, host: Resident, guest: Resident, *, online: bool
    ) -> tuple[Broken, bool] | None:
        """What a refused invitation breaks, and whether that is a deviation."""
        spec = guest.spec
        same = any(one.guest_id == spec.id for one in _pending(host))
        if same or not online or not spec.supports_direct or spec.id == host.spec.id:
            return None
        what = f"{host.spec.id} could not invite {spec.id}"
        if spec.platform is not Platform.WINDOWS:
            return Broken(ELSEWHERE, what), True
        if any(True for _ in _pending(host, guest)) or host.sessions or guest.sessions:
            return Broken(SEVERAL, what), True
        return Broken("DIRECT-1", what), False

    def accepted_again(self, host: Resident, guest: Resident) -> None:
        """Note that one was accepted that had been accepted before.

        A reading in which that starts another session leaves it open which is whose.
        """
        for one in _between(host, guest):
            one.observed.leans_on.add(TWICE)

    def requested(self, host: Resident, asker: Resident) -> None:
        """Note that somebody asks for a session who may have an invitation."""
        for one in _between(host, asker):
            if one.ended is None:
                one.observed.leans_on.add("SESSION-11")

    # Its end.

    def over(self, one: Tracked, room: int) -> None:
        """Judge an invitation of which nothing more is expected."""
        self.findings.judged += 1
        leans = sorted(one.observed.leans_on)
        before = self._before(one.observed)
        otherwise = self._broken_if_prolonged(one.observed)
        for found in dict.fromkeys(broken(one.observed, self._exact)):
            reading = leans[0] if leans else ""
            if otherwise is not None and found.clause not in otherwise:
                reading = PROLONGED
            deviates = bool(reading) and found.clause in self._required
            named = Broken(reading, found.what) if deviates else found
            example = Example(
                at_us=one.due_us,
                room=room,
                what=found.what,
                number=one.number,
                observed=one.observed,
                before=before,
            )
            self.add(named, example, deviation=deviates)

    def _broken_if_prolonged(self, one: Observed) -> set[str] | None:
        """What it breaks if a change prolongs it; None if none was made."""
        changes = [
            click.span.begin_us
            for click in one.clicks
            if click.kind is ClickKind.MODIFY and click.granted
        ]
        if not changes:
            return None
        whole_ms_us = changes[-1] // US_PER_MS * US_PER_MS
        other = replace(one, deadline_us=whole_ms_us + LIFETIME_US)
        return {found.clause for found in broken(other, self._exact)}

    def _before(self, one: Observed) -> tuple[Observed, ...]:
        """What both sides took part in lately; note this one for later."""
        sides = one.inviter.id, one.recipient.id
        kept = {id(two): two for side in sides for two in self._recent[side]}
        for side in sides:
            self._recent[side].append(one)
        self._keep(one)
        return tuple(sorted(kept.values(), key=lambda two: two.sent))

    def _keep(self, one: Observed) -> None:
        """Keep one for later, and forget the oldest of too many."""
        self._kept.append(one)
        if len(self._kept) <= MOST_KEPT:
            return
        oldest = self._kept.popleft()
        for side in (oldest.inviter.id, oldest.recipient.id):
            recent = self._recent[side]
            if recent and recent[0] is oldest:
                recent.popleft()
            if not recent:
                del self._recent[side]

    # What is about no invitation.

    def menu(
        self,
        client: TargetClient,
        menu: messages.Menu,
        invitable: Callable[[ClientId], bool],
    ) -> Iterable[Broken]:
        """What a menu breaks."""
        return broken_by_menu(client.device.spec, menu, invitable)

    def email(
        self, client: TargetClient, answer: messages.EmailOutcome
    ) -> Iterable[Broken]:
        """What an email breaks."""
        if answer.ok is not None:
            return broken_by_email(client.device.spec, answer.ok)
        spec = client.device.spec
        clause = "EMAIL-7" if spec.supports_direct else "EMAIL-1"
        return (Broken(clause, f"{spec.id} could not start an email"),)

    def add(self, found: Broken, example: Example, *, deviation: bool = False) -> None:
        """Count what was found; a clause that is not required deviates."""
        if found.clause in self._left_out:
            return
        deviates = deviation or found.clause not in self._required
        self.findings.add(found, example, deviation=deviates)


def pair_is_pending(host: Resident, guest: Resident) -> bool:
    """Whether something is pending between two clients, in either direction."""
    return any(
        {one.host_id, one.guest_id} == {host.spec.id, guest.spec.id}
        for one in _pending(host)
    )


def pair_has_session(host: Resident, guest: Resident) -> bool:
    """Whether two clients have had a session, in either direction."""
    mine = {one for one in host.sessions if one in guest.sessions}
    return bool(mine)


def _between(host: Resident, guest: Resident) -> Iterable[Tracked]:
    """Every invitation between two clients, in either direction."""
    both = {host.spec.id, guest.spec.id}
    some = taking_part(host, guest)
    return [one for one in some if {one.host_id, one.guest_id} == both]


def _pending(*residents: Resident) -> Iterable[Tracked]:
    """Everything that is pending at one of these clients."""
    return [one for one in taking_part(*residents) if one.ended is None]


def taking_part(*residents: Resident) -> Iterable[Tracked]:
    """Every invitation at one of these clients that is not forgotten yet."""
    seen: dict[int, Tracked] = {}
    for resident in residents:
        for one in (*resident.hosting.values(), *resident.guesting.values()):
            seen[id(one)] = one
    return seen.values()
