"""Views of conformance runs side by side: one page, and what tools read.

`matrix` puts clauses against implementations, `stories` tells what went wrong,
`sequence` and `drawing` make its picture, `page` the HTML, `messages` what any Cucumber
tool reads. All of it is made of the records alone.
"""
