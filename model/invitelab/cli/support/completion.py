"""Completion in a shell: clauses, titles of scenarios, load scenarios, and pages.

Click completes commands and options by itself; these are the values that only invitelab
knows. Nothing is completed where the data cannot be read: a shell shows no errors.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

SPECIAL = frozenset(" \t'\"\\$`!&|;<>()*?[]{}#~")
"""Characters that a word needs quotes or backslashes for in bash."""


def _starting(words: Iterable[tuple[str, str]], begin: str) -> list[CompletionItem]:
    """Those that begin so, in whatever case, each with its help."""
    low = begin.lower()
    return [
        CompletionItem(word, help=told)
        for word, told in words
        if word.lower().startswith(low)
    ]


def complete_clauses(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """IDs of clauses, with what each requires."""
    from invitelab.conformance.features.clauses import load

    return _starting(((one.id, one.text) for one in load().values()), incomplete)


def complete_words(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What `explain` knows: clauses, and the words of the glossary."""
    from invitelab.reporting.common.glossary import glossary

    words = ((one.word, one.group.value) for one in glossary())
    return [
        *complete_clauses(ctx, param, incomplete),
        *_starting(words, incomplete),
    ]


def complete_titles(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Titles of the scenarios of the suite, with their clauses."""
    from invitelab.conformance.features.lint import outlines
    from invitelab.resources import feature_files

    found = [one for path in feature_files() for one in outlines(path)]
    return _starting(((one.title, " ".join(one.tags)) for one in found), incomplete)


def complete_scenarios(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Load scenarios: the names of those that ship, then folders and TOML files."""
    from invitelab.resources import scenario_files

    shipped = [(file.stem, "ships with invitelab") for file in scenario_files()]
    return _starting(shipped, incomplete) + [
        CompletionItem(name) for name in _files(incomplete)
    ]


def _files(incomplete: str) -> list[str]:
    """TOML files, and folders with a slash at the end, that begin so."""
    head, _, begin = incomplete.rpartition("/")
    folder = f"{head}/" if "/" in incomplete else ""
    try:
        entries = sorted(Path(folder or ".").iterdir())
    except OSError:
        return []
    near = [one for one in entries if one.name.startswith(begin)]
    hidden = begin.startswith(".")
    return [
        f"{folder}{one.name}{'/' if one.is_dir() else ''}"
        for one in near
        if (hidden or not one.name.startswith("."))
        and (one.is_dir() or one.suffix == ".toml")
    ]


def complete_pages(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Pages of `invitelab docs`, with their titles."""
    from invitelab.cli.support.doc_pages import pages

    return _starting(((one.name, one.title) for one in pages()), incomplete)


class QuotedBashComplete(BashComplete):
    """Completion for bash that also completes words with blanks.

    Bash puts a completion on the line as it is. Where no quote is open, special
    characters need a backslash before them, and `read` in click's script takes one.
    """

    def format_completion(self, item: CompletionItem) -> str:
        """`TYPE,VALUE` with the value quoted for the line."""
        value = item.value
        if not _in_quotes():
            value = "".join(f"\\\\{one}" if one in SPECIAL else one for one in value)
        return f"{item.type},{value}"


def _in_quotes() -> bool:
    """Whether the word that is completed begins with a quote."""
    import os

    words = os.environ.get("COMP_WORDS", "").split("\n")
    place = int(os.environ.get("COMP_CWORD", "0"))
    return place < len(words) and words[place].startswith(("'", '"'))


add_completion_class(QuotedBashComplete, "bash")
