"""`invitelab check`: run the suite on one implementation, or on several."""

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
"""Key of the words behind `--` in the context of click."""

LEVELS = ("required", "interpretation")
DEPTHS = ("quick", "standard", "deep")
CLOCKS = ("auto", "virtual", "real", "system", "jump")


class CheckCommand(click.Command):
    """Command that takes the words behind `--` as the command line of a target."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set them aside before click parses options."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[ARGV] = args[at + 1 :]
            args = args[:at]
        return super().parse_args(ctx, args)


class Options(TypedDict):
    """Options of the command line."""

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
    walks: int | None
    seed: str
    depth: str | None
    output: Path | None
    quiet: bool


FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)

clock_option = click.option(
    "--clock",
    type=click.Choice(CLOCKS),
    default="auto",
    show_default=True,
    help="How the clock of the target is driven.",
)


_OPTIONS = (
    click.option(
        "--clause",
        "clauses",
        multiple=True,
        metavar="ID",
        help="Run only this clause; repeatable.",
    ),
    click.option(
        "--scenario",
        "scenarios",
        multiple=True,
        metavar="TITLE",
        help="Run only this scenario; repeatable.",
    ),
    click.option(
        "--tags",
        default="",
        metavar="EXPR",
        help="Run only scenarios with these tags, such as '@ID or @ID'.",
    ),
    click.option(
        "--level", type=click.Choice(LEVELS), help="Run only clauses of this level."
    ),
    click.option(
        "-k",
        "keyword",
        default="",
        metavar="EXPR",
        help="Run only scenarios whose name matches.",
    ),
    clock_option,
    click.option("--baseline", type=FILE, help="File of known failures (TOML)."),
    click.option(
        "--write-baseline",
        "draft",
        type=FILE,
        help="Write the failures as a file of known failures.",
    ),
    click.option("--issue", default="", metavar="LINK", help="Issue of these entries."),
    click.option("-x", "stop_early", is_flag=True, help="Stop at the first failure."),
    click.option(
        "--repeat",
        type=click.IntRange(1, 100),
        default=1,
        metavar="N",
        help="Run everything N times, and report what differs.",
    ),
    click.option(
        "--walks",
        type=click.IntRange(0, 100_000),
        metavar="N",
        help="Then run N random walks over its operations.  [default: 50 with the "
        "whole suite, in virtual time]",
    ),
    click.option(
        "--seed",
        default="0",
        metavar="N|random",
        show_default=True,
        help="Seed of all that is drawn: identities, values, order and walks.",
    ),
    click.option(
        "--depth",
        type=click.Choice(DEPTHS),
        help="How much of the values is tried.  [default: standard, or quick in real "
        "time]",
    ),
    click.option(
        "--output",
        type=FOLDER,
        help="Folder of the report.  [default: reports/check/TARGET]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print only the verdict."),
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
    """Check implementations against the specification.

    A TARGET is `reference`, `py:module:factory`, `cmd:'command line'`,
    `tcp://host:port` or `http://host:port/path`; or put one command behind `--`.
    Several targets get one report, side by side.
    """
    from invitelab.cli.support.run_check import Checks, check_targets

    parsed = _targets(targets, ctx.meta.get(ARGV))
    run_options = _run_options(parsed, options)
    checks = Checks(
        targets=parsed,
        options=run_options,
        output=options["output"],
        repeat=options["repeat"],
        draft=_draft(options, run_options),
    )
    return check_targets(checks, quiet=options["quiet"])


def _targets(texts: tuple[str, ...], argv: list[str] | None) -> "list[Target]":
    """The targets, at least one and each once. Raises UsageError."""
    from invitelab.adapters.target import FORMS, Target
    from invitelab.errors import UsageError

    targets = [Target.parse(text) for text in texts]
    if argv is not None:
        targets.append(Target.from_argv(argv))
    if not targets:
        msg = "no target is given"
        raise UsageError(msg, hint=FORMS)
    twice = {target.text for target in targets if targets.count(target) > 1}
    if twice:
        msg = f"{min(twice)} is named twice"
        raise UsageError(msg, hint="--repeat 2 runs a target twice")
    return targets


def _draft(options: Options, run_options: "RunOptions") -> "Draft | None":
    """The known-failures file to write, if any. Raises UsageError."""
    from invitelab.cli.support.drafting import Draft
    from invitelab.errors import UsageError

    path, issue = options["draft"], options["issue"]
    if path is not None:
        whole = run_options.selection.whole and not run_options.stop_early
        return Draft.of(path, known=options["baseline"], issue=issue, whole=whole)
    if issue:
        msg = "--issue is for the entries that --write-baseline writes"
        raise UsageError(msg, hint="--write-baseline known.toml writes them")
    return None


def _run_options(targets: "list[Target]", options: Options) -> "RunOptions":
    """The options of the run. Raises UsageError before anything is started."""
    from invitelab.adapters.clocks.base import ClockKind
    from invitelab.adapters.clocks.choice import fits
    from invitelab.conformance.factors.plan import Depth
    from invitelab.conformance.features.clauses import find
    from invitelab.conformance.features.lint import find_title
    from invitelab.conformance.features.selection import Selection
    from invitelab.conformance.isolation.run_options import RunOptions
    from invitelab.errors import UsageError
    from invitelab.formats.run import Level

    baseline, level = options["baseline"], options["level"]
    clock = None if options["clock"] == "auto" else ClockKind(options["clock"])
    for target in targets:
        fits(clock, target)
    if (baseline or options["draft"]) and len(targets) > 1:
        msg = "a baseline belongs to one implementation, and several are named"
        raise UsageError(msg, hint="check each separately")
    selection = Selection(
        clauses=[find(clause.upper()).id for clause in options["clauses"]],
        scenarios=[find_title(title) for title in options["scenarios"]],
        tags=options["tags"],
        level=Level(level) if level else None,
        keyword=options["keyword"],
    )
    if baseline is not None:  # report its mistakes before anything is run
        from invitelab.cli.support.drafting import warn_of_no_issue
        from invitelab.conformance.known_failures.file import read

        warn_of_no_issue(baseline, read(baseline))
    return RunOptions(
        selection=selection,
        clock=clock,
        baseline=baseline.resolve() if baseline else None,
        stop_early=options["stop_early"],
        walks=_walks(options, whole=selection.whole and not options["stop_early"]),
        seed=parse_seed(options["seed"]),
        depth=Depth(options["depth"]) if options["depth"] else None,
    )


def _walks(options: Options, *, whole: bool) -> int:
    """The number of walks: a part of the suite is tried without them."""
    from invitelab.conformance.isolation.run_options import DEFAULT_WALKS

    asked = options["walks"]
    if asked is not None:
        return asked
    return DEFAULT_WALKS if whole and options["clock"] != "real" else 0


def parse_seed(text: str) -> int:
    """The seed that was asked for. Raises UsageError."""
    import secrets

    from invitelab.conformance.known_failures.file import LARGEST_SEED
    from invitelab.errors import UsageError
    from invitelab.inputs.validation import shown

    if text == "random":
        return secrets.randbelow(LARGEST_SEED + 1)
    if text.isascii() and text.isdigit() and int(text[:12]) <= LARGEST_SEED:
        return int(text)
    msg = f"{shown(text)} is no seed: that is a whole number from 0 to {LARGEST_SEED}"
    raise UsageError(msg, hint="--seed random draws one, and the report names it")
