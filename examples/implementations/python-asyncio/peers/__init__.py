"""Clients that invite each other: every one an actor with a mailbox of its own."""
