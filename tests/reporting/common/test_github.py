"""Annotations of GitHub workflows: escaped, placed, and no more than are shown."""

from pathlib import Path

import pytest

from invitelab.reporting.common.github import (
    MOST,
    Annotation,
    AnnotationLevel,
    add_summary,
    place_of,
    workflow_commands,
)


def annotation(level: AnnotationLevel = AnnotationLevel.ERROR) -> Annotation:
    """One without a place."""
    return Annotation(level=level, title="a", message="b")


def test_properties_and_messages_are_escaped() -> None:
    """A comma or a colon would end a property, a line end the command."""
    one = Annotation(
        level=AnnotationLevel.WARNING,
        title="50 %: a, b",
        message="100 %\nsecond: line, ::error::no",
        file="a,b:c.toml",
        line=3,
    )
    assert (
        "::warning file=a%2Cb%3Ac.toml,line=3,title=50 %25%3A a%2C b"
        "::100 %25%0Asecond: line, ::error::no"
    ) == str(one)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\x0b", "\u2028", "\x85"])
def test_foreign_text_cannot_begin_a_command(end: str) -> None:
    """Whatever ends a line is none in the output."""
    one = Annotation(
        level=AnnotationLevel.ERROR, title=f"t{end}::a", message=f"m{end}::error::b"
    )
    assert 1 == len(str(one).splitlines())


def test_a_place_is_one_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere GitHub has nothing to attach an annotation to."""
    inside = tmp_path / "repository" / "my.toml"
    inside.parent.mkdir()
    inside.touch()
    (tmp_path / "other.toml").touch()
    monkeypatch.chdir(inside.parent)
    assert "my.toml" == place_of(inside)
    assert "my.toml" == place_of(Path("my.toml"))
    assert place_of(tmp_path / "other.toml") is None
    assert place_of(Path("missing.toml")) is None


def test_those_that_github_would_drop_are_counted() -> None:
    """Ten of a level are shown; errors come first."""
    many = [annotation() for _ in range(MOST + 3)]
    lines = [*workflow_commands([annotation(AnnotationLevel.NOTICE), *many])]
    assert MOST + 1 == len(lines)
    assert "and 4 more: the report has them all" in lines[MOST - 1]
    assert lines[-1].startswith("::notice ")
    assert MOST == len([*workflow_commands(many[:MOST])])


def test_a_summary_is_added_where_a_workflow_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind what other steps have written; a folder that is gone does no harm."""
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    add_summary("after\n")
    assert "before\nafter\n" == path.read_text(encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "summary.md"))
    add_summary("lost\n")
