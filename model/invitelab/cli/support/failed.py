"""`--failed`: what failed in the last runs of a target."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import click

from invitelab.cli.support.run_check import Checks
from invitelab.cli.support.run_store import ROOT, RUN, runs_in
from invitelab.conformance.execution.judged import product_record
from invitelab.errors import UsageError
from invitelab.formats.reading import read_bytes
from invitelab.formats.run import Verdict
from invitelab.formats.run_summary import Basis, basis_of, summary_of
from invitelab.formats.walk_text import WALK
from invitelab.reporting.common.formatting import plural
from invitelab.resources import own_features_label
from invitelab.world.product import current_product

FAILED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.BLOCKED})
"""A deviation is none: it fails no run."""
SCENARIO = b'{"record":"scenario"'
_HINT = "run the check again without --failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBefore:
    """What failed when it was last run."""

    titles: Sequence[str]
    """Of scenarios, in the order of the suite."""
    walks: Sequence[str]
    """The options that find the failures of random walks again."""
    runs: int
    """How many runs say so: a run of a part says nothing about the rest."""


def narrowed(checks: Checks) -> Checks | None:
    """The same check of what failed before; None if nothing did, which is printed.

    The whole check where the target has no run yet. Raises UsageError for several
    targets, and for a run that cannot be read.
    """
    if len(checks.targets) > 1:
        msg = "--failed is for one target, and several are named"
        raise UsageError(msg, hint="check each separately")
    (target,) = checks.targets
    store = ROOT / target.slug
    runs = runs_in(store) if checks.output is None else _run_in(checks.output)
    alike = _alike(runs)
    if not alike:
        other = " by this profile, with these features," if runs else ""
        told = f"no run of {target.spec}{other} is stored: everything is run"
        click.echo(f"failed  {told}")
        return checks
    runs = alike
    found = failed_before(runs)
    for again in found.walks:
        click.echo(f"failed  a random walk, which {again} finds again")
    if not found.titles:
        click.echo("failed  nothing, when it was last run: nothing is run")
        return None
    number = plural(len(found.titles), "scenario")
    click.echo(f"failed  {number} in {_where(found)}: only these are run")
    seed = summary_of(runs[-1] / RUN).seed
    if seed != checks.options.seed:
        click.echo(f"seed    that run had another: --seed {seed} draws its values")
    selection = replace(checks.options.selection, scenarios=found.titles)
    options = replace(checks.options, selection=selection)
    return replace(checks, options=options)


def _where(found: FailedBefore) -> str:
    return "the last run" if found.runs == 1 else f"the last {found.runs} runs"


def _alike(runs: Sequence[Path]) -> list[Path]:
    """The runs that were judged by what this process judges by, and damaged ones."""
    now = Basis(
        profile=product_record(current_product()), features=own_features_label()
    )
    alike: list[Path] = []
    for one in runs:
        with suppress(UsageError):
            if basis_of(one / RUN) != now:
                continue
        alike.append(one)
    return alike


def _run_in(folder: Path) -> list[Path]:
    return [folder] if (folder / RUN).is_file() else []


def failed_before(runs: Sequence[Path]) -> FailedBefore:
    """What failed in these runs, the oldest first, when it was last run.

    Runs count from the last one back to the last one of the whole suite. Raises
    UsageError for a run that cannot be read.
    """
    verdicts: dict[tuple[str, str, str], bool] = {}
    places: dict[str, int] = {}
    count = 0
    for folder in reversed(runs):
        count += 1
        of_run: dict[tuple[str, str, str], bool] = {}
        for one in _scenarios(folder / RUN):
            title, feature = str(one["title"]), str(one["feature"])
            places.setdefault(title, int(str(one.get("place", 0))))
            if one["verdict"] != Verdict.NOT_RUN:
                key = feature, title, str(one.get("example") or "")
                of_run[key] = of_run.get(key, False) or one["verdict"] in FAILED
        verdicts = of_run | verdicts
        if summary_of(folder / RUN).whole:
            break
    failed = [key for key, fails in verdicts.items() if fails]
    titles = {title for feature, title, _ in failed if feature != WALK}
    walks = [example for feature, _, example in failed if feature == WALK]
    return FailedBefore(
        titles=sorted(titles, key=lambda title: (places[title], title)),
        walks=walks,
        runs=count,
    )


def _scenarios(path: Path) -> Iterator[Mapping[str, object]]:
    """The scenarios of a run file. Raises UsageError."""
    try:
        for line in read_bytes(path, hint=_HINT).splitlines():
            if line.startswith(SCENARIO):
                yield json.loads(line)
    except ValueError as error:
        raise UsageError(f"{path} is damaged", hint=_HINT) from error
