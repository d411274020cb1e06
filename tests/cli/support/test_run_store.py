"""Where runs are kept, which of them, and how they are found again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from invitelab.cli.support import run_store
from invitelab.cli.support.run_store import (
    KEPT,
    finish,
    last_two,
    latest,
    new_folder,
    run_at,
    runs_in,
    store_of,
    stores,
)
from invitelab.errors import UsageError
from invitelab.formats.reading import Kind, document_at, kind_at
from invitelab.formats.run import Footer, Header, RunVerdict, dump, seal

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a target, relative to the current one."""
    monkeypatch.chdir(tmp_path)
    return run_store.ROOT / "acme"


def stored(store: Path, minute: int, *, whole: bool = False) -> Path:
    """Store a run that began in that minute; gives its own folder."""
    folder = new_folder(store, NOON + timedelta(minutes=minute))
    header = dump(Header(harness="h", suite="s", target="cmd:acme"))
    verdict = RunVerdict.CONFORMANT if whole else RunVerdict.PARTIAL
    footer = Footer(verdict=verdict, exit_code=0, whole=whole, totals={}, sha256="")
    lines = [header, dump(seal([header], footer))]
    (folder / "run.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    finish(folder)
    return folder


def test_a_run_has_a_folder_by_its_time(store: Path) -> None:
    """Another one of the same second has another."""
    assert "2026-11-30T12-00-00Z" == new_folder(store, NOON).name
    assert "2026-11-30T12-00-00Z-2" == new_folder(store, NOON).name


def test_latest_is_the_newest(store: Path) -> None:
    """By a link that is named in its place, and that every reader follows."""
    first, second = stored(store, 1), stored(store, 2)
    link = store / "latest"
    assert link.is_symlink()
    assert second.resolve() == link.resolve()
    assert link == finish(second)
    assert Kind.RUN is kind_at(store)
    found = document_at(store, Kind.RUN, hint="")
    assert (second / "run.jsonl").resolve() == found.resolve()
    assert [first, second] == runs_in(store)


def test_latest_is_a_file_where_links_are_not_made(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows without the right to make them."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(1314, "a required privilege is not held")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    stored(store, 1)
    second = stored(store, 2)
    assert second.name == (store / "latest").read_text(encoding="utf-8").strip()
    assert second == finish(second)
    assert second / "run.jsonl" == document_at(store, Kind.RUN, hint="")
    assert second == latest(store)


@pytest.mark.parametrize("name", ["../elsewhere", "", "gone", "a/b"])
def test_a_file_that_names_no_run_is_ignored(store: Path, name: str) -> None:
    """It may have been written by anybody."""
    folder = stored(store, 1)
    (store / "latest").unlink()
    (store / "latest").write_text(name, encoding="utf-8")
    assert folder == latest(store)


def test_the_last_runs_are_kept(store: Path) -> None:
    """And the last one of the whole suite, however old it is."""
    older = stored(store, 0, whole=True)
    whole = stored(store, 1, whole=True)
    for minute in range(2, KEPT + 5):
        stored(store, minute)
    kept = runs_in(store)
    assert KEPT + 1 == len(kept)
    assert whole == kept[0]
    assert not older.exists()
    assert kept[-1].resolve() == (store / "latest").resolve()


def test_what_is_not_a_run_is_never_removed(store: Path) -> None:
    """Such as a page of trends, or somebody's own folder."""
    store.mkdir(parents=True)
    (store / "trend.html").write_text("", encoding="utf-8")
    (store / "mine").mkdir()
    for minute in range(KEPT + 3):
        stored(store, minute)
    assert (store / "mine").is_dir()
    assert (store / "trend.html").is_file()


def test_a_run_that_wrote_nothing_leaves_nothing(store: Path) -> None:
    """The latest one stays what it was."""
    before = stored(store, 1)
    empty = new_folder(store, NOON + timedelta(minutes=2))
    assert empty == finish(empty)
    assert not empty.exists()
    assert before == latest(store)


def test_a_target_is_found_by_name_by_text_and_by_path(store: Path) -> None:
    """An unknown one is told, with those that there are."""
    stored(store, 1)
    last = stored(run_store.ROOT / "reference", 2)
    assert store == store_of("acme")
    assert run_store.ROOT / "reference" == store_of("reference")
    assert store == store_of(str(store))
    assert store == store_of("acme=cmd:whatever")
    assert last == run_at("reference")
    assert last == run_at(str(last))
    assert ["acme", "reference"] == [one.name for one in stores()]
    with pytest.raises(UsageError, match="no run of nobody") as refused:
        store_of("nobody")
    assert "there are runs of: acme, reference" == refused.value.hint


def test_a_target_is_found_although_a_folder_is_called_like_it(store: Path) -> None:
    """Unless the folder has a run, or there is none of such a target."""
    last, other = stored(store, 1), Path("acme")
    other.mkdir()
    assert last == run_at("acme")
    (other / "run.jsonl").write_bytes((last / "run.jsonl").read_bytes())
    assert other == run_at("acme")
    assert other / "run.jsonl" == run_at("acme/run.jsonl")
    Path("empty").mkdir()
    assert Path("empty") == run_at("empty")


def test_the_last_run_is_compared_with_the_last_one_of_its_kind(store: Path) -> None:
    """A whole run with a whole one, and a part with a part, as far as there is one."""
    whole = stored(store, 1, whole=True)
    with pytest.raises(UsageError, match="nothing to compare"):
        last_two(store)
    part = stored(store, 2)
    assert (whole, part) == last_two(store)
    later = stored(store, 3, whole=True)
    assert (whole, later) == last_two(store)
    last = stored(store, 4)
    assert (part, last) == last_two(store)


def test_a_file_in_the_way_is_told(store: Path) -> None:
    """With what to do."""
    store.parent.mkdir(parents=True)
    store.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written") as refused:
        new_folder(store, NOON)
    assert "--output" in refused.value.hint
