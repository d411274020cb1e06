"""The pytest plugin: options, selection, and a verdict in place of passed and failed.

Loaded by name (`-p invitelab.conformance.plugin`) or by importing
`invitelab.conformance.suite` in a test module. There is no entry point: installing
invitelab does not change other runs of pytest.
"""

from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from invitelab.adapters.base import Adapter
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import InProcessTarget, Reachable
from invitelab.adapters.target import Kind, Target
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.journals import Journal
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import in_drawn_order
from invitelab.conformance.features.gherkin import Pickle
from invitelab.conformance.features.lint import count
from invitelab.conformance.features.own import unknown_steps
from invitelab.conformance.pytest_plugin.collect import ONE_PROCESS, FeatureFile, Suite
from invitelab.conformance.pytest_plugin.options import (
    add_options,
    baseline_of,
    know_options,
    limits_of,
    option,
    options_are_ours,
    real_time_of,
    selection_of,
    use_own_features_of,
    use_product_of,
)
from invitelab.conformance.pytest_plugin.reports import (
    RED,
    describe,
    raise_unless_passed,
    verdict_words,
)
from invitelab.conformance.pytest_plugin.run_files import file_journal, numbered
from invitelab.conformance.pytest_plugin.scenario_items import (
    EXAMPLE,
    is_own,
    marked,
    pickle_of,
    register_markers,
    template_of,
)
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.run import ScenarioRecord
from invitelab.formats.transcript import clock_words, transcript
from invitelab.resources import feature_files

if TYPE_CHECKING:
    from invitelab.conformance.random_walks.recording import Walked

ENGINES = pytest.StashKey[dict[str, Engine]]()
RECORD = pytest.StashKey[ScenarioRecord]()
TRANSCRIPT = pytest.StashKey[str]()
OWN = pytest.StashKey[Counter[tuple[object, ...]]]()
"""How many scenarios of a user's own each suite has."""
EXPECTED = pytest.StashKey[dict[str, int]]()
"""How many scenarios make a whole run of each engine."""
WALKED = pytest.StashKey[dict[str, "Walked"]]()
JOURNAL = pytest.StashKey[Journal]()
"""Receives the records in place of `--run-file`."""
NO_VERDICT = pytest.StashKey[str]()
"""Why there is no verdict, although scenarios were selected."""


def pytest_addoption(
    parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager
) -> None:
    """Add the options, which `invitelab check` passes as well.

    Not once a session has begun: options have been read by then, and a conftest.py may
    have added some of the same name.
    """
    if not pluginmanager.has_plugin("session"):
        add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Note that the options are ours: this hook is not called for a late plugin."""
    know_options(config)


def pytest_configure(config: pytest.Config) -> None:
    """Also runs when the plugin is loaded late, by a test module's import."""
    config.stash[ENGINES] = {}
    config.stash[WALKED] = {}
    config.stash[EXPECTED] = {}
    use_product_of(config)
    use_own_features_of(config)
    register_markers(config)
    if options_are_ours(config):
        config.pluginmanager.register(TargetFixture())
    if (option(config, "walks") or 0) < 0:
        raise pytest.UsageError("--walks: the number of walks cannot be negative")
    spread = config.getoption("dist", "no") != "no"  # pytest-xdist's
    # A worker has none of these.
    if spread and any(option(config, name) for name in ("target", "walks", "run_file")):
        raise pytest.UsageError(ONE_PROCESS)


# Collecting.


