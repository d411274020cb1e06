"""The pytest plugin: options, collection, hooks and reports."""
