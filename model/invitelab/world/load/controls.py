"""Controls: the interface between people and the clients that they use.

People press buttons and are told what their client shows; they cannot know whether it
is a simulated client (`world.client`) or one of an implementation under test.
"""

from collections.abc import Callable
from typing import Any, Protocol

from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import ClientSpec, EntryPoint
from invitelab.world.load.intentions import Attempt


class UserDevice(Protocol):
    """The device in front of a user."""

    @property
    def spec(self) -> ClientSpec:
        """What the client is."""
        ...

    @property
    def id(self) -> str:
        """The client's ID."""
        ...

    @property
    def asleep(self) -> bool:
        """Whether the device is suspended, and takes no clicks."""
        ...

    def after(
        self, delay_us: int, action: Callable[[Any], None], argument: object = None
    ) -> object:
        """Call `action(argument)` after a time on the device's clock."""
        ...


class UserClient(Protocol):
    """What a user can do at a client; see `world.client.Client`."""

    @property
    def device(self) -> UserDevice:
        """The device that the client runs on."""
        ...

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the client with the typed address; the invitation's id."""
        ...

    def modify(self, invitation: str, profile: str) -> Refusal | None:
        """Choose another permission profile for a pending invitation."""
        ...

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel a pending invitation."""
        ...

    def answer(self, invitation: str, *, accept: bool) -> Refusal | None:
        """Accept or reject."""
        ...

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Open an invitation email, and return its text."""
        ...

    def request_session(self, typed: str) -> Refusal | None:
        """Press Connect in the main window."""
        ...


class UserDirectory(Protocol):
    """The clients of all users, found by who attempts what."""

    def client(self, index: int) -> UserClient:
        """The client with this index."""
        ...

    def inviter(self, attempt: Attempt) -> UserClient:
        """The inviter of an attempt."""
        ...

    def recipient(
        self,
        sender: Any,  # noqa: ANN401 - one of its own clients
        attempt: Attempt,
    ) -> tuple[UserClient, EntryPoint]:
        """The recipient of an attempt and its entry point."""
        ...

    def host(self, invitation: str) -> UserClient:
        """The inviter's client of an invitation."""
        ...

    def guest(self, invitation: str) -> UserClient:
        """The recipient's client of an invitation."""
        ...

    def begin_attempt(self, number: int) -> None:
        """Note the attempt that what is sent next belongs to."""
        ...

    def number_of(self, invitation: str) -> int:
        """The attempt that an invitation belongs to."""
        ...


class Told(Protocol):
    """What is told of attempts as they are made: the panel of a world."""

    def tell(self, hook: str, *arguments: Any) -> None:  # noqa: ANN401 - by the hook
        """Call a hook of all instruments by its name."""
        ...
