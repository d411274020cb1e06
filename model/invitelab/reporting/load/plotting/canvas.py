"""A picture: a canvas with a heading, on which axes are placed.

With `axes_view` the only module that draws with matplotlib. It knows no metric, and no
chart knows matplotlib.
"""

# matplotlib's stubs leave every **kwargs without a type, so that strict checking
# objects to each of its methods by name; the arguments that have types are checked.
# pyright: reportUnknownMemberType=false

import contextlib
import io
import warnings
from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure

from invitelab.reporting.common.colours import LIGHT, Role
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.figure_svg import HEADING, finished
from invitelab.reporting.load.plotting.style import RC, WIDTH_IN

POINTS_PER_INCH = 72
HEADING_PT = 46
"""Height of title and subtitle in points, which a page may crop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn chart, as a complete SVG document and as PNG bytes, if wanted."""

    svg: str
    png: bytes


_PNG = ContextVar("png", default=True)
"""Whether pictures are drawn as PNG, too."""


@contextlib.contextmanager
def house_style(*, png: bool = True) -> Generator[None, None, None]:
    """Use our matplotlib settings, and none of the machine or the program.

    Without `png`, pictures have no PNG, which takes as long as the rest.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        token = _PNG.set(png)
        try:
            yield
        finally:
            _PNG.reset(token)


class Canvas:
    """A picture of fixed width; create it and draw on it within `house_style`."""

    def __init__(self, *, height_in: float) -> None:
        self.height_in = height_in
        self._figure = Figure(figsize=(WIDTH_IN, height_in))

    def heading(self, title: str, subtitle: str, *, left_in: float = 0.72) -> None:
        """Write title and subtitle at the top; `inline` removes them for a page."""
        text = self._figure.text(
            left_in / WIDTH_IN,
            1 - 26 / POINTS_PER_INCH / self.height_in,
            title,
            fontsize=12,
            fontweight="bold",
        )
        # The one generated group that keeps its id: a page drops it.
        text.set_gid(HEADING)
        self._figure.text(
            left_in / WIDTH_IN,
            1 - 42 / POINTS_PER_INCH / self.height_in,
            subtitle,
            color=LIGHT[Role.SOFT],
        )

    def add_axes(
        self,
        *,
        bottom_in: float,
        top_in: float,
        left_in: float = 0.72,
        right_in: float = 0.3,
    ) -> AxesView:
        """Add axes, with the distances of their edges from those of the picture."""
        axes = self._figure.add_axes(
            (
                left_in / WIDTH_IN,
                bottom_in / self.height_in,
                (WIDTH_IN - left_in - right_in) / WIDTH_IN,
                (self.height_in - top_in - bottom_in) / self.height_in,
            )
        )
        return AxesView(axes)

    def finish(self, *, name: str, title: str, description: str) -> Picture:
        """The finished picture; the same drawing gives the same bytes."""
        with warnings.catch_warnings():
            # A name may have letters that the font lacks: a page uses the fonts of the
            # browser, a PNG shows a box.
            warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing")
        raw, png = self._svg(name), self._png() if _PNG.get() else b""
        svg = finished(raw, name=name, title=title, description=description)
        return Picture(svg=svg, png=png)

    def _svg(self, name: str) -> str:
        # Ids are hashes: salted, because several charts may be in one page.
        mpl.rcParams["svg.hashsalt"] = f"invitelab-{name}"
        stream = io.BytesIO()
        nothing = {"Date": None, "Creator": None}
        self._figure.savefig(stream, format="svg", metadata=nothing)
        return stream.getvalue().decode()

    def _png(self) -> bytes:
        stream = io.BytesIO()
        self._figure.savefig(
            stream,
            format="png",
            metadata={"Software": None},
            # Three times as fast as the default, and a tenth larger.
            pil_kwargs={"compress_level": 2},
        )
        return stream.getvalue()
