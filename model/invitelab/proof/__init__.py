"""What the suite is worth: mutants, vacuity floor, false-failure panel, identity."""
