"""Addresses as people write them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.identities import (
    Identities,
    IdShape,
    NameShape,
    NamespaceShape,
    Shape,
)
from invitelab.conformance.features.gherkin import pickles
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.invitations import grouped, written
from invitelab.conformance.features.steps.phrases import joined_digits
from invitelab.protocol.values import Address

Judge = Callable[..., Engine]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("100200300", "100 200 300"),
        ("012003000", "012 003 000"),
        ("1100220033", "1 100 220 033"),
    ],
)
def test_an_id_is_written_in_groups_of_three(id_: str, expected: str) -> None:
    """From the right, with single spaces between them."""
    assert expected == grouped(id_)


@given(from_regex("[0-9]{9,10}", fullmatch=True))
def test_a_grouped_id_is_the_same_address(id_: str) -> None:
    """To whoever reads typed addresses leniently, as DIRECT-8 says."""
    assert id_ == joined_digits(grouped(id_))
    assert Address.parse(id_, lenient=True) == Address.parse(grouped(id_), lenient=True)


FORMS = {
    "the first eight digits of the ID",
    "the ID with digits up to eleven",
    "the alias without its namespace",
    "the alias with a second namespace",
}
"""Of REFUSE-2."""


def test_a_form_of_no_address_is_none_of_anybody() -> None:
    """Whatever the identity, and however leniently it is read."""
    random = Random(0)
    for id_, name, space in product(IdShape, NameShape, NamespaceShape):
        drawn = Identities(random).draw(Shape(id=id_, name=name, namespace=space))
        bob = Person(name="Bob", token=drawn.id, version="7.0.0", **asdict(drawn))
        for form in FORMS:
            assert Address.parse(written(bob, form), lenient=True) is None, form


def test_the_forms_of_no_address_are_those_of_the_feature() -> None:
    """Of the clause about malformed addresses."""
    invites = re.compile("Ada invites Bob by (.+)")
    steps = (step.name for one in pickles("REFUSE-2") for step in one.scenario.steps)
    assert FORMS == {found[1] for step in steps if (found := invites.match(step))}


class Listening(Reference):
    """The reference, which remembers its clients and what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: dict[str, str] = {}
        self.typed: list[str] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Remember, and answer."""
        if method == "scenario.begin":
            clients = params["clients"]
            assert isinstance(clients, list)
            for client in clients:
                assert isinstance(client, dict)
                self.addresses[str(client["alias"]).lower()] = str(client["alias"])
                self.addresses[str(client["id"])] = str(client["id"])
        if method == "invitation.send":
            self.typed.append(str(params["to"]))
        return super().request(method, params)


def test_a_step_types_the_address_of_the_person_in_another_form(judge: Judge) -> None:
    """Neither as it was declared nor an address of anybody else."""
    listening = Listening()
    judge(listening, "DIRECT-8")
    grouped_id, swapped = listening.typed
    assert listening.addresses[grouped_id.replace(" ", "")] == joined_digits(grouped_id)
    assert " " in grouped_id
    alias = listening.addresses[swapped.lower()]
    assert alias.swapcase() == swapped
    assert alias != swapped
