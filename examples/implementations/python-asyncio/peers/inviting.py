"""The invitations that a client sent: it is the authority on their state."""

from collections.abc import Iterator
from dataclasses import dataclass

from peers.directory import MalformedAddressError, Member
from peers.fields import Fields, JsonObject
from peers.menu import EMAIL_ENTRIES, Contacts, Entry, entries
from peers.messages import Answer, Closed, Offer, State, Withdraw
from peers.orders import RefusalError, StaleError
from peers.profiles import Profile, Profiles
from peers.sessions import Hosting
from peers.station import Station
from peers.switches import Mistake

LIFETIME_S = 120.0


@dataclass(slots=True, kw_only=True)
class Sent:
    """An invitation at its host; the profile is a snapshot."""

    number: int
    name: str
    guest: str
    profile: Profile
    deadline_s: float
    revision: int = 1
    state: State = State.PENDING


class Inviting:
    """Sends, changes and ends invitations, and decides on the answers."""

    def __init__(
        self,
        station: Station,
        hosting: Hosting,
        *,
        profiles: Profiles,
        contacts: Contacts,
    ) -> None:
        self._station = station
        self._hosting = hosting
        self._profiles = profiles
        self._contacts = contacts
        self._sent: dict[str, Sent] = {}

    def send(self, fields: Fields) -> str:
        """Offer an invitation and give its name; the order of checks is agreed."""
        self._station.need_online()
        entry, typed = fields.text("entry"), fields.text("to")
        self._check_offered(entry, typed)
        guest = self._guest_at(typed)
        profile = self._profiles.usable(fields.text("profile"))
        if any(sent.guest == guest.id for sent in self._pending()):
            raise RefusalError("already-pending", f"{guest.id} is invited already")
        sent = Sent(
            number=len(self._sent) + 1,
            name=self._station.names.sent(),
            guest=guest.id,
            profile=profile,
            deadline_s=self._station.now_s() + LIFETIME_S,
        )
        self._sent[sent.name] = sent
        self._offer(sent)
        return sent.name

    def has(self, name: str) -> bool:
        """Say whether this client sent the invitation of this name."""
        return name in self._sent

    def modify(self, fields: Fields) -> None:
        """Let other permissions apply, with the same deadline."""
        sent = self._still_pending(fields)
        sent.profile = self._profiles.usable(fields.text("profile"))
        sent.revision += 1
        self._offer(sent)

    def cancel(self, fields: Fields) -> None:
        """Take an invitation back."""
        self._end(self._still_pending(fields), State.CANCELLED)

    def cancel_all(self) -> None:
        """Withdraw pending invitations, since an answer could not be delivered."""
        for sent in self._pending():
            self._end(sent, State.CANCELLED)

    def expire(self) -> None:
        """End what is due; at the deadline itself an invitation has expired."""
        now_s = self._station.now_s()
        for sent in self._pending():
            if sent.deadline_s <= now_s:
                self._end(sent, State.EXPIRED)

    def deadlines_s(self) -> Iterator[float]:
        """Give the moments at which something expires."""
        return (sent.deadline_s for sent in self._pending())

    def decide(self, guest: str, answer: Answer) -> None:
        """Count an answer if the invitation is pending; tell the guest what it is."""
        sent = self._of_number(answer.invitation)
        if sent is None or sent.guest != guest:
            return
        if answer.accepted and self._may_start(sent):
            sent.state = State.ACCEPTED
            self._hosting.start(guest, sent.number, sent.profile.permissions)
            return
        if sent.state is State.PENDING:
            sent.state = State.REJECTED
        self._station.post(guest, Closed(invitation=sent.number, state=sent.state))

    def offer_again(self, guest: str) -> None:
        """Remind a guest that was away of what is pending, with the time left."""
        for sent in self._pending():
            if sent.guest == guest:
                self._offer(sent)

    def listed(self) -> list[JsonObject]:
        """Give what the client shows of them, ended ones included."""
        return [
            {
                "invitation": sent.name,
                "to": sent.guest,
                "profile": sent.profile.name,
                "state": sent.state,
                "revision": sent.revision,
            }
            for sent in self._sent.values()
        ]

    def _check_offered(self, name: str, typed: str) -> None:
        contact = self._contact_at(typed) if name.startswith("tile.") else None
        station = self._station
        offered = entries(station.member, self._contacts, station.directory)
        if name in EMAIL_ENTRIES or Entry(name, contact) not in offered:
            raise RefusalError("not-offered", f"{name} is not offered here")

    def _contact_at(self, typed: str) -> str:
        try:
            found = self._station.directory.find(typed)
        except MalformedAddressError:
            return typed
        return typed if found is None else found.id

    def _guest_at(self, typed: str) -> Member:
        guest = find_other(self._station, typed)
        if not guest.direct:
            raise RefusalError("recipient-unsupported", "the recipient is before 7")
        if not self._station.directory.is_online(guest.id):
            raise RefusalError("recipient-offline", f"{guest.id} is offline")
        return guest

    def _pending(self) -> list[Sent]:
        return [sent for sent in self._sent.values() if sent.state is State.PENDING]

    def _still_pending(self, fields: Fields) -> Sent:
        sent = self._sent[fields.text("invitation")]
        if sent.state is not State.PENDING:
            raise StaleError(f"the invitation is {sent.state}")
        return sent

    def _of_number(self, number: int) -> Sent | None:
        numbered = (sent for sent in self._sent.values() if sent.number == number)
        return next(numbered, None)

    def _may_start(self, sent: Sent) -> bool:
        again = Mistake.SECOND_ACCEPT_STARTS_AGAIN in self._station.switches.mistakes
        if again and sent.state is State.ACCEPTED:
            return True
        return sent.state is State.PENDING

    def _offer(self, sent: Sent) -> None:
        offer = Offer(
            invitation=sent.number,
            revision=sent.revision,
            left_s=sent.deadline_s - self._station.now_s(),
        )
        self._station.post(sent.guest, offer)

    def _end(self, sent: Sent, state: State) -> None:
        sent.state = state
        self._station.post(sent.guest, Withdraw(invitation=sent.number))


def find_other(station: Station, typed: str) -> Member:
    """The member with the typed address, never the inviter. Raises RefusalError."""
    try:
        found = station.directory.find(typed)
    except MalformedAddressError:
        raise RefusalError("invalid-address", f"no address: {typed}") from None
    if found is None:
        raise RefusalError("unknown-recipient", f"nobody has {typed}")
    if found == station.member:
        raise RefusalError("self-invitation", "that is this client itself")
    return found
