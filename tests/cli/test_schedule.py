"""`invitelab schedule`: tables on stdout that other tools read."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode
from invitelab.world.load.schedule import PlannedAttempt, PlannedClient, Schedule
from invitelab.world.scenario.file import loads

Printed = Callable[..., list[dict[str, str]]]
CLOSED = (
    'arrivals={kind="closed", helpers=2, pause={distribution="constant", value="1s"}}'
)


@pytest.fixture
def printed(tmp_path: Path, tiny: str, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Give a function that prints the schedule of the tiny scenario, as rows."""
    path = tmp_path / "tiny.toml"
    path.write_text(tiny, encoding="utf-8")

    def run(*words: str) -> list[dict[str, str]]:
        assert 0 == main(["schedule", str(path), *words])
        return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    return run


def test_every_attempt_is_a_row(printed: Printed, tiny: str) -> None:
    """With an empty cell for what is not done."""
    rows = printed()
    whole = list(Schedule(loads(tiny).scenario).attempts())
    assert list(PlannedAttempt._fields) == list(rows[0])
    assert len(whole) == len(rows) > 30
    for row, one in zip(rows, whole, strict=True):
        assert str(one.at_us) == row["at_us"]
        assert (one.inviter, one.recipient) == (row["inviter"], row["recipient"])
        assert (one.answer == "none") is (row["think_us"] == "")
        assert {True: "yes", False: "no"}[one.email] == row["email"]


def test_the_clients_are_a_table_of_their_own(printed: Printed) -> None:
    """Everybody who is named in the other is in it."""
    clients = printed("--clients")
    assert list(PlannedClient._fields) == list(clients[0])
    known = {row["id"] for row in clients}
    assert 20 == len(known)
    named = {row[who] for row in printed() for who in ("inviter", "recipient")}
    assert named <= known


def test_options_choose_seed_replication_and_values(printed: Printed) -> None:
    """Each gives another schedule; the same options give the same one."""
    found = [
        [row["at_us"] for row in printed(*words)]
        for words in (
            [],
            ["--seed", "3"],
            ["--seed", "4"],
            ["--replication", "1"],
            ["--set", "arrivals.rate=5/s"],
            ["--scale", "2"],
        )
    ]
    assert found[0] == found[1]
    assert 5 == len({tuple(one) for one in found})


def test_a_schedule_that_cannot_be_made_prints_nothing(
    tmp_path: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """But a sentence and a hint on stderr."""
    path = tmp_path / "tiny.toml"
    path.write_text(tiny, encoding="utf-8")

    assert ExitCode.USAGE == main(["schedule", str(path), "--set", CLOSED])
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith("invitelab: a closed loop has no schedule: ")
    assert 2 == len(err.splitlines())
