"""What is looked at beside invitations: menus, emails and session requests."""

from typing import TYPE_CHECKING

from invitelab.adapters import messages
from invitelab.adapters.handshake import Capability
from invitelab.protocol.observed import Broken
from invitelab.protocol.values import US_PER_S, ClientId
from invitelab.target_load.judging import pair_has_session, pair_is_pending

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient
    from invitelab.target_load.world import TargetWorld

LATER_US = 15 * US_PER_S
"""When it is looked whether a request has started something, in a thorough run."""


def look_at_menu(world: "TargetWorld", client: "TargetClient") -> None:
    """Look at the menu of a client that takes part, if only the first time.

    Raises CallError.
    """
    room = world.room_of(client.index)
    resident = room.residents[client.device.id]
    known = resident.met and not world.thorough
    if known or not room.terms.has(Capability.MENU):
        return
    if not world.directory.is_online(client.index):
        return
    resident.met = True
    params = messages.ClientCall(scenario=room.token, client=resident.token)
    answer, _ = room.ask("client.menu", params, messages.MenuOutcome)
    menu = answer.ok or messages.Menu(entries=())
    for found in world.judging.menu(client, menu, world.directory.is_direct):
        world.broken(found, world.number, client)


def requested(
    world: "TargetWorld", asker: "TargetClient", typed: str, *, granted: bool
) -> None:
    """Look at who is asked, and at the asker, once the target has answered."""
    directory = world.directory
    host = directory.client(directory.index_of(ClientId(typed)))
    if not host.present:
        return
    room = world.room_of(host.index)
    sides = room.residents[host.device.id], room.residents[asker.device.id]
    world.judging.requested(*sides)
    at_us = world.env.now_us + world.settle_us
    if world.thorough:
        for client in (host, asker):
            world.env.call_at(at_us, world.look, client)
            world.env.call_at(at_us + LATER_US, world.look, client)
    # What asking does between two who have an invitation or a session is open.
    together = pair_has_session(*sides) or pair_is_pending(*sides)
    if granted and not together:
        world.env.call_at(at_us, _see_request, (world, asker, host))


def _see_request(
    request: tuple["TargetWorld", "TargetClient", "TargetClient"],
) -> None:
    """Look whether the host, and the host alone, is shown a request (EMAIL-8)."""
    world, client, host = request
    asker = client.device.id
    view = world.view_of(host)
    if view is not None and asker not in {row.from_ for row in view.requests}:
        what = f"{host.device.id} was shown no request of {asker}"
        world.broken(Broken("EMAIL-8", what), None, host)
    own = world.view_of(client)
    if own is not None and asker in {row.from_ for row in own.requests}:
        what = f"{asker} was shown its own request"
        world.broken(Broken("EMAIL-8", what), None, client)
