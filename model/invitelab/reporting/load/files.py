"""The folder of a load report; each file is written whole or not at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from invitelab.formats.results import Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.files import (
    PAGE,
    PROVENANCE,
    prepare,
    write_provenance,
    write_whole,
)
from invitelab.reporting.common.formatting import file_name
from invitelab.reporting.load.charts.all import (
    comparison_charts,
    load_charts,
    sweep_charts,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.csv_export import (
    distributions_csv,
    metrics_csv,
    sweep_csv,
)
from invitelab.reporting.load.grid_text import has_point_pages, point_page
from invitelab.reporting.load.hgrm import hgrm
from invitelab.reporting.load.junit import junit
from invitelab.reporting.load.markdown import comparison_markdown, markdown
from invitelab.reporting.load.pages import comparison_page, load_page, sweep_page
from invitelab.reporting.load.timeline import timeline

LOAD_FILES = (
    *("results.json", "sweep.json", "comparison.json", PROVENANCE),
    *("metrics.csv", "distributions.csv", "sweep.csv"),
    *("timeline.json", "junit.xml", "report.md", PAGE),
)
"""All files of a run, a sweep and a comparison, except PICTURES."""

PICTURES = ("*.hgrm", "charts/*.svg", "charts/*.png", "points/*.html")
"""Patterns of percentile files and charts, and of the pages of points."""


def write_load_report(
    folder: Path, results: Results, provenance: Mapping[str, object]
) -> Path:
    """Write all files of a run; returns the path of its `report.html`.

    `provenance`, which has all wall-clock times, goes to `provenance.json` and nowhere
    else. Raises UsageError when the folder cannot be written.
    """
    charts = load_charts(results)
    texts = {
        "results.json": _json(results),
        "report.md": markdown(results, charts),
        "junit.xml": junit(results),
        "metrics.csv": metrics_csv(results),
        "distributions.csv": distributions_csv(results),
        "timeline.json": timeline(results),
        **{f"{file_name(one.metric)}.hgrm": hgrm(one) for one in results.distributions},
    }
    return _write(folder, charts, texts, provenance, load_page(results, charts))


def write_sweep_report(
    folder: Path, sweep: Sweep, provenance: Mapping[str, object]
) -> Path:
    """As `write_load_report`, for a sweep."""
    charts = sweep_charts(sweep)
    texts = {"sweep.json": _json(sweep), "sweep.csv": sweep_csv(sweep)}
    if has_point_pages(sweep):
        prepare(folder / "points")
        for number, point in enumerate(sweep.points):
            drawn = load_charts(point.results, png=False)
            own = load_page(point.results, drawn, alone=True)
            texts[point_page(number, point)] = own
    return _write(folder, charts, texts, provenance, sweep_page(sweep, charts))


def write_comparison(
    folder: Path, comparison: Comparison, provenance: Mapping[str, object]
) -> Path:
    """As `write_load_report`, for two runs side by side."""
    charts = comparison_charts(comparison)
    texts = {
        "comparison.json": _json(comparison),
        "report.md": comparison_markdown(comparison, charts),
    }
    page = comparison_page(comparison, charts)
    return _write(folder, charts, texts, provenance, page)


def _json(document: Results | Sweep | Comparison) -> str:
    return document.model_dump_json(indent=2) + "\n"


def _write(
    folder: Path,
    charts: Sequence[Chart],
    texts: Mapping[str, str],
    provenance: Mapping[str, object],
    page: str,
) -> Path:
    """Write everything, the page last: it links to the other files."""
    prepare(folder / "charts")
    for chart in charts:
        if chart.picture is not None:
            write_whole(folder / "charts" / f"{chart.name}.svg", chart.picture.svg)
            write_whole(folder / "charts" / f"{chart.name}.png", chart.picture.png)
    for name, text in texts.items():
        write_whole(folder / name, text)
    write_provenance(folder, provenance)
    write_whole(folder / PAGE, page)
    return folder / PAGE
