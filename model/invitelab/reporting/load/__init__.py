"""Reports of simulations, sweeps and comparisons: pure functions of their results.

`files` writes a folder, `terminal` prints, `charts` has one picture a module, and the
modules `*_text` and `*summary` make the sentences that all of them share.
"""
