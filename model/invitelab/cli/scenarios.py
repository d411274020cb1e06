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
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default=Path("scenario.toml"),
    show_default=True,
    help="File to write.",
)
def new(*, output: Path) -> None:
    """Write a load scenario with a comment for every part, to be changed.

    It can be simulated at once. Files are never overwritten.
    """
    import shlex

    from invitelab.cli.support.new_file import write_new

    write_new(output, SKELETON.read_bytes())
    file = shlex.quote(str(output))
    click.echo(f"wrote   {output}")
    click.echo(f"first   invitelab simulate {file} --dry-run")
    click.echo(f"then    invitelab simulate {file}")


def _title_and_summary(text: str) -> tuple[str, str]:
    """The title and the first sentence of the summary of a scenario file."""
    import re
    import tomllib

    document = tomllib.loads(text)
    first, *_ = re.split(r"(?<=\.)\s", str(document.get("summary", "")), maxsplit=1)
    return str(document["title"]), first
