"""Import of every scenario into a test module of your own.

    import pytest
    from invitelab.conformance.suite import *

    @pytest.fixture
    def implementation():
        return MyAdapter()          # or a target such as "cmd:./adapter --stdio"

The fixture may also be in a conftest.py, and may be parametrized: each module, and
each value of a parameter, has a run and a verdict of its own. A server (`tcp:` or
`http:`) has one run, whichever modules use it.

Deviations are reported as expected failures; scenarios that need a capability that you
have declined are skipped. Raises UsageError when imported outside pytest.
"""

import re

from pytest_bdd.utils import CONFIG_STACK

from invitelab.conformance.features.lint import outlines
from invitelab.conformance.pytest_plugin.collect import refuse_workers, test_function
from invitelab.errors import UsageError
from invitelab.resources import feature_files

if not CONFIG_STACK:
    _msg = "invitelab.conformance.suite is imported by a test module, under pytest"
    raise UsageError(_msg, hint="run pytest on the module that imports it")
refuse_workers(CONFIG_STACK[-1])
# Before the first scenario is made, or its clauses would become pytest's markers.
CONFIG_STACK[-1].pluginmanager.import_plugin("invitelab.conformance.plugin")

__all__: list[str] = []

for _path in feature_files():
    for _outline in outlines(_path):
        _words = re.sub(r"\W+", "_", _outline.title).strip("_").lower()
        _name = f"test_{_path.stem}_{_words}"
        globals()[_name] = test_function(_path, _outline.title)
        __all__ += [_name]  # noqa: PLE0604 - the names are the scenarios'
