"""The simulated world: clients, a relay and a network in SimPy's virtual time.

The world never decides about an invitation. It carries messages, lets time pass and
keeps what `protocol` decided; whoever wants to know what happened passes a `record`
function and gets every fact as it happens.
"""
