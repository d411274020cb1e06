"""First adapters for authors, one file a language: `invitelab adapter new`."""
