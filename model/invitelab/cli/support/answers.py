"""What each command has found, in every form of `--format`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invitelab.cli.support.output_format import HARNESS, Answer
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.common.github import place_of

if TYPE_CHECKING:
    # A command needs the documents of the others for nothing.
    from collections.abc import Sequence

    from invitelab.formats.proof import Proof
    from invitelab.formats.results import Results
    from invitelab.formats.run import Run
    from invitelab.formats.several_results import Comparison, Sweep
    from invitelab.world.scenario.file import Loaded


def check_answer(
    runs: "Sequence[tuple[Run, Path | None]]", baseline: Path | None
) -> Answer:
    """The runs of a check, each with the page of its report, by a baseline."""
    from invitelab.formats.command_output import CheckOutput
    from invitelab.reporting.conformance.document import (
        check_annotations,
        checked_target,
    )
    from invitelab.reporting.conformance.markdown import comparison_markdown, markdown

    only = [run for run, _ in runs]
    return Answer(
        document=lambda code: CheckOutput(
            harness=HARNESS,
            exit_code=code,
            targets=tuple(checked_target(run, page) for run, page in runs),
        ),
        markdown=lambda: (
            markdown(only[0]) if len(only) == 1 else comparison_markdown(only)
        ),
        annotations=lambda: [
            one for run in only for one in check_annotations(run, baseline)
        ],
        has_summary=True,
    )


def simulate_answer(
    results: "Results", page: Path | None, loaded: "Loaded", source: Path
) -> Answer:
    """A simulation; its missed objectives are marked in the file, if it is near."""
    from invitelab.formats.command_output import SimulateOutput
    from invitelab.reporting.load.document import load_annotations, simulated
    from invitelab.reporting.load.markdown import markdown

    return Answer(
        document=lambda code: SimulateOutput(
            harness=HARNESS,
            exit_code=code,
            simulation=simulated(results),
            report=_path(page),
        ),
        markdown=lambda: markdown(results, ()),
        annotations=lambda: load_annotations(
            results, lambda number: _objective_place(loaded, source, number)
        ),
    )


def _objective_place(
    loaded: "Loaded", source: Path, number: int
) -> tuple[str | None, int]:
    """File and line of an objective of a scenario."""
    from invitelab.inputs.toml_positions import places

    file = place_of(source)
    place = places(loaded.text).get(("objectives", number)) if file else None
    return file, place.line if place else 0


def sweep_answer(sweep: "Sweep", page: Path | None) -> Answer:
    """A sweep."""
    from invitelab.formats.command_output import SweepOutput
    from invitelab.reporting.load.document import simulated_points, sweep_annotations
    from invitelab.reporting.load.markdown import sweep_markdown
    from invitelab.reporting.load.sweep_settings import settings_rows
    from invitelab.reporting.load.sweep_summary import sweep_text

    return Answer(
        document=lambda code: SweepOutput(
            harness=HARNESS,
            exit_code=code,
            title=clean(sweep.title),
            path=clean(sweep.path),
            second_path=clean(sweep.second_path) or None,
            search=sweep.search,
            text=sweep_text(sweep),
            settings=dict(settings_rows(sweep)),
            points=simulated_points(sweep),
            report=_path(page),
        ),
        markdown=lambda: sweep_markdown(sweep),
        annotations=lambda: sweep_annotations(sweep),
    )


def compare_answer(comparison: "Comparison", page: Path | None) -> Answer:
    """A comparison, with its gates."""
    from invitelab.formats.command_output import CompareOutput
    from invitelab.reporting.load.charts.all import comparison_charts
    from invitelab.reporting.load.comparison_text import comparison_summary
    from invitelab.reporting.load.document import comparison_annotations
    from invitelab.reporting.load.gate_text import gates_summary
    from invitelab.reporting.load.markdown import comparison_markdown

    text = comparison_summary(comparison)
    if comparison.gates:
        text = gates_summary(comparison)
    return Answer(
        document=lambda code: CompareOutput(
            harness=HARNESS,
            exit_code=code,
            text=text,
            comparison=comparison,
            report=_path(page),
        ),
        markdown=lambda: comparison_markdown(
            comparison,
            # On stdout there is no folder that a picture could be in.
            [replace(one, picture=None) for one in comparison_charts(comparison)],
        ),
        annotations=lambda: comparison_annotations(comparison),
    )


def prove_answer(proof: "Proof", page: Path | None) -> Answer:
    """A proof."""
    from invitelab.reporting.proof.document import proof_annotations, prove_output
    from invitelab.reporting.proof.markdown import markdown

    return Answer(
        document=lambda code: prove_output(proof, page, code),
        markdown=lambda: markdown(proof, has_picture=False),
        annotations=lambda: proof_annotations(proof),
    )


def _path(page: Path | None) -> str | None:
    return None if page is None else page.as_posix()
