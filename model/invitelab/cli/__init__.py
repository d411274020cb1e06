"""The command line: parse, call, print, exit. Commands import heavy modules lazily.

Exit codes: 0 conformant, proven or all objectives met; 1 non-conformant, not proven or
an objective missed; 2 usage; 3 invalid or empty run; 4 inconclusive or undecided;
5 stale baseline; 70 a bug in invitelab; 130 interrupted.
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
from invitelab.cli.coverage import coverage
from invitelab.cli.demo import demo
from invitelab.cli.diff import diff
from invitelab.cli.docs import docs
from invitelab.cli.explain import explain
from invitelab.cli.features import features
from invitelab.cli.import_ import import_
from invitelab.cli.learn import learn
from invitelab.cli.probe import probe
from invitelab.cli.profile import profile
from invitelab.cli.prove import prove
from invitelab.cli.replay import replay
from invitelab.cli.report import report
from invitelab.cli.runs import runs
from invitelab.cli.scenarios import scenarios
from invitelab.cli.schedule import schedule
from invitelab.cli.schema import schema
from invitelab.cli.serve import serve
from invitelab.cli.simulate import simulate
from invitelab.cli.support.characters import PLAIN
from invitelab.cli.support.origins import misspelt_variables, tell_origins
from invitelab.cli.support.settings import name_variables, read_settings
from invitelab.cli.support.usage_hints import usage_hint
from invitelab.cli.sweep import sweep
from invitelab.cli.trend import trend
from invitelab.errors import ExitCode, InvitelabError
from invitelab.resources import is_compiled


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="To begin: invitelab demo; then invitelab simulate support_desk, or "
    "invitelab check cmd:'./your-adapter'.",
)
@click.version_option(
    __version__,
    prog_name="invitelab",
    message="%(prog)s, version %(version)s "
    f"({'compiled' if is_compiled() else 'pure Python'})",
)
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Simulate session invitations, and test implementations of them."""
    for sentence in misspelt_variables(commands):
        click.echo(f"invitelab: warning: {sentence}", err=True)
    ctx.default_map = read_settings(commands)


_COMMANDS = (
    adapter,
    check,
    clauses,
    compare,
    coverage,
    demo,
    diff,
    docs,
    explain,
    features,
    import_,
    learn,
    probe,
    profile,
    prove,
    replay,
    report,
    runs,
    scenarios,
    schedule,
    schema,
    serve,
    simulate,
    sweep,
    trend,
)

for _command in _COMMANDS:
    commands.add_command(_command)

name_variables(commands)
tell_origins(commands)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the process. Mistakes give no traceback.

    `arguments` are by default those of the process.
    """
    _replace_unencodable_characters()
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
        return _fail(error.format_message(), usage_hint(error), ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", "", ExitCode.INTERRUPTED)
    except InvitelabError as error:
        return _fail(str(error), error.hint, error.code)
    except OSError as error:
        what = error.strerror or str(error)
        hint = "check free space and permissions"
        return _fail(f"the system reports: {what}", hint, ExitCode.USAGE)
    except SystemExit:
        # click exits when stdout is closed early, as by `| head -1`.
        return ExitCode.CONFORMANT
    except Exception as error:  # noqa: BLE001 - a bug of ours is no verdict
        if os.environ.get("INVITELAB_DEBUG"):
            traceback.print_exc()
        hint = "INVITELAB_DEBUG=1 shows the traceback; please report it"
        message = f"this is our bug: {type(error).__name__}: {error}"
        return _fail(message, hint, ExitCode.HARNESS)
    return int(code or 0)


def _replace_unencodable_characters() -> None:
    """Replace characters that stdout or stderr cannot encode with similar ones."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAIN)


def _fail(message: str, hint: str, code: ExitCode) -> int:
    """Print an error and its hint on stderr; the exit code."""
    click.echo(f"invitelab: {message}", err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)
    return code
