"""Text stays text in Markdown: in a line, in a table, as code and in a block."""

from invitelab.reporting.common.markdown import code, fenced, folded, plain, table


def test_text_means_nothing_to_markdown_or_html() -> None:
    """Nor does it end its line."""
    assert r"\`a\` \| &lt;b> \*c\* d" == plain("`a` | <b> *c*\n d")
    assert r"\# a" == plain("# a")
    assert r"!\[x\](y)" == plain("![x](y)")


def test_code_ends_where_it_is_meant_to() -> None:
    """Its spaces are a part of it."""
    assert "`a  'b'`" == code("a  `b`")


def test_a_block_has_two_fences() -> None:
    """Whatever is in it."""
    assert ["~~~~text", "a", "~ ~ ~ ~~", "~~~~"] == list(fenced(["a", "~~~~~"]))


def test_the_title_of_what_is_folded_up_is_html() -> None:
    """No text opens an element, and none has a backslash that would be seen."""
    expected = "<details><summary>a_b &lt;i&gt; &amp; c</summary>"
    assert expected == folded("a_b <i>\n & c")


def test_a_table_has_as_many_cells_in_each_row() -> None:
    """A bar in a text parts no cells."""
    lines = ["| a | b |", "|---|---|", "| \\| | c |"]
    assert lines == list(table(("a", "b"), [("|", "c")]))
