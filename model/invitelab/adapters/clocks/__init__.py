"""The clocks of a target: virtual, real, system (freezegun) and jump (libfaketime)."""
