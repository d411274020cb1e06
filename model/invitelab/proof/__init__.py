"""Proof of the suite: mutants, vacuity check, false-positive check, transports."""
