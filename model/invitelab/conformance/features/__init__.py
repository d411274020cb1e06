"""The specification as data: clauses, Gherkin features, people and step definitions."""
