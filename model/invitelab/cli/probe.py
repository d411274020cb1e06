"""`invitelab probe`: whether a target answers, and whether it can be tested."""

import shlex
from typing import Unpack

import click

from invitelab.cli.support.check_options import clock_option
from invitelab.cli.support.limits import Timeouts, limit_options, limits_of


@click.command()
@click.argument("target")
@clock_option
@click.option(
    "--lifetime",
    is_flag=True,
    help="Measure in two minutes when invitations end, and say what to declare.",
)
@limit_options
def probe(
    target: str, *, clock: str, lifetime: bool, **timeouts: Unpack[Timeouts]
) -> int:
    """Probe a target: handshake, clock, declared capabilities.

    Run this first on a new adapter; it takes about a second. TARGET is as for `check`.
    """
    from invitelab.adapters.clocks.kinds import ClockKind
    from invitelab.adapters.target import Target
    from invitelab.conformance.probe import probe as run_probe
    from invitelab.reporting.conformance.probe import Ends, report

    kind = None if clock == "auto" else ClockKind(clock)
    probed = run_probe(
        Target.parse(target), kind, lifetime=lifetime, limits=limits_of(timeouts)
    )
    engine, found = probed.engine, probed.lifetimes
    answer = engine.answer
    problem = engine.problem or probed.trouble
    ends = (
        None
        if found is None
        else Ends(
            ended=found.ended,
            unended=found.unended,
            shortest_ms=round(found.shortest_ms * found.scale),
            longest_ms=round(found.longest_ms * found.scale),
            early_ms=found.early_ms,
            late_ms=found.late_ms,
        )
    )
    for line in report(
        engine.header,
        capabilities=[entry.value for entry in answer.capabilities] if answer else [],
        call_ms=probed.call_ms,
        shown_ms=probed.shown_ms,
        safe_settle_ms=probed.safe_settle_ms,
        ends=ends,
    ):
        click.echo(line)
    if problem is not None:
        raise problem
    click.echo(f"next         {shlex.join(['invitelab', 'check', target])}")
    return 0
