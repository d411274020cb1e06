"""`invitelab scenarios`: list the scenarios that ship with invitelab."""

import click


@click.command()
@click.option("--path", is_flag=True, help="Print their folder.")
def scenarios(*, path: bool) -> None:
    """List the scenarios that ship with invitelab.

    Their names are arguments of `invitelab simulate` and `invitelab sweep`.
    """
    from invitelab.resources import scenario_files, scenarios_dir

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


def _title_and_summary(text: str) -> tuple[str, str]:
    """The title and the first sentence of the summary of a scenario file."""
    import re
    import tomllib

    document = tomllib.loads(text)
    first, *_ = re.split(r"(?<=\.)\s", str(document.get("summary", "")), maxsplit=1)
    return str(document["title"]), first
