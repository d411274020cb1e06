"""Servers: an adapter made reachable over a pipe, TCP or HTTP."""
