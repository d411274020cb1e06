"""The command line of `truths.py`."""

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from biased import Bias, biased
from parameter_sets import drawn
from table import Table, markdown, tabulate

from invitelab.world.scenario.exactness import Engine

SETS, QUICK = 50, 10
REPLICATIONS, BY_EVENTS = 20, 2
"""Of each set; fewer where the events engine runs them, thirty times as slowly."""


def main() -> int:
    """Print the table; 1 where anything was missed, and with a bias if nothing was."""
    parser = argparse.ArgumentParser(description="The simulator beside exact theory.")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK} sets, not {SETS}"
    )
    parser.add_argument("--biased", type=Bias, choices=list(Bias), help="with a fault")
    parser.add_argument("--output", type=Path, help="write Markdown to this file, too")
    options = parser.parse_args()
    table = run(options.biased, quick=options.quick)
    text = markdown(table)
    print(text)
    if options.output is not None:
        options.output.write_text(text + "\n", encoding="utf-8")
    return int(bool(table.wrong) is (options.biased is None))


def run(bias: Bias | None, *, quick: bool) -> Table:
    """The table; with lost timers of fewer and smaller runs, by the events engine."""
    by_events = bias is Bias.TIMER
    sets = drawn(QUICK if quick or by_events else SETS)
    with nullcontext() if bias is None else biased(bias):
        return tabulate(
            sets,
            replications=BY_EVENTS if by_events else REPLICATIONS,
            engine=Engine.EVENTS if by_events else Engine.COHORTS,
            watch=lambda done: print(f"{done} of {len(sets)} sets", file=sys.stderr),
        )


if __name__ == "__main__":
    sys.exit(main())
