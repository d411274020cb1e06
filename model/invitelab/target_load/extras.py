"""What few people do, so that a thorough run judges what comes of it.

A scenario's people press what they see, once. These try again, come back, look again
much later, click on what has ended, and switch permissions on either side. Who does
what follows from the number of the attempt, so that it is the same in every run.
"""

from typing import TYPE_CHECKING

from invitelab.adapters.handshake import Capability
from invitelab.protocol.values import US_PER_MS, US_PER_S, EntryPoint, State
from invitelab.target_load.again import Again
from invitelab.target_load.idle import away_and_back, edit_profile
from invitelab.target_load.looking import third_of
from invitelab.target_load.room import Terms
from invitelab.target_load.switching import Switching
from invitelab.target_load.tracked import Tracked

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient
    from invitelab.target_load.world import TargetWorld

ANSWERED_US = 8 * US_PER_S
"""When somebody connects to the address from such an email."""
SOON_US = 2 * US_PER_S
LATE_CLICKS_US = (SOON_US, 20 * US_PER_S, 45 * US_PER_S, 130 * US_PER_S)
"""When buttons of an invitation are pressed that has ended, since its end."""
LOOKS_S = (31, 61, 91, 150, 310, 620, 2_000, 3_700)
"""When both sides are looked at, since it was sent: the last ones hours later."""
CHANGES = (1, 2, 3, 1, 4, 5, 2, 12, 1, 3, 2, 1, 4, 70)
"""How often an invitation is changed that is changed at all, in turn."""
FEW = 5
"""More changes than these come in quick succession."""
QUICK_US = 400 * US_PER_MS
RETURNS, RETURNS_AS_RECIPIENT, AT_ONCE, WRITES = 5, 2, 3, 2
"""What is left of the number of an attempt in which that is done."""


class Extras:
    """Schedules what people do besides."""

    def __init__(self, world: "TargetWorld", terms: Terms, *, open_loop: bool) -> None:
        """`open_loop` says that nobody waits for the end of an attempt."""
        self._world = world
        self._terms = terms
        self._switching = Switching(world)
        self._again = Again(world) if open_loop else None

    # Around an attempt.

    def before(self, number: int, inviter: "TargetClient") -> None:
        """Come back from being offline, or edit a profile, before inviting."""
        world, presence = self._world, self._terms.has(Capability.PRESENCE)
        if presence and number % 8 == RETURNS:
            away_and_back(world, inviter)
        if number % 6 == 1 and self._terms.has(Capability.PROFILE_EDIT):
            edit_profile(world, inviter, number)

    def meeting(self, number: int, recipient: "TargetClient") -> None:
        """Come back from being offline, before being invited."""
        if self._terms.has(Capability.PRESENCE) and number % 8 == RETURNS_AS_RECIPIENT:
            away_and_back(self._world, recipient)

    def after(self, number: int, inviter: "TargetClient") -> None:
        """Have two others invite at the same instant, or write an email as well."""
        if self._again is not None and number % 5 == AT_ONCE:
            self._again.at_once(number, inviter)
        if number % 7 == WRITES:
            self._write(number, inviter)

    def _write(self, number: int, inviter: "TargetClient") -> None:
        """Have an inviter write an email, too, and the recipient answer that."""
        reader = self._world.directory.addressee
        if inviter.present and reader is not None and reader.present:
            inviter.email(EntryPoint.EMAIL_MENU)
            self._world.after(ANSWERED_US, self._connect, (number, reader, inviter))

    def _connect(self, email: tuple[int, "TargetClient", "TargetClient"]) -> None:
        number, reader, writer = email
        self._world.directory.begin_attempt(number)
        reader.request_session(writer.device.id)

    def sent(self, one: Tracked) -> None:
        """Look again, some of the times long after everything is over."""
        world = self._world
        for seconds in LOOKS_S:
            at_us = world.now_us + seconds * US_PER_S
            world.env.call_at(at_us, world.look_at_both, one)
        if self._terms.has(Capability.PRESENCE) and one.number % 3 == 1:
            world.after(SOON_US, self._return, one)

    def _return(self, one: Tracked) -> None:
        """Have somebody else come back, who is looked at then."""
        world = self._world
        members = world.room_of(one.host.index).members
        third = third_of(members, one.number, but={one.host_id, one.guest_id})
        if third is not None:
            client = world.directory.client(world.directory.index_of(third))
            away_and_back(world, client)
            world.look(client)

    # After what came of it.

    def ended(self, one: Tracked, state: State) -> None:
        """Press buttons of it that should do nothing any more, and try again."""
        for place, after_us in enumerate(LATE_CLICKS_US):
            self._world.after(after_us, self._late, (one, one.number // 4**place))
        if self._again is not None:
            self._again.ended(one, state)

    def modified(self, one: Tracked, done: int) -> None:
        """Choose yet another profile after so many, while it is pending."""
        wanted = CHANGES[one.number % len(CHANGES)]
        if one.ended is None and done < wanted:
            after_us = SOON_US if wanted <= FEW else QUICK_US
            self._world.after(after_us, self._change, (one, done, wanted))

    def _change(self, change: tuple[Tracked, int, int]) -> None:
        one, done, wanted = change
        if one.ended is not None:
            return
        profiles = [two for two in one.host.device.spec.profiles if two.enabled]
        name = profiles[(one.number + done) % len(profiles)].name
        back = done + 1 == wanted and one.number % 3 == 0
        one.host.modify(one.key, one.observed.profile if back else name)

    def joined(self, one: Tracked) -> None:
        """Change permissions in the session, and ask for another one."""
        if self._terms.has(Capability.SESSION_PERMISSIONS):
            self._switching.joined(one)
        if one.number % 4 == 1:
            self._world.after(SOON_US, self._connect, (one.number, one.guest, one.host))

    def _late(self, click: tuple[Tracked, int]) -> None:
        one, choice = click
        match choice % 4:
            case 0:
                one.host.cancel(one.key)
            case 1:
                profiles = one.host.device.spec.profiles
                one.host.modify(one.key, profiles[choice % len(profiles)].name)
            case 2:
                one.guest.answer(one.key, accept=True)
            case _:
                one.guest.answer(one.key, accept=False)
