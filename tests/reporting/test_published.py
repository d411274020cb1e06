"""The published pages are those that the code of today draws.

`.ci/run` makes all of them again, which takes minutes; these tests find in a second
that one was forgotten. A page beside a measurement shows what one machine did in one
hour: no command measures it again, but its data are published, and it is drawn of them.
"""

from pathlib import Path

import pytest

from invitelab.formats.proof import read
from invitelab.formats.several_results import Comparison
from invitelab.reporting.common.colours import DARK, LIGHT
from invitelab.reporting.common.html import environment
from invitelab.reporting.load.files import write_comparison
from invitelab.reporting.proof.files import write_proof

REPORTS = Path(__file__).resolve().parents[2] / "reports"
PAGES = sorted((*REPORTS.glob("proof/*.html"), *REPORTS.glob("examples/*/*.html")))
MEASURED = sorted(REPORTS.glob("examples/beside_*"))


@pytest.fixture(scope="session")
def style() -> str:
    """The stylesheet that every page begins with."""
    return (
        environment("invitelab.reporting.common")
        .get_template("style.css.j2")
        .render(
            light={role.value: colour for role, colour in LIGHT.items()},
            dark={role.value: colour for role, colour in DARK.items()},
        )
    )


def test_the_proof_is_drawn_as_it_is_published(tmp_path: Path) -> None:
    """From its data; whether these are still true takes minutes, and `prove`."""
    write_proof(tmp_path, read(REPORTS / "proof" / "proof.json"), {})
    (tmp_path / "provenance.json").unlink()  # times of the clock: never published
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name for path in (REPORTS / "proof").iterdir()} >= drawn.keys()
    assert {"report.html", "report.md", "matrix.svg"} <= drawn.keys()
    for name, contents in drawn.items():
        assert contents == (REPORTS / "proof" / name).read_bytes(), name


@pytest.mark.parametrize("folder", MEASURED, ids=lambda path: path.name)
def test_a_measurement_is_drawn_as_it_is_published(
    folder: Path, tmp_path: Path
) -> None:
    """Beside its model."""
    data = (folder / "comparison.json").read_text("utf-8")
    write_comparison(tmp_path, Comparison.model_validate_json(data), {})
    published = [one for one in folder.rglob("*") if one.is_file()]
    assert len(published) > 3
    for one in published:
        drawn = tmp_path / one.relative_to(folder)
        assert drawn.read_bytes() == one.read_bytes(), one


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_published_page_has_the_styles_of_today(path: Path, style: str) -> None:
    """All of them share one stylesheet: who changes it makes all of them again."""
    assert f"<style>\n{style}" in path.read_text("utf-8")
