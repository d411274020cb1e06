"""The pytest plugin: options, selection, and a verdict in place of passed and failed.

Loaded by name (`-p invitelab.conformance.plugin`) or by importing
`invitelab.conformance.suite` in a test module; never by an entry point, so that
installing invitelab changes nobody's pytest.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry

from invitelab.adapters.base import Adapter
from invitelab.adapters.clocks.base import ClockKind
from invitelab.adapters.driver import AtHand, Reachable
from invitelab.adapters.target import Target
from invitelab.conformance.baseline_file import read
from invitelab.conformance.clauses import load
from invitelab.conformance.collect import FeatureFile, Suite
from invitelab.conformance.engine import Engine
from invitelab.conformance.journals import Journal
from invitelab.conformance.lint import count
from invitelab.conformance.pickles import Pickle, render
from invitelab.conformance.selection import Selection
from invitelab.conformance.verdicts import counts
from invitelab.errors import UsageError
from invitelab.records import Level, ScenarioRecord, Verdict
from invitelab.story import clock_words, story

if TYPE_CHECKING:
    from invitelab.conformance.walks.recording import Walked

ENGINES = pytest.StashKey[dict[str, Engine]]()
RECORD = pytest.StashKey[ScenarioRecord]()
EXAMPLE = "_pytest_bdd_example"
"""Where pytest-bdd keeps the values of an outline's row."""
STORY = pytest.StashKey[str]()
EVERYTHING = pytest.StashKey[int]()
WALKED = pytest.StashKey[dict[str, "Walked"]]()
JOURNAL = pytest.StashKey[Journal]()
"""Where the records go in place of `--run-file`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the second door; the command line passes the same ones."""
    group = parser.getgroup("invitelab")
    group.addoption("--target", help="the implementation, e.g. cmd:'./adapter --stdio'")
    group.addoption("--run-file", type=Path, help="where to write run.jsonl")
    group.addoption(
        "--clause", action="append", default=[], help="only scenarios of this clause"
    )
    group.addoption(
        "--scenario", action="append", default=[], help="only the scenario so titled"
    )
    group.addoption("--tags", default="", help="only scenarios with these tags")
    levels = [level.value for level in Level]
    group.addoption("--level", choices=levels, help="only clauses of this level")
    kinds = [kind.value for kind in ClockKind]
    group.addoption("--baseline", type=Path, help="a file of known failures")
    group.addoption("--clock", choices=kinds, help="how time is driven")
    group.addoption("--walks", type=int, default=0, help="so many random walks as well")
    group.addoption("--walk-seed", type=int, default=0, help="where they begin")


def pytest_configure(config: pytest.Config) -> None:
    """Also runs when the plugin is loaded late, by a test module's import."""
    config.stash[ENGINES] = {}
    config.stash[WALKED] = {}
    if (config.getoption("walks", None) or 0) < 0:
        raise pytest.UsageError("--walks: so many walks cannot be gone")
    spread = config.getoption("dist", "no") != "no"  # pytest-xdist's
    if spread and config.getoption("target", None):
        raise pytest.UsageError("a target is judged by one process: leave out -n")


# Collecting.


def pytest_collect_directory(
    path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """The package's folder stands for the features, wherever those are."""
    if path == Path(__file__).parent:
        suite: Suite = Suite.from_parent(  # pyright: ignore[reportUnknownMemberType] - pytest's
            parent, path=path
        )
        return suite
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: object) -> object | None:
    """A clause is no pytest marker."""
    return function if tag in load() else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep what was asked for; everything must have been collected first."""
    ours = {item: found for item in items if (found := _template(item)) is not None}
    everything = config.stash[EVERYTHING] = count()
    if config.getoption("target", None) and len(ours) != everything:
        msg = f"{len(ours)} of {everything} scenarios were collected"
        raise pytest.UsageError(msg)
    selection = _selection(config)
    dropped = {
        item
        for item, template in ours.items()
        if not selection.takes(template.tags, template.name)
    }
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]


def _selection(config: pytest.Config) -> Selection:
    level = config.getoption("level", None)
    try:
        return Selection(
            clauses=config.getoption("clause", None) or (),
            scenarios=config.getoption("scenario", None) or (),
            tags=config.getoption("tags", None) or "",
            level=Level(level) if level else None,
        )
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error


def _template(item: pytest.Item) -> ScenarioTemplate | None:
    """The scenario behind an item of ours; None for anybody else's."""
    function = getattr(item, "obj", None)
    template = scenario_wrapper_template_registry.get(function) if function else None
    if template is None or not template.tags or not template.tags <= set(load()):
        return None
    return template


# Running.


