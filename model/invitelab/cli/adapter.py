"""`invitelab adapter`: a first adapter to put an implementation behind."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import click

SKELETONS = Path(__file__).parent / "skeletons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A language: the file that ships for it, and the program that runs such a file."""

    file: str
    program: str


LANGUAGES = {
    "python": Skeleton(file="adapter.py", program="python3"),
    "node": Skeleton(file="adapter.js", program="node"),
    "java": Skeleton(file="Adapter.java", program="java"),
}


@click.group()
def adapter() -> None:
    """Help the author of an adapter: make a first one."""


@adapter.command("new")
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    help="What it is to be written in.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where it is written.  [default: adapter.py, adapter.js or Adapter.java]",
)
def new(*, language: str | None, output: Path | None) -> None:
    """Write an adapter of at most 80 lines, which can be checked at once.

    It speaks the protocol, has the beginnings of an invitation by email, and declines
    all else, which your implementation will bring. No file is ever overwritten.
    """
    from invitelab.errors import UsageError

    if language is None:
        msg = "an adapter needs a language"
        raise UsageError(msg, hint=f"--language {', '.join(LANGUAGES)}")
    skeleton = LANGUAGES[language]
    path = output or Path(skeleton.file)
    _write(path, (SKELETONS / skeleton.file).read_bytes())
    target = f"cmd:{shlex.quote(shlex.join([skeleton.program, str(path)]))}"
    click.echo(f"wrote   {path}")
    click.echo(f"first   invitelab probe {target}")
    click.echo(f"then    invitelab check {target}")


def _write(path: Path, content: bytes) -> None:
    """Write a new file; UsageError where there is one, or no folder for it."""
    from invitelab.errors import UsageError

    hint = "--output FILE writes it elsewhere"
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except (FileExistsError, IsADirectoryError) as error:
        raise UsageError(f"{path} is there already", hint=hint) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"there is no folder {path.parent}", hint=hint) from error
