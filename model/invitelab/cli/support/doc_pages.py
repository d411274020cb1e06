"""The pages that `invitelab docs` shows: those of a checkout, or inside the wheel."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.resources import docs_dir, readme_file, scenarios_dir

_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page by its name, with the title that it opens with."""

    name: str
    path: Path

    @property
    def title(self) -> str:
        """The first heading."""
        with self.path.open(encoding="utf-8") as lines:
            headings = (line[2:].strip() for line in lines if line.startswith("# "))
            return next(headings, self.name)


def pages() -> list[Page]:
    """All pages: those for users first, decisions last. Raises HarnessError."""
    return list(_pages())


def _pages() -> Iterator[Page]:
    yield Page(name="readme", path=readme_file())
    for path in sorted(docs_dir().glob("*.md")):
        yield Page(name=path.stem, path=path)
    yield Page(name="adapter-protocol", path=_PACKAGE / "adapters" / "PROTOCOL.md")
    yield Page(name="scenarios", path=scenarios_dir() / "README.md")
    for path in sorted((docs_dir() / "decisions").glob("*.md")):
        yield Page(name=f"decisions/{path.stem}", path=path)


def find_page(name: str) -> Page:
    """The page of that name. Raises UsageError, with similar names, for none."""
    from difflib import get_close_matches

    known = {page.name: page for page in pages()}
    wanted = name.lower().removesuffix(".md").removeprefix("docs/")
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=3)
    nearest = f"the nearest: {', '.join(near)}; " if near else ""
    raise UsageError(
        f"there is no page {name!r}", hint=f"{nearest}invitelab docs lists all"
    )
