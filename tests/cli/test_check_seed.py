"""`invitelab check --seed`: the same seed writes the same bytes, another one others."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from invitelab.errors import ExitCode
from invitelab.formats.run import Run, ScenarioRecord, Verdict, read

ACME = '''\
"""An implementation that loses notifications between two new clients."""

from invitelab.adapters.reference.adapter import Reference


class Acme(Reference):
    """Shows nothing where two clients have version 9 or later."""

    def __init__(self):
        super().__init__()
        self.blind = set()

    def request(self, method, params):
        if method == "scenario.begin":
            majors = [int(one["version"].split(".")[0]) for one in params["clients"]]
            if sum(major >= 9 for major in majors) > 1:
                self.blind.add(params["scenario"])
        answer = super().request(method, params)
        if method == "client.view" and params["scenario"] in self.blind:
            answer["notifications"] = []
        return answer
'''
CLAUSES = ("NOTIFY-1", "ANSWER-1")


@dataclass(frozen=True, slots=True)
class Checked:
    """A run as it was stored, and what was printed of it."""

    content: bytes
    run: Run
    stdout: str


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Checked]:
    """Check with seed 3 twice and with seed 4, each with other hashes."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "acme.py").write_text(ACME, encoding="utf-8")
    return [check(folder, seed, hashes) for hashes, seed in ((1, 3), (2, 3), (3, 4))]


def check(folder: Path, seed: int, hashes: int) -> Checked:
    """Check in a process of its own."""
    output = folder / str(hashes)
    words = ["check", "py:acme:Acme", "--seed", str(seed), "--output", str(output)]
    for clause in CLAUSES:
        words += ["--clause", clause]
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, "-m", "invitelab", *words],
        cwd=folder,
        env=os.environ | {"PYTHONHASHSEED": str(hashes), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ExitCode.NON_CONFORMANT == result.returncode, result.stderr
    content = (output / "run.jsonl").read_bytes()
    return Checked(content, read(output / "run.jsonl"), result.stdout)


def failed(run: Run) -> list[ScenarioRecord]:
    """Give the scenarios that fail."""
    return [one for one in run.scenarios if one.verdict is Verdict.FAIL]


def test_the_same_seed_writes_the_same_bytes(checks: Sequence[Checked]) -> None:
    """Whatever the hashes of the process are, though failures were looked into."""
    one, same, _ = checks
    needed = [record.needed for record in failed(one.run)]
    assert [2, 2] == [len(some) for some in needed][:2]
    assert one.content == same.content


def test_another_seed_writes_others_and_ends_alike(checks: Sequence[Checked]) -> None:
    """With other people, tokens, rows and orders."""
    one, _, other = checks
    assert one.content != other.content
    assert one.run.footer is not None
    assert other.run.footer is not None
    assert one.run.footer.verdict is other.run.footer.verdict
    casts = [
        {told for s in c.run.scenarios for told in s.cast.values()} for c in checks
    ]
    assert casts[0] == casts[1]
    assert casts[0].isdisjoint(casts[2])


def test_scenarios_are_stored_in_the_order_of_the_run(
    checks: Sequence[Checked],
) -> None:
    """Each seed has an order of its own; those who read it sort it."""
    orders = [
        [
            line["place"]
            for line in map(json.loads, one.content.decode().splitlines())
            if line["record"] == "scenario" and not line["besides"]
        ]
        for one in checks
    ]
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == sorted(orders[2])
    assert 3 == len(
        {tuple(order) for order in (orders[0], orders[2], sorted(orders[0]))}
    )


def test_a_failure_names_the_values_that_it_needs(checks: Sequence[Checked]) -> None:
    """Here a version of each side."""
    for one in checks:
        for record in failed(one.run):
            assert ["inviter's version", "recipient's version"] == [
                name.partition(":")[0] for name in record.needed
            ]


def test_the_seed_is_printed_wherever_it_is_needed(checks: Sequence[Checked]) -> None:
    """With the suite, with the verdict, and to repeat a failure."""
    for one, seed in zip(checks, (3, 3, 4), strict=True):
        lines = one.stdout.splitlines()
        assert lines[1].endswith(f", depth standard, seed {seed}")
        assert lines[-1].endswith(f", seed {seed}")
        repeats = [line for line in lines if line.startswith("  repro")]
        assert repeats
        assert all(line.endswith(f" --seed {seed}") for line in repeats)
