"""The command line: parse, call, print, exit. Heavy modules are imported when needed.

Exit codes: 0 conformant, proven or all objectives met, 1 non-conformant, not proven or
an objective missed, 2 usage, 3 invalid or empty, 4 inconclusive or undecided, 5 stale
baseline, 70 our bug, 130 interrupted.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper

import click

from invitelab import __version__
from invitelab.cli.adapter import adapter
from invitelab.cli.check import check
from invitelab.cli.clauses import clauses
from invitelab.cli.compare import compare
from invitelab.cli.demo import demo
from invitelab.cli.diff import diff
from invitelab.cli.explain import explain
from invitelab.cli.probe import probe
from invitelab.cli.prove import prove
from invitelab.cli.report import report
from invitelab.cli.scenarios import scenarios
from invitelab.cli.schema import schema
from invitelab.cli.serve import serve
from invitelab.cli.simulate import simulate
from invitelab.cli.support.characters import PLAIN
from invitelab.cli.sweep import sweep
from invitelab.errors import ExitCode, InvitelabError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="First steps: invitelab demo; then invitelab simulate support_desk, or "
    "invitelab check cmd:'./your-adapter'.",
)
@click.version_option(__version__, prog_name="invitelab")
def commands() -> None:
    """Simulates session invitations, and tests implementations of them."""


_COMMANDS = (
    adapter,
    check,
    clauses,
    compare,
    demo,
    diff,
    explain,
    probe,
    prove,
    report,
    scenarios,
    schema,
    serve,
    simulate,
    sweep,
)

for _command in _COMMANDS:
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the process's exit code. Never a traceback for a mistake."""
    _speak_to_any_terminal()
    try:
        code = commands.main(
            args=None if arguments is None else list(arguments),
            prog_name="invitelab",
            standalone_mode=False,
        )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ExitCode.USAGE
    except click.ClickException as error:
        return _complain(error.format_message(), "try --help", ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", "", ExitCode.INTERRUPTED)
    except InvitelabError as error:
        return _complain(str(error), error.hint, error.code)
    except OSError as error:
        what = error.strerror or str(error)
        hint = "is there room, and may invitelab write there?"
        return _complain(f"the system says: {what}", hint, ExitCode.USAGE)
    except SystemExit:
        # click's answer to a reader who has had enough, as with `| head -1`.
        return ExitCode.CONFORMANT
    except Exception as error:  # noqa: BLE001 - a bug of ours is no verdict
        if os.environ.get("INVITELAB_DEBUG"):
            traceback.print_exc()
        hint = "INVITELAB_DEBUG=1 shows where; please report it"
        message = f"this is our bug: {type(error).__name__}: {error}"
        return _complain(message, hint, ExitCode.HARNESS)
    return int(code or 0)


def _speak_to_any_terminal() -> None:
    """One that lacks a character shows one like it, and all the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAIN)


def _complain(message: str, hint: str, code: ExitCode) -> int:
    click.echo(f"invitelab: {message}", err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)
    return code
