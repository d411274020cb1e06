"""`invitelab schema`: the published JSON Schemas."""

import click


@click.command()
@click.argument("what", type=click.Choice(["adapter", "run"]), default="adapter")
def schema(what: str) -> None:
    """Print a JSON Schema: of the adapter protocol, or of a line of run.jsonl."""
    import json

    from invitelab import records
    from invitelab.adapters import published

    document = published.schema() if what == "adapter" else records.schema()
    click.echo(json.dumps(document, indent=2))
