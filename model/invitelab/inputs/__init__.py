"""What users write: TOML with positions, and quantities with units."""
