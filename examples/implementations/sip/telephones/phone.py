"""One telephone: a baresip, and what it has told of its calls."""

import asyncio
import json
import re
import shutil
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import Process
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from socket import IPPROTO_TCP, TCP_QUICKACK
from typing import Any
from urllib.parse import quote

from telephones.network import SIP_PORT, Network, end, start

Json = dict[str, Any]

CONTROL_PORT = 4444
LONGEST_USER = 64  # for Kamailio's registrar, in characters
DIGEST = 32
ANSWER_S = 4.0  # less than the call limit of the harness
POLL_S = 0.005
CONFIG = f"""sip_listen {{ip}}:{SIP_PORT}
net_interface {{ip}}
ctrl_tcp_listen {{ip}}:{CONTROL_PORT}
module_path /usr/lib/baresip/modules
module g711.so
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
call_max_calls 16
call_local_timeout 300
"""
DECIDED = re.compile(r"(?:OK |ERR)\x1b")
"""What baresip shows beside an address that the registrar has taken, or refused."""
ENDS = {"486": "rejected", "603": "rejected", "408": "expired"}
"""What a call that rang has come to, by the answer that its caller was given."""


class RefusedError(Exception):
    """The telephone or the proxy said no, in these words."""


class PhoneError(Exception):
    """The telephone has ended by itself."""


@dataclass
class Call:
    """One end of a call; its state is empty until it rings."""

    is_outgoing: bool
    account: str
    peer: str
    peer_name: str | None
    profile: int
    state: str = ""

    @property
    def has_rung(self) -> bool:
        """Whether it has rung at the other end."""
        return bool(self.state) and not self.state.startswith("failed")

    def note(self, event: str, why: str) -> None:
        """What an event of the telephone makes of the call."""
        if event in {"CALL_RINGING", "CALL_INCOMING"}:
            self.state = "pending"
        elif event == "CALL_ESTABLISHED":
            self.state = "accepted"
        elif event == "CALL_CLOSED" and self.state == "accepted":
            self.state = "over"
        elif event == "CALL_CLOSED":
            ended = ENDS.get(why[:3], "cancelled")
            self.state = ended if self.state else f"failed: {why}"


