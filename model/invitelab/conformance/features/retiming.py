"""The times of the suite as they are with the lifetime of the product.

The features are written for two minutes. With a product whose invitations live longer
or shorter, a time near the end follows it: 119 seconds of 120 are 299 of 300. Features
of a user's own name their times as they are.
"""

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from invitelab.conformance.factors.retelling.telling import DrawnStep
from invitelab.resources import feature_files
from invitelab.world.product import Product, current_product

if TYPE_CHECKING:
    from pytest_bdd.parser import Scenario, Step

MS_PER = {"minutes": 60_000, "seconds": 1000, "milliseconds": 1}
PASSED = re.compile(
    r"(?P<another>another )?(?P<amount>\d+) (?P<unit>minutes|seconds|milliseconds)"
    r"(?= have passed)"
)


def retimed(scenario: "Scenario") -> "Scenario":
    """The scenario with its times by the product; the same one for a user's own."""
    product = current_product()
    if product.is_specified or scenario.feature.filename not in _suite():
        return scenario
    steps = [_step(step, product) for step in scenario.steps]
    return replace(scenario, steps=steps)


@cache
def _suite() -> frozenset[str]:
    return frozenset(map(str, feature_files()))


def _step(step: "Step", product: Product) -> "Step":
    text = retimed_text(step.name, product)
    if text == step.name:
        return step
    return DrawnStep(
        name=text,
        type=step.type,
        indent=step.indent,
        line_number=step.line_number,
        keyword=step.keyword,
        datatable=step.datatable,
    )


def retimed_text(text: str, product: Product) -> str:
    """A step with its time by a product."""
    found = PASSED.match(text)
    if found is None:
        return text
    passed_ms = int(found["amount"]) * MS_PER[found["unit"]]
    whole_ms = product.retimed_ms(passed_ms)
    if whole_ms == passed_ms:
        return text
    units = ("seconds",) if found["another"] else ("seconds", "milliseconds")
    unit = next((one for one in units if not whole_ms % MS_PER[one]), units[-1])
    amount = -(-whole_ms // MS_PER[unit])  # a longer wait is as good as one
    return f"{found['another'] or ''}{amount} {unit}{text[found.end() :]}"
