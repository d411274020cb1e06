"""`invitelab check`: the suite against one implementation, or several side by side."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

if TYPE_CHECKING:
    from invitelab.adapters.target import Target
    from invitelab.cli.support.drafting import Draft
    from invitelab.conformance.isolation.run_options import RunOptions

Command = TypeVar("Command", bound=Callable[..., Any])

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


class Options(TypedDict):
    """What the command line has said, but for the targets."""

    clauses: tuple[str, ...]
    scenarios: tuple[str, ...]
    tags: str
    level: str | None
    keyword: str
    clock: str
    baseline: Path | None
    draft: Path | None
    issue: str
    stop_early: bool
    repeat: int
    walks: int
    seed: int | None
    output: Path | None
    quiet: bool


FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)

clock_option = click.option(
    "--clock",
    type=click.Choice(CLOCKS),
    default="auto",
    show_default=True,
    help="How the target's time is driven.",
)


_OPTIONS = (
    click.option(
        "--clause", "clauses", multiple=True, metavar="ID", help="Only this clause."
    ),
    click.option(
        "--scenario",
        "scenarios",
        multiple=True,
        metavar="TITLE",
        help="Only this scenario.",
    ),
    click.option("--tags", default="", metavar="EXPR", help="Only '@ID or @ID', say."),
    click.option(
        "--level", type=click.Choice(LEVELS), help="Only clauses of this level."
    ),
    click.option(
        "-k",
        "keyword",
        default="",
        metavar="EXPR",
        help="Only scenarios whose name fits.",
    ),
    clock_option,
    click.option("--baseline", type=FILE, help="Known failures, as TOML."),
    click.option(
        "--write-baseline",
        "draft",
        type=FILE,
        help="Write what fails as a baseline.",
    ),
    click.option(
        "--issue", default="", metavar="LINK", help="Where that is worked on."
    ),
    click.option("-x", "stop_early", is_flag=True, help="Stop at the first failure."),
    click.option(
        "--repeat",
        type=click.IntRange(1, 100),
        default=1,
        metavar="N",
        help="Run everything N times: does it always end alike?",
    ),
    click.option(
        "--walks",
        type=click.IntRange(0, 100_000),
        default=0,
        metavar="N",
        help="Then N random walks over its operations.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        metavar="S",
        help="Where the walks begin.  [default: 0]",
    ),
    click.option(
        "--output",
        type=FOLDER,
        help="Where the run is stored.  [default: reports/check/TARGET]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Only the verdict."),
)


def check_options(command: Command) -> Command:
    """Add every option of `check` to a command."""
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command


@click.command(cls=CheckCommand, options_metavar="[OPTIONS]")
@click.argument("targets", nargs=-1, metavar="TARGET...")
@check_options
@click.pass_context
def check(
    ctx: click.Context, targets: tuple[str, ...], **options: Unpack[Options]
) -> int:
    """Check implementations against the documentation.

    A TARGET is `reference`, `py:module:factory`, `cmd:'command line'`,
    `tcp://host:port` or `http://host:port/path`; or put one command behind `--`.
    Several targets give one report with all of them side by side.
    """
    from invitelab.cli.support.run_check import Checks, check_targets

    named = _targets(targets, ctx.meta.get(ARGV))
    order = _order(named, options)
    checks = Checks(
        targets=named,
        order=order,
        output=options["output"],
        repeat=options["repeat"],
        draft=_draft(options, order),
    )
    return check_targets(checks, quiet=options["quiet"])


def _targets(texts: tuple[str, ...], argv: list[str] | None) -> "list[Target]":
    """What is to be checked. Raises UsageError."""
    from invitelab.adapters.target import FORMS, Target
    from invitelab.errors import UsageError

    named = [Target.parse(text) for text in texts]
    if argv is not None:
        named.append(Target.from_argv(argv))
    if not named:
        msg = "a target is needed"
        raise UsageError(msg, hint=FORMS)
    twice = {target.text for target in named if named.count(target) > 1}
    if twice:
        msg = f"{min(twice)} is named twice"
        raise UsageError(msg, hint="--repeat 2 runs a target twice")
    return named


def _draft(options: Options, order: "RunOptions") -> "Draft | None":
    """Where to write what fails, and what is kept. Raises UsageError."""
    from invitelab.cli.support.drafting import Draft
    from invitelab.errors import UsageError

    path, issue = options["draft"], options["issue"]
    if path is not None:
        whole = order.selection.whole and not order.stop_early
        return Draft.of(path, known=options["baseline"], issue=issue, whole=whole)
    if issue:
        msg = "--issue is for the entries that --write-baseline writes"
        raise UsageError(msg, hint="--write-baseline known.toml writes them")
    return None


def _order(named: "list[Target]", options: Options) -> "RunOptions":
    """What is to be run on them. Raises UsageError before anything is started."""
    from invitelab.adapters.clocks.base import ClockKind
    from invitelab.adapters.clocks.choice import fits
    from invitelab.conformance.features.clauses import find
    from invitelab.conformance.features.lint import find_title
    from invitelab.conformance.features.selection import Selection
    from invitelab.conformance.isolation.run_options import RunOptions
    from invitelab.errors import UsageError
    from invitelab.formats.run import Level

    baseline, level = options["baseline"], options["level"]
    clock = None if options["clock"] == "auto" else ClockKind(options["clock"])
    for target in named:
        fits(clock, target)
    if (baseline or options["draft"]) and len(named) > 1:
        msg = "a baseline is of one implementation, and several are named"
        raise UsageError(msg, hint="check each by itself")
    selection = Selection(
        clauses=[find(clause.upper()).id for clause in options["clauses"]],
        scenarios=[find_title(title) for title in options["scenarios"]],
        tags=options["tags"],
        level=Level(level) if level else None,
        keyword=options["keyword"],
    )
    if options["seed"] is not None and not options["walks"]:
        msg = "a seed is where random walks begin, and none are asked for"
        raise UsageError(msg, hint="--walks 200 goes two hundred")
    if baseline is not None:  # its mistakes are told before anything runs
        from invitelab.cli.support.drafting import warn_of_no_issue
        from invitelab.conformance.known_failures.file import read

        warn_of_no_issue(baseline, read(baseline))
    return RunOptions(
        selection=selection,
        clock=clock,
        baseline=baseline.resolve() if baseline else None,
        stop_early=options["stop_early"],
        walks=options["walks"],
        seed=options["seed"] or 0,
    )
