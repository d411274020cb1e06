"""Factors: the values that a story leaves open, and which of them a run tries."""
