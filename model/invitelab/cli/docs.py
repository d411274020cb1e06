"""`invitelab docs`: the pages that come with invitelab."""

import click

from invitelab.cli.support.completion import complete_pages


@click.command()
@click.argument("page", required=False, shell_complete=complete_pages)
def docs(page: str | None) -> None:
    """Show a page of the documentation; without one, list them.

    On a terminal the page is laid out; elsewhere it is printed as it is, in Markdown.
    """
    from rich.markdown import Markdown
    from rich.table import Table
    from rich.text import Text

    from invitelab.cli.support.doc_pages import find_page, pages
    from invitelab.reporting.conformance.terminal import report_console

    console = report_console()
    if page is not None:
        text = find_page(page).path.read_text(encoding="utf-8")
        if console.is_terminal:
            console.print(Markdown(text))
        else:
            console.out(text, end="", highlight=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("page", no_wrap=True)
    table.add_column("title")
    for one in pages():
        table.add_row(one.name, Text(one.title))
    console.print(table)
