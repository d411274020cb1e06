"""Right, but in ways that nobody would think of: no scenario may mind."""

import uuid
from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference import Reference
from invitelab.conformance.engine import Engine
from invitelab.records import RunVerdict, Verdict

Judge = Callable[..., Engine]


class Renaming(Reference):
    """Each client has names of its own for invitations and sessions."""

    def __init__(self) -> None:
        super().__init__()
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
            key: self.names.setdefault((client, entry), f"👍{uuid.uuid4()}")
            if key in {"invitation", "session"} and isinstance(entry, str)
            else self.told(client, entry)
            for key, entry in value.items()
        }


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
        if isinstance(answer, dict) and isinstance(
            refused := answer.get("refused"), dict
        ):
            return {"ok": {}} if refused["reason"] in LATE else answer
        return answer


@pytest.mark.parametrize("unusual", [Renaming, Talkative, Taciturn, Obliging])
def test_an_unusual_implementation_is_conformant(
    directly: Judge, unusual: type[Reference]
) -> None:
    """Everything passes."""
    engine = directly(unusual())
    bad = [r.title for r in engine.scenarios if r.verdict is not Verdict.PASS]
    assert [] == bad
    end = engine.conclusion
    assert end is not None
    assert RunVerdict.CONFORMANT is end.verdict


def test_an_implementation_with_latency_is_conformant(directly: Judge) -> None:
    """80 ms between any two clients; only the tick itself cannot be judged then."""
    engine = directly(Reference(latency_ms=80))
    undecided = {c.clause for c in engine.clauses if c.verdict is not Verdict.PASS}
    assert {"EXPIRY-6"} == undecided
    end = engine.conclusion
    assert end is not None
    assert RunVerdict.CONFORMANT is end.verdict
