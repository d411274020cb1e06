"""What several commands share: options, runs, progress, provenance."""
