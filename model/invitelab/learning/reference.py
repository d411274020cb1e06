"""The reference as a target of its own: what others are compared with."""

from invitelab.adapters.base import Limits, Transport
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.formats.machine import REFERENCE
from invitelab.world.product import current_product


class ReferenceTarget:
    """The reference as the product of this process, called without JSON."""

    text = REFERENCE

    def open(self, limits: Limits) -> Transport:
        """Make a new one."""
        product = current_product()
        adapter = Reference(policy=product.policy, entries=dict(product.entry_points))
        return DirectTarget(adapter).open(limits)
