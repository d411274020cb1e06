"""Timelines from the facts of an events world."""

from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.messages import Message
from invitelab.protocol.values import State, Surface
from invitelab.world.cohorts.timelines import FAR, End, Integers, Spent, Timelines
from invitelab.world.load.time_spent import Parts, Stage, TimeSpent

END_OF: Mapping[State, End] = {
    State.ACCEPTED: End.ACCEPTED,
    State.REJECTED: End.REJECTED,
    State.CANCELLED: End.CANCELLED,
    State.EXPIRED: End.EXPIRED,
}


class Observed(TimeSpent):
    """Keeps the instants of each invitation; what is shown after its end never was."""

    wants = frozenset(FactKind)

    def __init__(self) -> None:
        super().__init__(self._keep_spent)
        self._repeats: dict[str, list[int]] = defaultdict(list)
        self._spent: list[list[tuple[int, ...]]] = []
        self._places: dict[str, int] = {}
        self._shown: list[int] = []
        self._ended: list[int] = []
        self._joined: list[int] = []
        self._state: list[End] = []

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep the facts that a timeline is made of."""
        self._keep(at_us, fact)
        super().happened(at_us, fact)

    def repeated(self, at_us: int, message: Message) -> None:
        """Keep when a message of an invitation was repeated."""
        self._repeats[getattr(message, "invitation", "")].append(at_us)

    def _keep_spent(
        self, stage: Stage, id_: str, sent_us: int, at_us: int, parts: Parts
    ) -> None:
        del sent_us, at_us
        row = parts.think_us, parts.queue_us, parts.service_us, parts.repeats_us
        self._spent[self._places[id_]][stage] = row

    def _keep(self, at_us: int, fact: Fact) -> None:
        if fact.kind is FactKind.SENT:
            self._places[fact.invitation] = len(self._places)
            for column in (self._shown, self._ended, self._joined):
                column.append(FAR)
            self._state.append(End.NONE)
            self._spent.append([(0,) * len(Spent)] * len(Stage))
            return
        place = self._places[fact.invitation]
        if fact.kind is FactKind.SHOWN and fact.surface is Surface.POPUP:
            if self._ended[place] == FAR:
                self._shown[place] = min(at_us, self._shown[place])
        elif fact.kind is FactKind.ENDED:
            assert fact.state is not None, "an end has a state"
            self._ended[place], self._state[place] = at_us, END_OF[fact.state]
        elif fact.kind is FactKind.JOINED:
            self._joined[place] = at_us

    def repeats(self, number_of: Callable[[str], int]) -> dict[int, list[int]]:
        """When messages of each attempt were repeated, in microseconds."""
        return {number_of(id_): at_us for id_, at_us in self._repeats.items()}

    def timelines(
        self, numbers: Integers, number_of: Callable[[str], int]
    ) -> Timelines:
        """The timelines of these attempts so far; NONE of one that was not sent."""
        found = Timelines.none(len(numbers))
        found.unusual[:] = True
        sent = np.array([number_of(id_) for id_ in self._places], np.int64)
        places = np.searchsorted(numbers, sent)
        found.shown_us[places] = self._shown
        found.ended_us[places] = self._ended
        found.joined_us[places] = self._joined
        found.state[places] = self._state
        if self._spent:
            found.spent_us[places] = self._spent
        return found
