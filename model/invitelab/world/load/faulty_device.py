"""A device whose clock may drift, and that can be suspended or lose all its timers.

A timer is due at a time on the device's own clock and is armed at the world time at
which that clock shows it. So it is moved when the clock's rate changes, held while the
device is suspended, and dropped when it crashes. A world without such faults uses the
plain `Device`, which costs less.
"""

from collections.abc import Callable

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.device import Device, SharedServices
from invitelab.world.event_queue import Call
from invitelab.world.relay import Receive

MILLION = 1_000_000
SLOWEST_PPM = -900_000
"""The slowest rate of a clock, in millionths of the world's: a tenth of its speed."""


class LocalTimer:
    """A call that is due at a time on one device's clock."""

    __slots__ = ("_call", "_device", "_target", "due_us")

    _call: Call | None

    def __init__(self, device: "FaultyDevice", due_us: int, target: Call) -> None:
        self.due_us = due_us
        self._device = device
        self._target = target
        self._call = None

    def arm(self) -> None:
        """Schedule the call at the world time at which the device's clock shows it."""
        self.hold()
        at_us = self._device.world_time_us(self.due_us)
        self._call = self._device.env.call_at(at_us, self._fire)

    def hold(self) -> None:
        """Withdraw the call from the schedule; `arm` schedules it again."""
        if self._call is not None:
            self._call.cancel()

    def cancel(self) -> None:
        """Cancel the timer; without effect if it has fired or is cancelled."""
        self.hold()
        self._device.timers.pop(self, None)

    def _fire(self, _argument: object) -> None:
        self._device.timers.pop(self, None)
        self._target.happen()


class FaultyDevice(Device):
    """A device that faults can affect."""

    __slots__ = ("_local_us", "_world_us", "asleep", "ppm", "timers")

    def __init__(self, spec: ClientSpec, services: SharedServices) -> None:
        super().__init__(spec, services)
        self.asleep = False
        self.timers: dict[LocalTimer, None] = {}  # a set, in the order of creation
        self.ppm = 0
        self._world_us = 0
        self._local_us = 0

    # The clock: linear from the latest time at which both clocks are known.

    @property
    def now_us(self) -> int:
        """The time on this device's clock in microseconds, which never decreases."""
        passed_us = self.env.now_us - self._world_us
        return self._local_us + passed_us * (MILLION + self.ppm) // MILLION

    def world_time_us(self, local_us: int) -> int:
        """The first world time at which this device's clock shows `local_us`."""
        passed_us = -(-(local_us - self._local_us) * MILLION // (MILLION + self.ppm))
        return max(self.env.now_us, self._world_us + passed_us)

    def run_at(self, ppm: int) -> None:
        """Let the clock run faster by `ppm` millionths, slower if negative.

        The rate is at least SLOWEST_PPM, so that the clock never stops.
        """
        self._local_us, self._world_us = self.now_us, self.env.now_us
        self.ppm = max(SLOWEST_PPM, ppm)
        if not self.asleep:
            self._arm_all()

    # Suspension and crash.

    def suspend(self) -> None:
        """Hold all timers, and neither send nor receive messages."""
        self.asleep = True
        for timer in self.timers:
            timer.hold()

    def resume(self) -> None:
        """Arm all timers again; overdue ones fire now, in the order of their times."""
        self.asleep = False
        self._arm_all()

    def forget(self) -> None:
        """Drop every timer, as in a crash."""
        for timer in self.timers:
            timer.hold()
        self.timers.clear()

    def while_awake(self, receive: Receive) -> Receive:
        """The same callback, without effect while the device is suspended."""

        def receive_awake(sender: ClientId, message: Message) -> None:
            if not self.asleep:
                receive(sender, message)

        return receive_awake

    def say(self, to: ClientId, message: Message) -> None:
        """Send a message through the relay, unless the device is suspended."""
        if not self.asleep:
            super().say(to, message)

    def at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> LocalTimer:
        """Call `action(argument)` at `at_us` on this clock; see `Device.at`."""
        timer = LocalTimer(self, at_us, Call(action, argument, owner))
        self.timers[timer] = None
        if not self.asleep:
            timer.arm()
        return timer

    def _arm_all(self) -> None:
        # Calls at the same world time are made in the order in which they are armed.
        for timer in sorted(self.timers, key=lambda timer: timer.due_us):
            timer.arm()
