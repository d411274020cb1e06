"""How a step ends when it does not simply pass."""

from invitelab.adapters.messages import Capability
from invitelab.formats.run import Absent


class ExpectationFailed(AssertionError):  # noqa: N818 - an observation, not an error of ours
    """What had to be observed was not, or what must not be was.

    `absent` is for the picture: what should have come from whom, where that is known.
    """

    def __init__(self, message: str, absent: Absent | None = None) -> None:
        super().__init__(message)
        self.absent = absent


class NotApplicable(Exception):  # noqa: N818 - a verdict
    """The scenario needs what the target has declined."""

    def __init__(self, capability: Capability, reason: str) -> None:
        super().__init__(f"{capability.value} is declined: {reason}")
        self.capability = capability


class Inconclusive(Exception):  # noqa: N818 - a verdict
    """The target's clock cannot show the difference the scenario is about."""
