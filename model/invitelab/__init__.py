"""A conformance suite and simulator for the session invitation protocol.

The public names are those in `__all__`; docs/reference.md says what they promise.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invitelab.adapters.base import Adapter as Adapter
    from invitelab.adapters.base import AdapterError as AdapterError
    from invitelab.adapters.base import Json as Json
    from invitelab.adapters.reference.adapter import Reference as Reference
    from invitelab.adapters.servers.stdio import serve_stdio as serve_stdio
    from invitelab.protocol.policy import Policy as Policy

__version__ = "0.1.0"

__all__ = [
    "Adapter",
    "AdapterError",
    "Json",
    "Policy",
    "Reference",
    "__version__",
    "serve_stdio",
]

_MODULES = {
    "Adapter": "invitelab.adapters.base",
    "AdapterError": "invitelab.adapters.base",
    "Json": "invitelab.adapters.base",
    "Policy": "invitelab.protocol.policy",
    "Reference": "invitelab.adapters.reference.adapter",
    "serve_stdio": "invitelab.adapters.servers.stdio",
}

if not TYPE_CHECKING:  # type checkers reject any other name

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used, so that `--help` stays fast.

        Raises AttributeError for any other name.
        """
        from importlib import import_module  # noqa: PLC0415 - only where a name is used

        if name not in _MODULES:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(import_module(_MODULES[name]), name)
