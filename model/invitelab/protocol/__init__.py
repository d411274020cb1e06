"""The invitation protocol: pure functions and values, standard library only.

The *host* is the inviter's client, the *guest* the recipient's: in the session the
guest controls the host's device.

No function waits, draws a random number or reads a clock: time is an argument, in
integer microseconds (`_us`) of the host's or guest's clock. Read `table.py` first:
every change of an invitation's state is one of its cells. `host.py` and `guest.py`
decide, `world` carries out their decisions, and `invariants.py` judges the history.
"""
