"""A conformance suite and simulator for the session invitation protocol."""

__version__ = "0.1.0"
