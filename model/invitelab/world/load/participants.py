"""Who takes part in an attempt: its drawn numbers, as clients of a population.

Simulated clients and those of a target are found by these, so that the same attempt is
between the same two.
"""

from invitelab.protocol.values import ClientId, ClientSpec, EntryPoint
from invitelab.world.load.intentions import Attempt
from invitelab.world.load.population import Population

TILE_OF = {
    list_: entry for entry in EntryPoint if (list_ := entry.contact_list) is not None
}
"""The entry point of a tile, by its contact list."""


def inviter_of(population: Population, attempt: Attempt) -> int:
    """The index of the inviter: a client on Windows, as only these can invite."""
    windows = population.windows
    return int(windows[int(attempt.inviter * len(windows))])


def tile_of(sender: ClientSpec, attempt: Attempt) -> tuple[ClientId, EntryPoint] | None:
    """The contact whose tile the inviter presses; None where it presses none."""
    if not attempt.by_tile:
        return None
    tiles = sender.contacts.items()
    contacts = [(id_, TILE_OF[list_]) for list_, ids in tiles for id_ in ids]
    return contacts[int(attempt.recipient * len(contacts))] if contacts else None


def addressee_of(population: Population, sender: int, attempt: Attempt) -> int:
    """The index of the recipient whose address an inviter types, in its room."""
    return population.rooms.of(sender).neighbour(sender, attempt.recipient)