def pytest_collect_directory(
    path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect the features, wherever they are, for the folder of this package."""
    if path == Path(__file__).parent:
        suite: Suite = Suite.from_parent(  # pyright: ignore[reportUnknownMemberType] - pytest's
            parent, path=path
        )
        return suite
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: object) -> object | None:
    """Mark a scenario with its clause and the clause's area."""
    return marked(tag, function)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Deselect the items that the options exclude.

    Raises pytest.UsageError where a scenario was not collected.
    """
    ours = {item: found for item in items if (found := template_of(item)) is not None}
    everything = count()
    if option(config, "target") and len(ours) != everything:
        msg = f"{len(ours)} of {everything} scenarios were collected"
        raise pytest.UsageError(msg)
    unknown = unknown_steps()
    if unknown:
        raise pytest.UsageError("\n".join(unknown))
    own = [item for item, template in ours.items() if is_own(template)]
    config.stash[OWN] = Counter(map(_suite_of, own))
    selection = selection_of(config)
    dropped = {
        item
        for item, template in ours.items()
        if not selection.takes(template.tags, template.name)
    }
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]
    if option(config, "target"):  # a suite of a user's own keeps its order
        items[:] = in_drawn_order(items, option(config, "seed") or 0)


# Running.


NO_IMPLEMENTATION = "no implementation: define the fixture, here or in a conftest.py"


class TargetFixture:
    """The fixture of `--target`; a user's own fixture overrides it.

    A plugin that is loaded late has no such option, and its fixture would override one
    in the conftest.py of pytest's root directory.
    """

    @pytest.fixture
    def implementation(self, request: pytest.FixtureRequest) -> str | Adapter:
        """The implementation under test; override it in a suite of your own."""
        target: str | None = option(request.config, "target")
        if not target:
            pytest.fail("no implementation: give --target or define the fixture")
        return target


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the scenario on the implementation, and keep its record."""
    template = template_of(pyfuncitem)
    if template is None:
        return None
    try:
        engine = _engine_of(pyfuncitem)
    except UsageError as error:
        pytest.fail(f"{error}: {error.hint}".removesuffix(": "), pytrace=False)
    try:
        record = engine.run(pickle_of(pyfuncitem, template))
    except Exception as error:
        engine.give_up(error)
        raise
    pyfuncitem.stash[RECORD] = record
    if record.verdict in RED:  # of the others nobody reads it
        pyfuncitem.stash[TRANSCRIPT] = "\n".join(transcript(record, engine.header))
    raise_unless_passed(record)
    return True


def _suite_of(item: pytest.Item) -> tuple[object, ...]:
    """The key of an item's suite: its module, and every parameter of its fixtures.

    The features that this plugin collects are one suite. The rows of outlines are left
    out; any other parameter may configure the implementation.
    """
    call = getattr(item, "callspec", None)
    indices = cast("dict[str, int]", call.indices if call else {})
    rows = sorted(pair for pair in indices.items() if pair[0] != EXAMPLE)
    return "" if isinstance(item.parent, FeatureFile) else str(item.path), *rows


def _engine_of(item: pytest.Function) -> Engine:
    """The engine of an item's implementation. Raises UsageError for a bad target.

    Each suite has an engine of its own: a fixture makes a new object for every test,
    and a command runs in the folder and environment that its suite has set up. All
    suites share the engine of a server, which may accept one connection only.
    """
    arguments = cast("dict[str, Any]", item.funcargs)
    target = _reachable(arguments["implementation"])
    served = isinstance(target, Target) and target.kind in {Kind.TCP, Kind.HTTP}
    engines = item.config.stash[ENGINES]
    suite = _suite_of(item)
    key = target.text if served else f"{target.text} {suite}"
    if key not in engines:
        engines[key] = _new_engine(item.config, target)
        engines[key].expect(_expected(item.session, suite))
        own = item.config.stash[OWN][suite]
        item.config.stash[EXPECTED][key] = count(feature_files()) + own
    return engines[key]


def _reachable(implementation: str | Adapter) -> Reachable:
    given = implementation
    return Target.parse(given) if isinstance(given, str) else InProcessTarget(given)


def _new_engine(config: pytest.Config, target: Reachable) -> Engine:
    clock, depth = option(config, "clock"), option(config, "depth")
    place = len(config.stash[ENGINES]) + 1
    return Engine(
        target,
        config.stash.get(JOURNAL, None) or file_journal(config, place),
        limits_of(config),
        clock=ClockKind(clock) if clock else None,
        baseline=baseline_of(config),
        seed=option(config, "seed") or 0,
        depth=Depth(depth) if depth else None,
        real_time=real_time_of(config),
    )


def _expected(session: pytest.Session, suite: tuple[object, ...]) -> Iterator[Pickle]:
    """The scenarios that will run on the engine of a suite."""
    for item in session.items:
        template = template_of(item)
        if template is None or not isinstance(item, pytest.Function):
            continue
        if _suite_of(item) == suite:
            yield pickle_of(item, template)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Describe our verdict, after pytest has applied a user's own xfail."""
    report = yield
    if call.when == "setup" and _lacks_implementation(item, call):
        report.longrepr = NO_IMPLEMENTATION
    record = item.stash.get(RECORD, None)
    if record is not None and call.when == "call":
        describe(report, record, item.stash.get(TRANSCRIPT, ""))
    return report


def _lacks_implementation(item: pytest.Item, call: pytest.CallInfo[None]) -> bool:
    """Whether the setup failed for want of the fixture `implementation`."""
    error = call.excinfo.value if call.excinfo else None
    return (
        isinstance(error, pytest.FixtureLookupError)
        and error.argname == "implementation"
        and template_of(item) is not None
    )


# The end.


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Finish every run; with `--target` the exit code is that of the verdict.

    In a suite of a user's own a finding of random walks is one more failure.
    """
    config = session.config
    target: str | None = option(config, "target")
    engines = config.stash[ENGINES]
    if config.getoption("collectonly", default=False):
        return
    if session.exitstatus == pytest.ExitCode.INTERRUPTED:
        for engine in engines.values():
            engine.abort()
        return
    if target and not engines and not session.testsfailed:
        engines[target] = _new_engine(config, Target.parse(target))
    _note_missing_verdict(session)
    codes = [_finish(session, key) for key in engines]
    # With a code of 0 something else may have failed, such as a fixture.
    if target and any(codes):
        session.exitstatus = max(codes)


def _finish(session: pytest.Session, key: str) -> ExitCode:
    """Run random walks, if asked to, and finish a run. Gives its exit code."""
    engine = session.config.stash[ENGINES][key]
    recorded = {(one.feature, one.title, one.example) for one in engine.scenarios}
    complete = len(recorded) == session.config.stash[EXPECTED].get(key, count())
    walked = _walk(session, engine)
    if walked is not None:
        session.config.stash[WALKED][key] = walked
        if walked.counts and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    says = None if walked is None else walked.says
    return engine.finish(selected_all=complete, walks=says).exit_code


def _note_missing_verdict(session: pytest.Session) -> None:
    """Note that scenarios were selected and none has a record in this process.

    They are all skipped, or another plugin runs tests in processes of its own. The
    session fails if random walks or a run file were asked for.
    """
    config = session.config
    selected = sum(template_of(item) is not None for item in session.items)
    if not selected or config.stash[ENGINES]:
        return
    config.stash[NO_VERDICT] = f"none of {selected} scenarios was run in this process"
    wanted = option(config, "walks") or option(config, "run_file")
    if wanted and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _walk(session: pytest.Session, engine: Engine) -> "Walked | None":
    """Run random walks, if asked to; a finding is written beside the run file."""
    config = session.config
    examples: int = option(config, "walks") or 0
    if not examples:
        return None
    from invitelab.conformance.random_walks.recording import (  # noqa: PLC0415 - most runs need none
        Walked,
        walk_and_record,
    )

    if session.shouldfail or session.shouldstop:
        return Walked(says="none: the run had stopped before")
    seed: int = option(config, "seed") or 0
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
    """Print the verdict of every run and the findings of walks."""
    missing = config.stash.get(NO_VERDICT, None)
    if missing is not None:
        terminalreporter.write_line(f"invitelab: no verdict ({missing})")
    run_file: Path | None = option(config, "run_file")
    engines = config.stash[ENGINES]
    for place, (key, engine) in enumerate(engines.items(), start=1):
        end, walked = engine.conclusion, config.stash[WALKED].get(key)
        if walked is not None:
            terminalreporter.write_line(f"invitelab: walks   {walked.says}")
            for line in (walked.feature or "").splitlines():
                terminalreporter.write_line(f"  {line}".rstrip())
        if end is not None:
            line = f"{verdict_words(end, engine.header)}   {engine.header.target}"
            clock = clock_words(engine.header)
            terminalreporter.write_line(f"invitelab: {line}, clock {clock}")
            if run_file is not None and len(engines) > 1:
                terminalreporter.write_line(f"  {numbered(run_file, place)}")
