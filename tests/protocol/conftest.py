"""Three clients, and an invitation of the first one's to the second."""

import pytest

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Identity,
    Invitation,
    Permission,
    Version,
)


@pytest.fixture
def ada() -> ClientSpec:
    """Give the inviter, with an alias."""
    return ClientSpec(
        identity=Identity(id=ClientId("100200300"), alias="ada@ad"),
        version=Version(7, 1, 4),
        profiles=BUILT_IN_PROFILES,
    )


@pytest.fixture
def bea() -> ClientSpec:
    """Give the recipient, with an alias."""
    return ClientSpec(
        identity=Identity(id=ClientId("400500600"), alias="bea@ad"),
        version=Version(7, 0, 0),
        profiles=BUILT_IN_PROFILES,
    )


@pytest.fixture
def cleo() -> ClientSpec:
    """Give another client, which is portable."""
    return ClientSpec(
        identity=Identity(id=ClientId("700800900"), alias=None),
        version=Version(10, 0, 0),
        profiles=BUILT_IN_PROFILES,
    )


@pytest.fixture
def policy() -> Policy:
    """Give the default policy."""
    return Policy()


@pytest.fixture
def invitation(ada: ClientSpec, bea: ClientSpec) -> Invitation:
    """Give a pending invitation, sent at 5 s and due at 125 s."""
    return Invitation(
        id="i",
        inviter=ada.id,
        recipient=bea.id,
        listed_to=bea.id,
        profile="Screen Sharing",
        permissions=frozenset({Permission.VIEW}),
        revision=1,
        sent_us=5_000_000,
        deadline_us=125_000_000,
    )
