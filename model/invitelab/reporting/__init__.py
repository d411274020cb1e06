"""Views of a run: pure functions of its records, none of which can change a verdict."""
