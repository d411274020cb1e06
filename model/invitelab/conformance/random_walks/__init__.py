"""Random walks over a target, judged by the required clauses alone.

A walk casts a few people and lets them do what the adapter protocol knows; after each
move everybody's view is held against a small model of what the page demands. Where the
page is silent the walk either stays away or accepts both answers: an implementation
that reads it differently is never called wrong. What goes wrong is shrunk to the
shortest walk, and told as a scenario that can be pasted into a feature.

The same seed makes the same walks; nothing is stored.
"""

from invitelab.conformance.random_walks.search import Counterexample, WalkResult, walk

__all__ = ["Counterexample", "WalkResult", "walk"]
