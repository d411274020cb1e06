"""`invitelab adapter`: write a first adapter, to be completed by its author."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import click

SKELETONS = Path(__file__).parent / "skeletons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """Adapter that ships for a language, and the program that runs it."""

    file: str
    program: str


LANGUAGES = {
    "python": Skeleton(file="adapter.py", program="python3"),
    "node": Skeleton(file="adapter.js", program="node"),
    "java": Skeleton(file="Adapter.java", program="java"),
}


@click.group()
def adapter() -> None:
    """Help write an adapter for an implementation."""


@adapter.command("new")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    help="Its programming language.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as FILE.  [default: adapter.py, adapter.js or Adapter.java]",
)
def new(file: Path | None, *, language: str | None, output: Path | None) -> None:
    """Write an adapter of at most 80 lines that can be checked at once.

    It speaks the adapter protocol, implements a part of the invitation by email, and
    declines everything else until you add your implementation. Files are never
    overwritten.
    """
    from invitelab.cli.support.new_file import named_once, write_new
    from invitelab.errors import UsageError

    if language is None:
        msg = "no language is given"
        raise UsageError(msg, hint=f"--language {', '.join(LANGUAGES)}")
    skeleton = LANGUAGES[language]
    path = named_once(file, output) or Path(skeleton.file)
    write_new(path, (SKELETONS / skeleton.file).read_bytes())
    target = f"cmd:{shlex.quote(shlex.join([skeleton.program, str(path)]))}"
    click.echo(f"wrote   {path}")
    click.echo(f"first   invitelab probe {target}")
    click.echo(f"then    invitelab check {target}")
