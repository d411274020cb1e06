"""`machine.json`: what is written is read, and what contradicts itself is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from invitelab.errors import UsageError
from invitelab.formats.machine import FORMAT, Machine, read, written

SAMPLE = Path(__file__).parent / "samples" / "machine-format-1.json"


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the sample with a change."""
    document = json.loads(SAMPLE.read_text(encoding="utf-8"))
    change(document)
    path = folder / "machine.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_what_is_read_is_written_again() -> None:
    """Byte by byte as the sample of that format."""
    machine = read(SAMPLE)
    assert SAMPLE.read_text(encoding="utf-8") == written(machine)
    assert FORMAT == machine.format


def test_the_output_of_a_transition_is_one_line() -> None:
    """The answer first, then what is seen to change."""
    machine = read(SAMPLE)
    assert "nothing" == machine.transitions[1].output
    assert machine.transitions[0].output.startswith("ok; Ada: + invitation to Bob")


def _drop_transition(document: dict[str, Any]) -> None:
    del document["transitions"][0]


def _drop_state(document: dict[str, Any]) -> None:
    del document["states"][2]


def _renumber(document: dict[str, Any]) -> None:
    document["states"][0]["id"] = 7


def _twice(document: dict[str, Any]) -> None:
    document["transitions"][0] = document["transitions"][1]


def _unknown_input(document: dict[str, Any]) -> None:
    document["transitions"][0]["input"] = "sing"


def _two_answers(document: dict[str, Any]) -> None:
    document["status"] = "NONDETERMINISTIC"


def _claimed(document: dict[str, Any]) -> None:
    document["status"] = "INCOMPLETE"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_drop_transition, "a transition is missing"),
        (_drop_state, "a transition names a missing state or input"),
        (_renumber, "the states are not numbered from 0"),
        (_twice, "two transitions have the same state and input"),
        (_unknown_input, "a transition names a missing state or input"),
        (_two_answers, "two answers and the status contradict each other"),
        (_claimed, "a bound is claimed of an incomplete machine"),
    ],
)
def test_a_machine_that_contradicts_itself_is_damaged(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    """One sentence says how."""
    with pytest.raises(UsageError, match=f"is damaged: the document {says}"):
        read(changed(tmp_path, change))


def test_an_incomplete_machine_may_lack_transitions(tmp_path: Path) -> None:
    """It claims no bound then."""

    def change(document: dict[str, Any]) -> None:
        document.update(status="INCOMPLETE", bound=None, problem="interrupted")
        _drop_transition(document)

    assert isinstance(read(changed(tmp_path, change)), Machine)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (2, "was written by a newer invitelab"),
        (0, "its format is not a format number"),
        ("1", "its format is not a format number"),
    ],
)
def test_another_format_is_not_read(tmp_path: Path, number: object, says: str) -> None:
    """However well everything else fits."""

    def change(document: dict[str, Any]) -> None:
        document["format"] = number

    with pytest.raises(UsageError, match=says):
        read(changed(tmp_path, change))
