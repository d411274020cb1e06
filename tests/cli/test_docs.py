"""`invitelab docs` lists the pages, and shows each as it is."""

from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.cli.support.doc_pages import pages

ROOT = Path(__file__).parents[2]


def test_every_page_is_listed_with_its_title(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All of docs/, the README, the adapter protocol and the keys of a scenario."""
    assert 0 == main(["docs"])
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[1:]]
    expected = {
        path.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for path in ROOT.glob("docs/**/*.md")
    }
    assert expected | {"readme", "adapter-protocol", "scenarios"} == set(names)
    assert len(names) == len(set(names))
    assert any(line.split(maxsplit=1)[1].strip() == "Reference" for line in lines)


def test_a_page_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """For every one of them, where stdout is no terminal."""
    for page in pages():
        assert 0 == main(["docs", page.name])
        assert page.path.read_text(encoding="utf-8") == capsys.readouterr().out


def test_a_name_may_be_that_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    """With its folder and its ending."""
    assert 0 == main(["docs", "docs/reference.md"])
    assert capsys.readouterr().out.startswith("# Reference\n")


def test_a_page_is_laid_out_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Headings without their number signs."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert 0 == main(["docs", "reference"])
    assert "## Exit codes" not in capsys.readouterr().out


def test_an_unknown_page_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest names."""
    assert 2 == main(["docs", "referense"])
    sentence, hint = capsys.readouterr().err.splitlines()
    assert "invitelab: there is no page 'referense'" == sentence
    assert "the nearest: reference" in hint
