"""Target, and transport, that calls an object of ours directly.

No JSON, no copy and no time limit: for adapters that neither hang nor answer with
values that JSON cannot hold, such as the reference.
"""

from collections.abc import Mapping

from invitelab.adapters.base import (
    Adapter,
    AdapterError,
    Closing,
    Json,
    Limits,
    Transport,
)
from invitelab.errors import CallError, CrashError


class DirectTarget(Closing):
    """Calls an adapter of this process as a function.

    A third faster than InProcessTarget, which passes everything through JSON.
    """

    stderr = ""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.text = type(adapter).__qualname__

    def open(self, limits: Limits) -> Transport:  # noqa: ARG002 - the interface's
        """Give the target itself: nothing has to be started."""
        return self

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:  # noqa: ARG002
        """Call the adapter; CrashError when it raises, as over every transport."""
        try:
            return self.adapter.request(method, params)
        except (AdapterError, CallError):
            raise
        except Exception as error:
            msg = f"the adapter raised {type(error).__name__}: {error} in {method}"
            raise CrashError(msg) from error

    def close(self) -> None:
        """Do nothing: nothing was started."""
