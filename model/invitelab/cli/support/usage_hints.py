"""Hints for a wrong command line: what a habit of another tool is called here."""

from collections.abc import Mapping, Sequence

import click
from click.core import ParameterSource

from invitelab.cli.support.settings import variable_of

HELP = "try --help"

_VIEWS = "the folder of the report always has report.html, report.md and junit.xml"
_ALL = "everything is printed, unless --quiet is given; report.html has more"
_COLOURS = "colours are for terminals alone; NO_COLOR=1 turns them off, FORCE_COLOR on"

HABITS: Mapping[tuple[str, ...], Sequence[tuple[str, str]]] = {
    ("--lf", "--last-failed", "--ff", "--failed-first", "--only-failures"): (
        ("--failed", "--failed runs again what failed last time"),
        (
            "--scenario",
            "--scenario TITLE runs one again: the command behind `repro` in the report",
        ),
    ),
    ("--junit", "--junitxml", "--junit-xml", "--junit-path", "--reporter"): (
        ("--output", f"{_VIEWS}; --output FOLDER says where"),
    ),
    ("--html", "--report", "--md"): (("--output", f"{_VIEWS}; --output says where"),),
    ("--json", "--markdown", "--github"): (
        ("--format", "--format json, --format markdown or --format github"),
    ),
    ("-v", "-vv", "--verbose", "-s", "--capture", "--debug"): (
        ("--trace", "--trace prints the messages that are exchanged"),
        ("--quiet", _ALL),
    ),
    ("--silent", "--no-progress"): (("--quiet", "--quiet prints only the verdict"),),
    ("--maxfail", "--bail", "--fail-fast", "--failfast", "--exitfirst"): (
        ("--max-fail", "--max-fail N stops after N failures, and -x at the first"),
        ("-x", "-x stops at the first failure"),
    ),
    ("-m", "--marker", "--tag", "-t"): (
        ("--tags", "--tags '@EXPIRY-2 or @EXPIRY-3' selects by tags"),
    ),
    ("--grep", "-g", "--filter", "--name", "--test", "--only"): (
        ("--scenario", "--scenario TITLE selects one, -k EXPR by a part of the name"),
    ),
    ("-n", "--numprocesses", "--jobs", "-j", "--parallel", "--processes"): (
        (
            "--jobs",
            "one process judges a target; in real time --jobs N opens N scenarios",
        ),
        ("--workers", "--workers N says how many processes are used"),
    ),
    ("--retries", "--reruns", "--flake-finder", "--count"): (
        ("--repeat", "--repeat N runs everything N times, and tells what differs"),
        ("--replications", "--replications N runs it N times"),
    ),
    ("--random-seed", "--randomly-seed", "-p", "--random-order-seed"): (
        ("--seed", "--seed N decides all that is drawn"),
    ),
    ("--co", "--collect-only", "--list", "--list-tests"): (
        ("--tags", "invitelab clauses lists the clauses with their scenarios"),
    ),
    ("--config", "-c", "--settings"): (
        ("", "options can be in [tool.invitelab] of a pyproject.toml here or above"),
    ),
    ("--color", "--colour", "--no-color", "--no-colour"): (("", _COLOURS),),
    ("--users", "-u", "--vus", "--concurrency"): (
        (
            "--scale",
            "--scale N is N times the clients; or --set population.clients=500",
        ),
    ),
    ("--rate", "--rps", "-r", "--spawn-rate", "--arrival-rate"): (
        ("--set", "--set arrivals.rate=40/s"),
    ),
    ("--duration", "--run-time", "--time", "-d"): (("--set", "--set duration=5min"),),
    ("--out", "-o", "--report-dir"): (("--output", "--output FOLDER"),),
    ("--threshold", "--thresholds", "--fail-on", "--assert"): (
        ("--fail-if", "--fail-if 'notify_delay p99 +10%'"),
        ("--set", "a limit is one of the [[objectives]] of a scenario"),
    ),
}
"""By options of other tools: hints, each for commands that have the option named."""


def usage_hint(error: click.ClickException) -> str:
    """What to do about a mistake on the command line."""
    if isinstance(error, click.NoSuchOption):
        return _for_option(error)
    if isinstance(error, click.BadParameter) and error.ctx and error.param:
        name = error.param.name or ""
        if error.ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
            return f"it is from the environment: {variable_of(error.param)}"
    return HELP


def _for_option(error: click.NoSuchOption) -> str:
    """The hint for an option of another tool; else those with a similar name."""
    name = error.option_name
    known = set[str]()
    if error.ctx is not None:
        params = error.ctx.command.params
        known = {one for param in params for one in param.opts}
    for habits, hints in HABITS.items():
        if name in habits:
            for needed, hint in hints:
                if not needed or needed in known:
                    return hint
    return HELP
