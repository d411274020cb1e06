"""The attempts to invite, as arrays: who invites whom, what is refused, who writes.

The protocol decides what is refused: `check_send` is asked once for each combination of
versions, platforms, connections and entry points that occurs.
"""

from dataclasses import dataclass

import numpy as np

from invitelab.protocol.menu import is_offered
from invitelab.protocol.policy import Policy
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import Reason, SendFacts, check_send
from invitelab.protocol.values import Address, ContactList, EntryPoint
from invitelab.world.cohorts.draws import Uniforms
from invitelab.world.cohorts.timelines import FAR, Flags, Integers, Intents
from invitelab.world.load.intentions import NEVER, PROFILES, Intentions
from invitelab.world.load.participants import TILE_OF
from invitelab.world.load.population import Population
from invitelab.world.load.rng import Floats, Purpose
from invitelab.world.scenario.schema import People

LISTS = len(ContactList)
POLICY = Policy()

UNREFUSED = -1
"""In place of a reason: nothing but a pending invitation can refuse it."""

REASONS = tuple(Reason)


@dataclass(slots=True, kw_only=True)
class Attempts:
    """Attempts by number; `number` and `at_us` rise.

    `reason` is a place in REASONS, or UNREFUSED. `connect_us` is when the reader of an
    email asks for a session, FAR for never.
    """

    number: Integers
    at_us: Integers
    inviter: Integers
    recipient: Integers
    direct: Flags
    reason: Integers
    emailed: Flags
    connect_us: Integers

    def __len__(self) -> int:
        """The number of attempts."""
        return len(self.number)


