"""The cast of one run of a scenario: who people are, and what clients are called.

All of it is a function of the seed, the scenario and the row. The IDs and the parts of
aliases come from small pools of the seed, so that later scenarios meet the same ID with
another alias, other profiles and other locks: what an implementation keeps of an
earlier scenario shows.
"""

from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Final

from invitelab.conformance.factors.identities import (
    Drawn,
    Identities,
    IdShape,
    NameShape,
    NamespaceShape,
    Pools,
    Shape,
)
from invitelab.conformance.factors.story import Story
from invitelab.conformance.factors.table import Value

Row = Mapping[str, Value]
"""One value for every factor that the story leaves open."""

PLAIN: Final[Row] = {}
"""The row of a story as it is written."""

PLAIN_SHAPE = Shape()
TOKEN_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TOKEN_LENGTH = 6


class Cast:
    """Draws the identities and tokens of one run of a scenario.

    The inviter and the recipient have the shapes of the row; of others, those who send
    have the inviter's, and the rest the recipient's. So a shape that the row does not
    have occurs nowhere. `draw` is the number of the row in the plan: what is drawn for
    one person stays the same when the row loses other values.
    """

    def __init__(
        self,
        place: str,
        *,
        seed: int = 0,
        draw: int = 0,
        story: Story | None = None,
        row: Row = PLAIN,
    ) -> None:
        self._key = f"{seed}:{place}:{draw}"
        self._random = Random(self._key)
        self._identities = Identities(self._random, pools=_pools(seed))
        self._inviter, self._recipient = (
            shape_of("inviter", row),
            shape_of("recipient", row),
        )
        self._senders = frozenset[str]() if story is None else story.senders
        self._first = None if story is None else story.inviter
        self._tokens: set[str] = set()

    def identity(self, name: str) -> Drawn:
        """The ID and the alias of one more person."""
        sends = name == self._first or name in self._senders
        self._identities.random = Random(f"{self._key}:{name}")
        return self._identities.draw(self._inviter if sends else self._recipient)

    def token(self, first: str) -> str:
        """A new name that says nothing; `first` is its first letter."""
        while True:
            token = first + "".join(
                self._random.choice(TOKEN_DIGITS) for _ in range(TOKEN_LENGTH)
            )
            if token not in self._tokens:
                self._tokens.add(token)
                return token


def shape_of(role: str, row: Row) -> Shape:
    """The shape that a row gives to the inviter or the recipient."""
    id_, name, namespace = (
        row.get(f"{role}'s {what}") for what in ("ID", "alias", "namespace")
    )
    return Shape(
        id=IdShape.NINE_DIGITS if id_ is None else IdShape(id_.name),
        name=NameShape.PLAIN if name is None else NameShape(name.name),
        namespace=NamespaceShape.DEFAULT
        if namespace is None
        else NamespaceShape(namespace.name),
    )


@lru_cache(maxsize=64)
def _pools(seed: int) -> Pools:
    return Pools(Random(f"{seed}:pools"))
