"""The network: loopback addresses that nobody else uses, and Kamailio as the registrar.

Each network is a 127.N.0.0/16 with an N of its own, so that several runs do not meet.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from ipaddress import IPv4Address
from pathlib import Path

PACKAGES = {"kamailio": "kamailio", "baresip": "baresip-core"}
"""Each program, and the Debian package that it comes from."""

SIP_PORT = 5060
NETWORKS = 255  # 127.0.0.0/16 is left alone: it has localhost
TELEPHONES = 4000
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"  # Kamailio's place
START_S = 8.0  # less than the start-up limit of the harness
ENDING_S = 2.0
# Neither a telephone nor the proxy outlives the adapter, even if that is killed.
ENVIRONMENT = os.environ | {"PATH": PATH}
TIED = ("setpriv", "--pdeathsig", "TERM", "--")
QUESTION = """OPTIONS sip:{proxy} SIP/2.0
Via: SIP/2.0/UDP {own}:5060;branch=z9hG4bKup
From: <sip:{own}>;tag=up
To: <sip:{proxy}>
Call-ID: up
CSeq: 1 OPTIONS
Max-Forwards: 1
Content-Length: 0

""".replace("\n", "\r\n")


class StartRefusedError(Exception):
    """There can be no network; the message says why, and what to do."""


async def start(argv: Sequence[str | Path], log: Path) -> Process:
    """Start a program in the folder of its log; it ends when this process ends."""
    with log.open("wb") as out:
        return await asyncio.create_subprocess_exec(
            *TIED,
            *argv,
            stdin=DEVNULL,
            stdout=out,
            stderr=out,
            env=ENVIRONMENT,
            cwd=log.parent,  # where a core file goes
        )


async def end(process: Process) -> None:
    """Ask a program to end, and after ENDING_S kill it."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), ENDING_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def versions() -> str:
    """The packages with their versions, as Debian counts them."""
    form = ["--showformat", "${Package} ${Version}\n"]
    argv = ["dpkg-query", "--show", *form, *PACKAGES.values()]
    listed = subprocess.run(argv, check=False, capture_output=True, text=True).stdout
    return ", ".join(listed.splitlines())


class Network:
    """A proxy and free addresses, between `open` and `close`."""

    def __init__(self, *, literal: bool) -> None:
        """`literal`: addresses stand in SIP URIs as they are, escaped."""
        self.literal = literal
        self.addresses: dict[str, str] = {}  # by SIP URI
        self._resources = ExitStack()
        self._kamailio: Process | None = None

    async def open(self) -> None:
        """Start Kamailio, and wait until it answers. Raises StartRefusedError."""
        missing = [one for one in PACKAGES if shutil.which(one, path=PATH) is None]
        if missing:
            packages = " ".join(PACKAGES[one] for one in missing)
            raise StartRefusedError(
                f"{' and '.join(missing)} not found: apt-get install {packages}"
            )
        folder = self._resources.enter_context(
            tempfile.TemporaryDirectory(prefix="telephones-")
        )
        self.folder = Path(folder)
        reservation = self._reserve()
        log = self.folder / "kamailio.log"
        here = ("-l", f"udp:{self.proxy}:{SIP_PORT}", "-Y", folder, "-w", folder)
        # In the foreground, without TCP, names of DNS and more than two workers.
        argv = ("kamailio", "-DD", "-E", "-T", "-a", "no", "-n", "2", *here)
        self._kamailio = await start(argv, log)
        if not await self._answers(self._kamailio, reservation):
            said = log.read_text(errors="replace").splitlines() or ["it says nothing"]
            raise StartRefusedError(f"kamailio does not answer: {said[-1]}")

    def _reserve(self) -> socket.socket:
        """Take the first free network; the socket at its end keeps others away."""
        own = self._resources.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        own.setblocking(False)  # noqa: FBT003  it has no name
        for attempt in range(NETWORKS):
            number = 1 + (os.getpid() + attempt) % NETWORKS
            try:
                own.bind((f"127.{number}.255.254", SIP_PORT))
            except OSError:
                continue
            self.proxy = f"127.{number}.0.1"
            first = IPv4Address(self.proxy) + 1
            self.free = [str(first + n) for n in reversed(range(TELEPHONES))]
            return own
        raise StartRefusedError(
            f"UDP port {SIP_PORT} is taken on every loopback address: "
            "end the program that has it"
        )

    async def _answers(self, kamailio: Process, own: socket.socket) -> bool:
        """Ask Kamailio for its options until it answers, or ends."""
        question = QUESTION.format(proxy=self.proxy, own=own.getsockname()[0]).encode()
        deadline_s = time.monotonic() + START_S
        while kamailio.returncode is None and time.monotonic() < deadline_s:
            with suppress(OSError):  # nobody listens yet
                own.sendto(question, (self.proxy, SIP_PORT))
            await asyncio.sleep(0.02)
            with suppress(OSError):
                return bool(own.recv(1500))
        return False

    async def close(self) -> None:
        """End Kamailio, and remove every file."""
        if self._kamailio is not None:
            await end(self._kamailio)
        self._resources.close()
