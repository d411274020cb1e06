"""`.feature` files as pytest items: `features/pending.feature::Cancelling ...`."""

import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pytest_bdd import scenario

from invitelab.conformance.features import lint
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import feature, pickles
from invitelab.conformance.features.steps.registry import definitions
from invitelab.errors import InvitelabError
from invitelab.resources import feature_files

ONE_PROCESS = "a target is judged by one process: leave out -n"


def refuse_workers(config: pytest.Config) -> None:
    """Raise CollectError in a worker of pytest-xdist, which has a part of the items.

    Each worker would judge by its part, and none could say what the whole shows.
    """
    if hasattr(config, "workerinput"):
        raise pytest.Collector.CollectError(ONE_PROCESS)


class FeatureFile(pytest.Module):
    """One feature file; every scenario becomes a function of a module made for it."""

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        for title in feature(self.path).scenarios:
            setattr(module, title, test_function(self.path, title))
        return module

    def funcnamefilter(self, name: str) -> bool:
        """Every public name of that module is a scenario."""
        return not name.startswith("_")

    def classnamefilter(self, name: str) -> bool:
        """None of them is a class, however it is called."""
        return not name


def test_function(path: Path, title: str) -> Callable[..., None]:
    """A scenario as a test function; the plugin runs it on `implementation`."""
    feature(path)  # or pytest-bdd would parse it

    @scenario(path.name, title, features_base_dir=str(path.parent))
    def body(implementation: object) -> None:
        """Everything happens in the steps."""

    return body


class Suite(pytest.Directory):
    """All features of this installation, linted before the first one is collected."""

    def collect(self) -> Iterable[pytest.Collector]:
        """The feature files, by name."""
        refuse_workers(self.config)
        try:
            problems = list(suite_problems())
        except InvitelabError as error:
            raise self.CollectError(str(error)) from error
        if problems:
            raise self.CollectError("\n".join(problems))
        for path in feature_files():
            nodeid = f"features/{path.name}"
            file: FeatureFile = FeatureFile.from_parent(  # pyright: ignore[reportUnknownMemberType] - pytest's
                self, path=path, nodeid=nodeid
            )
            yield file


def suite_problems() -> Iterator[str]:
    """Everything lint has to say about the features of this installation."""
    scenarios = [outline for path in feature_files() for outline in lint.outlines(path)]
    yield from lint.problems(scenarios, dict(load()))
    yield from lint.step_problems(list(_steps()), definitions())


def _steps() -> Iterator[tuple[str, str, str]]:
    """Where, type and text of every step, outlines filled in."""
    for pickle in pickles():
        name = Path(pickle.scenario.feature.filename).name
        for step in pickle.scenario.steps:
            yield f"{name}:{step.line_number}", step.type, step.name
