"""`invitelab check`: the suite against one implementation."""

from pathlib import Path

import click

ARGV = "invitelab.argv"


class CheckCommand(click.Command):
    """Takes the words behind `--` as the target's own command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep them apart before click looks for options in them."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[ARGV] = args[at + 1 :]
            args = args[:at]
        return super().parse_args(ctx, args)


@click.command(cls=CheckCommand, options_metavar="[OPTIONS]")
@click.argument("target", required=False)
@click.option(
    "--clause", "clauses", multiple=True, metavar="ID", help="Only this clause."
)
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="TITLE", help="Only this one."
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
    target: str | None,
    *,
    clauses: tuple[str, ...],
    scenarios: tuple[str, ...],
    output: Path | None,
    quiet: bool,
) -> int:
    """Check an implementation against the documentation.

    TARGET is `reference`, `py:module:factory`, `cmd:'command line'`, or put the
    command behind `--`.
    """
    from invitelab.adapters.target import FORMS, Target
    from invitelab.cli.running import check_target
    from invitelab.conformance.clauses import find
    from invitelab.conformance.lint import find_title
    from invitelab.conformance.runner import Selection
    from invitelab.errors import UsageError

    argv = ctx.meta.get(ARGV)
    if (target is None) == (argv is None):
        msg = "exactly one target is needed"
        raise UsageError(msg, hint=FORMS)
    named = Target.parse(target) if target is not None else Target.from_argv(argv or [])
    selection = Selection(
        clauses=[find(clause.upper()).id for clause in clauses],
        scenarios=[find_title(title) for title in scenarios],
    )
    return check_target(named, selection, output, quiet=quiet)
