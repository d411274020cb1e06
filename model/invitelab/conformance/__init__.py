"""The judge: runs the Gherkin features against a target and says what held.

`plugin.py` is the door to pytest, `collect.py` turns `.feature` files into items,
`steps/` give every sentence its meaning, `stage.py` holds one scenario's people and
what they know, `verdicts.py` has the rules, and `runner.py` is what the command line
calls.
"""
