"""Addresses of servers, `tcp://host:port` and `http://host:port/path`, and connecting.

This module alone parses addresses, and words the errors for a host that is not found
and a connection that is not made.
"""

import ipaddress
import queue
import re
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from invitelab.errors import Blame, CannotStartError, UsageError

LARGEST_PORT = 65_535
HTTP_PORT = 80
LONGEST_NAME = 253
EXAMPLES = {"tcp": "tcp://127.0.0.1:7000", "http": "http://127.0.0.1:7000/"}

# One label of a host name, between two dots.
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_PATH = re.compile(r"/[!-~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A scheme, a host (IPv6 without brackets), a port and, for HTTP, a path."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address, with its scheme. Raises UsageError."""
        scheme, _, rest = text.partition("://")
        authority, slash, path = rest.partition("/")
        if not rest:
            raise _wrong(text, "names no host")
        if "@" in authority:
            hint = "a target takes neither a user nor a password"
            raise UsageError("there is a user in the address of the target", hint=hint)
        host, port = _split(authority, text)
        if scheme == "tcp" and slash:
            raise _wrong(text, "has a path, which TCP has not")
        if not _PATH.fullmatch(f"/{path}") or "#" in path:
            hint = "other characters than ASCII are written as %C3%A9"
            raise UsageError(f"{text!r} has a path that cannot be", hint=hint)
        whole = "" if scheme == "tcp" else f"/{path}"
        return cls(scheme=scheme, host=host, port=_port(port, text), path=whole)

    def __str__(self) -> str:
        """The address as users write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def _split(authority: str, text: str) -> tuple[str, str]:
    """The host and the port as text, which is empty if there is none."""
    if authority.startswith("["):
        host, bracket, rest = authority[1:].partition("]")
        if not bracket or rest[:1] not in {"", ":"} or not _is_ipv6(host):
            raise _wrong(text, "has no IPv6 address in its brackets")
        return host, rest.removeprefix(":")
    host, _, port = authority.partition(":")
    if ":" in port:
        hint = "an IPv6 address stands in brackets: tcp://[::1]:7000"
        raise UsageError(f"{text!r} has more than one port", hint=hint)
    if not host:
        raise _wrong(text, "names no host")
    labels = host.removesuffix(".").split(".")
    if len(host) > LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise _wrong(text, "names a host that cannot be")
    return host, port


def _is_ipv6(host: str) -> bool:
    """Whether this is an IPv6 address, possibly with a scope such as %eth0."""
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return host.isascii() and host.isprintable() and " " not in host


def _port(written: str, text: str) -> int:
    """The number of a port, which may be left out for HTTP. Raises UsageError."""
    if not written and text.startswith("http:"):
        return HTTP_PORT
    if not written:
        raise _wrong(text, "names no port")
    port = int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 0
    if not 1 <= port <= LARGEST_PORT:
        hint = f"a port is a number from 1 to {LARGEST_PORT}"
        raise UsageError(f"{text!r} names a port that cannot be", hint=hint)
    return port


def _wrong(text: str, what: str) -> UsageError:
    example = EXAMPLES[text.partition(":")[0]]
    return UsageError(f"{text!r} {what}", hint=f"write for example {example}")


# Connecting


def connect(address: Address, timeout_s: float) -> socket.socket:
    """Open a connection, trying each address of the host. Raises CannotStartError."""
    end = time.monotonic() + timeout_s
    last: OSError = TimeoutError()
    for family, place in _places(address, timeout_s):
        left_s = end - time.monotonic()
        if left_s <= 0:
            break
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(left_s)
            made.connect(place)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            last = error
            made.close()
        else:
            return made
    raise _unreachable(address, last, timeout_s)


Place = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Found = Sequence[tuple[socket.AddressFamily, Place]]


def _places(address: Address, timeout_s: float) -> Found:
    """Resolve the host. Raises CannotStartError.

    In a thread, as a look-up takes no time limit.
    """
    answer = queue.SimpleQueue[Found | OSError]()

    def work() -> None:
        try:
            answer.put(look_up(address.host, address.port))
        except OSError as error:
            answer.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        found = answer.get(timeout=timeout_s)
    except queue.Empty as error:
        raise _unreachable(address, TimeoutError(), timeout_s) from error
    if isinstance(found, OSError):
        raise _cannot(unknown(address.host, found), SPELLING) from found
    return found


def look_up(host: str, port: int) -> Found:
    """All socket addresses of a host and a port. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, place) for family, _, _, _, place in found]


SPELLING = "is it spelled right, and is its name known on this machine?"


def unknown(host: str, error: OSError) -> str:
    """The message for a host name that does not exist."""
    return f"the host {host} cannot be found ({error.strerror})"


def _unreachable(
    address: Address, error: OSError, timeout_s: float
) -> CannotStartError:
    """The error for a connection that was not made."""
    if isinstance(error, ConnectionRefusedError):
        hint = "is it running, and on this port?"
        return _cannot(f"nothing listens at {address}", hint)
    if isinstance(error, TimeoutError):
        hint = "is the machine up, and is there a firewall?"
        return _cannot(f"no connection to {address} within {timeout_s:g} s", hint)
    return _cannot(
        f"no connection to {address}: {error.strerror}", "is the machine up?"
    )


def _cannot(what: str, hint: str) -> CannotStartError:
    return CannotStartError(what, hint=hint, blame=Blame.ENVIRONMENT)
