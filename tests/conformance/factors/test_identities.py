"""Identities: every shape is what it says, within the grammar, and unmistakable."""

import re
from random import Random

import pytest

from invitelab.conformance.factors.identities import (
    ABOVE_INT32,
    RESERVED,
    Drawn,
    Identities,
    IdShape,
    NameShape,
    NamespaceShape,
    Shape,
)
from invitelab.protocol.values import is_alias, is_client_id

MANY = 200
NAMES = {
    NameShape.PLAIN: "[a-z]+",
    NameShape.DOT: r"[a-z]+\.[a-z]+",
    NameShape.DASH: "[a-z]+-[a-z]+",
    NameShape.UNDERSCORE: "[a-z]+_[a-z]+",
    NameShape.DIGITS: "[a-z]+[0-9]+",
    NameShape.CAPITALS: "[A-Z][a-z]+X",
    NameShape.SHORTEST: ".",
    NameShape.LONGEST: ".{25}",
    NameShape.SHARED: ".+",
    NameShape.SIGN_APART: r".[._].+",
}
NAMESPACES = {
    NamespaceShape.DEFAULT: "ad",
    NamespaceShape.CUSTOM: "[a-z]+",
    NamespaceShape.DOT: r"[a-z]+\.[a-z]+",
    NamespaceShape.DASH: "[a-z]+-[a-z]+",
    NamespaceShape.LONGEST: ".{63}",
    NamespaceShape.OTHER: "[a-z]{9}",
}


def drawn(shape: Shape, seed: int = 0) -> list[Drawn]:
    """Draw many of one shape, after one of the plain shape."""
    identities = Identities(Random(seed))
    return [
        identities.draw(Shape()),
        *(identities.draw(shape) for _ in range(20)),
    ]


@pytest.mark.parametrize("shape", IdShape)
def test_an_id_has_its_shape(shape: IdShape) -> None:
    """Nine or ten digits of the network's grammar."""
    first, *others = drawn(Shape(id=shape))
    for other in others:
        assert is_client_id(other.id)
        match shape:
            case IdShape.NINE_DIGITS:
                assert len(other.id) == 9
            case IdShape.TEN_DIGITS:
                assert len(other.id) == 10
                assert int(other.id) < ABOVE_INT32
            case IdShape.ABOVE_INT32:
                assert int(other.id) >= ABOVE_INT32
            case IdShape.LEADING_ZERO:
                assert other.id.startswith("0")
            case IdShape.ZEROS_WITHIN:
                assert "000" in other.id[1:-1]
            case IdShape.BEGINS_ALIKE:
                second = others[0].id  # there are not many of these
                assert second.startswith(first.id) or first.id.startswith(second)
            case IdShape.ONE_DIGIT_APART:
                apart = [
                    sum(a != b for a, b in zip(other.id, known.id, strict=True))
                    for known in (first, *others)
                    if known is not other
                ]
                assert 1 in apart


@pytest.mark.parametrize("name", NameShape)
@pytest.mark.parametrize("namespace", NamespaceShape)
def test_an_alias_has_its_shape(name: NameShape, namespace: NamespaceShape) -> None:
    """`name@namespace`, each part of its own shape."""
    identities = Identities(Random(1))
    first = identities.draw(Shape())
    alias = identities.draw(Shape(name=name, namespace=namespace)).alias
    assert is_alias(alias)
    found_name, _, found_namespace = alias.partition("@")
    assert re.fullmatch(NAMES[name], found_name)
    first_name, _, first_namespace = first.alias.partition("@")
    match name:
        case NameShape.SHARED:
            assert found_name == first_name
            assert found_namespace != first_namespace
        case NameShape.SIGN_APART:
            signs = zip(found_name, first_name, strict=True)
            assert 1 == sum(one != other for one, other in signs)
        case _:
            assert re.fullmatch(NAMESPACES[namespace], found_namespace)


def test_nobody_is_mistaken_for_another() -> None:
    """Neither by ID nor by alias in any letter case, whatever the shapes."""
    random = Random(2)
    for _ in range(MANY):
        identities = Identities(random)
        people = [
            identities.draw(
                Shape(
                    id=random.choice(list(IdShape)),
                    name=random.choice(list(NameShape)),
                    namespace=random.choice(list(NamespaceShape)),
                )
            )
            for _ in range(5)
        ]
        assert len(people) == len({one.id for one in people} - RESERVED)
        assert len(people) == len({one.alias.lower() for one in people})


def test_another_seed_draws_others() -> None:
    """And the same one the same."""
    assert drawn(Shape(), 1) == drawn(Shape(), 1)
    assert not {one.id for one in drawn(Shape(), 1)} & {
        one.id for one in drawn(Shape(), 2)
    }
