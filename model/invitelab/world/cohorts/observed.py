"""Timelines from the facts of an events world."""

from collections.abc import Callable, Mapping

import numpy as np

from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.values import State, Surface
from invitelab.world.cohorts.timelines import FAR, End, Integers, Timelines
from invitelab.world.load.instruments import Instrument

END_OF: Mapping[State, End] = {
    State.ACCEPTED: End.ACCEPTED,
    State.REJECTED: End.REJECTED,
    State.CANCELLED: End.CANCELLED,
    State.EXPIRED: End.EXPIRED,
}


class Observed(Instrument):
    """Keeps the instants of each invitation; what is shown after its end never was."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._shown: list[int] = []
        self._ended: list[int] = []
        self._joined: list[int] = []
        self._state: list[End] = []

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep the facts that a timeline is made of."""
        if fact.kind is FactKind.SENT:
            self._places[fact.invitation] = len(self._places)
            for column in (self._shown, self._ended, self._joined):
                column.append(FAR)
            self._state.append(End.NONE)
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
        return found
