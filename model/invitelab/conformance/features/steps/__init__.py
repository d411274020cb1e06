"""What each sentence of the features means, by topic."""
