"""Cohorts: the timelines of many invitations at once, as arrays, to the microsecond."""
