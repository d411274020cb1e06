"""One pair of axes, drawn on in data coordinates, points and colour roles."""

# matplotlib's stubs leave every **kwargs without a type, so that strict checking
# objects to each of its methods by name; the arguments that have types are checked.
# pyright: reportUnknownMemberType=false

import math
from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from invitelab.reporting.common.colours import LIGHT, Role
from invitelab.reporting.load.plotting.figure_svg import HALO
from invitelab.reporting.load.plotting.ticks import Scale

Side = Literal["left", "center", "right"]
Mark = Literal["o", "|", "D", ">", "<"]
Gaps = Sequence[float | None]


class AxesView:
    """One pair of axes. Positions are in data, offsets in points, colours by role."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes

    # Axes

    def x_axis(self, scale: Scale, label: str = "", *, shown: bool = True) -> None:
        """Set the horizontal axis; one that is not `shown` only has its grid."""
        axes = self._axes
        if scale.logarithmic:
            axes.set_xscale("log")
        axes.set_xlim(scale.low, scale.high)
        axes.set_xticks(
            scale.marks, scale.labels if shown else [""] * len(scale.labels)
        )
        axes.xaxis.set_minor_locator(NullLocator())
        if label:
            axes.set_xlabel(label)
        if not shown:
            axes.spines["bottom"].set_visible(False)
            axes.tick_params(axis="x", length=0)

    def y_axis(self, scale: Scale) -> None:
        """Set the vertical axis, with grid lines at its marks."""
        if scale.logarithmic:
            self._axes.set_yscale("log")
        self._axes.set_ylim(scale.low, scale.high)
        self._axes.set_yticks(scale.marks, scale.labels)
        self._axes.yaxis.set_minor_locator(NullLocator())

    def rows(self, number: int) -> None:
        """Make the vertical axis a list of rows, 0 at the top, without marks."""
        self._axes.set_ylim(number - 0.5, -0.5)
        self._axes.set_yticks([])
        self._axes.grid(visible=False)

    def vertical_grid(self) -> None:
        """Draw grid lines at the marks of the horizontal axis, too."""
        self._axes.grid(visible=True, axis="x")

    def hide_axes(self) -> None:
        """Show neither axis."""
        self._axes.set_axis_off()

    def height_of(self, y: float) -> float:
        """The height of a value on the vertical axis, from 0 to 1 between its ends."""
        low, high = self._axes.get_ylim()
        if self._axes.get_yscale() == "log":
            low, high, y = math.log(low), math.log(high), math.log(max(y, low))
        return (y - low) / (high - low)

    # Marks

    def line(
        self,
        x: Sequence[float],
        y: Gaps,
        role: Role,
        *,
        width_pt: float = 1.8,
        dashed: bool = False,
        over: float = 2,
    ) -> None:
        """Draw a line with gaps where there is no value; a lone point is a dot."""
        values = _numbers(y)
        self._axes.plot(
            x,
            values,
            color=LIGHT[role],
            linewidth=width_pt,
            linestyle=(0, (4, 2)) if dashed else "-",
            dash_capstyle="butt",
            zorder=over,
        )
        lone = [i for i in range(len(values)) if _alone(values, i)]
        if lone:
            self.dots([x[i] for i in lone], [values[i] for i in lone], role)

    def steps(
        self, edges: Sequence[float], values: Gaps, role: Role, *, dashed: bool = False
    ) -> None:
        """Draw value `i` from edge `i` to edge `i + 1`, so there is one edge more."""
        held = _numbers(values)
        self._axes.plot(
            edges,
            [*held, held[-1]],
            color=LIGHT[role],
            linewidth=1.4,
            linestyle=(0, (4, 2)) if dashed else "-",
            dash_capstyle="butt",
            drawstyle="steps-post",
            zorder=3,
        )

    def band(
        self,
        x: Sequence[float],
        low: Gaps,
        high: Gaps,
        role: Role,
        *,
        opacity: float = 1.0,
        stepped: bool = False,
    ) -> None:
        """Fill the area between two lines; if `stepped`, there is one x more."""
        lower, upper = _numbers(low), _numbers(high)
        if stepped:
            lower, upper = [*lower, lower[-1]], [*upper, upper[-1]]
        self._axes.fill_between(
            x,
            lower,
            upper,
            color=LIGHT[role],
            alpha=None if opacity == 1 else opacity,
            linewidth=0,
            step="post" if stepped else None,
            zorder=1.5,
        )

    def bars(
        self,
        edges: Sequence[tuple[float, float]],
        heights: Sequence[float],
        role: Role,
    ) -> None:
        """Draw upright bars from zero, each between its two edges."""
        self._axes.bar(
            [low for low, _ in edges],
            heights,
            width=[(high - low) * 0.92 for low, high in edges],
            align="edge",
            color=LIGHT[role],
        )

    def horizontal_bars(
        self,
        row: float,
        spans: Sequence[tuple[float, float]],
        role: Role,
        *,
        thickness: float = 0.5,
        opacity: float = 1.0,
    ) -> None:
        """Draw the horizontal bars of one row, each from begin to end."""
        self._axes.broken_barh(
            [(low, high - low) for low, high in spans],
            (row - thickness / 2, thickness),
            facecolor=LIGHT[role],
            alpha=None if opacity == 1 else opacity,
            zorder=1.5,
        )

    def dots(
        self,
        x: Sequence[float],
        y: Sequence[float],
        role: Role,
        *,
        hollow: bool = False,
        size_pt: float = 5.5,
        mark: Mark = "o",
    ) -> None:
        """Draw marks, by default round, also on the very edge of the axes."""
        self._axes.plot(
            x,
            y,
            linestyle="",
            marker=mark,
            markersize=size_pt,
            markerfacecolor=LIGHT[Role.PAPER] if hollow else LIGHT[role],
            markeredgecolor=LIGHT[role],
            markeredgewidth=1.5,
            clip_on=False,
            zorder=5,
        )

    def vertical_line(
        self, x: float, role: Role, *, dotted: bool = False, width_pt: float = 1.0
    ) -> None:
        """Draw a vertical line across the axes."""
        self._axes.axvline(
            x,
            color=LIGHT[role],
            linewidth=width_pt,
            linestyle=(0, (1, 2)) if dotted else "-",
            zorder=1.8,
        )

    def horizontal_line(self, y: float, role: Role, *, dashed: bool = False) -> None:
        """Draw a horizontal line across the axes."""
        self._axes.axhline(
            y,
            color=LIGHT[role],
            linewidth=1,
            linestyle=(0, (4, 2)) if dashed else "-",
            zorder=1.8,
        )

    def shade(
        self,
        begin: float,
        end: float,
        role: Role = Role.FAINT,
        *,
        opacity: float = 0.16,
    ) -> None:
        """Draw a vertical band across the axes."""
        self._axes.axvspan(
            begin, end, color=LIGHT[role], alpha=opacity, linewidth=0, zorder=0.5
        )

    # Text

    def text(
        self,
        at: tuple[float, float],
        text: str,
        *,
        shift_pt: tuple[float, float] = (0, 0),
        role: Role = Role.INK,
        side: Side = "left",
        height: Literal["top", "center", "bottom", "baseline"] = "center",
        bold: bool = False,
        size_pt: float = 9,
        halo: bool = False,
        x_fraction: bool = False,
        y_fraction: bool = False,
    ) -> None:
        """Write text at a place in data, or at a fraction 0 to 1 of the axes."""
        xcoords = "axes fraction" if x_fraction else "data"
        ycoords = "axes fraction" if y_fraction else "data"
        drawn = self._axes.annotate(
            text,
            at,
            xycoords=(xcoords, ycoords),
            xytext=shift_pt,
            textcoords="offset points",
            color=LIGHT[role],
            ha=side,
            va=height,
            fontsize=size_pt,
            fontweight="bold" if bold else "normal",
            annotation_clip=False,
            zorder=6,
        )
        if halo:
            drawn.set_gid(HALO)

    def caption(self, text: str) -> None:
        """Write what the axes show above their upper left corner."""
        self.text(
            (0, 1),
            text,
            x_fraction=True,
            y_fraction=True,
            shift_pt=(0, 8),
            role=Role.SOFT,
            height="bottom",
            size_pt=9.5,
        )


def _numbers(values: Gaps) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]


def _alone(values: Sequence[float], index: int) -> bool:
    """Whether a value has no neighbour, so that a line does not show it."""
    around = values[max(index - 1, 0) : index + 2]
    return not math.isnan(values[index]) and sum(map(math.isfinite, around)) == 1
