"""`invitelab check`: run the suite on one implementation, or on several."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from invitelab.cli.support.check_options import (
    LEARN_BUDGET,
    Options,
    check_options,
    use_profile,
)
from invitelab.cli.support.limits import limits_of
from invitelab.cli.support.output_format import format_option

if TYPE_CHECKING:
    from invitelab.adapters.target import Target
    from invitelab.cli.support.drafting import Draft
    from invitelab.conformance.features.selection import Selection
    from invitelab.conformance.isolation.run_options import RunOptions

ARGV = "invitelab.argv"
"""Key of the words behind `--` in the context of click."""

US_PER_MS = 1000
OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Nearly all that a check imports and reads stays until it ends."""


class CheckCommand(click.Command):
    """Command that takes the words behind `--` as the command line of a target."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set them aside before click parses options."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[ARGV] = args[at + 1 :]
            args = args[:at]
        return super().parse_args(ctx, args)


@click.command(cls=CheckCommand, options_metavar="[OPTIONS]")
@click.argument("targets", nargs=-1, metavar="TARGET...")
@check_options
@format_option
@click.pass_context
def check(
    ctx: click.Context, targets: tuple[str, ...], **options: Unpack[Options]
) -> int:
    """Check implementations against the specification.

    A TARGET is `reference`, `py:module:factory`, `cmd:'command line'`,
    `tcp://host:port` or `http://host:port/path`; or put one command behind `--`.
    Several targets get one report, side by side; NAME=TARGET names one there.
    """
    import gc

    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    from invitelab.cli.support.failed import narrowed
    from invitelab.cli.support.run_check import Checks, check_targets
    from invitelab.cli.support.watching import watching

    parsed = named(targets_of(targets, ctx.meta.get(ARGV)), options["name"])
    run_options = _run_options(parsed, options)
    checks = Checks(
        targets=parsed,
        options=run_options,
        output=options["output"],
        repeat=options["repeat"],
        draft=_draft(options, run_options),
        trace=options["trace"],
        learn=_learning(options),
    )

    def once() -> int:
        wanted = narrowed(checks) if options["failed"] else checks
        return 0 if wanted is None else check_targets(wanted, quiet=options["quiet"])

    return watching(options["watch"], checks, once) if options["watch"] else once()


def targets_of(texts: tuple[str, ...], argv: list[str] | None) -> "list[Target]":
    """The targets, at least one and each once. Raises UsageError."""
    from invitelab.adapters.target import FORMS, Target
    from invitelab.errors import UsageError

    targets = [Target.parse(text) for text in texts]
    if argv is not None:
        targets.append(Target.from_argv(argv))
    if not targets:
        msg = "no target is given"
        raise UsageError(msg, hint=FORMS)
    named = [target.text for target in targets]
    twice = {text for text in named if named.count(text) > 1}
    if twice:
        msg = f"{min(twice)} is named twice"
        raise UsageError(msg, hint="--repeat 2 runs a target twice")
    return targets


def named(targets: "list[Target]", name: str | None) -> "list[Target]":
    """The targets with their names, each once. Raises UsageError."""
    from invitelab.errors import UsageError

    if name is not None:
        if len(targets) > 1:
            msg = "--name is for one target, and several are given"
            raise UsageError(msg, hint=f"name each: {name}={targets[0].text} ...")
        targets = [targets[0].called(name)]
    slugs = [one.slug for one in targets]
    for one in targets:
        if slugs.count(one.slug) > 1:
            msg = f"two targets are called {one.name or one.slug}"
            raise UsageError(msg, hint="give each a name of its own")
    return targets


def _learning(options: Options) -> int | None:
    """How many scenarios may be begun to learn each target; None: it is not learned."""
    asked = options["learn_budget"]
    return LEARN_BUDGET if asked is None and options["learn"] else asked


def _draft(options: Options, run_options: "RunOptions") -> "Draft | None":
    """The known-failures file to write, if any. Raises UsageError."""
    from invitelab.cli.support.drafting import Draft
    from invitelab.errors import UsageError

    path, issue = options["draft"], options["issue"]
    if path is not None:
        known, whole = options["baseline"], run_options.whole
        return Draft.of(path, known=known, issue=issue, whole=whole)
    if issue:
        msg = "--issue is for the entries that --write-baseline writes"
        raise UsageError(msg, hint="--write-baseline known.toml writes them")
    return None


def _run_options(targets: "list[Target]", options: Options) -> "RunOptions":
    """The options of the run. Raises UsageError before anything is started."""
    from invitelab.adapters.clocks.kinds import ClockKind, fits
    from invitelab.conformance.execution.real_time import RealTime
    from invitelab.conformance.factors.depth import Depth
    from invitelab.conformance.features.clauses import find_all
    from invitelab.conformance.features.lint import find_title
    from invitelab.conformance.features.selection import Selection
    from invitelab.conformance.isolation.run_options import RunOptions
    from invitelab.errors import UsageError
    from invitelab.formats.run import Level

    baseline, level = options["baseline"], options["level"]
    profile = use_profile(options["profile"])
    features = _use_features(options["features"])
    clock = None if options["clock"] == "auto" else ClockKind(options["clock"])
    for target in targets:
        fits(clock, target)
    if (baseline or options["draft"]) and len(targets) > 1:
        msg = "a baseline belongs to one implementation, and several are named"
        raise UsageError(msg, hint="check each separately")
    selection = Selection(
        clauses=[one.id for name in options["clauses"] for one in find_all(name)],
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
        features=features,
        profile=profile,
        baseline=baseline.resolve() if baseline else None,
        max_fail=1 if options["stop_early"] else options["max_fail"],
        walks=_walks(options, whole=_is_whole(selection, options)),
        seed=parse_seed(options["seed"]),
        depth=Depth(options["depth"]) if options["depth"] else None,
        real_time=RealTime(
            jobs=options["jobs"],
            max_wait_ms=_max_wait_ms(options["max_wait"]),
            walks=options["walks"] is not None,
        ),
        limits=limits_of(options),
    )


def _is_whole(selection: "Selection", options: Options) -> bool:
    """Whether the whole suite is asked for, to its end."""
    stops = options["stop_early"] or options["max_fail"] is not None
    return selection.whole and not stops and not options["failed"]


def _use_features(path: Path | None) -> Path | None:
    """Add features of the user's own to the suite. Raises UsageError."""
    if path is None:
        return None
    from invitelab.conformance.features.own import use_own_features

    use_own_features(path)
    return path.resolve()


def _max_wait_ms(text: str | None) -> int | None:
    """The longest wait in milliseconds. Raises UsageError."""
    from invitelab.errors import UsageError
    from invitelab.inputs.units import parse_duration

    if text is None:
        return None
    hint = "--max-wait 15s leaves out what waits for more than 15 seconds"
    try:
        wait_us = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"the wait {error}", hint=hint) from error
    if wait_us < 0:
        raise UsageError(f"the wait {text} is negative", hint=hint)
    return wait_us // US_PER_MS


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

    from invitelab.conformance.known_failures.entries import LARGEST_SEED
    from invitelab.errors import UsageError
    from invitelab.inputs.validation import shown

    if text == "random":
        return secrets.randbelow(LARGEST_SEED + 1)
    if text.isascii() and text.isdigit() and int(text[:12]) <= LARGEST_SEED:
        return int(text)
    msg = f"{shown(text)} is no seed: that is a whole number from 0 to {LARGEST_SEED}"
    raise UsageError(msg, hint="--seed random draws one, and the report names it")
