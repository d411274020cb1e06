"""The options of `invitelab check`; those that other commands share have names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from invitelab.cli.support.completion import complete_clauses, complete_titles
from invitelab.cli.support.limits import Timeouts, limit_options
from invitelab.cli.support.once_option import OnceOption
from invitelab.cli.support.settings import LINES

Command = TypeVar("Command", bound=Callable[..., Any])

LEARN_BUDGET = 3000
"""Scenarios: the core alphabet of the reference takes a quarter of it."""

LEVELS = ("required", "interpretation")
DEPTHS = ("quick", "standard", "deep")
CLOCKS = ("auto", "virtual", "real", "system", "jump")


class Options(Timeouts):
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
    max_fail: int | None
    failed: bool
    watch: tuple[Path, ...]
    repeat: int
    walks: int | None
    learn: bool
    learn_budget: int | None
    seed: str
    depth: str | None
    features: Path | None
    profile: Path | None
    jobs: int | None
    max_wait: str | None
    name: str | None
    trace: bool
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

features_option = click.option(
    "--features",
    cls=OnceOption,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Folder, or file, of features of your own, to add to the suite.",
)

profile_option = click.option(
    "--profile",
    cls=OnceOption,
    type=FILE,
    help="Variant of the product (TOML): another lifetime, other interpretations.",
)


_OPTIONS = (
    click.option(
        "--clause",
        "clauses",
        multiple=True,
        metavar="ID",
        shell_complete=complete_clauses,
        help="Run only this clause, or all of an area such as EXPIRY; repeatable.",
    ),
    click.option(
        "--scenario",
        "scenarios",
        multiple=True,
        type=LINES,
        metavar="TITLE",
        shell_complete=complete_titles,
        help="Run only this scenario; repeatable.",
    ),
    features_option,
    profile_option,
    click.option(
        "--tags",
        cls=OnceOption,
        default="",
        metavar="EXPR",
        help="Run only scenarios with these tags, such as '@ID or @ID'.",
    ),
    click.option(
        "--level",
        cls=OnceOption,
        type=click.Choice(LEVELS),
        help="Run only clauses of this level.",
    ),
    click.option(
        "-k",
        "keyword",
        cls=OnceOption,
        default="",
        metavar="EXPR",
        help="Run only scenarios whose name matches.",
    ),
    clock_option,
    click.option(
        "--baseline",
        cls=OnceOption,
        type=FILE,
        help="File of known failures (TOML).",
    ),
    click.option(
        "--write-baseline",
        "draft",
        type=FILE,
        help="Write the failures as a file of known failures.",
    ),
    click.option("--issue", default="", metavar="LINK", help="Issue of these entries."),
    click.option("-x", "stop_early", is_flag=True, help="Stop at the first failure."),
    click.option(
        "--max-fail",
        type=click.IntRange(1, 10_000),
        metavar="N",
        help="Stop after N failures; -x is --max-fail 1.",
    ),
    click.option(
        "--failed",
        is_flag=True,
        help="Run only what failed in the last runs of this target.",
    ),
    click.option(
        "--watch",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        metavar="PATH",
        help="Run again whenever a file there changes, until Ctrl-C; repeatable.",
    ),
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
        help="Then run N random walks over its operations, in real time short ones.  "
        "[default: 50 with the whole suite, in virtual time]",
    ),
    click.option(
        "--learn",
        is_flag=True,
        help="Then learn its state machine over the core alphabet, and show states "
        "and bound beside the verdict.",
    ),
    click.option(
        "--learn-budget",
        type=click.IntRange(1),
        metavar="N",
        help=f"Begin at most N scenarios to learn it.  [default: {LEARN_BUDGET}]",
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
        "--jobs",
        type=click.IntRange(1, 10_000),
        metavar="N",
        help="In real time, open N scenarios at once at most.  [default: all]",
    ),
    click.option(
        "--max-wait",
        metavar="TIME",
        help="In real time, leave out scenarios that wait longer, such as 15s.",
    ),
    limit_options,
    click.option(
        "--name",
        metavar="NAME",
        help="What to call the target in reports; of several, NAME=TARGET.",
    ),
    click.option(
        "--trace",
        is_flag=True,
        help="Print the very bytes that were exchanged in each failure.",
    ),
    click.option(
        "--output",
        type=FOLDER,
        help="Folder of the report.  [default: a new one in reports/check/TARGET]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print only the verdict."),
)


def check_options(command: Command) -> Command:
    """Add every option of `check` to a command."""
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command


def use_profile(path: Path | None) -> Path | None:
    """Judge by, or simulate, the product of a file. Raises UsageError."""
    if path is None:
        return None
    from invitelab.world.product import read_product, use_product

    use_product(read_product(path))
    return path.resolve()
