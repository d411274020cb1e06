"""The folder of a load report: every file whole or not at all."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.reporting.files import prepare, write_whole
from invitelab.reporting.load.cells import distributions_csv, metrics_csv
from invitelab.reporting.load.charts.all import load_charts
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.hgrm import hgrm
from invitelab.reporting.load.junit import junit
from invitelab.reporting.load.markdown import markdown
from invitelab.reporting.load.markup import page
from invitelab.reporting.load.timeline import timeline
from invitelab.results import Results


def write_load_report(
    folder: Path, results: Results, provenance: Mapping[str, object]
) -> Path:
    """All files of a run; the path of its `report.html`.

    Wall-clock facts go to `provenance.json` and nowhere else.
    """
    prepare(folder / "charts")
    charts = load_charts(results)
    texts = {
        "results.json": results.model_dump_json(indent=2) + "\n",
        "report.html": page("load.html.j2", {"results": results, "charts": charts}),
        "report.md": markdown(results, charts),
        "junit.xml": junit(results),
        "metrics.csv": metrics_csv(results),
        "distributions.csv": distributions_csv(results),
        "timeline.json": timeline(results),
        **{f"{one.metric}.hgrm": hgrm(one) for one in results.distributions},
        "provenance.json": json.dumps(provenance, indent=2) + "\n",
    }
    _write_charts(folder, charts)
    for name, text in texts.items():
        write_whole(folder / name, text)
    return folder / "report.html"


def _write_charts(folder: Path, charts: list[Chart]) -> None:
    for chart in charts:
        if chart.picture is not None:
            write_whole(folder / "charts" / f"{chart.name}.svg", chart.picture.svg)
            write_bytes(folder / "charts" / f"{chart.name}.png", chart.picture.png)


def write_bytes(path: Path, content: bytes) -> None:
    """As `write_whole`, for what is no text."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise UsageError(msg, hint="choose another folder with --output") from error
