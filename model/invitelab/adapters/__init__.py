"""Access to an implementation under test, with the same messages over every transport.

`messages.py` defines the protocol as types; the published JSON Schema is generated from
them. A *transport* (`transports/`) carries JSON values and knows no message types.
`driver.py` validates requests and answers and has a typed interface. `clocks/` controls
the target's time. `reference/` is the reference implementation behind the same
messages, and `servers/` serves any adapter over stdio, TCP or HTTP.
"""
