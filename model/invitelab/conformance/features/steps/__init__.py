"""Step definitions of the features, by topic."""
