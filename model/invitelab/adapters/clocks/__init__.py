"""Four ways to drive a target's time: virtual, real, system and jump."""
