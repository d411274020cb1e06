#!/usr/bin/env python3
"""How many of the mutants random walks find, which they miss, and what a walk costs.

    python benchmarks/walks.py [EXAMPLES] [--seed S] [--every N]

Two hundred walks on each unless told otherwise, on two processes; some minutes. With
`--every N` on each Nth mutant alone. The peer of the cost is the suite: the CPU of the
walks of a run on the reference, with their stories told again, to that of one run of
all scenarios on it, in one process. Every round has another seed: the same walks again
would find their steps known.
"""

import argparse
import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.clauses import level_of
from invitelab.conformance.random_walks.metamorphic import metamorphic
from invitelab.conformance.random_walks.search import walk
from invitelab.formats.run import Level
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import every_pickle, run_suite
from invitelab.proof.walk_strength import EXAMPLES, found

WORKERS = 2
ROUNDS = 5
OF_A_RUN = 50
"""Number of walks in a run."""


def tried(name: str, examples: int, seed: int) -> tuple[str | None, float]:
    """The clause that is named on that mutant, if any, and the CPU seconds it took."""
    start = time.process_time()
    clause = found(name, examples=examples, seed=seed)
    return clause, time.process_time() - start


def suite_s() -> float:
    """CPU seconds of the whole suite on the reference."""
    start = time.process_time()
    run_suite(DirectTarget(Reference()))
    return time.process_time() - start


def walks_s(examples: int, seed: int) -> float:
    """CPU seconds of so many walks on the reference, of which none goes wrong."""
    ready = _ready()
    start = time.process_time()
    walk(ready, examples=examples, seed=seed)
    return time.process_time() - start


def stories_s(examples: int, seed: int) -> float:
    """CPU seconds of telling the stories of so many walks again."""
    ready = _ready()
    stories = walk(ready, examples=examples, seed=seed).stories
    start = time.process_time()
    metamorphic(ready, examples=examples, seed=seed, stories=stories)
    return time.process_time() - start


def _ready() -> Ready:
    ready = Engine(DirectTarget(Reference()), None).shared()
    assert ready is not None, "the reference can be run"
    return ready


def cost(seed: int) -> tuple[float, float, float]:
    """CPU seconds of the walks of a run, of their stories, and of the suite: medians.

    All three are measured side by side.
    """
    every_pickle()
    rounds = [
        (walks_s(OF_A_RUN, one), stories_s(OF_A_RUN, one), suite_s())
        for one in range(seed, seed + ROUNDS)
    ]
    walks, stories, suites = (
        statistics.median(one) for one in zip(*rounds, strict=True)
    )
    return walks, stories, suites


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("examples", type=int, nargs="?", default=EXAMPLES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Print what is missed, the share that is found, and the cost."""
    asked = arguments()
    names = list(MUTANTS)[:: asked.every]
    context = multiprocessing.get_context("spawn")
    start = time.perf_counter()
    job = partial(tried, examples=asked.examples, seed=asked.seed)
    with ProcessPoolExecutor(WORKERS, context) as pool:
        results = dict(zip(names, pool.map(job, names), strict=True))
    took_s = time.perf_counter() - start
    clauses = {name: clause for name, (clause, _) in results.items()}
    for name in names:
        if clauses[name] is None:
            print(f"missed  {MUTANTS[name].clause:12}{name}: {MUTANTS[name].defect}")
    hits = [name for name in names if clauses[name] is not None]
    right = sum(clauses[name] == MUTANTS[name].clause for name in hits)
    strict = [n for n in names if level_of((MUTANTS[n].clause,)) is Level.REQUIRED]
    caught = len(set(hits) & set(strict))
    print(f"found   {len(hits)} of {len(names)} mutants, {len(hits) / len(names):.1%}")
    share = caught / max(1, len(strict))
    print(f"        {caught} of {len(strict)} of required clauses, {share:.1%}")
    print(f"named   the clause that was broken for {right} of them")
    cpu_s = sum(seconds for _, seconds in results.values())
    print(f"took    {took_s:.0f} s, {cpu_s:.0f} s of CPU; {asked.examples} walks each")
    walks, stories, suite = cost(asked.seed)
    print(f"a run   {OF_A_RUN} walks take {walks:.2f} s of CPU")
    print(f"        {stories:.2f} s more to tell their stories again")
    print(f"ratio   {(walks + stories) / suite:.2f} of the suite, {suite:.2f} s")
    reached = walk(_ready(), examples=asked.examples, seed=asked.seed).reached
    print(f"reached {reached.says}, {len(reached.values)} values")


if __name__ == "__main__":
    main()
