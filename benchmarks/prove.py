#!/usr/bin/env python3
"""What it costs to try every mutant.

    python benchmarks/prove.py

On two processes, as `invitelab prove` does it; the peer is the reference itself, run
as often in one process, without anything that surrounds it.
"""

import statistics
import time

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.proof import prove
from invitelab.proof.mutant_trial import try_mutant
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import every_pickle, run_suite

WORKERS = 2
ROUNDS = 5


def peer_s() -> float:
    """CPU seconds of the reference against the whole suite, the median."""
    every_pickle()
    run_suite(DirectTarget(Reference()))
    took: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run_suite(DirectTarget(Reference()))
        took.append(time.process_time() - start)
    return statistics.median(took)


def mutants_s() -> float:
    """Wall seconds of all mutants, the start of the processes included."""
    jobs: list[prove.Job] = [(try_mutant, name) for name in MUTANTS]
    start = time.perf_counter()
    prove.tried(jobs, WORKERS)
    return time.perf_counter() - start


def main() -> None:
    """Print both, and the ratio."""
    single = peer_s()
    ideal = single * len(MUTANTS) / WORKERS
    wall = mutants_s()
    print(f"scenarios in the suite    {len(every_pickle()):8}")
    print(f"the reference, CPU        {single:8.2f} s")
    print(f"mutants                   {len(MUTANTS):8}")
    print(f"as many references, ideal {ideal:8.1f} s on {WORKERS} processes")
    print(f"all mutants, wall         {wall:8.1f} s on {WORKERS} processes")
    print(f"ratio                     {wall / ideal:8.2f}")


if __name__ == "__main__":
    main()
