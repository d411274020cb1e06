"""Documents of a simulation: what an older invitelab has written is not guessed at."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, read_document
from invitelab.formats.results import RESULTS_FORMAT, Results
from invitelab.formats.several_results import Comparison, Sweep


@pytest.mark.parametrize(
    ("kind", "model", "content", "hint"),
    [
        (
            Kind.RESULTS,
            Results,
            '{"format": 1, "scenario": {}, "outcomes": {}}',
            "run the simulation again",
        ),
        (Kind.SWEEP, Sweep, '{"format": 1, "points": []}', "run the sweep again"),
        (
            Kind.COMPARISON,
            Comparison,
            '{"format": 1, "differences": []}',
            "compare the two simulations again",
        ),
        (
            Kind.SWEEP,
            Sweep,
            '{"format": 1, "scenario": {}, "outcomes": {}}',
            "name another",
        ),
    ],
    ids=["results", "sweep", "comparison", "another kind"],
)
def test_a_document_of_an_older_format_has_to_be_made_again(
    tmp_path: Path, kind: Kind, model: type[BaseModel], content: str, hint: str
) -> None:
    """One sentence says so, and the hint says how."""
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_document(path, model, kind, known=RESULTS_FORMAT, hint="name another")
    assert hint == caught.value.hint
    older = "was written by an older invitelab: its format is 1, and this version reads"
    assert (older in str(caught.value)) == (hint != "name another")
