"""Views of a proof of the suite: what it catches, and what it leaves alone.

`summary` has the figures and sentences that every view says alike, `matrix` puts
clauses against mutants, `drawing` makes its picture, `page`, `markdown` and `terminal`
show everything, `files` writes it. All of it is made of `proof.json` alone.
"""