class Phone:
    """The telephone of one client; its addresses begin with the scenario's name."""

    def __init__(self, network: Network, scenario: str, client: Json) -> None:
        self.client = client
        self.calls: dict[tuple[bool, str], Call] = {}
        self._network = network
        self._scenario = scenario
        self._ip = network.free.pop()
        self._folder = network.folder / self._ip
        self._leaving = ExitStack()
        self._process: Process | None = None

    @property
    def is_on(self) -> bool:
        """Whether it runs."""
        return self._process is not None

    def _uri(self, address: str) -> str:
        """The SIP URI of an address. `literal` shows why it is not just escaped."""
        user = f"{self._scenario}.{quote(address, safe='')}"
        if not self._network.literal:
            user = user.replace("%40", "!")
            if len(user) > LONGEST_USER:
                digest = sha256(address.lower().encode()).hexdigest()[:DIGEST]
                user = f"{self._scenario}.{digest}"
        uri = f"sip:{user}@{self._network.proxy}"
        self._network.addresses[uri] = address
        return uri

    def _address(self, uri: str) -> str:
        bare, _, _ = uri.partition(";")
        return self._network.addresses.get(bare, bare)

    async def switch_on(self) -> None:
        """Start it, and wait until the registrar has decided on its addresses."""
        alias = self.client["alias"]
        shown = f'"{alias}" ' if alias else ""
        addresses = [one for one in (self.client["id"], alias) if one]
        accounts = [f"{shown}<{self._uri(one)}>;regint=600\n" for one in addresses]
        self._folder.mkdir()
        self._leaving.callback(shutil.rmtree, self._folder)
        (self._folder / "config").write_text(CONFIG.format(ip=self._ip))
        (self._folder / "accounts").write_text("".join(accounts))
        (self._folder / "contacts").touch()
        log = self._folder / "log"
        self._process = await start(("baresip", "-4", "-f", str(self._folder)), log)
        self._has_ended = False
        self._answers = asyncio.Queue[Json]()
        self._events = asyncio.Condition()
        async with asyncio.timeout(ANSWER_S):
            reader, self._writer = await self._connect(self._process)
            self._leaving.callback(self._writer.close)
            self._listening = asyncio.create_task(self._listen(reader))
            self._leaving.callback(self._listening.cancel)
            decided = 0
            while decided < len(addresses):
                await asyncio.sleep(POLL_S)
                said = await self._say("reginfo")
                decided = len(DECIDED.findall(said["data"]))

    async def _connect(self, process: Process) -> tuple[StreamReader, StreamWriter]:
        while process.returncode is None:
            with suppress(OSError):
                return await asyncio.open_connection(self._ip, CONTROL_PORT)
            await asyncio.sleep(POLL_S)
        raise PhoneError((self._folder / "log").read_text(errors="replace")[-400:])

    async def switch_off(self) -> None:
        """As a user closes it: it ends its calls and leaves the registrar."""
        process, self._process = self._process, None
        if process is not None:
            await end(process)
            self._leaving.close()
            self.calls.clear()

    async def put_away(self) -> None:
        """Switch it off, and leave its address to others."""
        await self.switch_off()
        self._network.free.append(self._ip)

    async def _listen(self, reader: StreamReader) -> None:
        """Read netstrings of JSON: answers to commands, and events."""
        connection = self._writer.get_extra_info("socket")
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                # baresip sends an answer after an event only once that is acknowledged.
                connection.setsockopt(IPPROTO_TCP, TCP_QUICKACK, 1)
                size = int((await reader.readuntil(b":"))[:-1])
                text = (await reader.readexactly(size + 1))[:-1].decode(
                    errors="replace"
                )
                said = json.loads(text, strict=False)
                if said.get("response"):
                    self._answers.put_nowait(said)
                elif said.get("class") == "call" and "id" in said:
                    self._note(said)
                    await self._tell()
        self._has_ended = True
        self._answers.put_nowait({})
        await self._tell()

    async def _tell(self) -> None:
        async with self._events:
            self._events.notify_all()

    def _note(self, said: Json) -> None:
        is_outgoing, uri = said["direction"] == "outgoing", said["peeruri"]
        profile = int(uri.partition(";profile=")[2] or -1)  # only the caller knows it
        new = Call(
            is_outgoing=is_outgoing,
            account=said["accountaor"],
            peer=self._address(uri),
            peer_name=said.get("peerdisplayname"),
            profile=profile,
        )
        # Whoever calls themselves has both ends of one Call-ID.
        call = self.calls.setdefault((is_outgoing, said["id"]), new)
        call.note(said["type"], said.get("param", ""))

    async def _say(self, command: str, params: str = "") -> Json:
        """Give one command; its answer."""
        body = json.dumps({"command": command, "params": params}).encode()
        self._writer.write(b"%d:%b," % (len(body), body))
        answer = await asyncio.wait_for(self._answers.get(), ANSWER_S)
        if not answer:
            raise PhoneError(f"baresip has ended during {command}")
        return answer

    async def dial(self, to: str, profile: int) -> str:
        """Send an INVITE; its Call-ID once it rings. Raises RefusedError."""
        known = set(self.calls)

        def decided() -> dict[str, Call]:
            new = [key for key in self.calls if key[0] and key not in known]
            return {key[1]: self.calls[key] for key in new if self.calls[key].state}

        await self._say("uafind", self._uri(self.client["id"]))
        await self._say("dial", f"{self._uri(to)};profile={profile}")
        async with self._events, asyncio.timeout(ANSWER_S):
            await self._events.wait_for(lambda: self._has_ended or decided())
        if self._has_ended:
            raise PhoneError("baresip has ended while it called")
        ((call_id, call),) = decided().items()
        if not call.has_rung:
            raise RefusedError(call.state)
        return call_id

    async def press(self, command: str, call_id: str) -> Json:
        """Choose a call, and press a button. Raises RefusedError."""
        for (_, known), call in self.calls.items():
            if known == call_id:
                chosen = (("uafind", call.account), ("callfind", call_id))
                break
        else:
            raise RefusedError("no such call")
        for button, params in (*chosen, (command, "")):
            answer = await self._say(button, params)
            # A call that has ended is not found, which baresip calls ok as well.
            if not answer["ok"] or answer["data"].startswith("call not found"):
                raise RefusedError(answer["data"].strip() or button)
        return {"ok": {}}
