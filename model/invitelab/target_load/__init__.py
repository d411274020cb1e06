"""The people of a scenario at the clients of an implementation under test."""
