"""An option of another tool is answered with what does the same here."""

import click
import pytest

from invitelab.cli import commands, main
from invitelab.cli.support.usage_hints import HABITS


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("check reference --lf", "again"),
        ("check reference --junit x.xml", "report.html, report.md and junit.xml"),
        ("check reference --junitxml=x.xml", "junit.xml; --output FOLDER says where"),
        ("check reference -v", "--trace prints the messages that are exchanged"),
        ("check reference --maxfail 1", "-x"),
        ("check reference -m slow", "--tags"),
        ("check reference -n 4", "--jobs N"),
        ("check reference --json", "--format json"),
        ("simulate support_desk --verbose", "everything is printed"),
        ("simulate support_desk --users 5", "--scale N"),
        ("simulate support_desk -j 4", "--workers N"),
        ("simulate support_desk --spawn-rate 5", "--set arrivals.rate=40/s"),
        ("compare a b --threshold 5", "--fail-if 'notify_delay p99 +10%'"),
        ("diff a b --config x", "[tool.invitelab]"),
        ("diff a b --no-color", "NO_COLOR=1"),
        ("diff a b --lf", "try --help"),
        ("check reference --nope", "try --help"),
    ],
)
def test_the_hint_names_what_to_do(
    words: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where this command has something of the kind, and else its help."""
    assert 2 == main(words.split())
    sentence, told = capsys.readouterr().err.splitlines()
    assert sentence.startswith("invitelab: No such option ")
    assert told.startswith("  hint: ")
    assert hint in told


def options() -> set[str]:
    """All options of all commands."""
    found: set[str] = set()
    waiting: list[click.Command] = [commands]
    while waiting:
        command = waiting.pop()
        found |= {name for param in command.params for name in param.opts}
        if isinstance(command, click.Group):
            waiting += command.commands.values()
    return found


def test_every_hint_is_for_some_command() -> None:
    """Or nobody would see it; each habit stands in one row."""
    known = options()
    for habits, hints in HABITS.items():
        assert any(not needed or needed in known for needed, _ in hints), habits
    names = [name for habits in HABITS for name in habits]
    assert len(names) == len(set(names))
