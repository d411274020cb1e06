"""Files that a user names: refused in one sentence before anything is read."""

import stat
from pathlib import Path

from invitelab.errors import UsageError


def check_readable(path: Path, *, most_bytes: int, hint: str) -> None:
    """Raise UsageError unless `path` is a file of at most `most_bytes`."""
    name = printable(str(path))
    try:
        status = path.stat()
    except FileNotFoundError:
        raise UsageError(f"{name} does not exist", hint=hint) from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error, hint=hint) from error
    if stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{name} is a folder, not a file", hint=hint)
    if not stat.S_ISREG(status.st_mode):
        # A pipe or a device may never end.
        raise UsageError(f"{name} is not a regular file", hint=hint)
    if status.st_size > most_bytes:
        megabytes = f"{status.st_size / 1e6:,.1f} MB"
        raise UsageError(
            f"{name} has {megabytes}, and at most {most_bytes / 1e6:g} MB are read",
            hint=hint,
        )


def unreadable(path: Path, error: Exception, *, hint: str) -> UsageError:
    """The error to raise when the system, or the encoding, refuses a file."""
    match error:
        case UnicodeDecodeError():
            reason = f"is not UTF-8 text (byte {error.start})"
        case OSError():
            reason = f"cannot be read: {error.strerror}"
        case _:
            reason = f"cannot be read: {error}"
    return UsageError(f"{printable(str(path))} {reason}", hint=hint)


def printable(text: str) -> str:
    """The text as a terminal may show it: one column a character, no control codes."""
    return "".join(
        char
        if char.isprintable()
        else " "
        if char == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
