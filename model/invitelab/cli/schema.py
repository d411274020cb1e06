"""`invitelab schema`: print a JSON Schema of a published format."""

import click

NAMES = ("adapter", "run", "scenario", "results")


@click.command()
@click.argument("what", type=click.Choice(NAMES), default="adapter")
def schema(what: str) -> None:
    """Print a JSON Schema of a published format.

    That is the adapter protocol (the default), a line of run.jsonl, a scenario file
    (TOML), or results.json.
    """
    import json

    click.echo(json.dumps(_document(what), indent=2))


def _document(what: str) -> object:
    match what:
        case "run":
            from invitelab.formats import run

            return run.schema()
        case "scenario":
            from invitelab.world.scenario import file

            return file.schema()
        case "results":
            from pydantic.json_schema import GenerateJsonSchema

            from invitelab.formats.results import Results

            return {
                "$schema": GenerateJsonSchema.schema_dialect,
                **Results.model_json_schema(mode="serialization"),
            }
        case _:
            from invitelab.adapters import json_schema

            return json_schema.schema()
