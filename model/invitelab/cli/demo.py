"""`invitelab demo`: the product in one command."""

import click


@click.command()
def demo() -> int:
    """Check the reference implementation and show the verdict by clause."""
    from invitelab.adapters.target import Target
    from invitelab.cli.running import check_target
    from invitelab.conformance.runner import Selection

    return check_target(Target.parse("reference"), Selection(), None)
