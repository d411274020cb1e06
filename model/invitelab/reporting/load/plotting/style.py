"""Settings of all charts: width, colours of the outcomes, matplotlib's parameters."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from invitelab.formats.results import Outcome
from invitelab.reporting.common.colours import LIGHT, Role

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

WIDTH_IN = 8.4
"""Width of every chart, in inches."""


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
