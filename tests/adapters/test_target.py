"""Parsing the name of a target, and opening it."""

import importlib
import re
import shlex
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.adapters.base import Limits
from invitelab.adapters.target import FORMS, LONGEST_SLUG, Kind, Target, split_words
from invitelab.adapters.transports.http import HttpTransport
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import Blame, CannotStartError, UsageError

LIMITS = Limits(grace_s=0.05)

ADAPTER = """
class Acme:
    def request(self, method, params):
        return [method, params]

answer = 7

def fail():
    raise ValueError("no licence")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with modules that are not imported yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("acme_adapter", "acme_broken", "acme_leaving", "acme_needing"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "acme_adapter.py").write_text(ADAPTER, encoding="utf-8")
    (tmp_path / "acme_broken.py").write_text("def", encoding="utf-8")
    (tmp_path / "acme_leaving.py").write_text("raise SystemExit(3)", encoding="utf-8")
    (tmp_path / "acme_needing.py").write_text("import acme_no", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        ("reference", Kind.REFERENCE, ("invitelab.adapters.reference", "create")),
        ("py:acme.adapter:create", Kind.PYTHON, ("acme.adapter", "create")),
        ("cmd:go run ./acme", Kind.COMMAND, ("go", "run", "./acme")),
        ("cmd:'my acme' \"a b\" c:d", Kind.COMMAND, ("my acme", "a b", "c:d")),
        ("tcp://[::1]:80", Kind.TCP, ("tcp://[::1]:80",)),
        ("http://acme", Kind.HTTP, ("http://acme:80/",)),
    ],
)
def test_a_target_is_what_was_written(
    text: str, kind: Kind, parts: tuple[str, ...]
) -> None:
    """It keeps the text, and knows what it means."""
    assert Target(text=text, kind=kind, parts=parts) == Target.parse(text)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "'' is not a target", FORMS),
        ("./acme", "'./acme' is not a target", FORMS),
        ("reference:x", "'reference:x' is not a target", FORMS),
        ("ftp://acme", "'ftp://acme' is not a target", FORMS),
        ("tcp:acme:80", "'tcp:acme:80' is not a target", FORMS),
        ("tcp://acme", "'tcp://acme' names no port", "tcp://127.0.0.1:7000"),
        ("http://", "'http://' names no host", "http://127.0.0.1:7000/"),
        ("https://acme", "https is not spoken here", "a tunnel that ends on this mac"),
        ("cmd:", "cmd: names no command", FORMS),
        ("cmd:''", "cmd: names no command", FORMS),
        ("cmd:it's", "cmd:it's is no command line: No closing quotation", "as for a"),
        ("py:acme", "py:acme names no module and factory", "py:acme.adapter:create"),
        ("py:acme.py:x:", "py:acme.py:x: names no module", "py:acme.adapter:create"),
        ("py:./acme.py:create", "names no module and factory", "acme/adapter.py"),
    ],
)
def test_what_is_no_target_is_refused(text: str, message: str, hint: str) -> None:
    """The hint says what a target looks like."""
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        Target.parse(text)
    assert hint in caught.value.hint


def test_no_command_is_refused() -> None:
    """Nothing behind the two dashes."""
    with pytest.raises(UsageError, match="cmd: names no command"):
        Target.from_argv([])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"C:\acme\acme.exe --fast", [r"C:\acme\acme.exe", "--fast"]),
        (r'"C:\Program Files\acme.exe" a', [r"C:\Program Files\acme.exe", "a"]),
        ("acme it\\'s fine'", ["acme", "it\\s fine"]),
        ("acme #1", ["acme", "#1"]),
        (r"\\server\share\acme.exe", [r"\\server\share\acme.exe"]),
    ],
)
def test_on_windows_a_backslash_separates_folders(text: str, words: list[str]) -> None:
    """And escapes nothing; what `shlex.join` writes is read back."""
    assert words == split_words(text, with_escapes=False)
    assert words == split_words(shlex.join(words), with_escapes=False)


@pytest.mark.parametrize("text", ["a\\ b 'c d'", "", "a 'b'\"c\"", "# a", "é  x\t\ny"])
def test_elsewhere_a_command_line_is_split_as_shlex_does(text: str) -> None:
    """Backslashes escape."""
    assert shlex.split(text) == split_words(text, with_escapes=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reference", "reference"),
        ("py:acme.adapter:create", "py-acme-adapter-create"),
        ("py:acme_adapter:create", "py-acme_adapter-create"),
        ("cmd:acme fast", "cmd-acme-fast"),
        ("cmd:" + "a" * 56, "cmd-" + "a" * 56),
        ("tcp://127.0.0.1:7000", "tcp-127-0-0-1-7000"),
        ("http://acme.example:80/", "http-acme-example-80"),
    ],
)
def test_a_slug_is_a_readable_file_name(text: str, expected: str) -> None:
    """It says all there is to say."""
    assert expected == Target.parse(text).slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("py:acme.Adapter:create", "py-acme-adapter-create"),
        ("cmd:../acme --fast", "cmd-acme-fast"),
        ("cmd:acme  fast", "cmd-acme-fast"),
        ("cmd:é", "cmd"),
        ("cmd:" + "a" * 57, "cmd-" + "a" * 47),
        ("tcp://[::1]:7000", "tcp-1-7000"),
        ("http://acme.example:80", "http-acme-example-80"),
    ],
)
def test_a_slug_that_says_less_ends_in_a_hash(text: str, expected: str) -> None:
    """And is short, too."""
    slug = Target.parse(text).slug
    assert re.fullmatch(f"{expected}-[0-9a-f]{{8}}", slug)
    assert len(slug) <= LONGEST_SLUG


@pytest.mark.parametrize(
    "texts",
    [
        ["cmd:a b", "cmd:a-b", "cmd:a --b", "cmd:./a b", "cmd:A b", "cmd:'a b'"],
        ["py:a.b:c", "py:a:b.c", "py:A.b:c", "py:é:c", "py:è:c"],
        ["tcp://a.b:1", "tcp://a-b:1", "tcp://A.b:1", "tcp://[::a:b]:1"],
        ["http://a:1", "http://a:1/", "http://a:1/?", "http://a/1", "http://a:01"],
        ["reference", "cmd:reference", "cmd:" + "a" * 57, "cmd:" + "a" * 58],
    ],
)
def test_two_targets_never_share_a_folder(texts: list[str]) -> None:
    """Even if they differ in their punctuation only."""
    assert len(texts) == len({Target.parse(text).slug for text in texts})


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_command_can_be_written_as_a_target(argv: list[str]) -> None:
    """What a run prints to reproduce it is the same target; it has a file name."""
    target = Target.from_argv(argv)
    assert tuple(argv) == target.parts
    assert target == Target.parse(target.text)
    assert re.fullmatch(r"[a-z0-9_-]{1,60}", target.slug)
    assert len(target.slug) <= LONGEST_SLUG


@given(st.text())
def test_any_text_is_a_target_or_a_usage_error(text: str) -> None:
    """Nothing else can go wrong with it."""
    try:
        target = Target.parse(text)
    except UsageError as error:
        hint = error.hint
    else:
        hint = target.slug
    assert hint


def test_the_current_folder_is_importable(folder: Path) -> None:
    """As with python -m."""
    with Target.parse("py:acme_adapter:Acme").open(LIMITS) as transport:
        assert isinstance(transport, InProcessTransport)
        assert ["m", {"a": 1}] == transport.call("m", {"a": 1}, 10)
    assert str(folder) == sys.path[0]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("acme_no:create", "there is no module acme_no", "it is looked for in /"),
        ("acme_no.a:create", "there is no module acme_no", "it is looked for in /"),
        ("acme_adapter.a:b", "there is no module acme_adapter.a", "PYTHONPATH"),
        ("acme_adapter:no", "there is no no in acme_adapter", "acme_adapter.py"),
        ("acme_adapter:fail", "acme_adapter:fail raised ValueError: no lic", ".py:9"),
        ("acme_adapter:answer", "acme_adapter:answer raised TypeError", "raised at"),
        ("builtins:list", "made a list, which has no request", "request(method, p"),
        ("acme_broken:create", "importing acme_broken raised SyntaxError", "raised"),
        ("acme_leaving:create", "importing acme_leaving raised SystemExit: 3", ".py:1"),
        (
            "acme_needing:create",
            "raised ModuleNotFoundError: No module named 'acme_no'",
            ".py:1",
        ),
    ],
)
def test_an_adapter_that_cannot_be_made_cannot_start(
    text: str, message: str, hint: str
) -> None:
    """Its author is to blame, and learns where to look."""
    target = Target.parse(f"py:{text}")
    with pytest.raises(CannotStartError, match=re.escape(message)) as caught:
        target.open(LIMITS)
    assert hint in caught.value.hint
    assert Blame.ADAPTER == caught.value.blame


def test_a_command_is_spoken_to_on_its_pipes() -> None:
    """Each command has a process."""
    with Target.from_argv([sys.executable, "-c", ""]).open(LIMITS) as transport:
        assert isinstance(transport, StdioTransport)


def test_an_address_is_spoken_to_by_a_connection() -> None:
    """One for each way to speak over it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with Target.parse(f"tcp://{address}").open(LIMITS) as transport:
            assert isinstance(transport, TcpTransport)
        with Target.parse(f"http://{address}").open(LIMITS) as transport:
            assert isinstance(transport, HttpTransport)


def test_the_reference_is_always_there() -> None:
    """It takes nothing but this package."""
    importlib.import_module("invitelab.adapters.reference")
    with Target.parse("reference").open(LIMITS) as transport:
        assert isinstance(transport, InProcessTransport)


def test_a_command_line_without_its_scheme_is_recognised() -> None:
    """Where there is such a program."""
    with pytest.raises(UsageError) as caught:
        Target.parse("true --fast")
    assert "did you mean 'cmd:true --fast'?" == caught.value.hint
