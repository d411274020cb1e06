"""The peers, as tasks of `scale.py`: `peer_tasks.py TASK INVITATIONS SEED`.

This process imports nothing but the peer, whose memory is measured, too.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path

from figures import ENDS, Figures, Task, answer

PEERS = Path(__file__).resolve().parents[1] / "peers"
MODULES = {
    "naive": "naive",
    "naive, no collector": "naive",
    "salabim": "salabim_desk",
    "heapq": "heap",
    "ciw": "ciw_desk",
}
"""Which module each task runs."""

COLLECTED = {"naive"}
"""Those with the garbage collector on; the others have it off, as our engines have."""


def peer(task: str) -> Task:
    """A task that runs a peer; each with random numbers of its own."""
    sys.path.insert(0, str(PEERS))
    module, shared = import_module(MODULES[task]), import_module("workload")
    place = list(MODULES).index(task) + 1

    def run(invitations: int, seed: int) -> Figures:
        if task not in COLLECTED:
            gc.disable()
        workload = shared.Workload(invitations=invitations, seed=1_000 * place + seed)
        result = module.simulate(workload)
        outcomes = {name: result.outcomes[name] for name in ENDS}
        return Figures(
            sent=invitations,
            delay_s=result.mean_notify_delay_s,
            outcomes=outcomes if any(outcomes.values()) else {},
        )

    return run


if __name__ == "__main__":
    answer({sys.argv[1]: peer(sys.argv[1])})
