"""Waits of many messages at once in a pool of the relay: first come, first served.

Where fewer messages are in service than there are workers, nobody waits, and that is
found for all arrivals by sorting. From the first message that might wait until all that
have waited are gone, the recursion of `queues.Pool` is followed message by message.
"""

from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from invitelab.world.cohorts.timelines import Integers, Messages, Services, Waits


@dataclass(frozen=True, slots=True)
class Served:
    """Messages in the order of their arrival, with the beginning of their service.

    `queue` is how many waited when a message arrived, for those that waited themselves;
    `waited` are the places of these.
    """

    messages: Messages
    start_us: Integers
    waited: Integers
    queue: Integers

    @property
    def waits(self) -> Waits:
        """The waits that are not zero."""
        order = self.messages.order[self.waited]
        wait_us = (self.start_us - self.messages.arrival_us)[self.waited]
        rising = np.argsort(order)
        return Waits(order[rising], wait_us[rising])


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers of a pool at an instant, after all that arrived before.

    `free_us` is when each is free again. `starts_us` has, in order, when the messages
    that wait, or waited until shortly before, are served.
    """

    free_us: Integers
    starts_us: Integers

    @classmethod
    def idle(cls, count: int) -> "Workers":
        """All free, since the beginning."""
        return cls(np.zeros(count, np.int64), np.empty(0, np.int64))

    def serve(self, messages: Messages) -> Served:
        """Serve messages, in any order, that arrive after all before."""
        messages = messages.some(_by_arrival(messages))
        start_us = _starts(self.free_us, messages.arrival_us, messages.service_us)
        waited = np.flatnonzero(start_us != messages.arrival_us)
        return Served(
            messages, start_us, waited, self._queue(messages, start_us, waited)
        )

    def _queue(
        self, messages: Messages, start_us: Integers, waited: Integers
    ) -> Integers:
        if not len(waited):
            return waited
        # Starts never fall, so those up to an arrival are the first ones.
        starts_us = np.concatenate((self.starts_us, start_us))
        arrival_us = messages.arrival_us[waited]
        served = np.searchsorted(starts_us, arrival_us, side="right")
        return len(self.starts_us) + waited - served

    def after(self, served: Served, until_us: int) -> "Workers":
        """The workers after these messages, at `until_us`."""
        end_us = served.start_us + served.messages.service_us
        free_us = np.concatenate((self.free_us, end_us))
        count = len(self.free_us)
        if len(free_us) > count:
            free_us = np.partition(free_us, len(free_us) - count)[-count:]
        starts_us = np.concatenate((self.starts_us, served.start_us[served.waited]))
        return Workers(free_us, np.sort(starts_us[starts_us > until_us]))


def _by_arrival(messages: Messages) -> Integers:
    """The places of messages as they arrive; at one instant by their order."""
    places = np.argsort(messages.arrival_us)
    arrival_us = messages.arrival_us[places]
    same = np.flatnonzero(arrival_us[1:] == arrival_us[:-1])
    if len(same):
        tied = np.unique(np.concatenate((same, same + 1)))
        some = places[tied]
        by_order = np.lexsort((messages.order[some], messages.arrival_us[some]))
        places[tied] = some[by_order]
    return places


def _starts(free_us: Integers, arrival_us: Integers, service_us: Services) -> Integers:
    """When each service starts; arrivals rise."""
    count = len(free_us)
    start_us = arrival_us.copy()
    if not len(arrival_us):
        return start_us
    # As if nobody waited. A service of no time counts as one microsecond, so that it
    # is not gone before it has come: rather one suspect too many.
    gone_us = arrival_us + np.maximum(service_us, 1)
    gone_us = np.sort(np.concatenate((free_us, gone_us)))
    # All are busy where fewer have gone than have come before, beside those at work.
    suspects = np.flatnonzero(gone_us[: len(arrival_us)] > arrival_us)
    longest_us = int(service_us.max()) + 1
    done = 0
    for place in suspects.tolist():
        if place >= done:
            now_us = int(arrival_us[place])
            begin = int(np.searchsorted(arrival_us, now_us - longest_us))
            # Nobody who is in service now has waited: whoever had is gone.
            busy_us = np.concatenate((free_us, arrival_us[begin:place]))
            busy_us[count:] += service_us[begin:place]
            free = np.sort(busy_us[busy_us > now_us]).tolist()
            free = [now_us] * (count - len(free)) + free
            done = _one_by_one(place, free, arrival_us, service_us, start_us)
    return start_us


CLUSTER = 512
"""Arrivals that are read at once while some wait."""


def _one_by_one(
    first: int,
    free: list[int],
    arrival_us: Integers,
    service_us: Services,
    start_us: Integers,
) -> int:
    """Follow the recursion from `first` until nobody is left who has waited.

    `free`, a heap, is when each worker is free again. Returns the place behind.
    """
    until_us = 0
    place = first
    while place < len(arrival_us):
        behind = place + CLUSTER
        pairs = zip(
            arrival_us[place:behind].tolist(),
            service_us[place:behind].tolist(),
            strict=True,
        )
        for at_us, lasts_us in pairs:
            if place > first and at_us >= until_us:
                return place
            earliest_us = free[0]
            if earliest_us <= at_us:
                heapreplace(free, at_us + lasts_us)
            else:
                start_us[place] = earliest_us
                end_us = earliest_us + lasts_us
                heapreplace(free, end_us)
                until_us = max(until_us, end_us)
            place += 1
    return place
