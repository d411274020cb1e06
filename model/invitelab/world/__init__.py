"""The simulated world: clients, a relay and a network in SimPy's virtual time.

The world makes no decision about an invitation. It carries messages, advances time and
stores what `protocol` decided. A `record` function that is passed to it is called with
every fact as it happens.
"""
