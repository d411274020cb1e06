"""What became of messages over time, and where delays were spent, in results.json."""

from collections.abc import Mapping
from typing import Self

from pydantic import model_validator

from invitelab.formats.ranges import Amount, Count, Positive, Share, Value

Series = tuple[Amount, ...]
"""A figure of each window."""


class Spent(Value):
    """Delays between two percentiles, and the sums of their parts in microseconds.

    `count` delays from `lower_us` to below `upper_us`, which are bins of a histogram:
    those between the probabilities `low` and `high`, to a bin. `think_us` is the time
    of people, `network_us` that on the way, `queue_us` and `service_us` that in the
    relay, and `repeats_us` that until the copy that arrived was sent. Each delay is the
    sum of its parts.
    """

    metric: str
    low: Share
    high: Share
    lower_us: Count
    upper_us: Positive
    count: Positive
    think_us: Count = 0
    network_us: Count = 0
    queue_us: Count = 0
    service_us: Count = 0
    repeats_us: Count = 0

    @property
    def total_us(self) -> int:
        """The sum of these delays."""
        on_the_way_us = self.network_us + self.queue_us + self.service_us
        return self.think_us + on_the_way_us + self.repeats_us

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Reject edges out of order, and delays outside of their bins."""
        if self.low >= self.high or self.lower_us >= self.upper_us:
            raise ValueError("a group of delays ends after it begins")
        if not self.lower_us * self.count <= self.total_us < self.upper_us * self.count:
            raise ValueError("the parts of delays add up to these delays")
        return self


class Flow(Value):
    """Messages over time; each series has an entry for each window of the results.

    Rates are per second, as means over replications: `dropped` by reason, `repeated`
    for want of an acknowledgement, and `emails_alone` of attempts that could not be
    tried directly. By pool of the relay, `busy` is the share of its workers' time, and
    `queued` the time-weighted mean number that waited. `repeats` is the total of all
    replications, warm-up included, and `attempts` that of all attempts.
    """

    attempts: Count
    repeats: Count
    emails_alone: Series
    repeated: Series
    dropped: Mapping[str, Series]
    busy: Mapping[str, tuple[Share, ...]]
    queued: Mapping[str, Series]
    spent: tuple[Spent, ...]

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        """Reject series of different lengths, and pools that are not in both."""
        series = [self.emails_alone, self.repeated]
        series += [*self.dropped.values(), *self.busy.values(), *self.queued.values()]
        if len({len(one) for one in series}) > 1:
            raise ValueError("the series over time are equally long")
        if self.busy.keys() != self.queued.keys():
            raise ValueError("each pool of the relay has its load and its queue")
        return self
