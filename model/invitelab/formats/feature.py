"""Feature files as trees of Cucumber's own parser, each parsed once a process."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gherkin.ast_builder import AstBuilder
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from gherkin.stream.id_generator import IdGenerator

from invitelab.errors import HarnessError

if TYPE_CHECKING:
    from gherkin.parser_types import GherkinDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureText:
    """A feature file and its tree. The ids in the tree are "0" to `ids - 1`."""

    path: Path
    source: str
    tree: "GherkinDocument"
    ids: int


def feature_text(path: Path) -> FeatureText:
    """A parsed feature file; the same object for every call with this path.

    Raises HarnessError when the text is not Gherkin.
    """
    return _parsed(path.resolve())


@cache
def _parsed(path: Path) -> FeatureText:
    source = path.read_text(encoding="utf-8")
    ids = IdGenerator()
    try:
        tree = Parser(AstBuilder(ids)).parse(source)
    except (ParserError, CompositeParserException) as error:
        msg = f"{path.name} is not Gherkin: {error}"
        raise HarnessError(msg) from error
    return FeatureText(path=path, source=source, tree=tree, ids=int(ids.get_next_id()))
