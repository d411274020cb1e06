"""Views of conformance runs: pages, pictures, and files for other programs.

`matrix` puts clauses against implementations, `failures` has the scenarios that did not
pass, `sequence` and `drawing` their pictures, `page` the HTML, `messages` the Cucumber
Messages. Each view is a function of the records alone.
"""
