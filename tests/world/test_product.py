"""A variant of the product: its file, its policy, and where its times are."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.protocol.policy import LIFETIME_US, Policy, knobs
from invitelab.world.product import (
    KNOBS,
    SPECIFIED,
    Product,
    current_product,
    read_product,
    use_product,
)

WHOLE = """\
name = "Five"
lifetime = "5min"
[interpretations]
modify_keeps_the_deadline = false
one_accept_counts = true
[[profiles]]
name = "Support"
permissions = ["view", "input"]
[[entry_points]]
name = "tray-menu"
"""


@pytest.fixture(autouse=True)
def specified() -> Iterator[None]:
    """Leave no product to other tests."""
    yield
    use_product(SPECIFIED)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a file in the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "variant.toml"


def read(file: Path, text: str) -> Product:
    """Read that text."""
    file.write_text(text, encoding="utf-8")
    return read_product(file)


def test_without_a_file_it_is_that_of_the_specification() -> None:
    """Whose policy is the default one."""
    assert SPECIFIED is current_product()
    assert SPECIFIED.is_specified
    assert Policy() == SPECIFIED.policy


def test_a_file_says_what_differs(file: Path) -> None:
    """Everything else is as specified."""
    product = read(file, WHOLE)
    assert ("Five", "variant.toml", "5min") == (
        product.name,
        product.file,
        product.lifetime_text,
    )
    changed = {
        entry.name
        for entry in fields(Policy)
        if getattr(product.policy, entry.name) != getattr(Policy(), entry.name)
    }
    assert {"lifetime_us", "modify_keeps_the_deadline"} == changed
    assert 300_000_000 == product.policy.lifetime_us
    assert {"PENDING-6": "modify_keeps_the_deadline"} == product.otherwise_by_clause
    assert [("Support", ("view", "input"))] == [
        (one.name, one.permissions) for one in product.profiles
    ]
    assert (("tray-menu", "invitation-icon"),) == product.entry_points


def test_a_name_is_enough(file: Path) -> None:
    """The rest has defaults."""
    product = read(file, 'name = "Same"\n')
    assert LIFETIME_US == product.lifetime_us
    assert not product.is_specified
    assert () == product.otherwise


def test_every_interpretation_can_be_named(file: Path) -> None:
    """By the name of its field of the policy."""
    lines = "".join(f"{name} = false\n" for name in KNOBS)
    product = read(file, f'name = "All"\n[interpretations]\n{lines}')
    assert {knob.clause for knob in knobs()} == set(product.otherwise_by_clause)
    assert not any(getattr(product.policy, knob.name) for knob in knobs())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "name is missing"),
        ('name = " x"\n', "variant.toml:1:8: name has blanks around it"),
        ('name = "x"\nlifetime = "5"\n', "lifetime is missing a unit"),
        ('name = "x"\nlifetime = "59s"\n', "lifetime has to be from 1min to 1h"),
        ('name = "x"\nlifetime = "2h"\n', "lifetime has to be from 1min to 1h"),
        ('name = "x"\nlifetime = "90.5s"\n', "has to be a whole number of seconds"),
        (
            'name = "x"\n[interpretations]\nmodify_keeps_deadline = false\n',
            'modify_keeps_deadline is no interpretation: did you mean "modify_k',
        ),
        (
            'name = "x"\n[[profiles]]\nname = "Default"\npermissions = []\n',
            'name "Default" is taken',
        ),
        (
            'name = "x"\n[[profiles]]\nname = "A"\npermissions = ["views"]\n',
            'variant.toml:4:16: views is no permission: did you mean "view"?',
        ),
        (
            'name = "x"\n[[entry_points]]\nname = "tile.discovery"\n',
            'name "tile.discovery" is taken',
        ),
        (
            'name = "x"\n[[entry_points]]\nname = "a"\nlike = "icon"\n',
            "like icon is no entry point of a client",
        ),
        ('name = "x"\ncolour = "red"\n', "colour is not a key"),
    ],
)
def test_a_mistake_has_its_place(file: Path, text: str, told: str) -> None:
    """One sentence, with line and column."""
    with pytest.raises(UsageError) as error:
        read(file, text)
    assert told in str(error.value)
    assert "variant.toml:" in str(error.value)


# Times

MINUTE, FIVE, HOUR = (
    Product(name="x", lifetime_us=minutes * 60_000_000) for minutes in (1, 5, 60)
)


@pytest.mark.parametrize("ms", [0, 500, 10_000, 60_000, 99_000, 119_999, 3_600_000])
def test_two_minutes_leave_all_times_alone(ms: int) -> None:
    """They are what the suite is written for."""
    assert ms == SPECIFIED.retimed_ms(ms)


@pytest.mark.parametrize(
    ("product", "before_ms", "after_ms"),
    [
        (FIVE, 60_000, 60_000),
        (FIVE, 110_000, 290_000),
        (FIVE, 119_999, 299_999),
        (FIVE, 120_000, 300_000),
        (FIVE, 135_000, 315_000),
        (FIVE, 600_000, 600_000),
        (HOUR, 600_000, 4_080_000),
        (HOUR, 86_341_000, 86_341_000),
        (MINUTE, 10_000, 10_000),
        (MINUTE, 55_000, 25_000),
        (MINUTE, 119_000, 59_000),
        (MINUTE, 121_000, 61_000),
    ],
)
def test_times_near_the_end_follow_it(
    product: Product, before_ms: int, after_ms: int
) -> None:
    """At their distance from it; what is long over stays so."""
    assert after_ms == product.retimed_ms(before_ms)


@pytest.mark.parametrize("product", [MINUTE, FIVE, HOUR])
def test_what_comes_later_still_does(product: Product) -> None:
    """The order of times is that of the suite, and so is the side of the end."""
    times = [*range(0, 180_000, 500), 119_999, 120_001]
    moved = [product.retimed_ms(ms) for ms in sorted(times)]
    assert sorted(moved) == moved
    assert len(set(moved)) == len(set(times))
    end_ms = product.lifetime_ms
    assert all((ms < 120_000) == (product.retimed_ms(ms) < end_ms) for ms in times)
