"""Moves of a random walk, by topic."""
