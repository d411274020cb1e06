"""False-positive check: conforming implementations, on which nothing may fail.

An *unusual* variant is allowed to do what it does, however rarely that is seen. An
*interpretation* is the reference with one point on which the specification is silent
decided the other way: the clause about that point deviates, and no other changes.
"""

import sys
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from invitelab.adapters.base import DECLINED_METHOD, OUT_OF_ORDER, AdapterError, Json
from invitelab.adapters.driver import Reachable
from invitelab.adapters.handshake import Capability
from invitelab.adapters.messages import METHODS, Begin
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.proof import ConformingVariantProof
from invitelab.formats.run import Verdict
from invitelab.proof import wire_variants
from invitelab.proof.suite_run import RED, run_suite
from invitelab.proof.variant_seeds import is_wrong
from invitelab.protocol.policy import Policy, knobs
from invitelab.protocol.values import Version


class OwnIds(Reference):
    """Reference in which each client has its own IDs of invitations and sessions."""

    def __init__(self, new_name: Callable[[Json], str]) -> None:
        super().__init__()
        self.new_name = new_name
        self.names: dict[tuple[Json, str], str] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Translate the IDs in the call and in its answer."""
        client = params.get("client")
        meant = {name: key[1] for key, name in self.names.items() if key[0] == client}
        translated = {
            key: meant.get(value, value)
            if key in {"invitation", "session"} and isinstance(value, str)
            else value
            for key, value in params.items()
        }
        return self.translated(client, super().request(method, translated))

    def translated(self, client: Json, value: Json) -> Json:
        """Replace every ID in an answer by the one that this client uses."""
        if isinstance(value, list):
            return [self.translated(client, entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.name_of(client, entry)
            if key in {"invitation", "session"} and isinstance(entry, str)
            else self.translated(client, entry)
            for key, entry in value.items()
        }

    def name_of(self, client: Json, id_: str) -> str:
        """The ID that this client uses for an ID of the reference."""
        if (client, id_) not in self.names:
            self.names[client, id_] = self.new_name(client)
        return self.names[client, id_]


def numbers() -> Callable[[Json], str]:
    """Make IDs that count 1, 2, 3 at each client, and so are not unique."""
    counts: defaultdict[Json, Iterator[int]] = defaultdict(lambda: count(1))
    return lambda client: str(next(counts[client]))


class ExtraFields(Reference):
    """Reference that adds an unknown field to every object."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer with the additional fields."""
        return self.padded(super().request(method, params))

    def padded(self, value: Json) -> Json:
        """Add a field to every object, at every depth."""
        if isinstance(value, list):
            return [self.padded(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        padded = {key: self.padded(entry) for key, entry in value.items()}
        padded["x"] = [{}]
        return padded


class MinimalAnswers(Reference):
    """Reference that leaves out every optional field, and reverses every list."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer without what may be left out."""
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
        """Reverse the rows, and leave out the invitations that have ended."""
        assert isinstance(rows, list)
        return [
            self.unordered(row)
            for row in reversed(rows)
            if isinstance(row, dict) and row.get("state") in {None, "pending"}
        ]

    def unordered(self, row: dict[str, Json]) -> Json:
        """Reverse permissions and actions, and leave out an alias that is null."""
        return {
            key: value[::-1] if isinstance(value, list) else self.without_null(value)
            for key, value in row.items()
        }

    def without_null(self, value: Json) -> Json:
        """Leave out the fields that are null."""
        if not isinstance(value, dict):
            return value
        return {key: entry for key, entry in value.items() if entry is not None}

    def backwards(self, answer: dict[str, Json]) -> Json:
        """Reverse the entries of a menu."""
        menu = answer["ok"]
        assert isinstance(menu, dict)
        entries = menu["entries"]
        assert isinstance(entries, list)
        return entries[::-1]


class OneAtATime(Reference):
    """Reference that has one scenario open at a time."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Say so, and reject a second scenario."""
        if method == "scenario.begin" and self._scenarios:
            raise AdapterError(OUT_OF_ORDER, "another scenario is open")
        answer = super().request(method, params)
        if method == "initialize" and isinstance(answer, dict):
            return {**answer, "parallel": False}
        return answer


LATE_OR_FOREIGN = {"not-pending", "unknown-invitation", "not-recipient", "not-inviter"}


class AcceptsLateCalls(Reference):
    """Reference that acknowledges calls that are late or from the wrong client."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Turn these refusals into an `ok` without effect."""
        answer = super().request(method, params)
        refused = answer.get("refused") if isinstance(answer, dict) else None
        if isinstance(refused, dict) and refused["reason"] in LATE_OR_FOREIGN:
            return {"ok": {}}
        return answer


class BothAddresses(Reference):
    """Reference whose email names the ID beside the alias."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Add the ID to the text of an email."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"opened_with": opened_with, "text": str(text)}}:
                clients = self._scenarios[str(params["scenario"])].clients
                own_id = clients[str(params["client"])].device.id
                whole = f"{text}\nMy ID is {own_id}.\n"
                return {"ok": {"opened_with": opened_with, "text": whole}}
            case _:
                return answer


class Declining(Reference):
    """Reference that declines capabilities, and fails if they are used all the same."""

    def __init__(self, *declined: Capability) -> None:
        super().__init__()
        self.declined = frozenset(declined)

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Decline, and reject what was declined with a fault."""
        if METHODS[method].capability in self.declined:
            raise AdapterError(DECLINED_METHOD, f"{method} was declined")
        if method == "scenario.begin":
            self._check_clients(Begin.model_validate(params))
        answer = super().request(method, params)
        if method == "initialize" and isinstance(answer, dict):
            names = [name for name in Capability if name not in self.declined]
            answer["capabilities"] = [name.value for name in names]
            answer["declines"] = [
                {"capability": name.value, "reason": "left out"}
                for name in sorted(self.declined)
            ]
        return answer

    def _check_clients(self, call: Begin) -> None:
        found = {
            Capability.OLD_VERSIONS: any(
                not Version.parse(client.version).supports_direct
                for client in call.clients
            ),
            Capability.OTHER_PLATFORMS: any(
                client.platform != "windows" for client in call.clients
            ),
            Capability.ALIAS: any(client.alias is not None for client in call.clients),
        }
        used = [name for name in sorted(self.declined) if found.get(name)]
        if used:
            raise AdapterError(DECLINED_METHOD, f"{used[0].value} was declined")


def on_the_wire(variant: str) -> Callable[[], Reachable]:
    """Make a target of the reference in a process of its own, with a wire variant."""
    argv = [sys.executable, "-m", wire_variants.__name__, variant]
    return lambda: Target.from_argv(argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformingVariant:
    """A conforming implementation that differs from the reference, and its factory."""

    name: str
    difference: str
    reach: Callable[[], Reachable]


VARIANTS = {
    variant.name: variant
    for variant in (
        ConformingVariant(
            name="uuids",
            difference="each client has its own IDs, of emoji and UUIDs",
            reach=lambda: DirectTarget(OwnIds(lambda _: f"👍{uuid.uuid4()}")),
        ),
        ConformingVariant(
            name="plain-uuids",
            difference="each client has its own IDs, which are UUIDs",
            reach=lambda: DirectTarget(OwnIds(lambda _: str(uuid.uuid4()))),
        ),
        ConformingVariant(
            name="numbers",
            difference="each client has its own IDs, which count from 1",
            reach=lambda: DirectTarget(OwnIds(numbers())),
        ),
        ConformingVariant(
            name="talkative",
            difference="every object has an additional field",
            reach=lambda: DirectTarget(ExtraFields()),
        ),
        ConformingVariant(
            name="taciturn",
            difference="no refusal reasons, no ended invitations, lists reversed",
            reach=lambda: DirectTarget(MinimalAnswers()),
        ),
        ConformingVariant(
            name="obliging",
            difference="late calls are acknowledged without effect instead of refused",
            reach=lambda: DirectTarget(AcceptsLateCalls()),
        ),
        ConformingVariant(
            name="both-addresses",
            difference="an email names the ID beside the alias",
            reach=lambda: DirectTarget(BothAddresses()),
        ),
        ConformingVariant(
            name="declines-modify",
            difference="an invitation cannot be modified, and says so",
            reach=lambda: DirectTarget(Declining(Capability.MODIFY)),
        ),
        ConformingVariant(
            name="declines-worlds",
            difference="declines old versions, other platforms and aliases",
            reach=lambda: DirectTarget(
                Declining(
                    Capability.OLD_VERSIONS,
                    Capability.OTHER_PLATFORMS,
                    Capability.ALIAS,
                )
            ),
        ),
        ConformingVariant(
            name="declines-permissions",
            difference="declines the permissions of sessions, and the pop-up",
            reach=lambda: DirectTarget(
                Declining(Capability.SESSION_PERMISSIONS, Capability.POPUP)
            ),
        ),
        ConformingVariant(
            name="latency",
            difference="a latency of 80 ms between any two clients",
            reach=lambda: DirectTarget(Reference(latency_ms=80)),
        ),
        ConformingVariant(
            name="slow",
            difference="effects show at other clients after up to 420 ms",
            reach=lambda: DirectTarget(Reference(latency_ms=140)),
        ),
        ConformingVariant(
            name="one-at-a-time",
            difference="has one scenario open at a time, and says so",
            reach=lambda: DirectTarget(OneAtATime()),
        ),
        ConformingVariant(
            name="crlf", difference="lines end with CR LF", reach=on_the_wire("crlf")
        ),
        ConformingVariant(
            name="own-json",
            difference="JSON with spaces, keys in reverse order, nothing escaped",
            reach=on_the_wire("own-json"),
        ),
        ConformingVariant(
            name="slow-start",
            difference="starts after three seconds",
            reach=on_the_wire("slow-start"),
        ),
        ConformingVariant(
            name="noisy",
            difference="writes escape codes, invalid UTF-8 and JSON to stderr",
            reach=on_the_wire("noisy"),
        ),
    )
}

INTERPRETATIONS = {knob.name: knob.clause for knob in knobs()}
"""The clause of every point that can be interpreted differently, by its name."""


def try_variant(name: str, seed: int = 0) -> ConformingVariantProof:
    """Run the whole suite with that seed on the unusual variant of that name."""
    variant = VARIANTS[name]
    return _run(name, variant.difference, variant.reach(), seed)


def try_interpretation(name: str, seed: int = 0) -> ConformingVariantProof:
    """Run the whole suite on the reference with that interpretation inverted."""
    policy = replace(Policy(), **{name: False})
    difference = f'the opposite of "{name.replace("_", " ")}"'
    target = DirectTarget(Reference(policy=policy))
    return _run(name, difference, target, seed, INTERPRETATIONS[name])


def _run(
    name: str,
    difference: str,
    target: Reachable,
    seed: int,
    clause: str | None = None,
) -> ConformingVariantProof:
    engine = run_suite(target, seed=seed)
    assert engine.conclusion is not None, "the run was finished"
    bad = {c.clause: c.verdict for c in engine.clauses if c.verdict in RED}
    deviations = tuple(c for c, v in bad.items() if v is Verdict.DEVIATION)
    tried = ConformingVariantProof(
        name=name,
        difference=difference,
        kind="unusual" if clause is None else "interpretation",
        verdict=engine.conclusion.verdict,
        clause=clause,
        deviations=deviations,
        false_failures=tuple(
            c for c, v in bad.items() if v is not Verdict.DEVIATION or c != clause
        ),
    )
    failing = (seed,) if is_wrong(tried) else ()
    return tried.model_copy(update={"failing_seeds": failing})
