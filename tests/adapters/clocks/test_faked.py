"""Faked clocks of a target (system and jump), and the choice of a clock."""

import datetime as dt
import os
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks import jump
from invitelab.adapters.clocks.base import BYSTANDER, Terms
from invitelab.adapters.clocks.choice import agree, prepare
from invitelab.adapters.clocks.faked import INVITED, look
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.clocks.system import START, SystemClockDriver
from invitelab.adapters.driver import Driver, InProcessTarget, Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.errors import (
    Blame,
    CannotStartError,
    HandshakeError,
    UsageError,
)

NEEDS_FAKETIME = pytest.mark.slow
"""Of Debian; the gate installs it."""

LAZY = Path(__file__).parent / "fakes" / "lazy.py"


class Rig:
    """One scenario with two clients, on a target with a clock of that kind."""

    def __init__(self, kind: ClockKind | None, target: Reachable) -> None:
        """Start it, and prove the clock."""
        prepared = prepare(kind, target)
        self.driver = Driver(prepared.target)
        self.clock_driver = agree(kind, prepared, self.driver.start())
        self.proven = self.clock_driver.prove(self.driver)
        self.clock = self.clock_driver.clock(self.driver, "k1")

    def invite(self) -> None:
        """Begin, and let the one invite the other."""
        begin = messages.Begin(scenario="k1", clients=(BYSTANDER, INVITED))
        self.driver.call("scenario.begin", begin, wire_types.Empty)
        self.clock.begin([BYSTANDER.client, INVITED.client])
        send = messages.Send(
            scenario="k1",
            client=BYSTANDER.client,
            entry="invitation-icon",
            to=INVITED.id,
            profile="Default",
        )
        outcome = self.driver.call("invitation.send", send, messages.SendOutcome)
        assert outcome.ok is not None

    def state(self) -> str:
        """How the inviter lists the invitation."""
        (row,) = look(self.driver, "k1", BYSTANDER.client).invitations
        return row.state

    def close(self) -> None:
        """Stop it."""
        self.driver.stop()
        self.clock_driver.close()


Start = Callable[[ClockKind | None, Reachable], Rig]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start rigs, and stop them after the test."""
    rigs: list[Rig] = []

    def begin(kind: ClockKind | None, target: Reachable) -> Rig:
        rigs.append(Rig(kind, target))
        return rigs[-1]

    yield begin
    for rig in rigs:
        rig.close()


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Target]]:
    """Name a factory of the lazy target."""
    monkeypatch.setattr(sys, "path", [str(LAZY.parent), *sys.path])
    yield lambda factory: Target.parse(f"py:lazy:{factory}")
    sys.modules.pop("lazy", None)


def process(*options: str) -> Target:
    """Name the lazy target as a process."""
    return Target.from_argv([sys.executable, str(LAZY), *options])


# System


def test_a_python_target_lives_two_minutes_at_once(
    start: Start, in_process: Callable[[str], Target]
) -> None:
    """To the millisecond, because its clock stands still between calls."""
    rig = start(ClockKind.SYSTEM, in_process("lazy"))
    rig.invite()
    rig.clock.wait_until(119_999)
    before = (rig.clock.now_ms, rig.state())
    rig.clock.wait_until(120_000)
    assert (True, True) == (rig.proven, rig.clock_driver.terms.exact)
    assert ((119_999, "pending"), (120_000, "expired")) == (
        before,
        (rig.clock.now_ms, rig.state()),
    )


def test_time_is_given_back(start: Start, in_process: Callable[[str], Target]) -> None:
    """After the run, and also when the target could not be used."""
    rig = start(ClockKind.SYSTEM, in_process("lazy"))
    assert dt.datetime.now(dt.UTC) - START < dt.timedelta(hours=2)
    rig.close()
    assert dt.datetime.now(dt.UTC) > START + dt.timedelta(days=30)


def test_scenarios_have_times_of_their_own(
    start: Start, in_process: Callable[[str], Target]
) -> None:
    """Each is at zero when it begins, however late it is."""
    rig = start(ClockKind.SYSTEM, in_process("lazy"))
    rig.clock.begin([])
    rig.clock.wait_until(5000)
    later = rig.clock_driver.clock(rig.driver, "k2")
    assert 0 == later.now_ms
    later.begin([])
    later.wait_until(7000)
    assert (12_000, 7000) == (rig.clock.now_ms, later.now_ms)


@pytest.fixture
def in_zone() -> Iterator[Callable[[str | None], None]]:
    """Put this process into a time zone; None: the machine's."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows cannot change the zone of a process")
    before = os.environ.get("TZ")

    def put(name: str | None) -> None:
        os.environ.pop("TZ", None)
        os.environ.update({} if name is None else {"TZ": name})
        if sys.platform != "win32":
            time.tzset()

    yield put
    put(before)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Sydney", "UTC"])
