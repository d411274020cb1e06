"""`invitelab serve`: the reference implementation as a process."""

import click


@click.command()
@click.option(
    "--stdio", is_flag=True, help="One JSON object per line, on stdin/stdout."
)
def serve(*, stdio: bool) -> None:
    """Serve the reference implementation: the template for adapter authors."""
    from invitelab.adapters.reference import create
    from invitelab.adapters.serve import serve_stdio
    from invitelab.errors import UsageError

    if not stdio:
        msg = "no transport was chosen"
        raise UsageError(msg, hint="invitelab serve --stdio")
    serve_stdio(create())
