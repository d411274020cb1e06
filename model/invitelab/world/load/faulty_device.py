"""A site whose clock may run wrong, sleep, or lose everything it meant to do.

Its timers are kept in the client's own time and armed in the world's, so that they can
be moved when the clock's rate changes, held while the device sleeps, and forgotten when
it crashes. A healthy world uses the plain `Device`, which pays for none of this.
"""

from collections.abc import Callable

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.device import Device, SharedServices
from invitelab.world.event_queue import Call
from invitelab.world.relay import Receive

MILLION = 1_000_000
SLOWEST_PPM = -900_000
"""A tenth of the world's pace."""


class LocalTimer:
    """Something due at an instant of one client's clock."""

    __slots__ = ("_call", "_device", "_what", "due_us")

    _call: Call | None

    def __init__(self, device: "FaultyDevice", due_us: int, what: Call) -> None:
        self.due_us = due_us
        self._device = device
        self._what = what
        self._call = None

    def arm(self) -> None:
        """Have the world call at the instant at which the client's clock gets there."""
        self.hold()
        at_us = self._device.world_time_us(self.due_us)
        self._call = self._device.env.call_at(at_us, self._fire)

    def hold(self) -> None:
        """Not now."""
        if self._call is not None:
            self._call.cancel()

    def cancel(self) -> None:
        """It will not happen. Twice is once."""
        self.hold()
        self._device.timers.pop(self, None)

    def _fire(self, _argument: object) -> None:
        self._device.timers.pop(self, None)
        self._what.happen()


class FaultyDevice(Device):
    """A site to which faults can happen."""

    __slots__ = ("_since_us", "_then_us", "asleep", "ppm", "timers")

    def __init__(self, spec: ClientSpec, services: SharedServices) -> None:
        super().__init__(spec, services)
        self.asleep = False
        self.timers: dict[LocalTimer, None] = {}  # in the order in which they were set
        self.ppm = 0
        self._since_us = 0
        self._then_us = 0

    # The clock: a line from an instant at which both clocks are known.

    @property
    def now_us(self) -> int:
        """This client's clock, which never runs back."""
        passed_us = self.env.now_us - self._since_us
        return self._then_us + passed_us * (MILLION + self.ppm) // MILLION

    def world_time_us(self, local_us: int) -> int:
        """The first instant of the world at which this clock shows so much."""
        passed_us = -(-(local_us - self._then_us) * MILLION // (MILLION + self.ppm))
        return max(self.env.now_us, self._since_us + passed_us)

    def run_at(self, ppm: int) -> None:
        """Let the clock run faster by so many millionths, or slower below zero.

        It never stands still: no slower than SLOWEST_PPM.
        """
        self._then_us, self._since_us = self.now_us, self.env.now_us
        self.ppm = max(SLOWEST_PPM, ppm)
        if not self.asleep:
            self._arm_all()

    # Sleeping and forgetting.

    def suspend(self) -> None:
        """Hear nothing, say nothing; what is due waits."""
        self.asleep = True
        for timer in self.timers:
            timer.hold()

    def resume(self) -> None:
        """What was due meanwhile happens now, in its order."""
        self.asleep = False
        self._arm_all()

    def forget(self) -> None:
        """Lose every timer."""
        for timer in self.timers:
            timer.hold()
        self.timers.clear()

    def while_awake(self, receive: Receive) -> Receive:
        """The same ear, deaf while the client sleeps."""

        def listen(sender: ClientId, message: Message) -> None:
            if not self.asleep:
                receive(sender, message)

        return listen

    def say(self, to: ClientId, message: Message) -> None:
        """Hand a message to the relay, unless the client sleeps."""
        if not self.asleep:
            super().say(to, message)

    def at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> LocalTimer:
        """Call it when this client's clock has got there."""
        timer = LocalTimer(self, at_us, Call(action, argument, owner))
        self.timers[timer] = None
        if not self.asleep:
            timer.arm()
        return timer

    def _arm_all(self) -> None:
        # The world calls in the order of arming where instants are the same.
        for timer in sorted(self.timers, key=lambda timer: timer.due_us):
            timer.arm()
