"""`invitelab schema`: the published JSON Schemas."""

import click

NAMES = ("adapter", "run", "scenario", "results")


@click.command()
@click.argument("what", type=click.Choice(NAMES), default="adapter")
def schema(what: str) -> None:
    """Print a JSON Schema.

    Of the adapter protocol (the default), of a line of run.jsonl, of a scenario as it
    is written in TOML, or of results.json.
    """
    import json

    click.echo(json.dumps(_document(what), indent=2))


def _document(what: str) -> object:
    match what:
        case "run":
            from invitelab.formats import run as records

            return records.schema()
        case "scenario":
            from invitelab.world.scenario import file

            return file.schema()
        case "results":
            from invitelab.cli.support import stored

            return stored.schema()
        case _:
            from invitelab.adapters import json_schema

            return json_schema.schema()
