"""Defects that only IDs of some shapes show."""

from itertools import pairwise

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.values_base import (
    INVALID,
    Row,
    everybody,
    id_told,
    is_tile,
    refusing,
    told,
    typing,
)
from invitelab.protocol.messages import Message, Offer
from invitelab.protocol.refusals import SendFacts
from invitelab.protocol.values import ClientId, EntryPoint
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter

LARGEST = 2**31 - 1
"""The largest signed number of 32 bits."""

DIGITS = 9
GROUP = 3


# Inviters.


def _ten_digits(id_: str) -> str:
    return id_.zfill(DIGITS + 1)


def _as_number(id_: str) -> str:
    return str(int(id_))


def _groups(id_: str) -> list[str]:
    """The groups of three in which an ID is written, from its end."""
    first = len(id_) % GROUP
    cuts = [0, *range(first or GROUP, len(id_) + 1, GROUP)]
    return [id_[start:end] for start, end in pairwise(cuts)]


def _groups_of_numbers(id_: str) -> str:
    return "".join(str(int(group)) for group in _groups(id_))


def _host_of_32_bits(row: Row, _client: Client) -> Row:
    host = str(row["host"])
    return {**row, "host": str(LARGEST)} if int(host) > LARGEST else row


def are_similar(one: str, other: str) -> bool:
    """Whether two IDs differ in one digit."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and sum(a != b for a, b in pairs) == 1


def _of_the_most_similar(row: Row, client: Client) -> Row:
    sender = row["from"]
    assert isinstance(sender, dict), "a notification has a sender"
    id_ = str(sender["id"])
    similar = (
        spec.id for spec in everybody(client.inviter) if are_similar(spec.id, id_)
    )
    return {**row, "from": {**sender, "id": next(similar, id_)}}


# Recipients.


def _filled_up(_client: Client, entry: EntryPoint, typed: str) -> str:
    short = entry is EntryPoint.ICON and typed.isdecimal() and len(typed) == DIGITS
    return f"0{typed}" if short else typed


def _typed_number(_client: Client, entry: EntryPoint, typed: str) -> str:
    icon = entry is EntryPoint.ICON and typed.isdecimal()
    return _as_number(typed) if icon else typed


def _without_empty_groups(_client: Client, entry: EntryPoint, typed: str) -> str:
    if not is_tile(entry):
        return typed
    return "".join(group for group in _groups(typed) if int(group))


def _too_large(_inviter: Inviter, facts: SendFacts) -> bool:
    text = "" if facts.address is None else facts.address.text
    icon = facts.entry is EntryPoint.ICON and text.isdecimal()
    return icon and int(text) > LARGEST


def _guest_cut(row: Row, _client: Client) -> Row:
    return {**row, "guest": str(row["guest"])[:DIGITS]}


def _begin_alike(one: str, other: str) -> bool:
    return one != other and (one.startswith(other) or other.startswith(one))


def _of_the_same_beginning(row: Row, client: Client) -> Row:
    sender = row["from"]
    assert isinstance(sender, dict), "a notification has a sender"
    id_ = str(sender["id"])
    known = (one.id for one in everybody(client.inviter) if _begin_alike(one.id, id_))
    return {**row, "from": {**sender, "id": next(known, id_)}}


def _first_that_begins_alike(client: Client, entry: EntryPoint, typed: str) -> str:
    icon = entry is EntryPoint.ICON and typed.isdecimal()
    known = (one.id for one in everybody(client.inviter) if _begin_alike(one.id, typed))
    return next(known, typed) if icon else typed


class TellsTheSimilar(Inviter):
    """Sends every offer to clients with a similar ID as well."""

    def utter(self, to: ClientId, message: Message) -> None:
        """Send the offer to whoever the ID may mean."""
        super().utter(to, message)
        if isinstance(message, Offer):
            for spec in everybody(self):
                if are_similar(spec.id, to):
                    super().utter(spec.id, message)


MUTANTS = (
    Mutant(
        name="ids-of-ten-digits-told",
        clause="NOTIFY-3",
        value="inviter's ID: nine digits",
        defect="the notification fills up an ID of nine digits with a zero",
        make=id_told(_ten_digits),
    ),
    Mutant(
        name="inviter-told-by-nine-digits",
        clause="NOTIFY-3",
        value="inviter's ID: ten digits",
        defect="the notification has room for the first nine digits of an ID",
        make=id_told(lambda id_: id_[:DIGITS]),
    ),
    Mutant(
        name="host-of-32-bits",
        clause="SESSION-4",
        value="inviter's ID: above 2^31",
        defect="the session keeps the ID of its host in a signed number of 32 bits",
        make=told("sessions", _host_of_32_bits),
    ),
    Mutant(
        name="inviter-told-as-a-number",
        clause="NOTIFY-3",
        value="inviter's ID: leading zero",
        defect="the notification shows the ID as a number, without its leading zero",
        make=id_told(_as_number),
    ),
    Mutant(
        name="groups-told-as-numbers",
        clause="NOTIFY-3",
        value="inviter's ID: zeros within",
        defect="the notification groups the ID by three and drops zeros of each group",
        make=id_told(_groups_of_numbers),
    ),
    Mutant(
        name="similar-inviter-told",
        clause="NOTIFY-3",
        value="inviter's ID: one digit apart",
        defect="an ID is looked up with one wrong digit allowed, and that client shown",
        make=told("notifications", _of_the_most_similar),
    ),
    Mutant(
        name="inviter-told-by-a-beginning",
        clause="NOTIFY-3",
        value="inviter's ID: begins like another",
        defect="an ID is looked up by its beginning, and that client shown",
        make=told("notifications", _of_the_same_beginning),
    ),
    Mutant(
        name="typed-id-is-a-beginning",
        clause="DIRECT-5",
        value="recipient's ID: begins like another",
        defect="a typed ID finds another one that begins with it",
        make=variant(client=typing(_first_that_begins_alike)),
    ),
    Mutant(
        name="typed-id-filled-up",
        clause="DIRECT-5",
        value="recipient's ID: nine digits",
        defect="an ID of nine digits that was typed is filled up with a zero",
        make=variant(client=typing(_filled_up)),
    ),
    Mutant(
        name="guest-of-nine-digits",
        clause="SESSION-4",
        value="recipient's ID: ten digits",
        defect="the session keeps the first nine digits of its guest's ID",
        make=told("sessions", _guest_cut),
    ),
    Mutant(
        name="typed-id-of-32-bits",
        clause="DIRECT-5",
        value="recipient's ID: above 2^31",
        defect="a typed ID that is no signed number of 32 bits is no address",
        make=variant(inviter=refusing(INVALID, _too_large)),
    ),
    Mutant(
        name="typed-id-is-a-number",
        clause="DIRECT-5",
        value="recipient's ID: leading zero",
        defect="a typed ID is read as a number and loses its leading zero",
        make=variant(client=typing(_typed_number)),
    ),
    Mutant(
        name="tile-drops-a-group-of-zeros",
        clause="TILE-1",
        value="recipient's ID: zeros within",
        defect="a tile drops a group of three zeros from the ID of its contact",
        make=variant(client=typing(_without_empty_groups)),
    ),
    Mutant(
        name="similar-ids-are-notified-too",
        clause="NOTIFY-6",
        value="recipient's ID: one digit apart",
        defect="an invitation is shown to clients whose ID differs in one digit",
        make=variant(inviter=TellsTheSimilar),
    ),
)
