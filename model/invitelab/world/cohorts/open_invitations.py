"""What is carried from window to window: open invitations, and messages to come."""

from collections.abc import Callable, Sequence

import numpy as np

from invitelab.world.cohorts.pools import Served, Workers
from invitelab.world.cohorts.timelines import (
    Flags,
    Integers,
    Intents,
    Messages,
    Timelines,
    joined,
)

LEAST_BUCKET_BITS = 23
"""Messages to come are kept by buckets of 2**23 us or more: most are not touched."""


class PoolState:
    """A pool of the relay: its workers, and the messages still to come.

    Buckets of these are about as long as a window, `window_us`.
    """

    def __init__(self, workers: int, window_us: int) -> None:
        self._workers = Workers.idle(workers)
        self._bits = max(LEAST_BUCKET_BITS, window_us.bit_length() - 1)
        self._buckets: dict[int, list[Messages]] = {}

    def take(self, parts: Sequence[Messages]) -> None:
        """Add messages."""
        for part in parts:
            if len(part):
                self._put(part)

    def _put(self, part: Messages) -> None:
        buckets = part.arrival_us >> self._bits
        first, last = int(buckets.min()), int(buckets.max())
        if first == last:
            self._buckets.setdefault(first, []).append(part)
            return
        for bucket in range(first, last + 1):
            here = np.flatnonzero(buckets == bucket)
            if len(here):
                self._buckets.setdefault(bucket, []).append(part.some(here))

    def forget(self, which: Callable[[Messages], Flags]) -> None:
        """Drop those of the messages to come."""
        for bucket, parts in self._buckets.items():
            messages = joined(parts)
            dropped = which(messages)
            kept = messages.some(~dropped) if dropped.any() else messages
            self._buckets[bucket] = [kept]

    def before(self, until_us: int) -> Served:
        """Serve those that arrive before an instant."""
        near = self._near(until_us)
        return self._workers.serve(
            near.some(np.flatnonzero(near.arrival_us < until_us))
        )

    def settle(self, served: Served, until_us: int) -> None:
        """Those are final."""
        self._workers = self._workers.after(served, until_us - 1)
        near = self._near(until_us)
        for bucket in self._begun(until_us):
            del self._buckets[bucket]
        self.take([near.some(np.flatnonzero(near.arrival_us >= until_us))])

    def _near(self, until_us: int) -> Messages:
        """All messages of the buckets that begin before an instant."""
        parts = [part for one in self._begun(until_us) for part in self._buckets[one]]
        return joined(parts)

    def _begun(self, until_us: int) -> list[int]:
        return [one for one in self._buckets if one << self._bits < until_us]


class OpenInvitations:
    """The invitations that are not over yet; `refused` are none after all.

    `repeats_us` has when messages of an invitation are repeated, by its number.
    """

    def __init__(self) -> None:
        nothing = np.empty(0, np.int64)
        self.intents = Intents(
            number=nothing,
            sent_us=nothing,
            choice=np.empty(0, np.int8),
            think_us=nothing,
            cancel_us=nothing,
            modify_us=nothing,
        )
        self.timelines = Timelines.none(0)
        self.pair = nothing
        self._pairs = nothing  # sorted, with some that are over
        self.refused = np.empty(0, np.bool_)
        self.repeats_us: dict[int, list[int]] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self.intents)

    def add(self, intents: Intents, pair: Integers) -> None:
        """Add new ones, which are not computed yet."""
        self.intents = Intents(
            **{
                name: np.concatenate(
                    (getattr(self.intents, name), getattr(intents, name))
                )
                for name in Intents.__slots__
            }
        )
        timelines = Timelines.none(len(intents))
        self.timelines = Timelines(
            **{
                name: np.concatenate(
                    (getattr(self.timelines, name), getattr(timelines, name))
                )
                for name in Timelines.__slots__
            }
        )
        self.pair = np.concatenate((self.pair, pair))
        # Two sorted runs, which a stable sort merges.
        pairs = np.concatenate((self._pairs, np.sort(pair)))
        self._pairs = np.sort(pairs, kind="stable")
        self.refused = np.concatenate((self.refused, np.zeros(len(pair), np.bool_)))

    def keep(self, which: Flags) -> None:
        """Keep those alone."""
        self.intents, self.timelines = (
            self.intents.some(which),
            self.timelines.some(which),
        )
        self.pair, self.refused = self.pair[which], self.refused[which]
        if len(self._pairs) > 2 * len(self.pair):
            self._pairs = np.sort(self.pair)

    def forget_repeats(self, numbers: Integers) -> None:
        """Forget the repeats of these attempts, which are computed again."""
        for number in numbers.tolist() if self.repeats_us else ():
            self.repeats_us.pop(number, None)

    def repeated(self, begin_us: int, until_us: int) -> Integers:
        """The repeats in `[begin_us, until_us)`; those before are forgotten."""
        found: list[int] = []
        for number, listed in list(self.repeats_us.items()):
            found += [at for at in listed if begin_us <= at < until_us]
            if all(at < until_us for at in listed):
                del self.repeats_us[number]
        return np.array(found, np.int64)

    def again(self, begun: int) -> list[int]:
        """The places of invitations whose pair has another one; [] if none is new."""
        new = self.pair[begun:]
        first = np.searchsorted(self._pairs, new)
        later = np.minimum(first + 1, len(self._pairs) - 1)
        twice = new[(self._pairs[later] == new) & (later > first)]
        if not len(twice):
            return []
        places: list[int] = np.flatnonzero(np.isin(self.pair, twice)).tolist()
        return places

    def places(self, numbers: Integers) -> Integers:
        """The places of these attempts, as far as they are here."""
        own = self.intents.number
        places = np.searchsorted(own, numbers)
        inside = places < len(own)
        places, numbers = places[inside], numbers[inside]
        found: Integers = places[own[places] == numbers]
        return found
