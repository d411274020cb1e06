"""`invitelab scenarios`: list the scenarios that ship, or write one to start from."""

from pathlib import Path

import click

SKELETON = Path(__file__).parent / "skeletons" / "scenario.toml"


@click.group(invoke_without_command=True, options_metavar="[OPTIONS]")
@click.option("--path", is_flag=True, help="Print their folder.")
@click.pass_context
def scenarios(ctx: click.Context, *, path: bool) -> None:
    """List the scenarios that ship with invitelab.

    Their names are arguments of `invitelab simulate` and `invitelab sweep`.
    """
    from invitelab.resources import scenario_files, scenarios_dir

    if ctx.invoked_subcommand is not None:
        return
    if path:
        click.echo(scenarios_dir())
        return
    from rich.table import Table
    from rich.text import Text

    from invitelab.reporting.conformance.terminal import report_console

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("scenario", no_wrap=True)
    table.add_column("title", no_wrap=True)
    table.add_column("summary")
    for file in scenario_files():
        title, summary = _title_and_summary(file.read_text(encoding="utf-8"))
        table.add_row(file.stem, Text(title), Text(summary))
    report_console().print(table)


@scenarios.command("new")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as FILE.  [default: scenario.toml]",
)
def new(file: Path | None, *, output: Path | None) -> None:
    """Write a load scenario with a comment for every part, to be changed.

    FILE is scenario.toml unless it is given. It can be simulated at once. Files are
    never overwritten.
    """
    import shlex

    from invitelab.cli.support.new_file import named_once, write_new

    path = named_once(file, output) or Path("scenario.toml")
    write_new(path, SKELETON.read_bytes())
    quoted = shlex.quote(str(path))
    click.echo(f"wrote   {path}")
    click.echo(f"first   invitelab simulate {quoted} --dry-run")
    click.echo(f"then    invitelab simulate {quoted}")


def _title_and_summary(text: str) -> tuple[str, str]:
    """The title and the first sentence of the summary of a scenario file."""
    import re
    import tomllib

    document = tomllib.loads(text)
    first, *_ = re.split(r"(?<=\.)\s", str(document.get("summary", "")), maxsplit=1)
    return str(document["title"]), first
