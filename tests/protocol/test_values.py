"""The nouns: what can be written down, and what two ways of writing mean the same."""

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    Address,
    ClientId,
    ContactList,
    EntryPoint,
    Identity,
    Permission,
    Permissions,
    State,
    Version,
    is_alias,
    is_client_id,
    with_locks,
)

NUMBERS = st.integers(min_value=0, max_value=999_999)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS)
IDS = st.from_regex(r"[0-9]{9,10}", fullmatch=True)
ALIASES = st.from_regex(r"[0-9a-zA-Z._-]{1,25}@[0-9a-zA-Z.-]{1,63}", fullmatch=True)
HELD = st.frozensets(st.sampled_from(Permission))
LOCKS = st.dictionaries(st.sampled_from(Permission), st.booleans())

MALFORMED = [
    "",
    " ",
    "12345678",
    "12345678901",
    "12345678a",
    "-123456789",
    "+1234567890",
    "123456789.0",
    "123,456,789",
    "123-456-789",
    "123  456 789",
    "123\t456\t789",
    "123\u00a0456\u00a0789",
    "1 234 567",
    "1234 567 890",
    "123 456 7890",
    "1 2 3 4 5 6 7 8 9",
    "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "ada",
    "ada@",
    "@ad",
    "ada@ad@ad",
    "ada ad@ad",
    "ada@a_d",
    "ad\u00e4@ad",
    f"{'a' * 26}@ad",
    f"ada@{'d' * 64}",
]


# Versions


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("7.0.0", "10.0.0"),
        ("6.10.0", "7.0.0"),
        ("6.9.9", "6.10.0"),
        ("6.9.9", "7.0.0"),
        ("7.0.9", "7.0.10"),
        ("7.9.0", "7.10.0"),
    ],
)
def test_versions_compare_as_numbers(earlier: str, later: str) -> None:
    """Not as text: 10 is later than 7, and 6.10 is earlier than 7 (DIRECT-1)."""
    assert Version.parse(earlier) < Version.parse(later)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.0.0", False),
        ("6.9.9", False),
        ("6.10.0", False),
        ("6.999999.999999", False),
        ("7.0.0", True),
        ("7.0.1", True),
        ("10.0.0", True),
        ("70.0.0", True),
    ],
)
def test_direct_invitations_come_with_seven(text: str, *, expected: bool) -> None:
    """Exactly 7.0.0 counts (DIRECT-1, DIRECT-2)."""
    assert expected == Version.parse(text).supports_direct


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "7.1",
        "7.1.2.3",
        "7.1.x",
        " 7.1.2",
        "7.1.2\n",
        "v7.1.2",
        "-7.1.2",
        "7..2",
        "7.1.1234567",
        "\u0667.\u0661.\u0662",
    ],
)
def test_anything_else_is_no_version(text: str) -> None:
    """Three numbers of up to six digits, with dots."""
    with pytest.raises(ValueError, match="is not a version of the form"):
        Version.parse(text)


@settings(deadline=None)
@given(version=VERSIONS)
def test_a_version_is_read_as_it_is_written(version: Version) -> None:
    """`str` and `parse` undo each other."""
    assert version == Version.parse(str(version))


@settings(deadline=None)
@given(one=VERSIONS, other=VERSIONS)
def test_the_order_of_versions_is_that_of_their_numbers(
    one: Version, other: Version
) -> None:
    """Major first, then minor, then patch."""
    numbers = (one.major, one.minor, one.patch) < (
        other.major,
        other.minor,
        other.patch,
    )
    assert numbers == (one < other)


# Addresses


def grouped(id_: str) -> list[str]:
    """Write an ID in groups of three, from either end."""
    offset = len(id_) % 3
    head = [id_[:offset]] if offset else []
    right = [*head, *(id_[at : at + 3] for at in range(offset, len(id_), 3))]
    left = [id_[at : at + 3] for at in range(0, len(id_), 3)]
    return [" ".join(right), " ".join(left)]


@settings(deadline=None)
@given(id_=IDS)
def test_grouping_never_changes_what_an_id_means(id_: str) -> None:
    """Leniently read, groups of three are the plain ID (DIRECT-8)."""
    expected = {Address(id_)}
    written = [id_, f" {id_} ", *grouped(id_)]
    assert expected == {Address.parse(text, lenient=True) for text in written}


@settings(deadline=None)
@given(id_=IDS)
def test_strictly_an_id_is_digits(id_: str) -> None:
    """The other interpretation takes the plain form and no other (DIRECT-8)."""
    assert Address(id_) == Address.parse(id_, lenient=False)
    spaced = [f" {id_}", f"{id_}\n", *grouped(id_)]
    assert {None} == {Address.parse(text, lenient=False) for text in spaced}


@settings(deadline=None)
@given(alias=ALIASES)
def test_an_alias_means_the_same_in_any_case(alias: str) -> None:
    """Leniently read; strictly it is taken as it is typed (DIRECT-8)."""
    written = [alias, alias.upper(), alias.lower(), alias.swapcase(), f" {alias} "]
    lenient = {Address.parse(text, lenient=True) for text in written}
    assert {Address(alias.lower(), any_case=True)} == lenient
    assert Address(alias) == Address.parse(alias, lenient=False)


