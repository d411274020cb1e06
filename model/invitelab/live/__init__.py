"""The page of a run, for browsers of this machine and only while it runs."""

from importlib import import_module

from invitelab.errors import UsageError

try:
    for name in ("starlette", "uvicorn"):
        import_module(name)
except ImportError:
    raise UsageError(
        "--live needs Starlette and uvicorn, which are not installed",
        hint="pip install 'invitelab[live]'",
    ) from None
