"""`invitelab schema`: print a JSON Schema of a published format."""

import click

OF_COMMANDS = ("check", "clauses", "compare", "prove", "simulate", "sweep")
NAMES = ("adapter", "run", "exchanges", "scenario", "results", *OF_COMMANDS)


@click.command()
@click.argument("what", type=click.Choice(NAMES), default="adapter", metavar="[FORMAT]")
def schema(what: str) -> None:
    """Print a JSON Schema of a published format.

    FORMAT is `adapter`, the adapter protocol (the default); `run` and
    `exchanges`, a line of run.jsonl and of exchanges.jsonl;
    `scenario`, a scenario file (TOML); `results`, results.json; or what a command
    prints with `--format json`: `check`, `clauses`, `compare`, `prove`, `simulate` or
    `sweep`.
    """
    import json

    click.echo(json.dumps(_document(what), indent=2))


def _document(what: str) -> object:
    match what:
        case "run":
            from invitelab.formats import run

            return run.schema()
        case "exchanges":
            from invitelab.formats import exchanges

            return exchanges.schema()
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
        case _ if what in OF_COMMANDS:
            from invitelab.formats import command_output

            return command_output.schema(what)
        case _:
            from invitelab.adapters import json_schema

            return json_schema.schema()
