#!/usr/bin/env python3
"""How many of the mutants random walks find, and which they miss.

    python benchmarks/walks.py [EXAMPLES]

Two hundred walks on each unless told otherwise, on two processes; some minutes.
"""

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from invitelab.conformance.mutants import MUTANTS
from invitelab.conformance.walks.finding import EXAMPLES, found

WORKERS = 2


def main() -> None:
    """Print what is missed, and the share that is found."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    context = multiprocessing.get_context("spawn")
    start = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, context) as pool:
        clauses = dict(
            zip(
                MUTANTS,
                pool.map(partial(found, examples=examples), MUTANTS),
                strict=True,
            )
        )
    missed = [name for name, clause in clauses.items() if clause is None]
    for name in missed:
        print(f"missed  {MUTANTS[name].clause:12}{name}: {MUTANTS[name].sin}")
    right = sum(clause == MUTANTS[name].clause for name, clause in clauses.items())
    count = len(MUTANTS) - len(missed)
    print(f"found   {count} of {len(MUTANTS)} mutants, {count / len(MUTANTS):.1%}")
    print(f"named   the clause that was broken for {right} of them")
    print(f"took    {time.perf_counter() - start:.0f} s, {examples} walks each")


if __name__ == "__main__":
    main()
