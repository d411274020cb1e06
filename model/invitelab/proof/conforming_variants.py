"""The false-failure panel: right, but in ways that nobody would think of.

Nothing may fail on any of them. Where a point on which the page is silent is read in
another way, the clause that says so deviates, and nothing else moves.
"""

import sys
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from invitelab.adapters.base import Json
from invitelab.adapters.driver import Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.formats.proof import PanelProof
from invitelab.formats.run import Verdict
from invitelab.proof import wire_variants
from invitelab.proof.mutant_trial import RED, Direct, run_all
from invitelab.protocol.policy import Policy, knobs


class Renaming(Reference):
    """Each client has names of its own for invitations and sessions."""

    def __init__(self, new_name: Callable[[Json], str]) -> None:
        super().__init__()
        self.new_name = new_name
        self.names: dict[tuple[Json, str], str] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Translate what this client says, and what it is told."""
        client = params.get("client")
        meant = {name: key[1] for key, name in self.names.items() if key[0] == client}
        translated = {
            key: meant.get(value, value) if isinstance(value, str) else value
            for key, value in params.items()
        }
        return self.told(client, super().request(method, translated))

    def told(self, client: Json, value: Json) -> Json:
        """Give every id of an answer the name that this client has for it."""
        if isinstance(value, list):
            return [self.told(client, entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.name_of(client, entry)
            if key in {"invitation", "session"} and isinstance(entry, str)
            else self.told(client, entry)
            for key, entry in value.items()
        }

    def name_of(self, client: Json, id_: str) -> str:
        """What this client calls it."""
        if (client, id_) not in self.names:
            self.names[client, id_] = self.new_name(client)
        return self.names[client, id_]


def numbers() -> Callable[[Json], str]:
    """Names that count: 1, 2, 3 at each client, so that one name means many things."""
    counts: defaultdict[Json, Iterator[int]] = defaultdict(lambda: count(1))
    return lambda client: str(next(counts[client]))


class Talkative(Reference):
    """Every object has a field more than it needs."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say more."""
        return self.padded(super().request(method, params))

    def padded(self, value: Json) -> Json:
        """Add a field, at every depth."""
        if isinstance(value, list):
            return [self.padded(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        padded = {key: self.padded(entry) for key, entry in value.items()}
        padded["x"] = [{}]
        return padded


class Taciturn(Reference):
    """Says no more than it must, and in no order."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Leave out what may be left out."""
        answer = super().request(method, params)
        if isinstance(answer, dict):
            if "refused" in answer:
                return {"refused": {}}
            if method == "client.view":
                return {key: self.fewer(rows) for key, rows in answer.items()}
            if method == "client.menu":
                return {"ok": {"entries": self.backwards(answer)}}
        return answer

    def fewer(self, rows: Json) -> Json:
        """Give the rows backwards, without the invitations that have ended."""
        assert isinstance(rows, list)
        return [
            self.unordered(row)
            for row in reversed(rows)
            if isinstance(row, dict) and row.get("state") in {None, "pending"}
        ]

    def unordered(self, row: dict[str, Json]) -> Json:
        """Give permissions and actions backwards, and no alias where there is none."""
        return {
            key: value[::-1] if isinstance(value, list) else self.without_null(value)
            for key, value in row.items()
        }

    def without_null(self, value: Json) -> Json:
        """Leave out what is nothing."""
        if not isinstance(value, dict):
            return value
        return {key: entry for key, entry in value.items() if entry is not None}

    def backwards(self, answer: dict[str, Json]) -> Json:
        """Give the menu backwards."""
        menu = answer["ok"]
        assert isinstance(menu, dict)
        entries = menu["entries"]
        assert isinstance(entries, list)
        return entries[::-1]


LATE = {"not-pending", "unknown-invitation", "not-recipient", "not-inviter"}


class Obliging(Reference):
    """Says ok to what comes too late or from the wrong one, and does nothing."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Turn those refusals into ok."""
        answer = super().request(method, params)
        refused = answer.get("refused") if isinstance(answer, dict) else None
        if isinstance(refused, dict) and refused["reason"] in LATE:
            return {"ok": {}}
        return answer


def on_the_wire(habit: str) -> Callable[[], Reachable]:
    """The reference in a process of its own, with this habit there."""
    argv = [sys.executable, "-m", wire_variants.__name__, habit]
    return lambda: Target.from_argv(argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """A right implementation with a habit, and how to reach a new one."""

    name: str
    habit: str
    reach: Callable[[], Reachable]


PANEL = {
    unusual.name: unusual
    for unusual in (
        Unusual(
            name="uuids",
            habit="each client has ids of its own, emoji and UUIDs",
            reach=lambda: Direct(Renaming(lambda _: f"👍{uuid.uuid4()}")),
        ),
        Unusual(
            name="numbers",
            habit="each client counts its ids",
            reach=lambda: Direct(Renaming(numbers())),
        ),
        Unusual(
            name="talkative",
            habit="every object has a field more",
            reach=lambda: Direct(Talkative()),
        ),
        Unusual(
            name="taciturn",
            habit="no reasons, ended invitations left out, lists backwards",
            reach=lambda: Direct(Taciturn()),
        ),
        Unusual(
            name="obliging",
            habit="ok, without effect, to what comes too late",
            reach=lambda: Direct(Obliging()),
        ),
        Unusual(
            name="latency",
            habit="80 ms between any two clients",
            reach=lambda: Direct(Reference(latency_ms=80)),
        ),
        Unusual(
            name="crlf", habit="ends lines as Windows does", reach=on_the_wire("crlf")
        ),
        Unusual(
            name="own-json",
            habit="writes JSON with spaces, names backwards, nothing escaped",
            reach=on_the_wire("own-json"),
        ),
        Unusual(
            name="slow-start",
            habit="takes three seconds to start",
            reach=on_the_wire("slow-start"),
        ),
        Unusual(
            name="noisy",
            habit="fills stderr with colours, bytes and JSON",
            reach=on_the_wire("noisy"),
        ),
    )
}

READINGS = {knob.name: knob.clause for knob in knobs()}
"""The clause of every point that can be read in another way."""


def try_unusual(name: str) -> PanelProof:
    """Run the whole suite on it."""
    unusual = PANEL[name]
    return _tried(name, unusual.habit, unusual.reach())


def try_reading(name: str) -> PanelProof:
    """Run the whole suite on the reference with one reading flipped."""
    policy = replace(Policy(), **{name: False})
    habit = f"not: {name.replace('_', ' ')}"
    return _tried(name, habit, Direct(Reference(policy=policy)), READINGS[name])


def _tried(
    name: str, habit: str, target: Reachable, clause: str | None = None
) -> PanelProof:
    engine = run_all(target)
    assert engine.conclusion is not None, "it was run to the end"
    bad = {c.clause: c.verdict for c in engine.clauses if c.verdict in RED}
    deviations = tuple(c for c, v in bad.items() if v is Verdict.DEVIATION)
    return PanelProof(
        name=name,
        habit=habit,
        kind="unusual" if clause is None else "reading",
        verdict=engine.conclusion.verdict,
        clause=clause,
        deviations=deviations,
        wrong=tuple(
            c for c, v in bad.items() if v is not Verdict.DEVIATION or c != clause
        ),
    )
