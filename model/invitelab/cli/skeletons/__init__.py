"""Adapters that ship, a file per language, for `invitelab adapter new`."""
