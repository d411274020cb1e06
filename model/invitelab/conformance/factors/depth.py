"""The depth of a run, by itself: the command line needs no plan to name one."""

from enum import StrEnum


class Depth(StrEnum):
    """How much of the values a run tries."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"
