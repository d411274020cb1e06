"""The words of scenarios and steps, as their files have them."""

import re
from typing import Any

from invitelab.conformance.features.lint import Outline
from invitelab.conformance.features.translation import translation_of
from invitelab.errors import UsageError
from invitelab.formats.feature import feature_text
from invitelab.resources import features_dir

_STEPS = re.compile(r"^## The steps\n(?P<text>.*?)^## ", re.DOTALL | re.MULTILINE)


def words_of(outline: Outline) -> str:
    """The lines of a scenario, from its tags to its last row."""
    text = feature_text(outline.path)
    feature: Any = text.tree.get("feature")
    lines = text.source.splitlines()
    starts = sorted(_first_lines(feature))
    begin = max(start for start in starts if start <= outline.line)
    behind = [start for start in starts if start > outline.line]
    end = behind[0] - 1 if behind else len(lines)
    return "\n".join(lines[begin - 1 : end]).rstrip() + "\n"


def _first_lines(feature: Any) -> list[int]:  # noqa: ANN401 - the parser's
    """The first lines of rules, backgrounds and scenarios, tags included."""
    found: list[int] = []
    for child in feature["children"]:
        (node,) = child.values()
        tags = node.get("tags", [])
        places = [node["location"]["line"], *(tag["location"]["line"] for tag in tags)]
        found.append(min(places))
        if "rule" in child:
            found += _first_lines(node)
    return found


def vocabulary() -> str:
    """Every step of the suite, as the README of the features lists them."""
    text = (features_dir() / "README.md").read_text(encoding="utf-8")
    found = _STEPS.search(text)
    assert found is not None, "the README has this heading"
    return found["text"].strip()


def phrases(language: str) -> str:
    """Every phrase of a language. Raises UsageError where there is no table."""
    translation = translation_of(language)
    if translation is None:
        msg = f"no phrases of the language {language!r} ship"
        hint = f"write phrases.{language}.toml; features/phrases.de.toml is an example"
        raise UsageError(msg, hint=hint)
    lines = [phrase.text for phrase in translation.phrases]
    words = [f"{own:<28} {ours}" for own, ours in translation.words.items()]
    return "\n".join([*lines, "", "where a phrase has {...}, also", *words])
