"""A new file of a product explains every key, and describes the specified one."""

import tomllib
from pathlib import Path

from invitelab.formats.specification import shipped_clauses
from invitelab.protocol.policy import Policy, knobs
from invitelab.world.product import KNOBS, read_product
from invitelab.world.product_template import template


def test_a_new_file_is_the_product_of_the_specification(tmp_path: Path) -> None:
    """Under its own name."""
    path = tmp_path / "new.toml"
    path.write_text(template("New"), encoding="utf-8")
    product = read_product(path)
    assert "New" == product.name
    assert Policy() == product.policy
    assert ((), ()) == (product.profiles, product.entry_points)


def test_every_interpretation_is_there_with_its_clause() -> None:
    """Above its key."""
    text = template("New")
    assert [*KNOBS] == [*tomllib.loads(text)["interpretations"]]
    words = " ".join(line.removeprefix("#").strip() for line in text.splitlines())
    for knob in knobs():
        clause = shipped_clauses()[knob.clause].text
        expected = f"{knob.clause}: {clause} {knob.name} = true"
        assert expected in words, knob.name


def test_what_is_commented_out_works(tmp_path: Path) -> None:
    """A user only has to remove the signs."""
    text = template("New")
    begin = text.index("# [[profiles]]")
    shown = [line.removeprefix("# ") for line in text[begin:].splitlines()]
    kept = [
        line for line in shown if line.startswith(("[[", "name", "perm", "en", "like"))
    ]
    path = tmp_path / "new.toml"
    path.write_text(text[:begin] + "\n".join(kept), encoding="utf-8")
    product = read_product(path)
    assert ["Support"] == [one.name for one in product.profiles]
    assert (("tray-menu", "invitation-icon"),) == product.entry_points
    assert all(len(line) <= 88 for line in text.splitlines())
