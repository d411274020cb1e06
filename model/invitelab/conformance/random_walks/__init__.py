"""Random walks over a target, checked against a model of the required clauses.

A walk chooses a few participants and makes random moves among the operations of the
adapter protocol; after each move the view of every participant is compared with a small
model of what the specification requires. Where the specification is silent, a walk
either makes no move or accepts both answers: an implementation that interprets it
differently is never called wrong. A finding is shrunk to the shortest walk that shows
it, and written as a scenario that can be pasted into a feature.

Stories of walks are then told again, varied in what may not matter: nobody may see a
difference. That needs no model.

The same seed makes the same walks; nothing is stored.
"""

from invitelab.conformance.random_walks.counterexamples import Counterexample
from invitelab.conformance.random_walks.search import WalkResult, walk

__all__ = ["Counterexample", "WalkResult", "walk"]
