"""Views of a simulation: pure functions of its results, and the folder they go to.

`files` writes the folders, `terminal` prints, `charts` draws one picture a module.
"""
