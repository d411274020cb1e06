"""The words of a proof: how it is measured what the suite is worth."""

from invitelab.conformance.glossary_entry import Entry, Group

PROOF = (
    Entry(
        group=Group.PROOF,
        word="mutants",
        meaning=(
            "The reference implementation with one small mistake each. A scenario of "
            "the clause that it breaks must fail, where something is observed."
        ),
        advice="`invitelab explain CLAUSE` names those of a clause.",
    ),
    Entry(
        group=Group.PROOF,
        word="floor",
        meaning=(
            "Implementations that do nothing, or say yes to everything. Not one clause "
            "may pass on any of them."
        ),
        advice="`invitelab prove` tries them all.",
    ),
    Entry(
        group=Group.PROOF,
        word="panel",
        meaning=(
            "Implementations that are right in ways that nobody would think of. "
            "Nothing may fail on any of them."
        ),
        advice="If a scenario fails on yours that should not, please report it.",
    ),
    Entry(
        group=Group.PROOF,
        word="identity",
        meaning=(
            "The same implementation gets the same records over every transport. "
            "Nothing depends on how it was reached."
        ),
        advice="`invitelab prove` compares them.",
    ),
    Entry(
        group=Group.PROOF,
        word="walks",
        meaning=(
            "People do at random whatever the adapter protocol knows. After each move "
            "everybody's view is held against a small model of what the page demands; "
            "what goes wrong is left as a scenario in walk.feature."
        ),
        advice="`--walks 200 --seed 1` goes others than `--walks 200`.",
    ),
)
