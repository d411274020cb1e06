"""Views of a learned machine, made from `machine.json` alone.

`states` says what each state does, `layered` finds places for boxes and arrows,
`layout` says what stands in them, `picture` draws them, `graph_text` writes them for
Graphviz and Mermaid. `page`, `markdown` and `terminal` are the views of a machine,
`files` writes them, `differences` compares two.
"""
