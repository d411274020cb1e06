"""Every mistake in an own definition is one sentence, with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.conformance.features.own import use_own_features
from invitelab.errors import UsageError

Folder = Callable[..., Path]

TAKEN = (
    "the suite has the step 'no session has started', which this one matches as well"
)
STEPS = """\
from pytest_bdd import parsers
from invitelab.conformance.steps import *

{definition}
    "Nothing."
"""


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        (
            '@then("no session has started")\ndef mine(context):',
            "the suite has the step 'no session has started': choose other words",
        ),
        (
            '@then("Zoe controls the device of Max")\ndef mine(context):',
            (
                "the suite has the step 'Zoe controls the device of Max': choose other "
                "words"
            ),
        ),
        (
            (
                '@then(phrase("no session has (?P<what>start.*)"))\n'
                "def mine(context, what):"
            ),
            TAKEN,
        ),
        (
            '@then(parsers.parse("no session has {what}"))\ndef mine(context, what):',
            TAKEN,
        ),
        (
            '@then(phrase("Zoe (smiles|frowns)"))\ndef mine(context):',
            "the pattern has a group without a name: write (?P<name>...) or (?:...)",
        ),
        (
            '@then(phrase("(?P<who>Zoe) smiles"))\ndef mine(context):',
            "mine has no parameter 'who', which the step captures",
        ),
        (
            '@then(parsers.parse("{who} smiles"))\ndef mine(context):',
            "mine has no parameter 'who', which the step captures",
        ),
        (
            '@then("Zoe smiles")\ndef mine(context, who):',
            "the pattern captures nothing for the parameter 'who'",
        ),
        (
            '@then("Zoe smiles")\ndef mine():',
            "mine has no parameter 'context', which the step is given",
        ),
    ],
)
def test_a_mistake_has_its_place(
    folder: Folder, definition: str, sentence: str
) -> None:
    """That of the decorator."""
    with pytest.raises(UsageError) as error:
        use_own_features(folder(steps_py=STEPS.format(definition=definition)))
    assert [f"own/steps.py:4: {sentence}"] == str(error.value).splitlines()


@pytest.mark.parametrize(
    "definition",
    [
        '@given("no session has started")\ndef mine(context):',
        (
            '@then(phrase("(?P<who>[A-Z][a-z]+) smiles(?: broadly)?"))\n'
            "def mine(context, who, how='broadly'):"
        ),
        '@then("the clock strikes")\ndef mine(context, datatable):',
        '@then("it is")\ndef mine(**arguments):',
    ],
)
def test_nothing_is_told_of_what_works(folder: Folder, definition: str) -> None:
    """Words of another type of step, and parameters with a default."""
    use_own_features(folder(steps_py=STEPS.format(definition=definition)))
