"""`invitelab features`: scenarios in their words, the suite's and one's own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from invitelab.cli.support.check_options import features_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invitelab.conformance.features.lint import Outline


@click.group()
def features() -> None:
    """Show scenarios in their words, and check features of your own."""


@features.command("list")
@features_option
@click.option(
    "--clause", "clauses", multiple=True, metavar="ID", help="Only of this clause."
)
def list_(features: Path | None, clauses: tuple[str, ...]) -> None:
    """List every scenario: its place, its clauses and its title."""
    from rich.table import Table
    from rich.text import Text

    from invitelab.reporting.conformance.terminal import report_console

    found = _found(features, clauses)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("place", no_wrap=True)
    table.add_column("tags", no_wrap=True)
    table.add_column("title", overflow="fold")
    for outline in found:
        rows = f" ({outline.rows} rows)" if outline.rows > 1 else ""
        title = Text(f"{outline.title}{rows}")
        table.add_row(_place(outline), " ".join(outline.tags), title)
    console = report_console()
    console.print(table)
    total = sum(outline.rows for outline in found)
    files = len({outline.path for outline in found})
    console.print(f"{total} scenarios in {files} {'file' if files == 1 else 'files'}")


@features.command()
@click.argument("titles", nargs=-1, metavar="[TITLE|FILE|CLAUSE]...")
@features_option
def show(titles: tuple[str, ...], features: Path | None) -> None:
    """Print scenarios in Gherkin: those named, or every one.

    A FILE is the name of a feature, such as expiry or expiry.feature.
    """
    from invitelab.conformance.features.words import words_of

    found = _found(features, ())
    chosen = [one for one in found if not titles or _is_named(one, titles)]
    _refuse_unknown(titles, found)
    last: Path | None = None
    for outline in chosen:
        if outline.path != last:
            click.echo(f"# {_place(outline).rpartition(':')[0]}")
            last = outline.path
        click.echo(words_of(outline))


@features.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@features_option
def lint(path: Path | None, features: Path | None) -> int:
    """Check features of your own without a target; PATH is their folder or file.

    Without a path, those of the suite. Every mistake is one line, with file and line,
    and the exit code is then 2.
    """
    from invitelab.conformance.features.lint import count
    from invitelab.conformance.features.own import FeatureMistakesError
    from invitelab.errors import ExitCode, UsageError
    from invitelab.resources import feature_files, own_feature_files

    if path is not None and features is not None:
        msg = "a folder is named twice, as PATH and by --features"
        raise UsageError(msg, hint="check one after the other")
    try:
        found = _found(path or features, ())
    except FeatureMistakesError as error:
        click.echo(str(error))
        return ExitCode.USAGE
    own = own_feature_files()
    if not own:
        from invitelab.conformance.pytest_plugin.collect import suite_problems

        problems = list(suite_problems())
        if problems:
            raise UsageError("\n".join(problems))
    files = own or feature_files()
    total = count(files)
    assert found, "a folder without a scenario is refused"
    click.echo(
        f"{total} {'scenario' if total == 1 else 'scenarios'} in {len(files)} "
        f"{'file' if len(files) == 1 else 'files'}: no mistakes"
    )
    return ExitCode.CONFORMANT


@features.command()
@click.option("--language", metavar="CODE", help="As phrases of it, such as de.")
def steps(language: str | None) -> None:
    """Print every step that a scenario may use."""
    from invitelab.conformance.features.words import phrases, vocabulary

    click.echo(vocabulary() if language is None else phrases(language))


def _found(features: Path | None, clauses: tuple[str, ...]) -> "Sequence[Outline]":
    """The scenarios of all features, or of some clauses; adds those of the user."""
    from invitelab.conformance.features.clauses import find
    from invitelab.conformance.features.lint import outlines
    from invitelab.conformance.features.own import use_own_features
    from invitelab.resources import all_feature_files

    if features is not None:
        use_own_features(features)
    wanted = {find(clause.upper()).id for clause in clauses}
    return [
        outline
        for path in all_feature_files()
        for outline in outlines(path)
        if not wanted or wanted & set(outline.tags)
    ]


def _place(outline: "Outline") -> str:
    from invitelab.resources import feature_label

    return f"{feature_label(outline.path)}:{outline.line}"


def _is_named(outline: "Outline", names: tuple[str, ...]) -> bool:
    """Whether one of the names is its title, its file or a clause of it."""
    of_it = {outline.title, outline.path.name, outline.path.stem, *outline.tags}
    return any(name in of_it or name.upper() in outline.tags for name in names)


def _refuse_unknown(names: tuple[str, ...], found: "Sequence[Outline]") -> None:
    """Raise UsageError for a name that no scenario answers to."""
    import difflib

    from invitelab.errors import UsageError

    for name in names:
        if not any(_is_named(one, (name,)) for one in found):
            titles = [one.title for one in found]
            near = difflib.get_close_matches(name, titles, n=1, cutoff=0.3)
            hint = f"the nearest is: {near[0]}" if near else "`invitelab features list`"
            msg = f"no scenario, file or clause is named {name!r}"
            raise UsageError(msg, hint=hint)
