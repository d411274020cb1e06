"""Cohorts: the lives of many invitations at once, as arrays, to the microsecond."""
