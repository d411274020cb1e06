"""docs/reference.md promises what there is: options, exit codes and formats."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from invitelab.adapters.handshake import PROTOCOL_VERSION
from invitelab.cli import commands
from invitelab.conformance.pytest_plugin import options
from invitelab.errors import ExitCode
from invitelab.formats import machine, proof, results, run

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"
TEXT = PAGE.read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")


def rows(heading: str) -> Mapping[str, str]:
    """Give the rows of the first table below a heading, by their first cell."""
    (_, below) = TEXT.split(f"## {heading}\n", 1)
    table = below[below.index("|") :].split("\n\n", 1)[0]
    cells = [
        line.strip("|").split("|", 1) for line in table.splitlines() if "|" in line
    ]
    return {first.strip(): rest.strip() for first, rest in cells[2:]}


def every_command(
    group: click.Group, prefix: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """Give each command's name and the long names of its options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{prefix}{name} ")
            if not command.invoke_without_command:
                continue
        found = [
            one.opts[-1] for one in command.params if isinstance(one, click.Option)
        ]
        yield f"{prefix}{name}", found


def test_every_option_is_promised() -> None:
    """Neither more nor fewer than the commands have."""
    listed = {
        CODE.findall(name)[0]: CODE.findall(found)
        for name, found in rows("Commands and options").items()
    }
    assert dict(every_command(commands)) == listed


def test_every_exit_code_is_promised() -> None:
    """One row for each."""
    assert [str(code.value) for code in ExitCode] == list(rows("Exit codes"))


def test_every_format_is_promised() -> None:
    """The numbers are those that are written."""
    found = rows("Files on disk")
    numbers = {name: row.split("|")[1].strip() for name, row in found.items()}
    assert str(run.FORMAT) == numbers["`run.jsonl`"]
    assert str(results.RESULTS_FORMAT) == numbers["`results.json`"]
    assert str(results.RESULTS_FORMAT) == numbers["`sweep.json`, `comparison.json`"]
    assert str(proof.FORMAT) == numbers["`proof.json`"]
    assert str(machine.FORMAT) == numbers["`machine.json`"]
    assert f"version {PROTOCOL_VERSION};" in TEXT


def test_every_option_of_the_plugin_is_promised() -> None:
    """As they are in a user's call of pytest."""
    source = Path(options.__file__).read_text(encoding="utf-8")
    known = re.findall(r'addoption\(\s*"(--[a-z-]+)"', source)
    part = TEXT.split("### The plugin's options\n", 1)[1].split("\n## ", 1)[0]
    listed, _ = part.split(" mean what", 1)
    assert sorted(known) == sorted(CODE.findall(listed))
