"""The implementations of transports: that of Linux, and that of other systems."""

import pytest

from invitelab.adapters.transports import stream_choice
from invitelab.processes import tree


@pytest.fixture(params=["native", "portable"])
def implementation(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Run the test with poll(2) and /proc, and again with threads and psutil."""
    name = str(request.param)
    if name == "portable":
        monkeypatch.setattr(stream_choice, "THREADED", True)
        monkeypatch.setattr(tree, "HAS_PROC", False)
    return name
