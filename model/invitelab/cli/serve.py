"""`invitelab serve`: the reference implementation as a process or a server."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from invitelab.cli.support.check_options import profile_option, use_profile
from invitelab.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from invitelab.adapters.base import Adapter

US_PER_MS = 1000
LARGEST_PORT = 65_535
PORT = click.IntRange(0, LARGEST_PORT)


@click.command()
@click.option("--stdio", is_flag=True, help="Serve JSON lines on stdin and stdout.")
@click.option(
    "--tcp", type=PORT, metavar="PORT", help="Serve JSON lines on a TCP port."
)
@click.option(
    "--http", type=PORT, metavar="PORT", help="Serve HTTP, one request per POST."
)
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option(
    "--latency",
    metavar="DURATION",
    help="Latency between clients, such as 80ms; declared as settle_ms.",
)
@profile_option
def serve(
    *,
    stdio: bool,
    tcp: int | None,
    http: int | None,
    host: str | None,
    latency: str | None,
    profile: Path | None,
) -> int:
    """Serve the reference implementation to other processes.

    Its source is an example for adapter authors. Port 0 is any free port; the first
    line printed names the address.
    """
    use_profile(profile)
    _check(stdio=stdio, ports=(tcp, http), host=host)
    create = _factory(_latency_ms(latency) if latency is not None else 0)
    if stdio:
        from invitelab.adapters.servers.stdio import serve_stdio

        serve_stdio(create())
        return ExitCode.CONFORMANT
    from invitelab.adapters.servers.listening import LOOPBACK

    at = LOOPBACK if host is None else host
    if tcp is not None:
        from invitelab.adapters.servers.tcp import serve_tcp

        serve_tcp(create, tcp, host=at)
    elif http is not None:
        from invitelab.adapters.servers.http import serve_http

        serve_http(create, http, host=at)
    return ExitCode.INTERRUPTED  # a server has no other end


def _check(*, stdio: bool, ports: tuple[int | None, ...], host: str | None) -> None:
    """Raise UsageError unless one transport is given, and a host only for a server."""
    chosen = stdio + sum(port is not None for port in ports)
    if not chosen:
        msg = "no transport is given"
        raise UsageError(msg, hint="invitelab serve --stdio")
    if chosen > 1:
        msg = "more than one transport is given"
        raise UsageError(msg, hint="choose one of --stdio, --tcp PORT and --http PORT")
    if stdio and host is not None:
        msg = "--stdio has no host"
        raise UsageError(msg, hint="--host is for --tcp and --http")


def _latency_ms(text: str) -> int:
    """The latency in whole milliseconds. Raises UsageError."""
    from invitelab.inputs.units import parse_duration

    hint = "--latency 80ms"
    try:
        latency_us = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"the latency {error}", hint=hint) from error
    if latency_us < 0 or latency_us % US_PER_MS:
        msg = f"the latency {text} is not a whole number of milliseconds, 0 or more"
        raise UsageError(msg, hint=hint)
    return latency_us // US_PER_MS


def _factory(latency_ms: int) -> "Callable[[], Adapter]":
    """A factory of reference implementations with that latency."""
    from invitelab.adapters.reference.adapter import Reference
    from invitelab.world.product import current_product

    product = current_product()
    entries = dict(product.entry_points)
    return lambda: Reference(
        policy=product.policy, latency_ms=latency_ms, entries=entries
    )
