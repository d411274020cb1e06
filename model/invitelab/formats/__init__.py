"""Files as values: feature files, and stored runs, results and proofs."""
