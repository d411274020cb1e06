"""The reference implementation behind the messages of the adapter protocol."""

from invitelab.adapters.reference.adapter import Reference, create

__all__ = ["Reference", "create"]
