"""`invitelab replay`: play one scenario of a stored check into a target again."""

from typing import Unpack

import click

from invitelab.cli.support.limits import Timeouts, limit_options, limits_of
from invitelab.cli.support.once_option import OnceOption


@click.command(options_metavar="[OPTIONS]")
@click.argument("run")
@click.argument("target", required=False)
@click.option(
    "--scenario",
    "title",
    cls=OnceOption,
    metavar="TITLE",
    help="The scenario.  [default: the one that failed, if it is only one]",
)
@click.option(
    "--target",
    "other",
    cls=OnceOption,
    metavar="TARGET",
    help="The same as TARGET.",
)
@limit_options
@click.option("--trace", is_flag=True, help="Print the very bytes of every call.")
def replay(
    run: str,
    target: str | None,
    title: str | None,
    other: str | None,
    *,
    trace: bool,
    **timeouts: Unpack[Timeouts],
) -> int:
    """Play one scenario of a check into a target again.

    RUN is a folder of `invitelab check`, or a target, for its last run. TARGET is by
    default that of the run; `py:` is loaded into this process, where a debugger can
    stop it. The same lines are sent as long as the target answers as it did. The exit
    code is 0 if the scenario passes, 1 if it fails, and 4 if that is undecided.
    """
    from invitelab.cli.support.run_replay import Replay, replay_scenario
    from invitelab.errors import UsageError

    if target is not None and other is not None:
        msg = "the target is given twice"
        raise UsageError(msg, hint="leave --target out")
    wanted = Replay(run=run, target=target or other, title=title, trace=trace)
    return replay_scenario(wanted, limits_of(timeouts))