@pytest.fixture
def implementation(request: pytest.FixtureRequest) -> str | Adapter:
    """What is tested: `--target`; override it in a suite of your own."""
    target: str | None = request.config.getoption("target", None)
    if not target:
        pytest.fail("no implementation: give --target or define the fixture")
    return target


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the scenario on the implementation, and keep its record."""
    template = _template(pyfuncitem)
    if template is None:
        return None
    engine = _engine_of(pyfuncitem)
    try:
        record = engine.run(_pickle(pyfuncitem, template))
    except Exception as error:
        engine.give_up(error)
        raise
    pyfuncitem.stash[RECORD] = record
    pyfuncitem.stash[STORY] = "\n".join(story(record, engine.header))
    return True


def _pickle(item: pytest.Function, template: ScenarioTemplate) -> Pickle:
    call = getattr(item, "callspec", None)
    params = cast("dict[str, Any]", call.params if call else {})
    values: dict[str, str] = params.get(EXAMPLE) or {}
    return render(template, values)


def _suite_of(item: pytest.Function) -> tuple[str, int]:
    """Our own features are one suite; every module that imports them is another.

    With the row of a parametrized fixture, if the implementation is one.
    """
    call = getattr(item, "callspec", None)
    row: int = call.indices.get("implementation", 0) if call else 0
    return ("" if isinstance(item.parent, FeatureFile) else str(item.path)), row


def _engine_of(item: pytest.Function) -> Engine:
    """The engine of an item's implementation: one a suite, however often asked."""
    arguments = cast("dict[str, Any]", item.funcargs)
    implementation: str | Adapter = arguments["implementation"]
    engines = item.config.stash[ENGINES]
    suite = _suite_of(item)
    if isinstance(implementation, str):
        key = implementation
    else:
        # A fixture makes a new object for every test: its class is what is judged.
        key = f"{AtHand(implementation).text} {suite}"
    if key not in engines:
        engines[key] = _new_engine(item.config, implementation)
        engines[key].expect(_expected(item.session, suite))
    return engines[key]


def _new_engine(config: pytest.Config, implementation: str | Adapter) -> Engine:
    target: Reachable
    if isinstance(implementation, str):
        target = Target.parse(implementation)
    else:
        target = AtHand(implementation)
    clock = config.getoption("clock", None)
    known: Path | None = config.getoption("baseline", None)
    return Engine(
        target,
        config.stash.get(JOURNAL, None) or config.getoption("run_file", None),
        clock=ClockKind(clock) if clock else None,
        baseline=read(known) if known else None,
    )


def _expected(session: pytest.Session, suite: tuple[str, int]) -> Iterator[Pickle]:
    """What will be asked of the engine of a suite."""
    for item in session.items:
        template = _template(item)
        if template is None or not isinstance(item, pytest.Function):
            continue
        if _suite_of(item) == suite:
            yield _pickle(item, template)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Pytest's words for our verdicts: a deviation is an expected failure."""
    report = yield
    record = item.stash.get(RECORD, None)
    if record is None or call.when != "call":
        return report
    match record.verdict:
        case Verdict.PASS:
            pass
        case Verdict.FAIL | Verdict.ERROR if record.known is not None:
            report.outcome = "skipped"
            report.wasxfail = f"known: {record.known}"
            report.longrepr = item.stash[STORY]
        case Verdict.ERROR if not counts(record):
            report.outcome = "skipped"
            report.wasxfail = f"{record.kind}: {record.message}"
            report.longrepr = item.stash[STORY]
        case Verdict.FAIL | Verdict.ERROR:
            report.outcome = "failed"
            report.longrepr = item.stash[STORY]
        case Verdict.DEVIATION:
            report.outcome = "skipped"
            report.wasxfail = f"deviation: {record.message}"
            report.longrepr = item.stash[STORY]
        case _:
            report.outcome = "skipped"
            reason = f"{record.verdict.value}: {record.message or 'the run is invalid'}"
            report.longrepr = (record.feature, record.line, reason)
    return report


# The end.


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the end of every run; with `--target` the exit code is ours.

    In a suite of somebody's own what walks have found is one failure more.
    """
    target: str | None = session.config.getoption("target", None)
    engines = session.config.stash[ENGINES]
    if session.config.getoption("collectonly", default=False):
        return
    if session.exitstatus == pytest.ExitCode.INTERRUPTED:
        for engine in engines.values():
            engine.abort()
        return
    if target and not engines and not session.testsfailed:
        engines[target] = _new_engine(session.config, target)
    for key, engine in engines.items():
        complete = len(engine.scenarios) == session.config.stash.get(EVERYTHING, 0)
        walked = _walk(session, engine)
        says = None
        if walked is not None:
            session.config.stash[WALKED][key] = walked
            says = walked.says
            if walked.counts and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        conclusion = engine.finish(selected_all=complete, walks=says)
        if target:
            session.exitstatus = conclusion.exit_code


def _walk(session: pytest.Session, engine: Engine) -> "Walked | None":
    """Walk at random, if asked to; what is found is left beside the run file."""
    config = session.config
    examples: int = config.getoption("walks", None) or 0
    if not examples:
        return None
    from invitelab.conformance.walks.recording import (  # noqa: PLC0415 - Hypothesis takes time
        Walked,
        walk_and_record,
    )

    if session.shouldfail or session.shouldstop:
        return Walked(says="none: the run had stopped before")
    seed: int = config.getoption("walk_seed", None) or 0
    try:
        walked = walk_and_record(engine, examples=examples, seed=seed)
    except BaseException:
        engine.abort()
        raise
    if walked.feature is not None:
        engine.keep_walk(walked.feature)
    return walked


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The verdict of every target, in one line each, and what walks have found."""
    for key, engine in config.stash[ENGINES].items():
        end, walked = engine.conclusion, config.stash[WALKED].get(key)
        if walked is not None:
            terminalreporter.write_line(f"invitelab: walks   {walked.says}")
            for line in (walked.feature or "").splitlines():
                terminalreporter.write_line(f"  {line}".rstrip())
        if end is not None:
            reason = f" ({end.reason})" if end.reason else ""
            terminalreporter.write_line(
                f"invitelab: {end.verdict.value}{reason}"
                f"   {engine.header.target}, clock {clock_words(engine.header)}"
            )
