"""Identities of a scenario: IDs and aliases of drawn shapes, within the grammar.

An ID has 9 or 10 digits; an alias is `name@namespace`, a name of 1 to 25 and a
namespace of 1 to 63 characters. Whatever is drawn here may be used to judge a required
clause.
"""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from random import Random

LONGEST_NAME = 25
LONGEST_NAMESPACE = 63
ABOVE_INT32 = 2**31
TEN_DIGITS = 10**9

NINE = 9
"""Digits of a short ID; a long one has one more."""
LETTERS = string.ascii_lowercase


class IdShape(StrEnum):
    """Shape of an ID."""

    NINE_DIGITS = "nine digits"
    TEN_DIGITS = "ten digits"
    ABOVE_INT32 = "above 2^31"
    LEADING_ZERO = "leading zero"
    ZEROS_WITHIN = "zeros within"
    ONE_DIGIT_APART = "one digit apart"
    """From the ID of another participant."""
    BEGINS_ALIKE = "begins like another"
    """The ID of another participant and one more digit, or its first nine digits."""


class NameShape(StrEnum):
    """Shape of the name in an alias."""

    PLAIN = "letters"
    DOT = "dot"
    DASH = "dash"
    UNDERSCORE = "underscore"
    DIGITS = "digits"
    CAPITALS = "capital letters"
    SHORTEST = "1 character"
    LONGEST = "25 characters"
    SHARED = "shared"
    """The name of another participant, in another namespace."""
    SIGN_APART = "one sign apart"
    """The name of another participant, but for a dot or an underscore.

    Each stands for any sign in some language of patterns: the other alias fits it.
    """


class NamespaceShape(StrEnum):
    """Shape of the namespace in an alias."""

    DEFAULT = "ad"
    CUSTOM = "custom"
    DOT = "dot"
    DASH = "dash"
    LONGEST = "63 characters"
    OTHER = "other"
    """Another one than that of every other participant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an identity is to look like."""

    id: IdShape = IdShape.NINE_DIGITS
    name: NameShape = NameShape.PLAIN
    namespace: NamespaceShape = NamespaceShape.DEFAULT


@dataclass(frozen=True, slots=True)
class Drawn:
    """One identity: an ID, and the alias of a client that is not portable."""

    id: str
    alias: str


class Pools:
    """A few IDs, names and namespaces of each shape, to draw from again and again."""

    def __init__(self, random: Random, size: int = 4) -> None:
        self.ids = {shape: _several(draw, random, size) for shape, draw in _IDS.items()}
        self.names = {
            shape: _several(draw, random, size) for shape, draw in _NAMES.items()
        }
        self.namespaces = {
            shape: _several(draw, random, size) for shape, draw in _NAMESPACES.items()
        }


@dataclass(slots=True)
class Identities:
    """The identities of one scenario; no two can be mistaken for each other."""

    random: Random
    pools: Pools | None = None
    """Where to draw from as long as it has one that is new here; None: nowhere."""
    taken: list[Drawn] = field(default_factory=list[Drawn])
    first: Shape = Shape()
    """The shape of the first one."""

    def draw(self, shape: Shape) -> Drawn:
        """One more identity of this shape, unlike all that were drawn before.

        The first one cannot be like another: then the second one is like the first.
        """
        if not self.taken:
            self.first = shape
        elif len(self.taken) == 1:
            shape = _like_the_first(shape, self.first)
        for attempt in count():
            pools = self.pools if attempt < POOL_ATTEMPTS else None
            drawn = Drawn(self._id(shape.id, pools), self._alias(shape, pools))
            if self._is_new(drawn):
                self.taken.append(drawn)
                return drawn
        raise AssertionError  # count() does not end

    def _is_new(self, drawn: Drawn) -> bool:
        ids = {other.id for other in self.taken} | RESERVED
        return drawn.id not in ids and self._is_new_alias(drawn.alias)

    def _is_new_alias(self, alias: str) -> bool:
        return alias.lower() not in {other.alias.lower() for other in self.taken}

    def _id(self, shape: IdShape, pools: Pools | None) -> str:
        if shape is IdShape.ONE_DIGIT_APART and self.taken:
            return self._one_digit_apart(self.taken[0].id)
        if shape is IdShape.BEGINS_ALIKE and self.taken:
            return self._begins_like(self.taken[0].id)
        if pools is not None:
            return self.random.choice(pools.ids[shape])
        return _IDS[shape](self.random)

    def _begins_like(self, other: str) -> str:
        """The other one and a digit more, or less; any, if somebody has that."""
        longer = f"{other}{self.random.choice(string.digits)}"
        found = longer if len(other) == NINE else other[:NINE]
        known = {drawn.id for drawn in self.taken}
        return found if found not in known else _digits(self.random, NINE)

    def _one_digit_apart(self, other: str) -> str:
        place = self.random.randrange(1, len(other))
        digits = [digit for digit in string.digits if digit != other[place]]
        return other[:place] + self.random.choice(digits) + other[place + 1 :]

    def _alias(self, shape: Shape, pools: Pools | None) -> str:
        if pools is not None:
            name = self.random.choice(pools.names[shape.name])
            namespace = self.random.choice(pools.namespaces[shape.namespace])
        else:
            name = _NAMES[shape.name](self.random)
            namespace = _NAMESPACES[shape.namespace](self.random)
        if shape.name is NameShape.SIGN_APART and self.taken:
            other = self.taken[0].alias.partition("@")[0]
            sign = self.random.choice("._")
            name = f"{other[:1]}{sign}{other[2:]}" if len(other) > 1 else f"{other}.a"
            if not self._is_new_alias(f"{name}@{namespace}"):
                name = _word(self.random, 5)
        if shape.name is NameShape.SHARED and self.taken:
            name = self.taken[0].alias.partition("@")[0]
            known = {other.alias.lower() for other in self.taken}
            if f"{name}@{namespace}".lower() in known:
                namespace = _word(self.random, 6)
        return f"{name}@{namespace}"


