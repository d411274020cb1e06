"""`invitelab profile`: files that describe a variant of the product."""

from pathlib import Path

import click

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def profile() -> None:
    """Write and show variants of the product, for --profile."""


@profile.command()
@click.argument("file", type=FILE)
@click.option("--name", help="What verdicts call it.  [default: the file's name]")
def new(file: Path, name: str | None) -> None:
    """Write a FILE with every key explained. An existing one is kept."""
    from invitelab.errors import UsageError
    from invitelab.world.product import read_product
    from invitelab.world.product_template import template

    if file.exists():
        raise UsageError(f"{file} exists", hint="choose another name, or remove it")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", hint="make it first")
    called = file.stem.upper() if name is None else name
    if '"' in called or "\\" in called or not called.isprintable():
        raise UsageError(
            f"{called!r} is no name", hint="letters, digits, blanks and dashes are"
        )
    file.write_text(template(called), encoding="utf-8")
    read_product(file)
    click.echo(f"written: {file}\nnow:     invitelab check TARGET --profile {file}")


@profile.command()
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Print in what the product of a FILE differs from the specification's."""
    from invitelab.formats.specification import shipped_clauses
    from invitelab.world.product import SPECIFIED, read_product

    product = read_product(file)
    click.echo(product.name)
    lifetime = product.lifetime_text
    if product.lifetime_us == SPECIFIED.lifetime_us:
        click.echo(f"lifetime        {lifetime}, as specified")
    else:
        click.echo(f"lifetime        {lifetime} in place of {SPECIFIED.lifetime_text}")
    for clause, knob in product.otherwise_by_clause.items():
        click.echo(
            f"otherwise       {clause}: {shipped_clauses()[clause].text} ({knob})"
        )
    for one in product.profiles:
        click.echo(f"profile         {one.name}: {', '.join(one.permissions)}")
    for name, like in product.entry_points:
        click.echo(f"entry point     {name}, like {like}")
