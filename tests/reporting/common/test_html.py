"""Pages from templates: what a filter of theirs makes of a text."""

from invitelab.reporting.common.html import ids_apart


def test_ids_of_clauses_are_told_apart_and_nothing_is_lost() -> None:
    """Text of an implementation may stand beside them."""
    text = "it is late (EXPIRY-2, NOTIFY-5), a-5 too"
    found = ids_apart(text)
    assert ["EXPIRY-2", "NOTIFY-5"] == [part for part, is_id in found if is_id]
    assert text == "".join(part for part, _ in found)
