"""Selection of scenarios, and its options of pytest."""

import pytest

from invitelab.conformance.features.selection import Selection
from invitelab.errors import UsageError
from invitelab.formats.run import Level

EXPIRY = ("EXPIRY-2",)
TITLE = "Accepting after more than two minutes starts nothing"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), True),
        (Selection(clauses=["EXPIRY-1", "EXPIRY-2"]), True),
        (Selection(clauses=["EXPIRY-1"]), False),
        (Selection(scenarios=[TITLE]), True),
        (Selection(scenarios=["Another one"]), False),
        (Selection(level=Level.REQUIRED), True),
        (Selection(level=Level.INTERPRETATION), False),
        (Selection(tags="@EXPIRY-1 or @EXPIRY-2"), True),
        (Selection(tags="not @EXPIRY-2"), False),
        (Selection(tags="@EXPIRY-2 and not @EXPIRY-1"), True),
        (Selection(clauses=["EXPIRY-2"], level=Level.INTERPRETATION), False),
        (Selection(keyword="whatever"), True),
    ],
)
def test_everything_that_is_said_must_hold(
    selection: Selection, *, expected: bool
) -> None:
    """Except the keyword, which pytest applies to names that only it knows."""
    assert expected is selection.takes(EXPIRY, TITLE)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), True),
        (Selection(tags="@EXPIRY-2"), False),
        (Selection(keyword="cancel"), False),
        (Selection(level=Level.REQUIRED), False),
    ],
)
def test_a_whole_run_leaves_nothing_out(
    selection: Selection, *, expected: bool
) -> None:
    """Only such a run can end CONFORMANT."""
    assert expected is selection.whole


@pytest.mark.parametrize("tags", ["@EXPIRY-2 or (", "@EXPIRY-2 @EXPIRY-3", "or"])
def test_an_expression_that_cannot_be_read_is_refused(tags: str) -> None:
    """In one line, with an example."""
    with pytest.raises(UsageError, match=r"cannot be read: [^\n]+$") as caught:
        Selection(tags=tags)
    assert "@EXPIRY-2 or @EXPIRY-3" in caught.value.hint


@pytest.mark.parametrize("tags", ["@EXPRY-2", "EXPIRY-2", "not @expiry-2"])
def test_a_tag_that_does_not_exist_is_refused(tags: str) -> None:
    """Or a typing mistake would select nothing, or everything."""
    with pytest.raises(UsageError, match="there is no such tag"):
        Selection(tags=tags)


@pytest.mark.parametrize("keyword", ["and and", "cancel tile", "(", "'"])
def test_a_keyword_that_cannot_be_read_is_refused(keyword: str) -> None:
    """Before a run that would find nothing to do."""
    with pytest.raises(UsageError, match=r"^-k .+ cannot be read: [^\n]+$") as caught:
        Selection(keyword=keyword)
    assert "cancel and not tile" in caught.value.hint


def test_the_options_of_pytest_say_the_same() -> None:
    """Each part is an option of the plugin, or pytest's own."""
    selection = Selection(
        clauses=["EXPIRY-2"],
        scenarios=[TITLE],
        tags="@EXPIRY-2",
        level=Level.REQUIRED,
        keyword="not tile",
    )
    assert [
        "--clause=EXPIRY-2",
        f"--scenario={TITLE}",
        "--tags=@EXPIRY-2",
        "--level=required",
        "-k=not tile",
    ] == selection.options()
