"""`--format`: what a command prints on stdout for programs, in place of its text.

The document is the only thing on stdout: the text for people goes to stderr with all
else. Commands say what they have found with `answer`; what fails before that is a
document, too.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

import invitelab
from invitelab.cli.support.origins import hint_with, origin
from invitelab.errors import ExitCode, InvitelabError, UsageError

if TYPE_CHECKING:
    # Imported for their types alone: help needs neither pydantic nor reports.
    from invitelab.formats.command_output import Output
    from invitelab.reporting.common.github import Annotation

Command = TypeVar("Command", bound=Callable[..., Any])

FOUND = "invitelab.answer"
"""Key of what a command has found in the context of click."""

HARNESS = f"invitelab {invitelab.__version__}"


class Format(StrEnum):
    """What is on stdout."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command has found; each form is made only where it was asked for.

    `has_summary` says that the summary of a workflow step has it already.
    """

    document: "Callable[[ExitCode], Output]"
    markdown: Callable[[], str]
    annotations: "Callable[[], Iterable[Annotation]]"
    has_summary: bool = False


def answer(make: Callable[[], Answer]) -> None:
    """Leave what was found for `--format`; nothing is made for text."""
    context = click.get_current_context(silent=True)
    if context is not None and FOUND in context.meta:
        context.meta[FOUND] = make


def format_option(command: Command) -> Command:
    """Add `--format` to a command that calls `answer`, and print what it leaves."""

    @wraps(command)
    def formatted(*words: Any, **options: Any) -> int:  # noqa: ANN401 - any command's
        chosen = Format(options.pop("output_format"))
        if chosen is Format.TEXT:
            return int(command(*words, **options) or 0)
        return _formatted(chosen, lambda: command(*words, **options))

    option = click.option(
        "--format",
        "output_format",
        type=click.Choice([one.value for one in Format]),
        default=Format.TEXT.value,
        show_default=True,
        help="What is on stdout; with another than text, the text is on stderr.",
    )
    return option(formatted)  # type: ignore[return-value]  # with one option more


def _formatted(chosen: Format, run: Callable[[], int | None]) -> int:
    context = click.get_current_context()
    context.meta[FOUND] = None
    try:
        with contextlib.redirect_stdout(sys.stderr):
            code = ExitCode(run() or 0)
            found: Answer = context.meta[FOUND]()
            text = _text(chosen, found, code)
    except InvitelabError as error:
        told = origin(str(error)) if isinstance(error, UsageError) else None
        hint = hint_with(error.hint, told)
        _print(_failed(chosen, context, error.code, str(error), hint))
        raise
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
        _print(_failed(chosen, context, code, "interrupted", ""))
        raise
    except OSError as error:
        message = f"the system reports: {error.strerror or error}"
        _print(_failed(chosen, context, ExitCode.USAGE, message, ""))
        raise
    except Exception as error:
        message = f"this is our bug: {type(error).__name__}: {error}"
        _print(_failed(chosen, context, ExitCode.HARNESS, message, ""))
        raise
    _print(text)
    return code


def _text(chosen: Format, found: Answer, code: ExitCode) -> str:
    match chosen:
        case Format.JSON:
            return _json(found.document(code))
        case Format.MARKDOWN:
            return found.markdown()
        case _:
            from invitelab.reporting.common.github import (
                add_summary,
                workflow_commands,
            )

            if not found.has_summary:
                add_summary(found.markdown())
            return _lines([*workflow_commands([*found.annotations()])])


def _failed(
    chosen: Format, context: click.Context, code: ExitCode, message: str, hint: str
) -> str:
    """The document of a command that could not do its work."""
    from invitelab.formats.command_output import Failed, Problem
    from invitelab.reporting.common.github import Annotation, AnnotationLevel
    from invitelab.reporting.common.markdown import fenced

    name = context.info_name or ""
    lines = [*message.splitlines(), *([f"hint: {hint}"] if hint else [])]
    match chosen:
        case Format.JSON:
            error = Problem(message=message, hint=hint)
            return _json(
                Failed(harness=HARNESS, exit_code=code, command=name, error=error)
            )
        case Format.MARKDOWN:
            return _lines([f"# invitelab {name}: no result", "", *fenced(lines)])
        case _:
            found = Annotation(
                level=AnnotationLevel.ERROR,
                title=f"invitelab {name}",
                message="\n".join(lines),
            )
            return _lines([str(found)])


def _json(document: "Output") -> str:
    """The document in ASCII, which any encoding of stdout can say."""
    return json.dumps(document.model_dump(mode="json"), indent=2) + "\n"


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _print(text: str) -> None:
    """Print the document; a reader that closes the pipe takes what it wants."""
    from invitelab.reporting.conformance.terminal import report_console

    report_console().out(text, end="", highlight=False)