@settings(deadline=None)
@given(typed=st.text(), lenient=st.booleans())
def test_reading_an_address_never_raises(typed: str, *, lenient: bool) -> None:
    """Whatever is typed is an address, well-formed, or none."""
    found = Address.parse(typed, lenient=lenient)
    assert found is None or is_client_id(found.text) or is_alias(found.text)


@settings(deadline=None)
@given(typed=IDS | ALIASES)
def test_reading_twice_changes_nothing(typed: str) -> None:
    """What was read can be read again, and means the same."""
    found = Address.parse(typed, lenient=True)
    assert found is not None
    assert found == Address.parse(found.text, lenient=True)


@settings(deadline=None)
@given(typed=IDS | ALIASES | st.text(alphabet="0123456789 @aA.-_"))
def test_what_is_read_strictly_is_read_leniently(typed: str) -> None:
    """Leniency takes more and refuses nothing."""
    strict = Address.parse(typed, lenient=False)
    lenient = Address.parse(typed, lenient=True)
    assert strict is None or (lenient and strict.text.lower() == lenient.text)


@pytest.mark.parametrize("typed", MALFORMED)
@pytest.mark.parametrize("lenient", [True, False])
def test_what_is_no_address_is_none(typed: str, *, lenient: bool) -> None:
    """Too short, too long, other digits, other signs (REFUSE-2)."""
    assert None is Address.parse(typed, lenient=lenient)


@pytest.mark.parametrize(
    "typed", ["123 4 56 789", "123 45 678 9", "100 20 030 0", "123 4 567 89"]
)
def test_other_groups_than_of_three_are_no_id(typed: str) -> None:
    """DIRECT-8 is about groups of three; only an outer one may be shorter."""
    assert None is Address.parse(typed, lenient=True)


# Identities


@pytest.mark.parametrize(
    "alias",
    ["a@b", f"{'a' * 25}@{'b' * 63}", "A-1._z@B-2.c", "0@0", "-@-", ".@."],
)
def test_an_alias_has_room(alias: str) -> None:
    """1 to 25 signs, an @, and 1 to 63 signs."""
    identity = Identity(id=ClientId("100200300"), alias=alias)
    assert alias == identity.alias


@pytest.mark.parametrize(
    "alias",
    [
        "",
        "a",
        "@",
        "a@",
        "@b",
        f"{'a' * 26}@b",
        f"a@{'b' * 64}",
        "a@b_c",
        "a b@c",
        "a@b@c",
        "\u00e4@b",
        "a@b\n",
    ],
)
def test_what_is_no_alias_cannot_be_one(alias: str) -> None:
    """No network would hand it out."""
    with pytest.raises(ValueError, match="is not an alias"):
        Identity(id=ClientId("100200300"), alias=alias)


@pytest.mark.parametrize("text", ["", "12345678", "12345678901", "100 200 300", "a"])
def test_what_is_no_id_cannot_be_one(text: str) -> None:
    """9 or 10 digits without spaces."""
    with pytest.raises(ValueError, match="is not an ID"):
        Identity(id=ClientId(text), alias=None)


def test_a_leading_zero_counts() -> None:
    """An ID is text, not a number."""
    one, other = (Address.parse(t, lenient=True) for t in ("0123456789", "123456789"))
    assert one != other


# Permissions


@settings(deadline=None)
@given(held=HELD, locked=LOCKS)
def test_a_lock_wins_both_ways(
    held: Permissions, locked: Mapping[Permission, bool]
) -> None:
    """Locked on is there, locked off is not, the rest is as chosen (SESSION-8)."""
    expected = {name for name in Permission if locked.get(name, name in held)}
    assert expected == with_locks(held, locked)


@settings(deadline=None)
@given(held=HELD, locked=LOCKS)
def test_locking_twice_is_locking_once(
    held: Permissions, locked: Mapping[Permission, bool]
) -> None:
    """Locking twice is locking once."""
    once = with_locks(held, locked)
    assert once == with_locks(once, locked)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("Default", {Permission.PRIVACY_MODE, Permission.TCP_TUNNEL}),
        ("Screen Sharing", set(Permission) - {Permission.VIEW}),
        ("Full Access", set[Permission]()),
    ],
)
def test_a_built_in_profile_holds_what_it_says(
    name: str, missing: set[Permission]
) -> None:
    """The design says what three of them lack."""
    (found,) = (entry for entry in BUILT_IN_PROFILES if entry.name == name)
    assert missing == set(Permission) - found.permissions


# States and entry points


def test_only_pending_is_not_final() -> None:
    """The other four cannot change any more."""
    assert [State.PENDING] == [state for state in State if not state.terminal]


def test_each_list_of_contacts_has_one_tile() -> None:
    """And the entry points that are no tile have no list."""
    lists = [entry.contact_list for entry in EntryPoint]
    tiles = list(itertools.compress(lists, lists))
    assert list(ContactList) == tiles
    assert 3 == lists.count(None)
