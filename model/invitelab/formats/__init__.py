"""Stored documents: runs, results and proofs, each with its format and reader."""
