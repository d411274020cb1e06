"""The questions of a run on disk, so that a later run need not ask them again.

A line for the run, then one for each new output and each question. A file that is cut
off or damaged is good up to there; one of another target, alphabet or version is none,
and so is one that came to its end: a target is seldom learned twice unchanged.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from invitelab.errors import UsageError
from invitelab.formats.reading import read_bytes
from invitelab.learning.mealy import Word
from invitelab.learning.sight import Output, Outputs
from invitelab.reporting.common.files import cannot_write

NAME: Final = "questions.jsonl"
FORMAT: Final = 1
MOST_BYTES: Final = 200_000_000
FINISHED: Final = '{"finished":true}'
"""The last line of a learning that came to its end."""


class _Line(BaseModel):
    """A new output, or a question with the numbers of its outputs."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    answer: str | None = None
    changes: list[str] = []
    word: list[int] = []
    outputs: list[int] = []


class Store:
    """Questions that an earlier run has asked, and a file for those of this one."""

    def __init__(self, path: Path, identity: Mapping[str, object]) -> None:
        """`identity` is all that an answer depends on."""
        self._path = path
        self._identity = {"format": FORMAT, **identity}
        self._earlier: dict[Word, tuple[Output, ...]] = {}
        self._outputs = Outputs()
        self._file: TextIO | None = None

    @property
    def earlier(self) -> int:
        """The number of questions of an earlier run."""
        return len(self._earlier)

    def load(self) -> None:
        """Read what an earlier run has left, as far as it is of this run."""
        try:
            content = read_bytes(self._path, hint="", most_bytes=MOST_BYTES)
            lines = content.decode().split("\n")
        except (UsageError, UnicodeDecodeError):
            return
        if not _is_of(lines[0], self._identity) or FINISHED in lines[-2:]:
            return
        outputs: list[Output] = []
        try:
            for line in _lines(lines[1:]):
                if line.answer is not None:
                    output = Output(answer=line.answer, changes=tuple(line.changes))
                    outputs.append(output)
                elif line.word and len(line.word) == len(line.outputs):
                    told = tuple(outputs[number] for number in line.outputs)
                    self._earlier[tuple(line.word)] = told
        except (ValidationError, IndexError):
            return  # good up to here

    def open(self) -> None:
        """Begin the file anew. Raises UsageError."""
        try:
            self._file = self._path.open("w", encoding="utf-8", newline="\n")
            self._write(self._identity)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def close(self) -> None:
        """Keep also what an interrupted run did not come to."""
        if self._file is None:
            return
        try:
            for word, outputs in self._earlier.items():
                self._keep(word, outputs)
            self._file.close()
        except OSError as error:
            raise cannot_write(self._path, error) from error
        self._file = None

    def finish(self) -> None:
        """Write that the learning came to its end."""
        if self._file is not None:
            self._file.write(FINISHED + "\n")

    def forget(self) -> None:
        """Forget the earlier run: the target answers otherwise by now."""
        self._earlier.clear()

    def take(self, word: Word) -> tuple[Output, ...] | None:
        """The outputs of an earlier run; None if it did not ask that."""
        return self._earlier.pop(word, None)

    def keep(self, word: Word, outputs: tuple[Output, ...]) -> None:
        """Write a question of this run. Raises UsageError."""
        try:
            self._keep(word, outputs)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _keep(self, word: Word, outputs: tuple[Output, ...]) -> None:
        numbers: list[int] = []
        for output in outputs:
            known = len(self._outputs.all)
            numbers.append(self._outputs.number(output))
            if numbers[-1] == known:
                self._write({"answer": output.answer, "changes": output.changes})
        self._write({"word": word, "outputs": numbers})

    def _write(self, line: Mapping[str, object]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _is_of(line: str, identity: Mapping[str, object]) -> bool:
    try:
        found: object = json.loads(line)
    except ValueError:
        return False
    return bool(found == json.loads(json.dumps(identity)))


def _lines(lines: list[str]) -> Iterator[_Line]:
    for line in lines[:-1]:  # without an end the last one was cut off
        yield _Line.model_validate_json(line)
