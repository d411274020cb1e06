#!/usr/bin/env python3
"""The relay of the same workload in Ciw, which has queues and no conversations.

    python benchmarks/peers/ciw_desk.py [INVITATIONS]

Ciw simulates networks of queues that customers walk through. So this is the relay
alone: messages of six kinds arrive as Poisson streams, with the rates that the
conversation has in `naive.py`, take a leg of the network (a node with servers for all),
a pool of four servers, and another leg.

It leaves out the conversation: no invitation, so no answer, lifetime, repeat or poll
that follows from another message, and no outcomes. Its cost is that of the messages
alone; the result has the messages and, as delays, those of offers.
"""

# pyright: reportMissingModuleSource=false
# Only `make bench` installs Ciw.

import math
import sys
import time

import ciw

from workload import KINDS, Result, Workload

MESSAGES_EACH = {
    "offer": 1.03,
    "receipt": 1.91,
    "poll": 3.43,
    "answer": 1.27,
    "verdict": 0.69,
    "withdrawal": 0.31,
}
"""How many of each kind `naive.py` sends for an invitation."""

UP, DOWN = "up", "down"
NODES = (UP, *KINDS, DOWN)


def simulate(workload: Workload) -> Result:
    """Let so many messages arrive as so many invitations have."""
    ciw.seed(workload.seed)
    messages = ciw.Simulation(network(workload))
    each = sum(MESSAGES_EACH.values())
    messages.simulate_until_max_customers(
        round(workload.invitations * each), method="Finish"
    )
    result = Result()
    last = len(NODES)
    for one in messages.get_all_records():
        if one.node == last:
            result.messages[one.customer_class] += 1
        if one.customer_class == "offer":
            result.notify_delays_s.append(one.exit_date - one.arrival_date)
    return in_total(result)


def in_total(result: Result) -> Result:
    """Make one delay for an offer of its three parts, whose mean alone is used."""
    offers = result.messages["offer"]
    total_s = math.fsum(result.notify_delays_s)
    result.notify_delays_s = [total_s / offers] * offers
    return result


def network(workload: Workload) -> ciw.Network:
    """A leg for all, a pool for each kind, and a leg for all."""
    latency = ciw.dists.Lognormal(
        math.log(workload.latency_median_s), workload.latency_sigma
    )
    service = ciw.dists.Exponential(1 / workload.service_s)
    pools = [workload.servers] * len(KINDS)
    nothing = [None] * (len(NODES) - 1)
    return ciw.create_network(
        arrival_distributions={
            kind: [ciw.dists.Exponential(workload.rate_per_s * each), *nothing]
            for kind, each in MESSAGES_EACH.items()
        },
        service_distributions={
            kind: [latency, *[service] * len(KINDS), latency] for kind in KINDS
        },
        number_of_servers=[math.inf, *pools, math.inf],
        routing={kind: routes(kind) for kind in KINDS},
    )


def routes(kind: str) -> list[list[float]]:
    """Up, to the pool of a kind, down, and out; as probabilities between nodes."""
    following = {UP: kind, kind: DOWN}
    return [[float(following.get(a) == b) for b in NODES] for a in NODES]


def main() -> None:
    """Run it and print what it came to and what it cost."""
    workload = Workload()
    if len(sys.argv) > 1:
        workload = Workload(invitations=int(sys.argv[1]))
    start_s = time.process_time()
    result = simulate(workload)
    cpu_s = time.process_time() - start_s
    each_us = cpu_s / result.messages.total() * 1e6
    print(
        f"{result.messages.total():,} messages, {each_us:,.0f} us each, offers shown "
        f"after {result.mean_notify_delay_s * 1e3:.1f} ms in the mean"
    )


if __name__ == "__main__":
    main()
