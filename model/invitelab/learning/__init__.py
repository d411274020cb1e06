"""Does an implementation have a state machine, and which? Learned by asking it.

A question is a sequence of inputs in a scenario of its own; the answer is what comes
back and what everybody then sees. AALpy finds a machine that explains all answers; the
questions that might contradict it are ours, and so is the bound that follows from them.
"""
