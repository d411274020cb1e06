"""Colours by role, and how every chart looks.

A chart is drawn in the light colours; in the report each becomes `var(--role, #hex)`,
so that dark mode is plain CSS. The hues are those of Okabe and Ito, which people with
any colour vision can tell apart; text has at least 4.5:1 on its paper.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from invitelab.results import Outcome

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

WIDTH_IN = 8.4
"""Width of every chart, in inches."""


class Role(StrEnum):
    """What a colour is for, never which one it is."""

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
OUTCOME_ROLES: Mapping[Outcome, Role] = {
    Outcome.ACCEPTED: Role.ACCEPTED,
    Outcome.REJECTED: Role.REJECTED,
    Outcome.CANCELLED: Role.CANCELLED,
    Outcome.EXPIRED: Role.EXPIRED,
    Outcome.REFUSED: Role.REFUSED,
    Outcome.PENDING: Role.PENDING,
}
RC: "Mapping[RcKeyType, object]" = {
    "figure.dpi": 72,
    "savefig.dpi": 144,
    "figure.facecolor": LIGHT[Role.PAPER],
    "savefig.facecolor": LIGHT[Role.PAPER],
    "axes.facecolor": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": LIGHT[Role.INK],
    "text.parse_math": False,
    "axes.labelcolor": LIGHT[Role.SOFT],
    "axes.labelpad": 6,
    "xtick.color": LIGHT[Role.FAINT],
    "ytick.color": LIGHT[Role.FAINT],
    "xtick.labelcolor": LIGHT[Role.SOFT],
    "ytick.labelcolor": LIGHT[Role.SOFT],
    "axes.edgecolor": LIGHT[Role.FAINT],
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.grid.which": "major",
    "axes.axisbelow": True,
    "grid.color": LIGHT[Role.GRID],
    "grid.linewidth": 0.8,
    "xtick.major.size": 4,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "xtick.major.pad": 5,
    "ytick.major.pad": 6,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "patch.linewidth": 0.0,
    "svg.fonttype": "none",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
