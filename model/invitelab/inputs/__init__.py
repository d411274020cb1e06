"""What users write: files, TOML with positions, quantities with units, foreign text."""
