"""Ways to reach an implementation; the same messages everywhere.

`messages.py` is the protocol as types, and the published JSON Schema is generated from
it. A *transport* (`inprocess.py`, `stdio.py`) moves JSON values and knows no message;
`driver.py` checks both directions and speaks in types. `reference.py` is our own
implementation behind the same messages, and `serve.py` makes a process of any adapter.
"""
