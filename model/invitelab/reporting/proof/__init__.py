"""Views of a proof of the suite, made from `proof.json` alone.

`summary` has the figures and sentences that all views share, `matrix` sets clauses
against mutants, `drawing` and `overview` draw it, `page`, `markdown` and `terminal` are
the views, `files` writes them.
"""
