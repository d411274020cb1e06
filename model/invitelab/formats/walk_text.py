"""What random walks have on record: words of a footer, and the place of a finding."""

WALK = "features/walk.feature"
"""The feature file of what random walks find; no file that ships has this name."""


def walk_options(examples: int | str, seed: int | str) -> str:
    """The options that repeat walks; the example of a scenario that these found."""
    return f"--walks {examples} --seed {seed}"


def nothing_found(examples: int | str, seed: int | str, reached: str = "") -> str:
    """The text of a footer for walks that found nothing; `reached` says how far."""
    far = f"{reached}; " if reached else ""
    return f"{examples} with seed {seed}: {far}nothing was found"
