"""Identities of a scenario: IDs and aliases of drawn shapes, within the grammar.

An ID has 9 or 10 digits; an alias is `name@namespace`, a name of 1 to 25 and a
namespace of 1 to 63 characters. Whatever is drawn here may be used to judge a required
clause.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

LONGEST_NAME = 25
LONGEST_NAMESPACE = 63
ABOVE_INT32 = 2**31
TEN_DIGITS = 10**9

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


@dataclass(slots=True)
class Identities:
    """The identities of one scenario; no two can be mistaken for each other."""

    random: Random
    taken: list[Drawn] = field(default_factory=list[Drawn])

    def draw(self, shape: Shape) -> Drawn:
        """One more identity of this shape, unlike all that were drawn before."""
        while True:
            drawn = Drawn(self._id(shape.id), self._alias(shape))
            if self._is_new(drawn):
                self.taken.append(drawn)
                return drawn

    def _is_new(self, drawn: Drawn) -> bool:
        aliases = {other.alias.lower() for other in self.taken}
        ids = {other.id for other in self.taken} | RESERVED
        return drawn.id not in ids and drawn.alias.lower() not in aliases

    def _id(self, shape: IdShape) -> str:
        if shape is IdShape.ONE_DIGIT_APART and self.taken:
            return self._one_digit_apart(self.random.choice(self.taken).id)
        return _IDS[shape](self.random)

    def _one_digit_apart(self, other: str) -> str:
        place = self.random.randrange(1, len(other))
        digits = [digit for digit in string.digits if digit != other[place]]
        return other[:place] + self.random.choice(digits) + other[place + 1 :]

    def _alias(self, shape: Shape) -> str:
        name = _NAMES[shape.name](self.random)
        namespace = _NAMESPACES[shape.namespace](self.random)
        if shape.name is NameShape.SHARED and self.taken:
            other = self.random.choice(self.taken).alias
            name, _, theirs = other.partition("@")
            if theirs.lower() == namespace.lower():
                namespace = _word(self.random, 6)
        return f"{name}@{namespace}"


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


_IDS: Mapping[IdShape, Callable[[Random], str]] = {
    IdShape.NINE_DIGITS: lambda random: _digits(random, 9),
    IdShape.TEN_DIGITS: lambda random: str(random.randrange(TEN_DIGITS, ABOVE_INT32)),
    IdShape.ABOVE_INT32: lambda random: str(
        random.randrange(ABOVE_INT32, 10 * TEN_DIGITS)
    ),
    IdShape.LEADING_ZERO: lambda random: f"0{_digits(random, 8)}",
    IdShape.ZEROS_WITHIN: _with_zeros,
    IdShape.ONE_DIGIT_APART: lambda random: _digits(random, 9),
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
}

_NAMESPACES: Mapping[NamespaceShape, Callable[[Random], str]] = {
    NamespaceShape.DEFAULT: lambda _: "ad",
    NamespaceShape.CUSTOM: lambda random: _word(random, 7),
    NamespaceShape.DOT: lambda random: _joined(random, "."),
    NamespaceShape.DASH: lambda random: _joined(random, "-"),
    NamespaceShape.LONGEST: lambda random: _word(random, LONGEST_NAMESPACE),
    NamespaceShape.OTHER: lambda random: _word(random, 9),
}