@pytest.mark.parametrize("way", ["mktime", "timestamp", "localtime", "astimezone"])
def test_all_ways_to_read_the_time_agree_in_any_zone(
    start: Start,
    in_process: Callable[[str], Target],
    in_zone: Callable[[str | None], None],
    zone: str,
    way: str,
) -> None:
    """What is right in Python is right under the clock, wherever it runs."""
    in_zone(zone)
    rig = start(ClockKind.SYSTEM, in_process(f"by_{way}"))
    rig.invite()
    rig.clock.wait_until(119_000)
    before = rig.state()
    rig.clock.wait_until(121_000)
    assert (True, "pending", "expired") == (rig.proven, before, rig.state())


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns", None])
@pytest.mark.parametrize("raises", [False, True])
def test_the_zone_is_given_back(
    in_zone: Callable[[str | None], None],
    monkeypatch: pytest.MonkeyPatch,
    zone: str | None,
    raises: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """After the run, and when time could not be frozen at all."""
    in_zone(zone)
    before = (os.environ.get("TZ"), time.timezone, time.tzname)
    if raises:
        monkeypatch.setattr("freezegun.freeze_time", None)
        with pytest.raises(TypeError, match="not callable"):
            SystemClockDriver()
    else:
        clock_driver = SystemClockDriver()
        assert ("UTC", 0) == (os.environ.get("TZ"), time.timezone)
        clock_driver.close()
        clock_driver.close()
    assert before == (os.environ.get("TZ"), time.timezone, time.tzname)


@pytest.mark.parametrize("ends", [0, 1])
def test_two_clock_drivers_move_one_time(
    start: Start, in_process: Callable[[str], Target], ends: int
) -> None:
    """Whichever began first, and whichever ends first."""
    rigs = [start(ClockKind.SYSTEM, in_process("lazy")) for _ in range(2)]
    assert [True, True] == [rig.proven for rig in rigs]
    for rig in rigs:
        rig.invite()
        rig.clock.wait_until(120_000)
        assert "expired" == rig.state()
    rigs.pop(ends).close()
    (rig,) = rigs
    rig.clock_driver.prove(rig.driver)
    assert rig.clock_driver.terms.notices
    assert dt.datetime.now(dt.UTC) - START < dt.timedelta(hours=6)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (ClockKind.SYSTEM, "sleepy"),
        pytest.param(ClockKind.JUMP, "--sleepy", marks=NEEDS_FAKETIME),
    ],
)
def test_who_does_not_notice_is_found_out(
    start: Start,
    in_process: Callable[[str], Target],
    kind: ClockKind,
    target: str,
) -> None:
    """An hour after its sending the invitation is still there: nothing is judged."""
    sleepy = in_process(target) if kind is ClockKind.SYSTEM else process(target)
    rig = start(kind, sleepy)
    assert (False, False) == (rig.proven, rig.clock_driver.terms.notices)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (ClockKind.SYSTEM, "far"),
        pytest.param(ClockKind.JUMP, "--far", marks=NEEDS_FAKETIME),
    ],
)
def test_whose_messages_need_wall_time_is_refused(
    in_process: Callable[[str], Target], kind: ClockKind, target: str
) -> None:
    """Or it would be late for everything, and wrong without being so."""
    chosen = in_process(target) if kind is ClockKind.SYSTEM else process(target)
    prepared = prepare(kind, chosen)
    driver = Driver(prepared.target)
    clock_driver = agree(kind, prepared, driver.start())
    try:
        with pytest.raises(HandshakeError, match="takes wall time to arrive"):
            clock_driver.prove(driver)
    finally:
        driver.stop()
        clock_driver.close()


# Jump


@NEEDS_FAKETIME
def test_a_process_jumps_over_two_minutes(start: Start) -> None:
    """In much less wall time, while the clock of the harness is not changed."""
    rig = start(ClockKind.JUMP, process())
    began_s = time.monotonic()
    rig.invite()
    rig.clock.wait_until(119_000)
    before = rig.state()
    rig.clock.wait_until(120_001)
    assert (True, "pending", "expired") == (rig.proven, before, rig.state())
    assert 120_001 <= rig.clock.now_ms < 180_000
    assert time.monotonic() - began_s < 60


@NEEDS_FAKETIME
def test_a_jump_is_never_exact(start: Start) -> None:
    """Time goes on by itself between the jumps, so the tick cannot be judged."""
    terms = start(ClockKind.JUMP, process()).clock_driver.terms
    assert (False, 21) == (terms.exact, terms.blur_ms)


