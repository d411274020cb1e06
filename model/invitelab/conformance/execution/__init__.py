"""Running scenarios on a target and drawing the verdict."""
