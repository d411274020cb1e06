"""A telephone network on loopback, whose parts nobody here has written."""
