"""What the peers in this folder simulate, and what they say about it.

All of them get a `Workload` and return a `Result`, so that their outcomes can be
compared before their times are.
"""

import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

LIFETIME_S = 120.0
REPEAT_S = 2.0
POLL_S = 10.0
JOIN_S = 40.0
MOST_POLLS = 11  # a twelfth would fall on the end of the lifetime
KINDS = ("offer", "receipt", "poll", "answer", "verdict", "withdrawal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What happens, by default that of scenarios/support_desk.toml; times in seconds.

    `acknowledged` False is the short form: offers and answers are said once, and there
    are neither receipts nor verdicts nor withdrawals nor polls.
    """

    invitations: int = 5_000
    rate_per_s: float = 19.3
    """Of 25 wishes a second, as many are sent; the others become emails."""
    accept: float = 0.60
    reject: float = 0.12
    think_median_s: float = 9.0
    think_sigma: float = 0.9
    cancel: float = 0.08
    cancel_after_s: float = 15.0
    modify: float = 0.05
    modify_after_s: tuple[float, float] = (1.0, 20.0)
    latency_median_s: float = 0.020
    latency_sigma: float = 0.5
    servers: int = 4
    service_s: float = 0.008
    acknowledged: bool = True
    seed: int = 1


class Outcome(StrEnum):
    """How an invitation ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of all invitations."""

    outcomes: Counter[Outcome] = field(default_factory=Counter[Outcome])
    messages: Counter[str] = field(default_factory=Counter[str])
    notify_delays_s: list[float] = field(default_factory=list[float])
    joined: int = 0

    @property
    def mean_notify_delay_s(self) -> float:
        """From sending to showing."""
        return math.fsum(self.notify_delays_s) / len(self.notify_delays_s)


def main(simulate: Callable[[Workload], Result]) -> None:
    """Run both forms and print what they came to and what they cost."""
    workload = Workload()
    if len(sys.argv) > 1:
        workload = replace(workload, invitations=int(sys.argv[1]))
    for name, acknowledged in (("in full", True), ("short", False)):
        start_s = time.process_time()
        result = simulate(replace(workload, acknowledged=acknowledged))
        cpu_s = time.process_time() - start_s
        shares = ", ".join(
            f"{result.outcomes[outcome] / workload.invitations:.1%} {outcome.value}"
            for outcome in Outcome
        )
        print(
            f"{name}: {workload.invitations / cpu_s:,.0f} invitations/s of CPU, "
            f"{cpu_s / workload.invitations * 1e6:,.0f} us an invitation, "
            f"{result.messages.total() / workload.invitations:.2f} messages each"
        )
        print(
            f"  {shares}; shown after {result.mean_notify_delay_s * 1e3:.1f} ms "
            f"in the mean, {result.joined} joined"
        )
        by_kind = sorted(result.messages.items())
        print(f"  {', '.join(f'{count:,} {kind}' for kind, count in by_kind)}")
