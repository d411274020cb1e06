"""What a client does that takes part in nothing: come back, and edit a profile.

What becomes of pending invitations and sessions meanwhile is not for the specification
to say, so that only an idle client does it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from invitelab.adapters import messages
from invitelab.errors import CallError
from invitelab.target_load.client import own_profile
from invitelab.target_load.declaration import names_of
from invitelab.target_load.room import OpenRoom, Resident
from invitelab.target_load.variety import SOME

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient
    from invitelab.target_load.world import TargetWorld


def away_and_back(world: "TargetWorld", client: "TargetClient") -> None:
    """Drop off the network and return at once, where the client is idle."""

    def work() -> None:
        room, resident = _here(world, client)
        if not _is_idle(resident) or not world.directory.is_online(client.index):
            return
        for online in (False, True):
            params = messages.Online(
                scenario=room.token, client=resident.token, online=online
            )
            room.ask("client.online", params, messages.Done)

    if client.present:
        world.attempt(client.index, work)


def edit_profile(world: "TargetWorld", client: "TargetClient", number: int) -> None:
    """Give the profile of the coming invitation other permissions."""

    def work() -> None:
        room, resident = _here(world, client)
        if not _is_idle(resident):
            return
        spec = client.device.spec
        wanted = world.intentions.attempt(number).profile
        name = own_profile(spec, wanted, number)
        permissions = SOME[number // 6 % len(SOME)]
        params = messages.EditProfile(
            scenario=room.token,
            client=resident.token,
            profile=name,
            permissions=names_of(permissions),
        )
        answer, _ = room.ask("profile.edit", params, messages.Done)
        if answer.refused is None:
            profiles = tuple(
                replace(one, permissions=permissions) if one.name == name else one
                for one in spec.profiles
            )
            client.device.spec = replace(spec, profiles=profiles)

    if client.present and client.device.spec.supports_direct:
        world.attempt(client.index, work)


def _here(world: "TargetWorld", client: "TargetClient") -> tuple[OpenRoom, Resident]:
    """Its room and what is known of it there. Raises CallError."""
    room = world.room_of(client.index)
    resident = room.residents.get(client.device.id)
    if resident is None:
        msg = "the target has no such client"
        raise CallError(msg)
    return room, resident


def _is_idle(resident: Resident) -> bool:
    """Whether nothing is pending at a client, and it has had no session."""
    known = (*resident.hosting.values(), *resident.guesting.values())
    return not resident.sessions and all(one.ended is not None for one in known)
