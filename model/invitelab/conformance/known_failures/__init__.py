"""Known failures: entries of a baseline file, read and drafted."""
