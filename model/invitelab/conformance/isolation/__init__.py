"""The judge in a process of its own, and the end of everything it started."""
