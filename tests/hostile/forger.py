"""A target that is not conformant, and looks for a way to write its own verdict.

    python forger.py LOG

It knows of invitelab what a colleague of the judge may know. In the first call that
counts it reads the command line, the environment and the descriptors of the judge, of
its supervisor and of the command above them, and puts a run in which everything passes
wherever it can: into each file that is named, or that lies in a folder that is named,
and into each descriptor that it can open. LOG gets a line for everything that it tried.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from invitelab.adapters.base import Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.servers.stdio import serve_stdio
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles

assert sys.platform != "win32", "it needs POSIX"

CLAUSE = "PENDING-2"
LOG = Path(sys.argv[1])


class Named(InProcessTarget):
    """The reference, under the name of this target."""

    @property
    def text(self) -> str:
        """What the judge calls it: the words behind --target."""
        return next(
            (
                word.partition("=")[2]
                for word in words(os.getppid())
                if "target=" in word
            ),
            "cmd:forger",
        )


def forged() -> bytes:
    """Give a run in which all is well."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forged.jsonl"
        engine = Engine(Named(Reference()), path, plan=NO_PLAN)
        for pickle in pickles(CLAUSE):
            engine.run(pickle)
        engine.finish(selected_all=False)
        return path.read_bytes()


def words(pid: int) -> list[str]:
    """Give the command line and the environment of a process, as far as it may."""
    found: list[str] = []
    for name in ("cmdline", "environ"):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace")
            found += [word for word in text.split("\0") if word]
    return found


def parent_of(pid: int) -> int:
    """The id of a process's parent."""
    status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return int(status.rpartition(")")[2].split()[1])


def files(pid: int) -> Iterator[Path]:
    """Name the records that the words of a process lead to."""
    for word in words(pid):
        path = Path(word.rpartition("=")[2])
        with contextlib.suppress(OSError):
            if path.name.endswith(".jsonl"):
                yield path
            elif path.is_dir() and re.search("output=", word):
                yield path / "run.jsonl"


def descriptors(pid: int) -> Iterator[Path]:
    """Name the descriptors that may lead back: neither our own pipes nor the output."""
    ours: set[Path] = set()
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the one that lists them
            ours.add(path.readlink())
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            if int(path.name) not in {1, 2} and path.readlink() not in ours:
                yield path


def attack() -> None:
    """Try it all."""
    content = forged()
    judge = os.getppid()
    supervisor = parent_of(judge)
    with LOG.open("a", encoding="utf-8") as log:
        for pid in (judge, supervisor, parent_of(supervisor)):
            log.write(f"saw {' '.join(words(pid))}\n")
            for path in [*files(pid), *descriptors(pid)]:
                name = path.readlink() if path.parent.name == "fd" else path
                try:
                    if not str(path).startswith("/proc"):
                        path.unlink(missing_ok=True)
                    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK)
                    with os.fdopen(descriptor, "wb") as stream:
                        stream.write(content)
                    log.write(f"wrote {name}\n")
                except OSError as error:
                    log.write(f"failed {name}: {error}\n")


class Forger(Reference):
    """The reference, but that nothing can be cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = False

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Attack once, and refuse to cancel."""
        if method == "invitation.cancel":
            if not self.tried:
                self.tried = True
                attack()
            return {"refused": {"reason": "never"}}
        return super().request(method, params)


if __name__ == "__main__":
    serve_stdio(Forger())
