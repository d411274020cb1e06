"""The kinds of moves with their weights, for each of the two kinds of walks."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from invitelab.conformance.random_walks.moves import (
    answers,
    interpretations,
    invitations,
    presence,
    sessions,
    unusual,
    waits,
)
from invitelab.conformance.random_walks.moves.base import Kind, Move, MoveContext, Pick

KINDS: Sequence[tuple[int, Kind]] = (
    (30, invitations.invites),
    (12, invitations.tile_invites),
    (24, answers.accepts),
    (50, answers.last_moves),
    (30, waits.waits),
    (10, waits.long_waits),
    (14, invitations.changes),
    (6, invitations.repeated_changes),
    (10, invitations.cancels),
    (10, answers.rejects),
    (8, invitations.late_changes),
    (8, answers.late_accepts),
    (16, sessions.switches),
    (4, sessions.switches_by_the_guest),
    (5, answers.dismissals),
    (5, sessions.edits),
    (2, sessions.emails),
    (8, sessions.connects),
    (5, sessions.menus),
)
"""The kinds of walks over the required clauses."""

KINDS_WITH_INTERPRETATIONS: Sequence[tuple[int, Kind]] = (
    (24, invitations.invites),
    (28, interpretations.overlapping_invites),
    (16, answers.accepts),
    (20, waits.waits),
    (4, waits.long_waits),
    (8, invitations.changes),
    (4, invitations.repeated_changes),
    (10, invitations.cancels),
    (8, answers.rejects),
    (2, invitations.late_changes),
    (2, answers.late_accepts),
    (12, sessions.switches),
    (2, sessions.switches_by_the_guest),
    (4, sessions.edits),
    (12, interpretations.third_party_moves),
    (28, unusual.unusual_addresses),
    (8, unusual.other_forms),
    (16, unusual.unusual_invites),
    (12, unusual.changes_to_unusable),
    (16, interpretations.repeated_accepts),
    (4, interpretations.connects_to_inviter),
    (16, waits.waits_near_expiry),
    (10, interpretations.popup_closings),
    (10, presence.disconnections),
    (16, presence.reconnections),
    (16, presence.invites_to_offline),
)
"""The same for walks that also make moves that depend on an interpretation."""

WAITS: frozenset[Kind] = frozenset(
    {waits.waits, waits.long_waits, waits.waits_near_expiry}
)
"""The kinds that let time pass."""


def without_waits(kinds: Sequence[tuple[int, Kind]]) -> Sequence[tuple[int, Kind]]:
    """The kinds of walks in real time, where a wait would take as long as it says."""
    return tuple((weight, kind) for weight, kind in kinds if kind not in WAITS)


DRAWN_BELOW = 4096
"""Upper bound, exclusive, of the two numbers that choose a move."""

STEP = (1229, 1)
"""Factor and summand of a generator that visits every number below `DRAWN_BELOW`."""

MOST_TRIES = 256
"""How often another kind is tried where no move of the one before is possible."""


class KindTable:
    """Kinds of moves, from which a number draws by weight."""

    def __init__(self, kinds: Sequence[tuple[int, Kind]]) -> None:
        self.kinds = tuple(kind for _, kind in kinds)
        self._bounds = tuple(accumulate(weight for weight, _ in kinds))

    def draw(
        self, context: MoveContext, kind: int, which: int
    ) -> tuple[Kind, Move] | None:
        """The move that two numbers mean now, and its kind.

        Where none of a kind is possible, the next number draws another kind: so that
        each possible kind has its weight. None if no kind was found.
        """
        factor, summand = STEP
        impossible = set[Kind]()
        for _ in range(MOST_TRIES):
            drawn = self._of(kind)
            if drawn not in impossible:
                pick = Pick(which)
                picking = MoveContext(
                    state=context.state,
                    capabilities=context.capabilities,
                    blur_ms=context.blur_ms,
                    pick=pick,
                )
                options = list(drawn(picking))
                if options:
                    return drawn, pick.one_of(options)
                impossible.add(drawn)
            kind = (kind * factor + summand) % DRAWN_BELOW
        return None

    def _of(self, number: int) -> Kind:
        ticket = number * self._bounds[-1] // DRAWN_BELOW
        return self.kinds[bisect_right(self._bounds, ticket)]

    def possible(self, context: MoveContext) -> list[list[Move]]:
        """All possible moves, by kind."""
        return [list(kind(context)) for kind in self.kinds]
