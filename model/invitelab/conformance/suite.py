"""Import of every scenario into a test module of your own.

    import pytest
    from invitelab.conformance.suite import *

    @pytest.fixture
    def implementation():
        return MyAdapter()          # or a target such as "cmd:./adapter --stdio"

The fixture may also be in a conftest.py, and may be parametrized: each module, and
each value of a parameter, has a run and a verdict of its own. A server (`tcp:` or
`http:`) has one run, whichever modules use it.

Features of your own run beside them:

    scenarios("five.feature")       # a file or a folder, from the folder of this module
    use_profile("variant.toml")     # a variant of the product, for the whole session

They may use all steps of this suite and, beside the file, `steps.py`, `clauses.toml`
and `phrases.LANGUAGE.toml`; `invitelab.conformance.steps` says how. The clauses of a
scenario and their areas are markers of pytest, as are other tags: `pytest -m EXPIRY`.

Deviations are reported as expected failures; scenarios that need a capability that you
have declined are skipped. Raises UsageError when imported outside pytest.
"""

import re
import sys
from pathlib import Path

import pytest
from pytest_bdd.utils import CONFIG_STACK

from invitelab.conformance.features.lint import outlines
from invitelab.conformance.features.own import own_tags, use_own_features
from invitelab.conformance.pytest_plugin.collect import refuse_workers, test_function
from invitelab.conformance.pytest_plugin.scenario_items import (
    register_markers,
    register_tags,
)
from invitelab.errors import UsageError
from invitelab.resources import feature_files
from invitelab.world.product import current_product, read_product, use_product

if not CONFIG_STACK:
    _msg = "invitelab.conformance.suite is imported by a test module, under pytest"
    raise UsageError(_msg, hint="run pytest on the module that imports it")
refuse_workers(CONFIG_STACK[-1])
# Before the first scenario is made, or its clauses would be unknown markers.
CONFIG_STACK[-1].pluginmanager.import_plugin("invitelab.conformance.plugin")

__all__: list[str] = ["scenarios", "use_profile"]


def _test_name(path: Path, title: str) -> str:
    words = re.sub(r"\W+", "_", title).strip("_").lower()
    return f"test_{path.stem}_{words}"


for _path in feature_files():
    for _outline in outlines(_path):
        _name = _test_name(_path, _outline.title)
        globals()[_name] = test_function(_path, _outline.title)
        __all__ += [_name]  # noqa: PLE0604 - the names are the scenarios'


def use_profile(path: str | Path) -> None:
    """Judge this session by the variant of the product that a file describes.

    The path counts from the folder of the module that calls this. Raises pytest's
    CollectError with every mistake, and for a second variant in one session.
    """
    caller = sys._getframe(1).f_globals  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as pytest-bdd does
    try:
        product = read_product(Path(str(caller["__file__"])).parent / path)
    except UsageError as error:
        raise pytest.Collector.CollectError(str(error)) from error
    if not (current_product().is_specified or current_product() == product):
        msg = f"this session is judged by {current_product().name} already"
        raise pytest.Collector.CollectError(msg)
    use_product(product)


def scenarios(*paths: str | Path) -> None:
    """Add one test for each scenario of these features to the module that calls this.

    A path is a feature file, or a folder with all that are below it; it counts from the
    folder of the module. Raises pytest's CollectError with every mistake.
    """
    caller = sys._getframe(1).f_globals  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as pytest-bdd does
    folder = Path(str(caller["__file__"])).parent
    config = CONFIG_STACK[-1]
    for path in paths:
        try:
            own = use_own_features(folder / path, more_steps=True)
        except UsageError as error:
            raise pytest.Collector.CollectError(str(error)) from error
        register_markers(config)
        register_tags(config, own_tags())
        for file in own.files:
            for outline in outlines(file):
                name = _test_name(file, outline.title)
                caller[name] = test_function(file, outline.title)
