"""Colours by role, light and dark: pages and pictures name roles, never colours.

A picture is drawn in the light colours; in a page each becomes `var(--role, #hex)`, so
that dark mode is plain CSS. The hues are those of Okabe and Ito, which people with any
colour vision can tell apart; text has at least 4.5:1 on its paper.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The role of a colour."""

    PAPER = "paper"
    INK = "ink"
    SOFT = "soft"
    FAINT = "faint"
    GRID = "grid"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    PENDING = "pending"
    GOOD = "good"
    BAD = "bad"
    ON_ACCEPTED = "on-accepted"


LIGHT: Mapping[Role, str] = {
    Role.PAPER: "#ffffff",
    Role.INK: "#1f2933",
    Role.SOFT: "#52606d",
    Role.FAINT: "#9aa5b1",
    Role.GRID: "#e4e7eb",
    Role.ACCEPTED: "#0072b2",
    Role.REJECTED: "#56b4e9",
    Role.CANCELLED: "#8a8f98",
    Role.EXPIRED: "#e69f00",
    Role.REFUSED: "#d55e00",
    Role.PENDING: "#cc79a7",
    Role.GOOD: "#00694d",
    Role.BAD: "#b54a00",
    Role.ON_ACCEPTED: "#fffffe",
}
DARK: Mapping[Role, str] = {
    Role.PAPER: "#14181d",
    Role.INK: "#e6eaee",
    Role.SOFT: "#aab4bf",
    Role.FAINT: "#67727e",
    Role.GRID: "#2a313a",
    Role.ACCEPTED: "#3d9be0",
    Role.REJECTED: "#8cd0f5",
    Role.CANCELLED: "#9aa0a8",
    Role.EXPIRED: "#f0b43c",
    Role.REFUSED: "#f0793a",
    Role.PENDING: "#dd9cc3",
    Role.GOOD: "#2cc295",
    Role.BAD: "#f0793b",
    Role.ON_ACCEPTED: "#0b0e12",
}