class Everybody:
    """The clients as arrays: what decides whether they can invite and be invited."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.online = population.all_online()
        self.kind = population.all_kinds()
        """Version and platform as one number."""
        self.direct = population.all_direct()
        self.major = population.all_majors()


class AttemptMaker:
    """Makes attempts from their draws."""

    def __init__(
        self,
        everybody: Everybody,
        people: People,
        intentions: Intentions,
        uniforms: Uniforms,
    ) -> None:
        self._everybody = everybody
        self._people = people
        self._intentions = intentions
        self._uniforms = uniforms
        self._known: dict[int, int] = {}
        """The reason for each combination, by its code."""

    def make(self, number: Integers, at_us: Integers) -> Attempts:
        """The attempts with these numbers, made at these instants."""
        who = self._uniforms.of(Purpose.PARTICIPANTS, number)
        windows = self._everybody.population.windows
        inviter = windows[(who[0] * len(windows)).astype(np.int64)]
        start, size = self._everybody.population.rooms.of_many(inviter)
        step = 1 + (who[1] * (size - 1)).astype(np.int64)
        recipient = start + (inviter - start + step) % size
        by_tile = np.flatnonzero(who[2] < self._people.by_tile)
        tile = np.zeros(len(number), np.int64)  # 0 is the icon
        if len(by_tile) and self._everybody.population.contact_count:
            chosen, list_ = self._contacts(inviter[by_tile], who[1][by_tile])
            recipient[by_tile], tile[by_tile] = chosen, list_ + 1
        direct = self._everybody.direct[inviter]
        reason = self._reasons(inviter, recipient, tile)
        emailed, connect_us = self._emails(number, at_us, inviter, recipient, reason)
        return Attempts(
            number=number,
            at_us=at_us,
            inviter=inviter,
            recipient=recipient,
            direct=direct,
            reason=reason,
            emailed=emailed,
            connect_us=connect_us,
        )

    def intents(self, attempts: Attempts, which: Integers) -> Intents:
        """What the users intend with the attempts at these places."""
        number = attempts.number[which]
        answer = self._uniforms.of(Purpose.ANSWER, number)
        choice, think_us, _ = self._intentions.of_many(Purpose.ANSWER, answer)
        people = self._people
        return Intents(
            number=number,
            sent_us=attempts.at_us[which],
            choice=choice.astype(np.int8),
            think_us=think_us.astype(np.int64, copy=False),
            cancel_us=self._rare(Purpose.CANCEL, people.cancel, number),
            modify_us=self._rare(Purpose.MODIFY, people.modify, number),
        )

    def _rare(self, purpose: Purpose, share: float, number: Integers) -> Integers:
        """The delay of what a share of the users do, FAR for the others."""
        drawn = self._uniforms.of(purpose, number)
        some = np.flatnonzero(drawn[0] < share)
        delay_us = np.full(len(number), FAR)
        delay_us[some] = self._intentions.of_many(purpose, drawn[:, some])[0]
        return delay_us

    # Contacts.

    def _contacts(self, owners: Integers, drawn: Floats) -> tuple[Integers, Integers]:
        """The contact that each owner chooses, and the place of its list."""
        population = self._everybody.population
        count = population.contact_count
        whose, place = np.unique(owners, return_inverse=True)
        pages = [
            self._uniforms.of(Purpose.CLIENT_CONTACTS, whose, page)
            for page in range(-(-count // 4))
        ]
        numbers = np.concatenate(pages)[:count]
        start, size = population.rooms.of_many(whose)
        step = 1 + (numbers * (size - 1)).astype(np.int64)
        contacts = start + (whose - start + step) % size
        order = np.array(_by_list(count))
        wanted = order[(drawn * count).astype(np.int64)]
        chosen, list_ = contacts[wanted, place], wanted % LISTS
        ranked = np.sort(contacts, axis=0)
        repeats = (ranked[1:] == ranked[:-1]).any(axis=0)
        for one in np.flatnonzero(repeats[place]).tolist():
            # A client that is drawn twice is one contact, as in `Population`.
            distinct = list(dict.fromkeys(contacts[:, place[one]].tolist()))
            ordered = _by_list(len(distinct))
            which = ordered[int(drawn[one] * len(distinct))]
            chosen[one], list_[one] = distinct[which], which % LISTS
        return chosen, list_

    # Refusals.

    def _reasons(
        self, inviter: Integers, recipient: Integers, tile: Integers
    ) -> Integers:
        """Why each is refused if none is pending: a place in REASONS, or UNREFUSED."""
        here = self._everybody
        most = int(here.kind.max()) + 1
        code = here.kind[inviter].astype(np.int64)
        for part, values in (
            (here.kind[recipient], most),
            (here.online[inviter], 2),
            (here.online[recipient], 2),
            (inviter == recipient, 2),
            (tile, LISTS + 1),
        ):
            code = code * values + part
        codes, first, back = np.unique(code, return_index=True, return_inverse=True)
        for one, place in zip(codes.tolist(), first.tolist(), strict=True):
            if one not in self._known:
                self._known[one] = self._reason(
                    int(inviter[place]), int(recipient[place]), int(tile[place])
                )
        found = np.array([self._known[one] for one in codes.tolist()], np.int64)
        return found[back]

    def _reason(self, inviter: int, recipient: int, tile: int) -> int:
        population, online = self._everybody.population, self._everybody.online
        sender, addressee = population.spec(inviter), population.spec(recipient)
        entry = TILE_OF[tuple(ContactList)[tile - 1]] if tile else EntryPoint.ICON
        facts = SendFacts(
            sender=sender,
            sender_online=bool(online[inviter]),
            entry=entry,
            entry_offered=is_offered(sender, entry, addressee.id),
            address=Address.parse(addressee.id, lenient=True),
            recipient=addressee,
            recipient_online=bool(online[recipient]),
            profile=choose_profile(sender, PROFILES[0], POLICY),
            pending_to_recipient=False,
            pending_from_recipient=False,
            pending_to_anybody=False,
        )
        refusal = check_send(facts, POLICY)
        return UNREFUSED if refusal is None else REASONS.index(refusal.reason)

    # Emails.

    def _emails(
        self,
        number: Integers,
        at_us: Integers,
        inviter: Integers,
        recipient: Integers,
        reason: Integers,
    ) -> tuple[Flags, Integers]:
        """Who writes an email, and when its reader connects."""
        here = self._everybody
        emailed = np.zeros(len(number), np.bool_)
        connect_us = np.full(len(number), FAR)
        too_old = reason == REASONS.index(Reason.RECIPIENT_UNSUPPORTED)
        may = np.flatnonzero(~here.direct[inviter] | too_old)
        if not len(may):
            return emailed, connect_us
        drawn = self._uniforms.of(Purpose.EMAIL, number[may])
        writes, after_us = self._intentions.of_many(Purpose.EMAIL, drawn)
        emailed[may] = writes < self._people.email_fallback
        connects = emailed[may] & (after_us != NEVER)
        # A request needs both clients to be connected.
        connects &= here.online[inviter[may]] & here.online[recipient[may]]
        some = may[connects]
        connect_us[some] = at_us[some] + after_us[connects].astype(np.int64)
        return emailed, connect_us


def _by_list(count: int) -> list[int]:
    """The places of contacts in the order in which a client shows them, by list."""
    return sorted(range(count), key=lambda place: (place % LISTS, place))
