"""Selection of the scenarios to run; by default all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, cast

from cucumber_tag_expressions import (  # pyright: ignore[reportMissingTypeStubs] - it has none
    TagExpressionError,
    TagExpressionParser,
)

from invitelab.conformance.features.clauses import cited, level_of, load
from invitelab.errors import UsageError
from invitelab.formats.run import Level
from invitelab.resources import own_feature_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Conditions on a scenario; all that are set must hold."""

    clauses: Sequence[str] = ()
    """The scenario cites one of them."""
    scenarios: Sequence[str] = ()
    """Its title is one of them."""
    tags: str = ""
    """A tag expression, as in `@EXPIRY-2 or @EXPIRY-3`; tags are clauses."""
    level: Level | None = None
    """Its clauses are of this level."""
    keyword: str = ""
    """Its name matches this expression of pytest's `-k`."""

    def __post_init__(self) -> None:
        """Raise UsageError for an expression that cannot be read."""
        _check(self.tags)
        _check_keyword(self.keyword)

    @property
    def whole(self) -> bool:
        """Whether every scenario is selected."""
        return not any(getattr(self, field.name) for field in fields(self))

    def takes(self, tags: Collection[str], title: str) -> bool:
        """Whether a scenario is selected. `keyword` is ignored: pytest applies it."""
        return (
            (not self.clauses or bool(set(self.clauses) & set(tags)))
            and (not self.scenarios or title in self.scenarios)
            and (self.level is None or level_of(cited(tags)) is self.level)
            and (not self.tags or _parse(self.tags).evaluate([f"@{t}" for t in tags]))
        )

    def options(self) -> list[str]:
        """Command-line options of pytest, with our plugin, for this selection."""
        options = [f"--clause={clause}" for clause in self.clauses]
        options += [f"--scenario={title}" for title in self.scenarios]
        if self.tags:
            options.append(f"--tags={self.tags}")
        if self.level is not None:
            options.append(f"--level={self.level.value}")
        if self.keyword:
            options.append(f"-k={self.keyword}")
        return options


class _Expression(Protocol):
    """A parsed tag expression; the library itself has no types."""

    def evaluate(self, values: Sequence[str]) -> bool:
        """Whether these tags match."""
        ...


def _parse(expression: str) -> _Expression:
    parser = cast("Any", TagExpressionParser)
    return cast("_Expression", parser.parse(expression))


def _check(expression: str) -> None:
    hint = "an example: --tags '@EXPIRY-2 or @EXPIRY-3'"
    try:
        _parse(expression)
    except TagExpressionError as error:
        words = " ".join(str(error).split())
        msg = f"--tags {expression!r} cannot be read: {words}"
        raise UsageError(msg, hint=hint) from error
    spaced = expression.replace("(", " ").replace(")", " ")
    tags = [word for word in spaced.split() if word not in {"and", "or", "not"}]
    known = {*load(), *_own_tags()}
    wrong = [tag for tag in tags if not tag.startswith("@") or tag[1:] not in known]
    if wrong:
        msg = f"--tags names {wrong[0]}, and there is no such tag"
        raise UsageError(msg, hint=hint)


def _own_tags() -> Collection[str]:
    """The tags of a user's own features; none where there are no such features."""
    if not own_feature_files():
        return ()
    from invitelab.conformance.features.own import own_tags  # noqa: PLC0415 - rare

    return own_tags()


def _check_keyword(expression: str) -> None:
    """Compile it as pytest does, which would report a mistake on its own stderr."""
    if not expression:
        return
    # Imports most of pytest, which the parent process of a check does without.
    from _pytest.mark.expression import Expression  # noqa: PLC0415

    try:
        Expression.compile(expression)
    except SyntaxError as error:
        msg = f"-k {expression!r} cannot be read: {error.msg}"
        raise UsageError(msg, hint="an example: -k 'cancel and not tile'") from error