def _like_the_first(shape: Shape, first: Shape) -> Shape:
    if first.id in {IdShape.ONE_DIGIT_APART, IdShape.BEGINS_ALIKE}:
        shape = replace(shape, id=first.id)
    if first.name is NameShape.SHARED:
        shape = replace(shape, name=first.name)
    return shape


POOL_ATTEMPTS = 20
"""How often a pool is asked for an identity that nobody has yet."""

RESERVED = frozenset({"999888777"})
"""IDs that features name as nobody's."""


def _word(random: Random, length: int, letters: str = LETTERS) -> str:
    return "".join(random.choice(letters) for _ in range(length))


def _joined(random: Random, sign: str) -> str:
    return f"{_word(random, 4)}{sign}{_word(random, 3)}"


def _digits(random: Random, length: int) -> str:
    """So many digits, without a zero."""
    return _word(random, length, "123456789")


def _with_zeros(random: Random) -> str:
    head, tail = _digits(random, 3), _digits(random, 3)
    return f"{head}000{tail}"


def _several(draw: Callable[[Random], str], random: Random, size: int) -> Sequence[str]:
    return [draw(random) for _ in range(size)]


_IDS: Mapping[IdShape, Callable[[Random], str]] = {
    IdShape.NINE_DIGITS: lambda random: _digits(random, 9),
    IdShape.TEN_DIGITS: lambda random: str(random.randrange(TEN_DIGITS, ABOVE_INT32)),
    IdShape.ABOVE_INT32: lambda random: str(
        random.randrange(ABOVE_INT32, 10 * TEN_DIGITS)
    ),
    IdShape.LEADING_ZERO: lambda random: f"0{_digits(random, 8)}",
    IdShape.ZEROS_WITHIN: _with_zeros,
    IdShape.ONE_DIGIT_APART: lambda random: _digits(random, 9),
    IdShape.BEGINS_ALIKE: lambda random: _digits(random, 9),
}

_NAMES: Mapping[NameShape, Callable[[Random], str]] = {
    NameShape.PLAIN: lambda random: _word(random, 5),
    NameShape.DOT: lambda random: _joined(random, "."),
    NameShape.DASH: lambda random: _joined(random, "-"),
    NameShape.UNDERSCORE: lambda random: _joined(random, "_"),
    NameShape.DIGITS: lambda random: f"{_word(random, 3)}{_digits(random, 3)}",
    NameShape.CAPITALS: lambda random: _word(random, 4).capitalize() + "X",
    NameShape.SHORTEST: lambda random: _word(random, 1),
    NameShape.LONGEST: lambda random: _word(random, LONGEST_NAME),
    NameShape.SHARED: lambda random: _word(random, 5),
    NameShape.SIGN_APART: lambda random: _word(random, 5),
}

_NAMESPACES: Mapping[NamespaceShape, Callable[[Random], str]] = {
    NamespaceShape.DEFAULT: lambda _: "ad",
    NamespaceShape.CUSTOM: lambda random: _word(random, 7),
    NamespaceShape.DOT: lambda random: _joined(random, "."),
    NamespaceShape.DASH: lambda random: _joined(random, "-"),
    NamespaceShape.LONGEST: lambda random: _word(random, LONGEST_NAMESPACE),
    NamespaceShape.OTHER: lambda random: _word(random, 9),
}