def test_without_the_library_there_is_no_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a hint says how to get it."""
    monkeypatch.setattr(jump, "LIBRARIES", ("no/such/folder",))
    with pytest.raises(CannotStartError) as caught:
        prepare(ClockKind.JUMP, process())
    assert "apt install faketime" in caught.value.hint


@NEEDS_FAKETIME
def test_a_command_that_is_not_there_is_named() -> None:
    """And not the one that prepares its environment."""
    prepared = prepare(ClockKind.JUMP, Target.parse("cmd:no-such-command"))
    assert prepared.clock_driver is not None
    try:
        with pytest.raises(CannotStartError, match="no-such-command: command not"):
            prepared.target.open(Limits())
    finally:
        prepared.clock_driver.close()


@pytest.mark.parametrize("ours", ["aarch64-linux-gnu", "x86_64-linux-gnu"])
def test_the_library_of_our_own_processor_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: str
) -> None:
    """The loader skips any other, and the target would be told the right time."""
    for triplet in ("aarch64-linux-gnu", "x86_64-linux-gnu"):
        folder = tmp_path / "lib" / triplet / "faketime"
        folder.mkdir(parents=True)
        (folder / "libfaketimeMT.so.1").touch()
    monkeypatch.setattr(jump, "ROOT", tmp_path)

    def get_config_var(_name: str) -> str:
        return ours

    monkeypatch.setattr(sysconfig, "get_config_var", get_config_var)
    assert ours in jump.find_library().parts


def test_a_jump_without_room_for_its_file_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The machine is to blame, and not this program."""
    monkeypatch.setattr(jump, "find_library", lambda: tmp_path / "library")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(CannotStartError, match="cannot write its temporary file") as no:
        jump.JumpClockDriver()
    assert (Blame.ENVIRONMENT, True) == (no.value.blame, "TMPDIR" in no.value.hint)


@NEEDS_FAKETIME
def test_the_file_of_a_jump_is_removed() -> None:
    """When the run is over."""
    clock_driver = jump.JumpClockDriver()
    assert clock_driver.file.exists()
    clock_driver.close()
    assert not clock_driver.file.parent.exists()


# Which clock


def answer(**claims: object) -> handshake.Initialized:
    """Claim a real clock."""
    values = {
        "protocol": 1,
        "implementation": {"name": "acme", "version": "1"},
        "clock": "real",
        "capabilities": [capability.value for capability in handshake.Capability],
        **claims,
    }
    return handshake.Initialized.model_validate(values)


@pytest.mark.parametrize(
    ("kind", "claimed", "expected"),
    [
        (None, "virtual", Terms(kind=ClockKind.VIRTUAL, resolution_ms=1, settle_ms=0)),
        (None, "real", Terms(kind=ClockKind.REAL, resolution_ms=1, settle_ms=2000)),
        (
            ClockKind.SYSTEM,
            "real",
            Terms(kind=ClockKind.SYSTEM, resolution_ms=1, settle_ms=0),
        ),
        pytest.param(
            ClockKind.JUMP,
            "real",
            Terms(kind=ClockKind.JUMP, resolution_ms=1, settle_ms=2000),
            marks=NEEDS_FAKETIME,
        ),
    ],
)
def test_what_is_not_said_depends_on_the_clock(
    kind: ClockKind | None, claimed: str, expected: Terms
) -> None:
    """Settling takes no time where time stands still, and two seconds elsewhere."""
    target = InProcessTarget(Reference()) if kind is not ClockKind.JUMP else process()
    prepared = prepare(kind, target)
    clock_driver = agree(kind, prepared, answer(clock=claimed))
    clock_driver.close()
    assert expected == clock_driver.terms


@pytest.mark.parametrize(
    ("kind", "claimed"),
    [
        (ClockKind.REAL, "virtual"),
        (ClockKind.VIRTUAL, "real"),
        (ClockKind.SYSTEM, "virtual"),
    ],
)
def test_a_clock_that_the_target_does_not_have_is_refused(
    kind: ClockKind, claimed: str
) -> None:
    """Both are named."""
    prepared = prepare(kind, InProcessTarget(Reference()))
    with pytest.raises(HandshakeError, match=f"declares a {claimed} one"):
        agree(kind, prepared, answer(clock=claimed))
    if prepared.clock_driver is not None:
        prepared.clock_driver.close()


@pytest.mark.parametrize(
    ("kind", "target", "sentence"),
    [
        (ClockKind.SYSTEM, "cmd:true", "--clock system needs a Python object"),
        (ClockKind.SYSTEM, "reference", "--clock system needs a Python object"),
        (ClockKind.JUMP, "py:a:b", "--clock jump needs a process"),
        (ClockKind.JUMP, "reference", "--clock jump needs a process"),
    ],
)
def test_a_target_that_cannot_have_such_a_clock_is_refused(
    kind: ClockKind, target: str, sentence: str
) -> None:
    """Before anything is started."""
    with pytest.raises(UsageError, match=sentence):
        prepare(kind, Target.parse(target))


def test_a_scaled_target_is_not_faked() -> None:
    """The faked clock would let two minutes pass."""
    prepared = prepare(ClockKind.SYSTEM, InProcessTarget(Reference()))
    assert prepared.clock_driver is not None
    with pytest.raises(HandshakeError, match="lifetime_ms is for waiting in real time"):
        agree(ClockKind.SYSTEM, prepared, answer(clock="real", lifetime_ms=12_000))
    prepared.clock_driver.close()
