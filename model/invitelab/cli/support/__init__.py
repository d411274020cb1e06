"""Code that several commands share: options, runs, progress, provenance."""
