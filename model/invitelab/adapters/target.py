"""The target of a run: how users write it, and how it is opened.

    reference               the reference implementation
    py:module:factory       a Python object, from a function that takes nothing
    cmd:COMMAND LINE        a process, called over stdin and stdout; so is -- argv
    tcp://host:port         a server, called over one connection
    http://host:port/path   a server, one POST a call

A command line is split by the quoting rules of a POSIX shell, but for backslashes on
Windows, which separate folders there; no shell is run.
"""

import difflib
import hashlib
import importlib
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self, assert_never, cast

from invitelab.adapters.base import Adapter, Limits, Transport
from invitelab.adapters.transports import framing
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.inprocess import (
    InProcessTransport,
    TooLongError,
    raised_at,
    within,
)
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import CannotStartError, UsageError, one_line
from invitelab.world.product import current_product

FORMS = (
    "a target is reference, py:module:factory, cmd:COMMAND LINE, -- COMMAND LINE, "
    "tcp://host:port or http://host:port/path"
)
LONGEST_SLUG = 60
NO_NAMES = frozenset({"latest", "partial", "superseded"})
"""Folders of reports have these names."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NAMED = re.compile(
    r"(?P<name>[^:=/]{1,60})=(?P<target>reference|(?:py|cmd|tcp|https?):.*)", re.DOTALL
)


class Kind(StrEnum):
    """The form of a target, by its prefix."""

    REFERENCE = "reference"
    PYTHON = "py"
    COMMAND = "cmd"
    TCP = "tcp"
    HTTP = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target whose text is well-formed; `open` finds out whether it exists."""

    text: str
    """The text that the user wrote; `parse` reads it."""
    kind: Kind
    parts: tuple[str, ...]
    """The module and the factory, the command and its arguments, or the address."""
    name: str | None = None
    """What the user calls it in reports; None: nothing shorter than the text."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a target, or NAME=TARGET. Raises UsageError."""
        named = _NAMED.fullmatch(text)
        if named is not None:
            return cls.parse(named["target"]).called(named["name"])
        kind, _, rest = text.partition(":")
        match kind:
            case "reference" if text == kind:
                parts = ["invitelab.adapters.reference", "create"]
            case "py":
                parts = _names(rest)
            case "cmd":
                parts = _words(rest)
            case "tcp" | "http" if rest.startswith("//"):
                parts = [str(Address.parse(text))]
            case "https":
                hint = "a tunnel that ends on this machine makes it http"
                raise UsageError("https is not spoken here", hint=hint)
            case _:
                raise UsageError(f"{text!r} is not a target", hint=_meant(text))
        return cls(text=text, kind=Kind(kind), parts=tuple(parts))

    def called(self, name: str) -> Self:
        """The same target with a name. Raises UsageError for one that cannot be."""
        if not _NAME.fullmatch(name) or name.lower() in NO_NAMES:
            msg = f"{name!r} is no name for a target"
            hint = "a name has letters, digits, '.', '_' and '-', at most 40"
            raise UsageError(msg, hint=hint)
        return replace(self, name=name)

    @property
    def spec(self) -> str:
        """The text that `parse` makes the same target of, with its name."""
        return self.text if self.name is None else f"{self.name}={self.text}"

    @classmethod
    def from_argv(cls, argv: Sequence[str]) -> Self:
        """The target for a command and its arguments. Raises UsageError."""
        return cls.parse(f"cmd:{shlex.join(argv)}")

    @property
    def slug(self) -> str:
        """A file name that is unique to this target: its own name, if it has one.

        Any other ends in a hash where the text cannot be read back from it, or is long.
        """
        if self.name is not None:
            return self.name.lower()
        name = re.sub(r"[^a-z0-9_]+", "-", self.text.lower()).strip("-") or "target"
        if len(name) <= LONGEST_SLUG and self.text == _read_back(self.kind, name):
            return name
        mark = hashlib.sha256(self.text.encode(errors="backslashreplace")).hexdigest()
        return f"{name[: LONGEST_SLUG - 9].rstrip('-')}-{mark[:8]}"

    def open(self, limits: Limits) -> Transport:
        """Connect to it. Raises CannotStartError."""
        match self.kind:
            case Kind.COMMAND:
                return StdioTransport(self.parts, limits)
            case Kind.PYTHON:
                _import_from_here()
                return InProcessTransport(_in_time(self.parts, limits), limits)
            case Kind.REFERENCE:
                return InProcessTransport(_reference(), limits)
            case Kind.TCP:
                return TcpTransport(Address.parse(*self.parts), limits)
            case Kind.HTTP:
                return _http(Address.parse(*self.parts), limits)
            case _:
                assert_never(self.kind)


def _reference() -> Adapter:
    """The reference as the product that this process judges by."""
    # Imported late: its world takes long to import.
    from invitelab.adapters.reference.adapter import Reference  # noqa: PLC0415

    product = current_product()
    return Reference(policy=product.policy, entries=dict(product.entry_points))


def starts_anew(target: object) -> bool:
    """Whether each `open` starts it again: no object of ours, and no server."""
    return isinstance(target, Target) and target.kind not in {Kind.TCP, Kind.HTTP}


