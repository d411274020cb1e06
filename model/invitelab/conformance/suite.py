"""The third door: one import puts every scenario into a test module of your own.

    import pytest
    from invitelab.conformance.suite import *

    @pytest.fixture
    def implementation():
        return MyAdapter()          # or a target such as "cmd:./adapter --stdio"

Deviations are reported as expected failures; what you have declined is skipped.
"""

import re

from invitelab.conformance.collect import test_function
from invitelab.conformance.lint import outlines
from invitelab.resources import feature_files

pytest_plugins = ["invitelab.conformance.plugin"]

__all__ = ["pytest_plugins"]

for _path in feature_files():
    for _outline in outlines(_path):
        _words = re.sub(r"\W+", "_", _outline.title).strip("_").lower()
        _name = f"test_{_path.stem}_{_words}"
        globals()[_name] = test_function(_path, _outline.title)
        __all__ += [_name]  # noqa: PLE0604 - the names are the scenarios'
