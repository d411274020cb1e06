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
from invitelab.resources import all_feature_files, feature_files, feature_label

ONE_PROCESS = "a target is judged by one process: leave out -n"


def refuse_workers(config: pytest.Config) -> None:
    """Raise CollectError in a worker of pytest-xdist.

    Each worker runs a part of the items, and a verdict needs all of them.
    """
    if hasattr(config, "workerinput"):
        raise pytest.Collector.CollectError(ONE_PROCESS)


class FeatureFile(pytest.Module):
    """A feature file as a module whose functions are its scenarios."""

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        for title in feature(self.path).scenarios:
            setattr(module, title, test_function(self.path, title))
        return module

    def funcnamefilter(self, name: str) -> bool:
        """Accept every public name: all are scenarios."""
        return not name.startswith("_")

    def classnamefilter(self, name: str) -> bool:
        """Accept none: there are no classes."""
        return not name


def test_function(path: Path, title: str) -> Callable[..., None]:
    """A scenario as a test function, which the plugin runs on `implementation`."""
    feature(path)  # or pytest-bdd would parse it

    @scenario(path.name, title, features_base_dir=str(path.parent))
    def body(implementation: object) -> None:
        """Do nothing: the plugin runs the steps."""

    return body


class Suite(pytest.Directory):
    """All features of this installation, checked before the first one is collected.

    Then those that `--features` has added.
    """

    def collect(self) -> Iterable[pytest.Collector]:
        """The feature files, by name."""
        refuse_workers(self.config)
        try:
            problems = list(suite_problems())
        except InvitelabError as error:
            raise self.CollectError(str(error)) from error
        if problems:
            raise self.CollectError("\n".join(problems))
        for path in all_feature_files():
            nodeid = feature_label(path)
            file: FeatureFile = FeatureFile.from_parent(  # pyright: ignore[reportUnknownMemberType] - pytest's
                self, path=path, nodeid=nodeid
            )
            yield file


def suite_problems() -> Iterator[str]:
    """All sentences of lint about the features of this installation.

    Those of a user's own were checked when they were added.
    """
    scenarios = [outline for path in feature_files() for outline in lint.outlines(path)]
    yield from lint.problems(scenarios, dict(load()))
    yield from lint.step_problems(list(_steps()), definitions())


def _steps() -> Iterator[tuple[str, str, str]]:
    """Place, type and text of every step, for each row of an outline."""
    for pickle in pickles(paths=feature_files()):
        name = Path(pickle.scenario.feature.filename).name
        for step in pickle.scenario.steps:
            yield f"{name}:{step.line_number}", step.type, step.name
