"""`invitelab demo`: a check and a simulation in one command."""

import click

REPLICATIONS = 2
"""The fewest that give a confidence interval."""


@click.command()
def demo() -> int:
    """Check the reference, then simulate a busy support desk."""
    from invitelab.adapters.target import Target
    from invitelab.cli.support.options import ScenarioRequest, Settings
    from invitelab.cli.support.run_check import Checks, check_targets
    from invitelab.cli.support.run_simulation import REPORTS, simulate_scenario
    from invitelab.cli.support.run_store import ROOT, latest

    target = Target.parse("reference")
    checked = check_targets(Checks(targets=[target]))
    click.echo()
    simulated = simulate_scenario(
        ScenarioRequest(scenario="support_desk", overrides={}),
        Settings(replications=REPLICATIONS),
    )
    click.echo()
    click.echo(f"the check       {latest(ROOT / target.slug) / 'report.html'}")
    click.echo(f"the simulation  {REPORTS / 'load' / 'support_desk' / 'report.html'}")
    return checked or simulated
