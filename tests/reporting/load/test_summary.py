"""Sentences that all reports share."""

from collections.abc import Callable

import pytest

from invitelab.formats.results import Checked, Estimate, Outcome, Results, Violated
from invitelab.reporting.load.objective_text import (
    not_met_lines,
    objective_found,
    objectives_line,
)
from invitelab.reporting.load.pages import load_page
from invitelab.reporting.load.summary import (
    busiest,
    headline,
    reproduce,
    share_of,
    verdict_line,
)

MakeResults = Callable[[str], Results]


def test_a_verdict_has_its_denominator(steady: Results) -> None:
    """And every verdict that is not met is counted."""
    assert "2 of 4 objectives met, 1 missed, 1 undecided" == objectives_line(steady)
    alone = steady.model_copy(update={"objectives": steady.objectives[:1]})
    assert "MET - 1 of 1 objective met" == verdict_line(alone)


def test_what_is_not_met_is_named(make_results: MakeResults) -> None:
    """What was missed first, with what it measures."""
    lines = [one.replace("\u00a0", " ") for one in not_met_lines(make_results("spike"))]
    shown = "(from sending to being shown)"
    assert [
        f"missed: 99 % of notify_delay at most 400 ms {shown}",
        "missed: 99 % of expiry_lag at most 1 s (from the deadline to the expiry)",
        f"undecided: 99.9 % of notify_delay at most 700 ms {shown}",
    ] == lines


def test_no_objectives_are_no_verdict(steady: Results) -> None:
    """A run without objectives is not MET."""
    assert "NO OBJECTIVES" == verdict_line(steady.model_copy(update={"objectives": ()}))


def test_incomplete_goes_before_any_verdict(make_results: MakeResults) -> None:
    """With the reason."""
    results = make_results("incomplete")
    assert "INCOMPLETE" == headline(results)
    assert verdict_line(results).startswith(
        "INCOMPLETE - it was interrupted; 5 of 10 replications done - 2 of 4"
    )


def test_a_run_that_was_cut_off_says_how_far_it_came(steady: Results) -> None:
    """An interrupted replication is not counted as done."""
    cut = {"complete": False, "cut_off": True, "reached_us": 9_000_000}
    assert verdict_line(steady.model_copy(update=cut)).startswith(
        "INCOMPLETE - it was interrupted 9 s into the first replication; 0 of 5"
    )


@pytest.mark.parametrize(
    ("most", "words"),
    [(31, "5 of at most 31 replications done"), (10, "5 of 10 replications done")],
)
def test_what_was_done_is_never_more_than_what_was_planned(
    make_results: MakeResults, most: int, words: str
) -> None:
    """Objectives may ask for as many replications as the scenario allows."""
    results = make_results("incomplete")
    scenario = {**results.scenario, "max_replications": most}
    planned = results.model_copy(update={"scenario": scenario})
    assert words in verdict_line(planned)
    assert f"{words.removesuffix(' done')} planned" in load_page(planned, ())


def test_a_broken_invariant_is_in_the_verdict(steady: Results) -> None:
    """However well the objectives were met."""
    violation = Violated(invariant="x", at_us=1, message="y")
    checked = Checked(invitations=1, facts=1, violations=(violation,))
    words = verdict_line(steady.model_copy(update={"checked": checked}))
    assert words.endswith(" - 1 broken invariant")


def test_a_share_has_its_interval_where_there_is_one(make_results: MakeResults) -> None:
    """And is a dash where nothing was sent."""
    shares = [
        share_of(make_results(name), Outcome.ACCEPTED).replace("\u00a0", " ")
        for name in ("steady", "one", "nothing")
    ]
    assert ["58 % (57.7 % to 58.3 %)", "58 %", "-"] == shares


def test_the_busiest_pool_is_that_of_the_highest_mean(steady: Results) -> None:
    """None where the relay has no pools."""
    pool = busiest(steady)
    assert pool is not None
    assert "joined" == pool.kind
    assert busiest(steady.model_copy(update={"pools": ()})) is None


def test_the_command_to_reproduce_is_safe_to_paste(steady: Results) -> None:
    """Whatever the scenario is called."""
    named = steady.model_copy(update={"name": "x; rm -rf ~\n"})
    assert "invitelab simulate 'x; rm -rf ~' --seed 1" == reproduce(named)


def test_what_was_asked_for_is_repeated(steady: Results) -> None:
    """A changed value and a number of replications belong to the run."""
    asked = ("desk.toml", "--set", "relay.servers=2", "--replications", "3")
    results = steady.model_copy(update={"arguments": asked, "seed": 7})
    assert (
        "invitelab simulate desk.toml --set relay.servers=2 --replications 3 --seed 7"
        == reproduce(results)
    )


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("70.8 ms", {"silent": 0}),
        ("70.8 ms (1 of 5 replications has enough samples)", {"silent": 4}),
        ("70.8 ms (2 of 5 replications have enough samples)", {"silent": 3}),
        (
            "never (1 of 5 replications has enough samples)",
            {"silent": 4, "endless": 1, "estimate": None},
        ),
        ("not measured", {"silent": 5, "estimate": None}),
    ],
)
def test_a_figure_of_some_replications_says_so(
    steady: Results, expected: str, found: dict[str, object]
) -> None:
    """It is not that of the pooled samples."""
    update = {"estimate": Estimate(mean=70_800), "unit": "us", "endless": 0}
    objective = steady.objectives[0].model_copy(update=update | found)
    assert expected == objective_found(objective, steady).replace("\u00a0", " ")
