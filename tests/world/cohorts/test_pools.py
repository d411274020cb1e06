"""Many messages at once wait as they do one by one."""

from bisect import bisect_left

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from invitelab.world.cohorts.pools import Served, Workers
from invitelab.world.cohorts.timelines import Messages
from invitelab.world.load.queues import Pool

Row = tuple[int, int]
"""Arrival and service in microseconds."""

# Few distinct instants, so that many arrive at once and many services take no time.
ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0, 0, 1, 3, 10, 40])), max_size=60
)


def messages(rows: list[Row], orders: list[int]) -> Messages:
    """Make messages of rows."""
    return Messages(
        order=np.array(orders, np.int64),
        arrival_us=np.array([row[0] for row in rows], np.int64),
        service_us=np.array([row[1] for row in rows], np.uint32),
    )


def starts(served: Served) -> list[tuple[int, int, int]]:
    """Order, beginning of service, and how many waited, if it waited itself."""
    queue = np.zeros(len(served.messages), np.int64)
    queue[served.waited] = served.queue
    columns = served.messages.order, served.start_us, queue
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(ROWS, st.integers(1, 4), st.lists(st.integers(1, 59), max_size=3))
def test_a_pool_serves_many_as_it_serves_one(
    rows: list[Row], workers: int, cuts: list[int]
) -> None:
    """In windows of any length, and in whatever order they are given."""
    orders = [
        hash((place, row)) % 10_000 * 100 + place for place, row in enumerate(rows)
    ]
    by_arrival = sorted(
        range(len(rows)), key=lambda place: (rows[place][0], orders[place])
    )
    pool, expected = Pool(workers), list[tuple[int, int, int]]()
    for place in by_arrival:
        at_us, service_us = rows[place]
        start_us = pool.admit(at_us, service_us)
        assert start_us is not None, "the queue has no limit"
        queue = pool.queue if start_us > at_us else 0
        expected.append((orders[place], start_us, queue))
    found: list[tuple[int, int, int]] = []
    at_work = Workers.idle(workers)
    ends = [*sorted(set(cuts)), 61]
    windows = [bisect_left(ends, row[0] + 1) for row in rows]
    for window, end_us in enumerate(ends):
        places = [place for place, one in enumerate(windows) if one == window]
        served = at_work.serve(
            messages(
                [rows[place] for place in places], [orders[place] for place in places]
            )
        )
        found += starts(served)
        at_work = at_work.after(served, end_us - 1)
    assert expected == found


def test_nobody_waits_where_workers_are_free() -> None:
    """And there is no queue."""
    served = Workers.idle(2).serve(messages([(5, 10), (6, 10), (15, 1)], [0, 1, 2]))
    assert [(0, 5, 0), (1, 6, 0), (2, 15, 0)] == starts(served)
    assert 0 == len(served.waits)


def test_waits_are_told_by_order() -> None:
    """Two wait for the only worker; the second one until the first is done."""
    served = Workers.idle(1).serve(messages([(0, 10), (1, 10), (2, 10)], [7, 5, 3]))
    assert ([3, 5], [18, 9]) == (
        served.waits.order.tolist(),
        served.waits.wait_us.tolist(),
    )
