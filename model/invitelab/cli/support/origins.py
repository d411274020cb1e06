"""Where an option comes from, if nobody has written it on the command line.

A mistake in it is told with its place: a variable, or a line of a `pyproject.toml`. A
variable that looks like one of an option, and is none, is told as well.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import TypeGuard

import click
from click.core import ParameterSource

from invitelab.cli.support.settings import PREFIX, file_place, options_of, variable_of
from invitelab.errors import UsageError

CLOSE = 0.9
"""How alike two names of variables are, of 1, for one to be meant as the other; what is
less alike may be somebody else's."""

OTHERS = frozenset({"INVITELAB_DEBUG", "INVITELAB_COMPILE"})
"""Variables that are of no option."""


def misspelt_variables(group: click.Group) -> Iterator[str]:
    """A sentence for each variable that is nearly one of an option."""
    known = OTHERS | {
        name for option in _all_options(group) for name in option.envvar or ()
    }
    for name in sorted(os.environ):
        if name.startswith(f"{PREFIX}_") and name not in known:
            nearest = difflib.get_close_matches(name, sorted(known), 1, CLOSE)
            if nearest:
                yield f"{name} is no option and changes nothing: meant {nearest[0]}?"


def _all_options(command: click.Command) -> Iterator[click.Option]:
    yield from options_of(command).values()
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _all_options(below)


def tell_origins(command: click.Command) -> None:
    """Have every command add to a mistake where the wrong option comes from."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            tell_origins(below)
    if command.callback is not None:
        command.callback = _telling(command.callback)


def _telling(callback: Callable[..., object]) -> Callable[..., object]:
    @wraps(callback)
    def run(*arguments: object, **options: object) -> object:
        try:
            return callback(*arguments, **options)
        except UsageError as error:
            told = origin(str(error))
            if told is None or told in error.hint:
                raise
            raise UsageError(str(error), hint=hint_with(error.hint, told)) from error

    return run


def origin(sentence: str) -> str | None:
    """Where the values that a mistake is about come from; None: the command line."""
    places = list(_places(click.get_current_context(), sentence))
    return f"the value is from {' and '.join(places)}" if places else None


def hint_with(hint: str, told: str | None) -> str:
    """A hint with the place of a value, if that is known, behind it."""
    return "; ".join(one for one in (hint, told) if one)


def _places(context: click.Context, sentence: str) -> Iterator[str]:
    """The places of the options whose values a sentence is about."""
    for name, option in options_of(context.command).items():
        source = context.get_parameter_source(str(option.name))
        value = context.params.get(str(option.name))
        if not any(_is_about(sentence, one) for one in _texts(value)):
            continue
        if source is ParameterSource.ENVIRONMENT:
            yield variable_of(option)
        if source is ParameterSource.DEFAULT_MAP:
            words = context.command_path.split()[1:]
            yield file_place(words, name)


def _texts(value: object) -> Iterator[str]:
    for one in value if _is_many(value) else (value,):
        text = "" if one is None or isinstance(one, bool) else str(one)
        # Of `PATH=VALUE` a sentence may name either.
        yield from (part for part in (text, *text.split("=", 1)) if part)


def _is_many(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, tuple | list)


def _is_about(sentence: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", sentence) is not None
