"""No step names an address of anybody: identities are drawn."""

import re

from invitelab.conformance.factors.identities import RESERVED
from invitelab.conformance.features.gherkin import pickles
from invitelab.protocol.values import Address

TYPED = re.compile('invites "([^"]*)"')
LOOKS_LIKE_ONE = re.compile(r"@|\d{8,}")
NOBODY = {*RESERVED, "nobody@ad"}


def typed() -> set[str]:
    """The addresses that the steps of all scenarios have in quotation marks."""
    steps = [step.name for pickle in pickles() for step in pickle.scenario.steps]
    return {found[1] for step in steps if (found := TYPED.search(step))}


def test_what_is_typed_is_nobodys_address() -> None:
    """An ID and an alias: an address of somebody is named by a form of it."""
    assert NOBODY == typed()
    assert all(Address.parse(text, lenient=False) is not None for text in NOBODY)


def test_no_other_step_has_an_address_in_it() -> None:
    """Neither an alias nor a number of the length of an ID."""
    for pickle in pickles():
        for step in pickle.scenario.steps:
            rest = TYPED.sub("", step.name)
            assert LOOKS_LIKE_ONE.search(rest) is None, step.name
