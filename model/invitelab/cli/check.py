"""`invitelab check`: the suite against one implementation, or several side by side."""

from pathlib import Path

import click

ARGV = "invitelab.argv"
LEVELS = ("required", "interpretation")
CLOCKS = ("auto", "virtual", "real", "system", "jump")


class CheckCommand(click.Command):
    """Takes the words behind `--` as a target's own command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep them apart before click looks for options in them."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[ARGV] = args[at + 1 :]
            args = args[:at]
        return super().parse_args(ctx, args)


@click.command(cls=CheckCommand, options_metavar="[OPTIONS]")
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option(
    "--clause", "clauses", multiple=True, metavar="ID", help="Only this clause."
)
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="TITLE", help="Only this one."
)
@click.option("--tags", default="", metavar="EXPR", help="Only '@ID or @ID', and so on.")
@click.option(
    "--level", type=click.Choice(LEVELS), help="Only clauses of this level."
)
@click.option("-k", "keyword", default="", metavar="EXPR", help="Only names that fit.")
@click.option(
    "--clock",
    type=click.Choice(CLOCKS),
    default="auto",
    show_default=True,
    help="How the target's time is driven.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Known failures, as TOML.",
)
@click.option("-x", "stop_early", is_flag=True, help="Stop at the first failure.")
@click.option(
    "--repeat",
    type=click.IntRange(1, 100),
    default=1,
    metavar="N",
    help="Run everything N times: does it always end alike?",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the run is stored.  [default: reports/check/TARGET]",
)
@click.option("-q", "--quiet", is_flag=True, help="Only the verdict.")
@click.pass_context
def check(
    ctx: click.Context,
    targets: tuple[str, ...],
    *,
    clauses: tuple[str, ...],
    scenarios: tuple[str, ...],
    tags: str,
    level: str | None,
    keyword: str,
    clock: str,
    baseline: Path | None,
    stop_early: bool,
    repeat: int,
    output: Path | None,
    quiet: bool,
) -> int:
    """Check implementations against the documentation.

    A TARGET is `reference`, `py:module:factory`, `cmd:'command line'`,
    `tcp://host:port` or `http://host:port/path`; or put one command behind `--`.
    Several targets give one report with all of them side by side.
    """
    from invitelab.adapters.clocks.base import ClockKind
    from invitelab.adapters.target import FORMS, Target
    from invitelab.cli.running import Checks, check_targets
    from invitelab.conformance.clauses import find
    from invitelab.conformance.lint import find_title
    from invitelab.conformance.runner import Order
    from invitelab.conformance.selection import Selection
    from invitelab.errors import UsageError
    from invitelab.records import Level

    named = [Target.parse(target) for target in targets]
    argv = ctx.meta.get(ARGV)
    if argv is not None:
        named.append(Target.from_argv(argv))
    if not named:
        msg = "a target is needed"
        raise UsageError(msg, hint=FORMS)
    selection = Selection(
        clauses=[find(clause.upper()).id for clause in clauses],
        scenarios=[find_title(title) for title in scenarios],
        tags=tags,
        level=Level(level) if level else None,
        keyword=keyword,
    )
    order = Order(
        selection=selection,
        clock=None if clock == "auto" else ClockKind(clock),
        baseline=baseline,
        stop_early=stop_early,
    )
    checks = Checks(targets=named, order=order, output=output, repeat=repeat)
    return check_targets(checks, quiet=quiet)
