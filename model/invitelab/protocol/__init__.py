"""The invitation protocol: pure functions and values, standard library only.

Nothing in here waits, draws a number or looks at a clock: time is an argument, always
an integer of microseconds (`_us`) of the host's clock. Read `table.py` first: every
change of an invitation's state is one of its cells. `host.py` and `guest.py` decide;
`world` acts on what they decided; `invariants.py` judges the history afterwards.
"""
