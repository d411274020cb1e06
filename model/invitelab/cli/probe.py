"""`invitelab probe`: whether a target answers, and whether it can be tested."""

import shlex

import click

from invitelab.cli.check import clock_option


@click.command()
@click.argument("target")
@clock_option
def probe(target: str, *, clock: str) -> int:
    """Probe a target: handshake, clock, declared capabilities.

    Run this first on a new adapter; it takes about a second. TARGET is as for `check`.
    """
    from invitelab.adapters.clocks.base import ClockKind
    from invitelab.adapters.target import Target
    from invitelab.conformance.probe import probe as run_probe
    from invitelab.reporting.conformance.probe import report

    kind = None if clock == "auto" else ClockKind(clock)
    probed = run_probe(Target.parse(target), kind)
    engine = probed.engine
    answer = engine.answer
    problem = engine.problem or probed.trouble
    for line in report(
        engine.header,
        capabilities=[entry.value for entry in answer.capabilities] if answer else [],
        call_ms=probed.call_ms,
        shown_ms=probed.shown_ms,
    ):
        click.echo(line)
    if problem is not None:
        raise problem
    click.echo(f"next         {shlex.join(['invitelab', 'check', target])}")
    return 0
