"""Replacement of names in the texts of steps, all at once."""

import re
from collections.abc import Mapping, Sequence

from invitelab.conformance.random_walks.participants import BUILT_IN


def replaced(text: str, words: Mapping[str, str]) -> str:
    """The text with other words; only whole words are replaced, or quoted ones."""
    if not words:
        return text
    pattern = "|".join(map(re.escape, words))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda match: words[match[0]], text)


def quoted(names: Mapping[str, str]) -> Mapping[str, str]:
    """The same replacements of names that stand in quotation marks."""
    return {f'"{name}"': f'"{other}"' for name, other in names.items()}


def built_in_for(names: Sequence[str]) -> Mapping[str, str]:
    """A built-in profile in place of each custom one, as far as there are enough."""
    others = [name for name in BUILT_IN if name != "Default"]
    return dict(zip(names, others, strict=False))
