"""`invitelab learn`: the state machine of an implementation, learned by asking it."""

from pathlib import Path
from typing import Unpack

import click

from invitelab.cli.check import ARGV, CheckCommand, named, parse_seed, targets_of
from invitelab.cli.support.check_options import profile_option, use_profile
from invitelab.cli.support.limits import Timeouts, limit_options, limits_of
from invitelab.cli.support.once_option import OnceOption
from invitelab.cli.support.options import output_option

CORE = "core"


@click.command(cls=CheckCommand, options_metavar="[OPTIONS]")
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option(
    "--alphabet",
    cls=OnceOption,
    metavar="NAME|FILE",
    default=CORE,
    show_default=True,
    help="What may happen: core, profiles, tiles, presence, email, two-invitations, "
    "or a file (TOML).",
)
@click.option(
    "--complete",
    type=click.IntRange(0),
    metavar="K",
    help="Ask until a machine of up to K states more could not be another one, and "
    "state the bound.",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    metavar="N",
    help="Begin at most N scenarios.  [default: as many as it takes]",
)
@profile_option
@click.option(
    "--seed",
    metavar="N",
    default="0",
    show_default=True,
    help="Seed of identities and of random questions.",
)
@click.option("--name", metavar="NAME", help="Name of the target in the report.")
@limit_options
@output_option("reports/learn/TARGET")
@click.option(
    "-q", "--quiet", is_flag=True, help="Print only differences and the outcome."
)
@click.pass_context
def learn(
    ctx: click.Context,
    targets: tuple[str, ...],
    *,
    alphabet: str,
    complete: int | None,
    budget: int | None,
    profile: Path | None,
    seed: str,
    name: str | None,
    output: Path | None,
    quiet: bool,
    **timeouts: Unpack[Timeouts],
) -> int:
    """Learn the state machine of implementations, and how they differ.

    Each is compared with the specification, with the reference and with the others. It
    needs a virtual clock. TARGET is as for `check`. A second run in the same folder
    goes on where the first was interrupted.
    """
    from invitelab.cli.support.run_learning import learn_targets
    from invitelab.learning.alphabet import find_alphabet
    from invitelab.learning.learning import Wish
    from invitelab.learning.session import Plan

    parsed = named(targets_of(targets, ctx.meta.get(ARGV)), name)
    use_profile(profile)
    plan = Plan(
        alphabet=find_alphabet(alphabet),
        wish=Wish(seed=parse_seed(seed), extra=complete),
        budget=budget,
        limits=limits_of(timeouts),
    )
    plan.check()
    return learn_targets(parsed, plan, output, quiet=quiet)
