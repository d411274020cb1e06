"""Processes: their signals, their descendants and the pool of workers."""
