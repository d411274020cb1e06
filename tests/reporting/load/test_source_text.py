"""What was not simulated: one line says so, and nothing is said of our own world."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.formats.results import (
    Objective,
    ObjectiveVerdict,
    Results,
    Source,
)
from invitelab.reporting.load.csv_export import metrics_csv
from invitelab.reporting.load.files import write_load_report
from invitelab.reporting.load.junit import junit
from invitelab.reporting.load.source_text import source_line
from invitelab.reporting.load.summary import headline, reproduce, verdict_line
from invitelab.reporting.load.terminal import print_load
from invitelab.reporting.load.timeline import timeline

OURS = re.compile(r"relay|engine|network|virtual|on the wire|instrument", re.IGNORECASE)
HIDDEN = re.compile(r"<(style|svg|pre)\b.*?</\1>", re.DOTALL)
APPLIED = (
    "Its network, relay and faults were not applied: they belong to the simulated"
    " world."
)
OF_THE_RELAY = Objective(
    metric="relay_utilisation",
    quantile=None,
    at_most=True,
    bound=0.5,
    unit="1",
    verdict=ObjectiveVerdict.NOT_APPLICABLE,
    figure_verdict=ObjectiveVerdict.NOT_APPLICABLE,
    estimate=None,
    samples=0,
)
Make = Callable[..., Results]


@pytest.fixture
def measured(steady: Results) -> Make:
    """Give a function that makes results of something else than a simulation."""

    def make(source: Source = "target", subject: str = "acme 2.3.1") -> Results:
        fields: dict[str, object] = {
            **steady.model_dump(),
            "source": source,
            "subject": subject,
            "summary": "",
            "messages": {},
            "pools": (),
            "flow": None,
            "distributions": [
                one for one in steady.distributions if one.metric != "relay_wait"
            ],
        }
        if source == "import":
            fields |= {"scenario": {}, "arguments": ("events.csv",), "objectives": ()}
            fields |= {"checked": {"invitations": 0, "facts": 0}}
        return Results.model_validate(fields)

    return make


def told(results: Results) -> str:
    """What the terminal shows."""
    file = io.StringIO()
    print_load(Console(file=file, width=300), results, None)
    return file.getvalue()


def visible(page: str) -> str:
    """The text of a page, without styles, drawings and the scenario itself."""
    page = re.sub(
        r"<style.*?</style>|<svg.*?</svg>|<pre.*?</pre>", "", page, flags=re.DOTALL
    )
    return re.sub(r"<[^>]*>", " ", page)


@pytest.mark.parametrize(
    ("expected", "source", "subject"),
    [
        ("measured: acme 2.3.1", "target", "acme 2.3.1"),
        ("measured on an implementation", "target", ""),
        ("imported from events.csv", "import", "events.csv"),
    ],
)
def test_one_line_near_the_top_says_what_was_measured(
    measured: Make, tmp_path: Path, expected: str, source: Source, subject: str
) -> None:
    """On the terminal, in Markdown and on the page."""
    results = measured(source, subject)
    write_load_report(tmp_path, results, {})
    report = (tmp_path / "report.md").read_text("utf-8")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert expected in told(results).splitlines()[:3]
    assert f"- {expected}" in report.splitlines()[:6]
    assert expected in visible(page.split("<header>")[1].split("</header>")[0])
    assert expected in junit(results)


def test_a_simulation_needs_no_such_line(steady: Results) -> None:
    """Nor is it in its file, which keeps its bytes."""
    assert "" == source_line(steady)
    assert not {"source", "subject"} & steady.model_dump().keys()


@pytest.mark.parametrize("source", ["target", "import"])
def test_nothing_is_said_of_our_own_world(
    measured: Make, tmp_path: Path, source: Source
) -> None:
    """Neither of its relay and network nor of its engine."""
    results = measured(source)
    page = write_load_report(tmp_path, results, {}).read_text("utf-8")
    text = visible(page).replace(APPLIED, "")
    for shown in (
        text,
        told(results),
        (tmp_path / "report.md").read_text("utf-8"),
        metrics_csv(results),
        timeline(results),
        junit(results),
    ):
        assert OURS.search(shown) is None, OURS.search(shown)


def test_a_target_has_a_seed_and_an_import_has_none(measured: Make) -> None:
    """The commands that make them again are different ones."""
    target, imported = measured("target"), measured("import")
    assert "invitelab simulate support_desk --seed 1" == reproduce(target)
    assert "invitelab import events.csv" == reproduce(imported)
    assert ", seed 1" in told(target)
    assert "seed" not in told(imported)


def test_what_does_not_apply_is_not_counted(measured: Make) -> None:
    """It is named after the others; alone it leaves no verdict."""
    one = measured()
    more = one.model_copy(update={"objectives": (*one.objectives, OF_THE_RELAY)})
    assert (
        "MISSED - 2 of 4 objectives met, 1 missed, 1 undecided, 1 not applicable"
        == verdict_line(more)
    )
    alone = one.model_copy(update={"objectives": (OF_THE_RELAY,)})
    assert "NO OBJECTIVES" == headline(alone)
    assert ObjectiveVerdict.MET is alone.verdict
    assert 'failures="0"' in junit(alone)
    assert "<skipped" in junit(alone)


def test_what_does_not_apply_has_no_figure() -> None:
    """A document that says otherwise is damaged."""
    fields = OF_THE_RELAY.model_dump() | {"estimate": {"mean": 0.4}}
    with pytest.raises(ValueError, match="what does not apply has no figure"):
        Objective.model_validate(fields)


@pytest.mark.parametrize(
    ("expected", "update"),
    [
        ("at least one relay pool", {"pools": ()}),
        ("name a subject", {"subject": "acme"}),
    ],
)
def test_a_simulation_is_of_our_own_world(
    steady: Results, expected: str, update: dict[str, object]
) -> None:
    """It has a relay, and nothing else was measured."""
    with pytest.raises(ValueError, match=expected):
        Results.model_validate(steady.model_dump() | update)


def test_what_was_set_is_told_above_the_figures(
    steady: Results, tmp_path: Path
) -> None:
    """The file's own words may be about another load."""
    words = ("desk", "--set", "arrivals.rate=80/s", "--replications", "3")
    changed = steady.model_copy(update={"arguments": words})
    line = "changed for this run, unlike what its file says: arrivals.rate=80/s"
    write_load_report(tmp_path, changed, {})
    page = visible((tmp_path / "report.html").read_text("utf-8"))
    for text in (told(changed), page, (tmp_path / "report.md").read_text("utf-8")):
        assert line in text
        assert text.index(line) < text.index(", seed ")
    assert "changed for this run" not in told(steady)
