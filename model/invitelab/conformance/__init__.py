"""The judge: runs the Gherkin features against a target and derives the verdicts.

`features/` holds the specification as data and the step definitions, `execution/` runs
scenarios and judges them, `isolation/` does that in a process of its own for the
command line, `plugin.py` and `suite.py` are the two ways into pytest.
"""
