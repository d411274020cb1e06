"""The picture of `scale.py`: CPU seconds over invitations, a line each."""

# pyright: reportUnknownMemberType=false
# Matplotlib's types leave keyword arguments open.

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

Points = Sequence[tuple[float, float]]
"""Invitations and CPU seconds."""

COLOURS = {
    "salabim": "#9a6b00",
    "SimPy": "#b3432b",
    "heapq": "#6b6b6b",
    "events": "#2b6cb0",
    "cohorts": "#1a7f4b",
}
OURS = {"events", "cohorts"}


def machine() -> str:
    """The processor and the versions, without names of the machine."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [one.partition(":")[2].strip() for one in lines if "model name" in one]
    model = models[0] if models else platform.machine()
    return (
        f"{model}, {cpu_count()} cores, {platform.python_implementation()} "
        f"{platform.python_version()}, NumPy {version('numpy')}, SimPy "
        f"{version('simpy')}"
    )


def draw(lines: Mapping[str, Points], path: Path) -> None:
    """Write the picture; each line is labelled at its end."""
    figure = Figure(figsize=(8, 5.2), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="invitations sent",
        ylabel="seconds of CPU",
    )
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.set_title(
        "CPU to simulate support_desk: whole replications, and peers", loc="left"
    )
    for name, points in lines.items():
        _line(axes, name, points)
    axes.set_xlim(right=4 * max(points[-1][0] for points in lines.values()))
    axes.grid(color="#e6e6e6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.supxlabel(machine(), fontsize=7.5, color="#666666")
    figure.savefig(path, dpi=150, metadata={"Software": None})


def _line(axes: Axes, name: str, points: Points) -> None:
    ours = name in OURS
    axes.plot(
        [count for count, _ in points],
        [seconds for _, seconds in points],
        color=COLOURS[name],
        linewidth=2.4 if ours else 1.4,
        marker="o",
        markersize=4,
    )
    axes.annotate(
        name,
        points[-1],
        xytext=(7, 0),
        textcoords="offset points",
        verticalalignment="center",
        color=COLOURS[name],
        weight="bold" if ours else "normal",
    )
