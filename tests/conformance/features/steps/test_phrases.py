"""Messages are sentences, without the notation of Python."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.steps import phrases
from invitelab.conformance.features.steps.phrases import words

Judge = Callable[..., Engine]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "none"),
        ([None], "none"),
        (["b"], "b"),
        ({"b", "a"}, "a and b"),
        (["c", "a", "b", "a"], "a, b and c"),
    ],
)
def test_names_are_listed_as_in_a_sentence(
    values: list[str | None], expected: str
) -> None:
    """In order, each once."""
    assert expected == words(values)


def test_no_step_shows_a_value_as_python_writes_it() -> None:
    """Neither by `!r` nor as an empty list or set."""
    modules = Path(phrases.__file__).parent.glob("*.py")
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue):
                assert ord("r") != node.conversion, f"{module.name}:{node.lineno}"


class Wrong(Reference):
    """The reference with another answer to a method; one with lines is an error."""

    def __init__(self, method: str, change: Callable[[dict[str, Json]], None]) -> None:
        super().__init__()
        self.method = method
        self.change = change

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, and change that."""
        answer = super().request(method, params)
        if method == self.method:
            assert isinstance(answer, dict)
            self.change(answer)
        return answer


def move_pop_ups(answer: dict[str, Json]) -> None:
    """To the corner of another product."""
    shown = answer["notifications"]
    assert isinstance(shown, list)
    for row in shown:
        assert isinstance(row, dict)
        if row["surface"] == "popup":
            row["corner"] = "top-right"


def lose_permissions(answer: dict[str, Json]) -> None:
    """Of every session."""
    sessions = answer["sessions"]
    assert isinstance(sessions, list)
    for row in sessions:
        assert isinstance(row, dict)
        row["permissions"] = ["view"]


def fail_in_lines(_answer: dict[str, Json]) -> None:
    """As a stack trace does."""
    raise AdapterError(-32603, "it broke\n    at send (acme.js:7)\n")


@pytest.mark.parametrize(
    ("method", "change", "clause", "says"),
    [
        ("client.view", move_pop_ups, "NOTIFY-2", "corner, found top-right"),
        ("client.view", lose_permissions, "SESSION-2", "; too many: none (as "),
        ("invitation.send", fail_in_lines, "DIRECT-4", "broke at send (acme.js:7) ("),
    ],
)
def test_a_message_is_one_sentence(
    judge: Judge,
    method: str,
    change: Callable[[dict[str, Json]], None],
    clause: str,
    says: str,
) -> None:
    """Without the braces and brackets of a set, and without an escaped end of line."""
    engine = judge(Wrong(method, change), clause)
    messages = [str(record.message) for record in engine.scenarios if record.message]
    assert any(says in message for message in messages)
    marks = ("{", "[", "\\n", "'")
    assert [] == [one for one in messages if any(mark in one for mark in marks)]
