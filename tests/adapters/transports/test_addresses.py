"""Doubts about where a target listens, and about getting there."""

import re
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.adapters.transports.addresses import Address, connect
from invitelab.errors import Blame, CannotStartError, UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp://127.0.0.1:1", ("127.0.0.1", 1, "")),
        ("tcp://acme-1.example.:65535", ("acme-1.example.", 65535, "")),
        ("tcp://[::1]:7000", ("::1", 7000, "")),
        ("tcp://[fe80::1%eth0]:7000", ("fe80::1%eth0", 7000, "")),
        ("http://acme", ("acme", 80, "/")),
        ("http://[::1]", ("::1", 80, "/")),
        ("http://acme:8080/rpc/v1?a=b%20c", ("acme", 8080, "/rpc/v1?a=b%20c")),
    ],
)
def test_an_address_is_what_was_written(
    text: str, expected: tuple[str, int, str]
) -> None:
    """HTTP has a path always, and a port by default."""
    address = Address.parse(text)
    assert expected == (address.host, address.port, address.path)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("tcp://", "names no host", "tcp://127.0.0.1:7000"),
        ("tcp://:7000", "names no host", "tcp://127.0.0.1:7000"),
        ("http:///path", "names no host", "http://127.0.0.1:7000/"),
        ("tcp://acme", "names no port", "tcp://127.0.0.1:7000"),
        ("tcp://acme:", "names no port", "tcp://127.0.0.1:7000"),
        ("tcp://acme:0", "a port that cannot be", "from 1 to 65535"),
        ("tcp://acme:65536", "a port that cannot be", "from 1 to 65535"),
        ("tcp://acme:-1", "a port that cannot be", "from 1 to 65535"),
        ("http://acme:http/", "a port that cannot be", "from 1 to 65535"),
        ("tcp://acme:\u0667", "a port that cannot be", "from 1 to 65535"),
        ("tcp://acme:7000/", "has a path, which TCP has not", "tcp://127.0"),
        ("tcp://::1:7000", "more than one port", "in brackets: tcp://[::1]:7000"),
        ("tcp://[::1:7000", "no IPv6 address in its brackets", "tcp://127.0"),
        ("tcp://[acme]:7000", "no IPv6 address in its brackets", "tcp://127.0"),
        ("tcp://[::1]7000", "no IPv6 address in its brackets", "tcp://127.0"),
        ("tcp://ac me:7000", "a host that cannot be", "tcp://127.0.0.1:7000"),
        ("tcp://a..b:7000", "a host that cannot be", "tcp://127.0.0.1:7000"),
        ("tcp://-acme:7000", "a host that cannot be", "tcp://127.0.0.1:7000"),
        ("tcp://" + "a" * 64 + ":1", "a host that cannot be", "tcp://127.0"),
        ("tcp://" + "a." * 127 + ":1", "a host that cannot be", "tcp://127.0"),
        ("http://ada:secret@acme/", "a user in the address", "neither a user nor"),
        ("http://acme/a b", "a path that cannot be", "%C3%A9"),
        ("http://acme/#a", "a path that cannot be", "%C3%A9"),
        ("http://acme/é", "a path that cannot be", "%C3%A9"),
        ("http://acme/\r\nX: y", "a path that cannot be", "%C3%A9"),
    ],
)
def test_what_is_no_address_is_refused(text: str, message: str, hint: str) -> None:
    """The hint says what to write, and no password is repeated."""
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        Address.parse(text)
    assert hint in caught.value.hint
    assert "secret" not in str(caught.value)


@given(st.sampled_from(["tcp://", "http://"]), st.text())
def test_any_text_is_an_address_or_a_usage_error(scheme: str, rest: str) -> None:
    """An address can be written, and read again."""
    try:
        address = Address.parse(scheme + rest)
    except UsageError as error:
        said = error.hint
    else:
        said = str(address)
        assert address == Address.parse(said)
    assert said


def test_a_host_that_is_not_known_cannot_start() -> None:
    """Its name may be wrong."""
    address = Address(scheme="tcp", host="fe80::1%no-such-interface", port=1)
    with pytest.raises(CannotStartError, match=r"the host fe80::1.* cannot") as found:
        connect(address, 20)
    assert Blame.ENVIRONMENT == found.value.blame
    assert "is it spelled right" in found.value.hint


def test_who_does_not_answer_in_time_cannot_start() -> None:
    """The limit counts for the name and the connection together."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        address = Address(scheme="tcp", host="127.0.0.1", port=port)
        with pytest.raises(CannotStartError, match=r"no connection to .* within 0 s"):
            connect(address, 0)


def test_where_no_way_leads_cannot_start() -> None:
    """What the system says of it is passed on."""
    address = Address(scheme="tcp", host="255.255.255.255", port=1)
    with pytest.raises(CannotStartError, match=r"no connection to tcp://255[^:]*:1: "):
        connect(address, 20)
