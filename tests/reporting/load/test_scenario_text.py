"""Scenarios as text: TOML of the same value."""

import tomllib

from invitelab.formats.results import Results
from invitelab.reporting.load.scenario_text import scenario_text


def test_the_text_is_toml_for_the_same_scenario(steady: Results) -> None:
    """Values, tables and lists of tables."""
    assert steady.scenario == tomllib.loads(scenario_text(steady.scenario))


def test_long_tables_have_headings_and_short_ones_a_line() -> None:
    """At any depth, and what is absent is left out."""
    document = {
        "a": {"b": {f"key_{n}": "value" * 3 for n in range(6)}, "c": {"d": 1}},
        "list": [1, 2.5, True, "x"],
        "odd key": "\u202e\x1b",
        "nothing": None,
        "empty": [],
    }
    text = scenario_text(document)
    assert "[a.b]" in text
    assert "c = { d = 1 }" in text
    assert "nothing" not in text
    read = tomllib.loads(text)
    assert document["a"] == read["a"]
    assert ([1, 2.5, True, "x"], "", []) == (
        read["list"],
        read["odd key"],
        read["empty"],
    )
