"""Serving an adapter over TCP."""

from collections.abc import Callable

import pytest

from invitelab.adapters.base import AdapterError, Limits
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import CrashError

LIMITS = Limits(start_s=20.0)
PATIENCE_S = 20.0


@pytest.fixture
def connect(serving: Callable[[str], Address]) -> Callable[[], TcpTransport]:
    """Give what connects to the server."""
    address = serving("tcp")
    return lambda: TcpTransport(address, LIMITS)


def test_each_connection_has_an_adapter_of_its_own(
    connect: Callable[[], TcpTransport],
) -> None:
    """Even at the same time."""
    with connect() as one, connect() as other:
        assert [1] == one.call("m", {}, PATIENCE_S)
        assert [2, "a"] == one.call("m", {"a": 1}, PATIENCE_S)
        assert [1] == other.call("m", {}, PATIENCE_S)
    with connect() as another:
        assert [1] == another.call("m", {}, PATIENCE_S)


@pytest.mark.parametrize("method", ["shutdown", "leave"])
def test_one_connection_ends_and_the_server_lives(
    connect: Callable[[], TcpTransport], method: str
) -> None:
    """Shutdown is answered first; who leaves answers nothing."""
    with connect() as one, connect() as other:
        if method == "shutdown":
            assert [1] == one.call(method, {}, PATIENCE_S)
        with pytest.raises(CrashError, match="closed the connection"):
            one.call("leave", {}, PATIENCE_S)
        assert [1] == other.call("m", {}, PATIENCE_S)


def test_a_crash_is_told_and_the_adapter_lives(
    connect: Callable[[], TcpTransport],
) -> None:
    """As over stdin and stdout."""
    with connect() as transport:
        with pytest.raises(AdapterError, match="ValueError: as it was asked") as caught:
            transport.call("crash", {}, PATIENCE_S)
        assert [2] == transport.call("m", {}, PATIENCE_S)
    assert 1004 == caught.value.code
