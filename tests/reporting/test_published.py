"""The published pages are those that the code of today draws.

`.ci/run` makes all of them again, which takes minutes; these tests find in a second
that one was forgotten. A page beside a measurement shows what one machine did in one
hour, so no command makes it again, and it is left out.
"""

from pathlib import Path

import pytest

from invitelab.formats.proof import read
from invitelab.reporting.common.colours import DARK, LIGHT
from invitelab.reporting.common.html import environment
from invitelab.reporting.proof.files import write_proof

REPORTS = Path(__file__).resolve().parents[2] / "reports"
MADE_AGAIN = sorted(
    path
    for path in (*REPORTS.glob("proof/*.html"), *REPORTS.glob("examples/*/*.html"))
    if not path.parent.name.startswith("beside_")
)


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


@pytest.mark.parametrize("path", MADE_AGAIN, ids=lambda path: path.parent.name)
def test_a_published_page_has_the_styles_of_today(path: Path, style: str) -> None:
    """All of them share one stylesheet: who changes it makes all of them again."""
    assert f"<style>\n{style}" in path.read_text("utf-8")
