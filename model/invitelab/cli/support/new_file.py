"""A new file for a user, which never replaces one."""

from pathlib import Path

from invitelab.errors import UsageError


def named_once(file: Path | None, output: Path | None) -> Path | None:
    """The file to write, as an argument or by --output. Raises UsageError for both."""
    if file is not None and output is not None:
        raise UsageError(
            "a file is named twice, as FILE and by --output", hint="name one of them"
        )
    return file or output


def write_new(path: Path, content: bytes) -> None:
    """Write a new file. Raises UsageError if it exists or its folder does not."""
    hint = "--output FILE writes it elsewhere"
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except (FileExistsError, IsADirectoryError) as error:
        raise UsageError(f"{path} exists already", hint=hint) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"there is no folder {path.parent}", hint=hint) from error
