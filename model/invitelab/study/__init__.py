"""Many worlds: replications, their statistics, and what they mean together."""
