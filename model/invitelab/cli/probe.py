"""`invitelab probe`: whether there is somebody, and whether they can be tested."""

import shlex

import click

from invitelab.cli.check import clock_option


@click.command()
@click.argument("target")
@clock_option
def probe(target: str, *, clock: str) -> int:
    """Look at a target for a second: handshake, clock, what it declares.

    The first thing to run on a new adapter. TARGET is what `check` takes.
    """
    from invitelab.adapters.clocks.base import ClockKind
    from invitelab.adapters.target import Target
    from invitelab.conformance.probe import probe as look_at
    from invitelab.reporting.conformance.probe import report

    kind = None if clock == "auto" else ClockKind(clock)
    probed = look_at(Target.parse(target), kind)
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
