"""The same calls leave the same facts, in the same order, wherever they run."""

import os
import subprocess
import sys
from pathlib import Path

from invitelab.protocol.history import Fact
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Permission,
    Version,
)
from invitelab.world.simulation import ClientSetup, World

IDS = [ClientId(id_) for id_ in ("100200300", "400500600", "700800900", "1234567890")]
SECOND_US = 1_000_000
MODEL = Path(__file__).parents[2] / "model"


def live(world: World) -> None:
    """Let all clients invite each other, modify, cancel, leave and return."""
    clients = [world.clients[id_] for id_ in IDS]
    ids = [
        (client, str(client.send(EntryPoint.ICON, other.device.id, "Default")))
        for client in clients
        for other in clients
        if other is not client
    ]
    world.advance(SECOND_US)
    for number, (sender, id_) in enumerate(ids):
        recipient = world.clients[ClientId(id_.split("-")[1])]
        match number % 5:
            case 0:
                sender.modify(id_, "Full Access")
                recipient.answer(id_, accept=True)
            case 1:
                recipient.answer(id_, accept=False)
            case 2:
                sender.cancel(id_)
            case 3:
                recipient.dismiss(id_)
            case _:
                recipient.set_online(online=False)
                world.advance(SECOND_US)
                recipient.set_online(online=True)
        world.advance(SECOND_US)
    for client in clients:
        for session in client.inviter.sessions:
            client.permit(session, Permission.VIEW, allowed=False)
    world.advance(200 * SECOND_US)


def history(latency_us: int) -> list[Fact]:
    """Run once, in a new world."""
    facts: list[Fact] = []
    specs = [
        ClientSpec(
            identity=Identity(id=id_, alias=None),
            version=Version(7, 0, 0),
            profiles=BUILT_IN_PROFILES,
        )
        for id_ in IDS
    ]
    setups = [ClientSetup(spec=spec) for spec in specs]
    live(World(setups, latency_us=latency_us, record=facts.append))
    return facts


def written(fact: Fact) -> str:
    """Write a fact down; a set has no order of its own."""
    held = "none" if fact.permissions is None else ",".join(sorted(fact.permissions))
    rest = (fact.surface, fact.revision, fact.state, fact.accept, fact.session)
    return f"{fact.at_us} {fact.client} {fact.kind} {fact.invitation} {rest} {held}"


def test_the_same_calls_leave_the_same_facts(latency_us: int) -> None:
    """Two worlds in one process are one world twice."""
    first, second = history(latency_us), history(latency_us)
    assert first == second
    assert len(first) > 100


def test_no_hash_changes_the_order(latency_us: int) -> None:
    """Another process, with other string hashes, has the same history."""
    told = subprocess.run(
        [sys.executable, __file__, str(latency_us)],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(MODEL)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [written(fact) for fact in history(latency_us)] == told.stdout.splitlines()


if __name__ == "__main__":
    sys.stdout.writelines(f"{written(fact)}\n" for fact in history(int(sys.argv[1])))