def _read_back(kind: Kind, slug: str) -> str:
    """The one text of this kind whose slug has no hash."""
    words = slug.split("-")[1:]
    match kind:
        case Kind.REFERENCE:
            return slug
        case Kind.PYTHON:
            return f"py:{'.'.join(words[:-1])}:{words[-1]}"
        case Kind.COMMAND:
            return f"cmd:{' '.join(words)}"
        case Kind.TCP:
            return f"tcp://{'.'.join(words[:-1])}:{words[-1]}"
        case Kind.HTTP:
            return f"http://{'.'.join(words[:-1])}:{words[-1]}/"
        case _:
            assert_never(kind)


def _http(address: Address, limits: Limits) -> Transport:
    """Connect to a server over HTTP."""
    # Imported late: urllib3 takes long to import.
    from invitelab.adapters.transports.http import HttpTransport  # noqa: PLC0415

    return HttpTransport(address, limits)


def _meant(text: str) -> str:
    """A hint for a text that is no target, such as a command without `cmd:`."""
    words = text.split()
    if words and shutil.which(words[0]) is not None:
        return f"did you mean {shlex.quote(f'cmd:{text}')}?"
    kind, colon, rest = text.partition(":")
    near = _nearest_kind(kind.lower(), with_colon=bool(colon))
    if near is None or near == kind:
        return FORMS
    return f"did you mean {shlex.quote(f'{near}{colon}{rest}')}?"


def _nearest_kind(text: str, *, with_colon: bool) -> str | None:
    """The form that this is a slip of the pen for; `ftp` is none for `tcp`."""
    known = [one.value for one in Kind if with_colon != (one is Kind.REFERENCE)]
    swapped = [one for one in known if sorted(one) == sorted(text)]
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.75)
    return next(iter([*swapped, *near]), None)


def _names(text: str) -> list[str]:
    """Read module:factory."""
    names = text.split(":")
    dotted = ".".join(names).split(".")
    if len(names) != 2 or not all(name.isidentifier() for name in dotted):  # noqa: PLR2004
        hint = "py:acme.adapter:create calls create() of acme/adapter.py"
        raise UsageError(f"py:{text} names no module and factory", hint=hint)
    return names


def _words(text: str) -> list[str]:
    """Read a command line as a shell would, without being one."""
    try:
        words = split_words(text)
    except ValueError as error:
        raise UsageError(
            f"cmd:{text} is no command line: {error}", hint="quote as for a shell"
        ) from error
    if not words or not words[0]:
        raise UsageError("cmd: names no command", hint=FORMS)
    return words


def split_words(
    text: str, *, with_escapes: bool = sys.platform != "win32"
) -> list[str]:
    """Split a command line by the quoting rules of a POSIX shell.

    Without escapes, as on Windows, a backslash is a character like any other, also
    within quotes; `shlex.join` uses none. Raises ValueError for a missing quote.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if not with_escapes:
        lexer.escape = ""
    return list(lexer)


def _import_from_here() -> None:
    """Add the current folder to sys.path, as python -m does; later imports need it."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)


def _create(module: str, factory: str) -> Adapter:
    """Import the module and call its factory. Raises CannotStartError."""
    importlib.invalidate_caches()
    try:
        loaded = _run(f"importing {module}", lambda: importlib.import_module(module))
    except CannotStartError as error:
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError) and cause.name in _parents(module):
            hint = f"it is looked for in {Path.cwd()} and in PYTHONPATH"
            raise CannotStartError(
                f"there is no module {cause.name}", hint=hint
            ) from cause
        raise
    if not hasattr(loaded, factory):
        hint = f"{module} is {getattr(loaded, '__file__', 'built in')}"
        raise CannotStartError(f"there is no {factory} in {module}", hint=hint)
    made = _run(f"{module}:{factory}", getattr(loaded, factory))
    if not callable(getattr(made, "request", None)):
        hint = "an adapter is any object with request(method, params)"
        raise CannotStartError(
            f"{module}:{factory} made a {type(made).__name__}, which has no request",
            hint=hint,
        )
    return cast("Adapter", made)


def _in_time(names: Sequence[str], limits: Limits) -> Adapter:
    """Create the adapter within the start limit. Raises CannotStartError."""
    module, factory = names
    try:
        return within(limits.start_s, lambda: _create(module, factory))
    except TooLongError as error:
        msg = f"importing {module} and calling {factory} took over {limits.start_s:g} s"
        raise CannotStartError(msg, hint="is it waiting for something?") from error


def _parents(module: str) -> list[str]:
    """The module and its parent packages: a.b.c gives a, a.b and a.b.c."""
    names = module.split(".")
    return [".".join(names[: end + 1]) for end in range(len(names))]


def _run(what: str, step: Callable[[], object]) -> object:
    """Run the author's code; anything that it raises becomes a CannotStartError."""
    try:
        return step()
    except (Exception, SystemExit) as error:
        told = framing.shown(f"{type(error).__name__}: {one_line(str(error))}")
        raise CannotStartError(
            f"{what} raised {told}", hint=raised_at(error)
        ) from error
