"""`invitelab coverage`: the values that a run tries, without any target."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from invitelab.cli.check import parse_seed
from invitelab.cli.support.check_options import DEPTHS

if TYPE_CHECKING:
    from invitelab.conformance.factors.coverage import Coverage


@click.command()
@click.option(
    "--depth", type=click.Choice(DEPTHS), default="standard", show_default=True
)
@click.option("--seed", default="0", metavar="N|random", show_default=True)
@click.option("--decline", multiple=True, metavar="NAME", help="As of such a target.")
@click.option("--real", is_flag=True, help="As of a target with a real clock.")
def coverage(depth: str, seed: str, decline: tuple[str, ...], *, real: bool) -> None:
    """Show the factors, how often a run tries each value, and what it leaves out."""
    from invitelab.conformance.factors.coverage import coverage as covered
    from invitelab.conformance.factors.depth import Depth
    from invitelab.conformance.factors.run_plan import make_plan, without

    left_out = without({_capability(name) for name in decline}, virtual=not real)
    plan = make_plan(parse_seed(seed), Depth(depth), left_out)
    click.echo(f"depth {depth}, seed {plan.seed}")
    for line in _lines(covered(plan, left_out)):
        click.echo(line)


def _capability(name: str) -> str:
    """The name of a capability. Raises UsageError for another word."""
    from invitelab.adapters.handshake import Capability
    from invitelab.errors import UsageError
    from invitelab.inputs.validation import closest

    known = [capability.value for capability in Capability]
    if name not in known:
        msg = f"{name!r} is no capability"
        raise UsageError(msg, hint=closest(name, known))
    return name


def _lines(found: "Coverage") -> Iterator[str]:
    yield f"{found.scenarios:,} scenarios, run {found.runs:,} times"
    yield f"values   {found.values}"
    yield f"pairs    {found.pairs}"
    yield f"triples  {found.triples} of the core factors"
    yield f"clauses  {found.by_clause} values that can matter to a clause"
    yield ""
    for use in found.factors:
        yield use.name
        width = max(map(len, (*use.uses, *use.left_out)))
        yield from (f"  {name:{width}}  {n:5,}" for name, n in use.uses.items())
        yield from (f"  {name:{width}}  left out" for name in use.left_out)
    yield ""
    yield "pairs that occur the least"
    yield from (f"  {number:3}  {pair}" for pair, number in found.rare)
