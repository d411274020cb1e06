"""Documents of a simulation: what an older invitelab has written is not guessed at."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, read_document
from invitelab.formats.results import RESULTS_FORMAT, Results
from invitelab.formats.several_results import Comparison, Sweep

SIMULATED = '{"format": 1, "scenario": {}, "outcomes": {}}'
SWEPT = '{"format": 1, "points": []}'
COMPARED = '{"format": 1, "differences": []}'


@pytest.mark.parametrize(
    ("kind", "model", "content", "again"),
    [
        (Kind.RESULTS, Results, SIMULATED, "run the simulation again"),
        (Kind.SWEEP, Sweep, SWEPT, "run the sweep again"),
        (Kind.COMPARISON, Comparison, COMPARED, "compare the two simulations again"),
    ],
)
def test_a_document_of_an_older_format_has_to_be_made_again(
    tmp_path: Path, kind: Kind, model: type[BaseModel], content: str, again: str
) -> None:
    """One sentence says so, and how."""
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_document(path, model, kind, known=RESULTS_FORMAT, hint="name another")
    expected = (
        f"{path} was made by an older invitelab: {again}"
        " (its format is 1, and this version reads 3)"
    )
    assert (expected, "name another") == (str(caught.value), caught.value.hint)


def test_another_document_of_an_older_format_is_still_another_document(
    tmp_path: Path,
) -> None:
    """To make it again would not help."""
    path = tmp_path / "file.json"
    path.write_text(SIMULATED, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_document(path, Sweep, Kind.SWEEP, known=RESULTS_FORMAT, hint="another")
    expected = f"{path} holds the results of a simulation, not a sweep"
    assert (expected, "another") == (str(caught.value), caught.value.hint)
