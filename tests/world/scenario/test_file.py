"""Scenario files are read as a whole, or refused with every mistake at its place."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invitelab.errors import ExitCode, UsageError
from invitelab.inputs.toml_errors import MOST_BYTES, MOST_MISTAKES
from invitelab.world.scenario.file import KINDS, ScenarioError, load, loads, schema
from invitelab.world.scenario.schema import Poisson

assert sys.platform != "win32", "it needs POSIX"

GOOD = """\
title = "Two desks"
duration = "10min"
[population]
clients = 100
versions = { "7.1.4" = 0.75, "6.3.2" = 0.25 }
[arrivals]
kind = "poisson"
rate = "40/s"
[people]
answer = { accept = 0.6, reject = 0.1, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
[network]
latency = { distribution = "constant", value = "40ms" }
[relay]
servers = 8
service = { distribution = "exponential", mean = "2ms" }
[[objectives]]
metric = "notify_delay"
quantile = 0.99
at_most = "400ms"
"""


def wrong(text: str) -> ScenarioError:
    """Read a wrong text, and give the error."""
    with pytest.raises(ScenarioError) as caught:
        loads(text, source=Path("x.toml"))
    return caught.value


def refused(path: Path) -> UsageError:
    """Load what cannot be loaded, and give the error: one line and a hint."""
    with pytest.raises(UsageError) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_a_good_file_gives_its_scenario(tmp_path: Path) -> None:
    """With its name, its folder and its text."""
    path = tmp_path / "two_desks.toml"
    path.write_text(GOOD, encoding="utf-8")
    loaded = load(path)
    assert ("two_desks", tmp_path, GOOD) == (loaded.name, loaded.folder, loaded.text)
    assert 8 == loaded.scenario.relay.servers


def test_a_mistake_is_shown_in_its_line() -> None:
    """File, line and column, the sentence, the source and a caret."""
    error = wrong(GOOD.replace('"40/s"', "40"))
    assert (
        'x.toml:8:8: arrivals.rate is missing a unit: write for example "40/s" '
        "(units: /s, /min, /h)\n"
        "    rate = 40\n"
        "           ^"
    ) == str(error)
    assert ExitCode.USAGE == error.code


def test_five_mistakes_are_shown_where_they_are() -> None:
    """A value, a value in braces, an unknown key, a missing one, one in a list."""
    text = (
        GOOD.replace("clients = 100", "clients = 0")
        .replace("accept = 0.6", "accept = 1.6")
        .replace("servers = 8", "  servants = 8")
        .replace('"notify_delay"', '"notify_daley"')
    )
    found = [(one.line, one.column, one.sentence) for one in wrong(text).mistakes]
    assert [
        (4, 11, "population.clients has to be at least 2, not 0"),
        (10, 21, "people.answer.accept has to be at most 1, not 1.6"),
        (14, 2, "relay.servers is missing"),
        (
            15,
            3,
            (
                'relay.servants is not a key: did you mean "servers"? '
                "known: servers, service, queue, memory"
            ),
        ),
    ] == found[:4]
    assert (18, 10) == found[4][:2]
    assert 'objectives.0.metric is unknown as "notify_daley"' in found[4][2]
    assert 5 == len(found)


def test_mistakes_come_in_the_order_of_the_file() -> None:
    """However the model orders its tables."""
    section = GOOD[GOOD.index("[population]") : GOOD.index("[arrivals]")]
    moved = GOOD.replace(section, "") + section.replace("100", "0")
    error = wrong(moved.replace("servers = 8", "servers = 0"))
    assert [
        "relay.servers has to be at least 1, not 0",
        "population.clients has to be at least 2, not 0",
    ] == [one.sentence for one in error.mistakes]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a = ", "x.toml:1:5: not TOML: invalid value\n    a = \n        ^"),
        ("\na = 1 1", "x.toml:2:7: not TOML: expected newline or end of document"),
        ('\n\n"', "x.toml:3:2: not TOML: unterminated string\n"),
        ("a = " + "1" * 5_000, "x.toml: has a number with too many digits"),
        ("a = " + "[" * 5_000, "x.toml: is nested too deeply"),
    ],
)
def test_what_is_no_toml_is_shown_where_it_stops(text: str, shown: str) -> None:
    """In the parser's words, in the same form."""
    assert shown == str(wrong(text))[: len(shown)]


def test_a_hostile_line_is_shown_harmlessly() -> None:
    """No control or direction code reaches a terminal, and a long line is cut."""
    error = wrong(f'{GOOD}["\u202e{"x" * 500}"]\n')
    assert str(error).replace("\n", "").isprintable()
    assert max(map(len, str(error).split("\n")[1:])) <= 104


def test_the_caret_is_below_the_mistake_in_a_long_line() -> None:
    """The part of the line around the mistake is shown."""
    text = GOOD.replace("clients = 100", f"{' ' * 400}clients = 0 # {'x' * 200}")
    _, line, caret = str(wrong(text)).split("\n")
    assert "0 # x" == line[caret.index("^") :][:5]


def test_very_many_mistakes_are_not_all_shown() -> None:
    """The first are, and how many more there are."""
    error = wrong(GOOD + "".join(f"x{number} = 1\n" for number in range(200)))
    assert 200 == len(error.mistakes)
    assert str(error).endswith(f"and {200 - MOST_MISTAKES} more mistakes")


def test_windows_line_ends_and_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    """A file from another editor is the same scenario."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert loads(GOOD).scenario == load(path).scenario
    text = GOOD.replace("= 8", "= 0")
    assert str(wrong(text)) == str(wrong(text.replace("\n", "\r\n")))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b'title = "\xff"', "is not UTF-8 text (byte 9)"), (None, "does not exist")],
)
def test_an_unreadable_file_is_refused(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    """In one sentence with a hint."""
    path = tmp_path / "x.toml"
    if content is not None:
        path.write_bytes(content)
    assert f"{path} {words}" == str(refused(path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """Its size alone says that it is no scenario."""
    path = tmp_path / "x.toml"
    path.touch()
    os.truncate(path, 100_000_000)
    assert f"{path} has 100.0 MB, and at most 1 MB are read" == str(refused(path))
    os.truncate(path, MOST_BYTES)
    with pytest.raises(ScenarioError, match="not TOML"):
        load(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Neither a folder nor a pipe nor an impossible name is opened."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert f"{tmp_path} is a folder, not a file" == str(refused(tmp_path))
    assert f"{pipe} is not a regular file" == str(refused(pipe))
    assert "cannot be read" in str(refused(tmp_path / "a\0b"))
    assert "cannot be read" in str(refused(tmp_path / ("x" * 5_000)))


def test_a_trace_has_to_be_beside_its_scenario(tmp_path: Path) -> None:
    """It is looked for when a file is loaded, not when a text is."""
    poisson = 'kind = "poisson"\nrate = "40/s"'
    text = GOOD.replace(poisson, 'kind = "trace"\nfile = "calls.csv"')
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r':8:8: arrivals\.file names "calls\.csv"'):
        load(path)
    (tmp_path / "calls.csv").touch()
    assert loads(text).scenario == load(path).scenario


# --- Changes ---------------------------------------------------------------------


def test_changes_are_laid_over_the_file() -> None:
    """A value in a table, in a list, at a quoted key, and one that was left out."""
    changes: dict[str, object] = {
        "arrivals.rate": "50/s",
        "objectives.0.at_most": "1s",
        'population.versions."7.1.4"': 0.5,
        'population.versions."6.3.2"': 0.5,
        "network.loss": 0.1,
        "people.cancel_after": {"distribution": "exponential", "mean": "1s"},
        "people.cancel_after.mean": "2s",
    }
    changed = loads(GOOD, changes).scenario
    assert isinstance(changed.arrivals, Poisson)
    assert 50.0 == changed.arrivals.rate
    assert 1_000_000 == changed.objectives[0].bound
    assert {"7.1.4": 0.5, "6.3.2": 0.5} == changed.population.versions
    assert 0.1 == changed.network.loss
    assert 2_000_000.0 == changed.people.cancel_after.mean_us
    assert {"distribution": "exponential", "mean": "1s"} == (
        changes["people.cancel_after"]
    )


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("relay.servers", 0, "relay.servers has to be at least 1, not 0 (changed "),
        ("relay.servants", 1, 'relay.servants is not a key: did you mean "servers"?'),
        ("objectives.1.at_most", "1s", 'there is no "objectives.1.at_most" to change'),
        ("objectives.x", 1, 'there is no "objectives.x" to change'),
        ("relay.servers.most", 1, 'there is no "relay.servers.most" to change'),
        ("", 1, 'there is no "" to change'),
    ],
)
def test_a_wrong_change_has_no_place_in_the_file(
    path: str, value: object, told: str
) -> None:
    """It is shown with its path alone."""
    with pytest.raises(ScenarioError) as caught:
        loads(GOOD, {path: value}, source=Path("x.toml"))
    assert f"x.toml: {told}" == str(caught.value)[: len(told) + 8]
    assert "\n" not in str(caught.value)


def test_a_change_that_spoils_the_rest_is_shown_there() -> None:
    """The file's part is shown, and that a change is in it."""
    with pytest.raises(ScenarioError) as caught:
        loads(GOOD, {"people.answer.accept": 0.5}, source=Path("x.toml"))
    assert str(caught.value).startswith(
        "x.toml:10:10: people.answer has to sum to 1, and sums to 0.9 "
        "(with a part changed for this run)\n"
    )


# --- All texts -------------------------------------------------------------------


def test_every_kind_is_known() -> None:
    """What pydantic names in a place is taken out of it."""
    text = str(schema())
    found = {kind for kind in KINDS if f"'const': '{kind}'" in text}
    assert set(KINDS) == found
    assert len(KINDS) == text.count("'const': ")


@settings(max_examples=150)
@given(st.binary(max_size=200))
@example(b"a = 0x" + b"f" * 5_000)
@example(b"[" * 100_000)
@example(b"a" * 100_000)
@example(b'["[key]"]\n"[key]" = 1\n')
@example(b'kind = "seed"\nseed = -1\n')
def test_any_bytes_are_refused_in_our_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """No file makes anything but our own error."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError):
        load(path)


@settings(max_examples=150)
@given(
    st.integers(min_value=0, max_value=len(GOOD)),
    st.integers(min_value=0, max_value=12),
    st.text(alphabet='\n"[]{}=.,# \\ab17s/-\u202e', max_size=6),
)
def test_any_damage_is_refused_or_harmless(start: int, cut: int, put: str) -> None:
    """A good text with a hole and a patch is a scenario or our error, shown safely."""
    try:
        loads(GOOD[:start] + put + GOOD[start + cut :])
    except ScenarioError as error:
        told = str(error)
    else:
        told = ""
    assert told.replace("\n", "").isprintable()


def test_lines_that_are_no_toml_do_not_hide_other_mistakes() -> None:
    """All of them at once, and nothing is called missing that a lost line may have."""
    text = (
        GOOD.replace('"10min"', "10min")
        .replace("clients = 100", "clients = 0")
        .replace('"40/s"', "40/s")
        .replace("servers = 8", "servants = 8")
    )
    places = [(one.line, one.sentence.split(":")[0]) for one in wrong(text).mistakes]
    assert [
        (2, "not TOML"),
        (4, "population.clients has to be at least 2, not 0"),
        (8, "not TOML"),
        (15, "relay.servants is not a key"),
    ] == places


def test_after_a_lost_heading_nothing_is_misread() -> None:
    """The keys below it would be those of another table."""
    text = GOOD.replace("[population]", "[population").replace("clients = 100", "x = 0")
    assert ["not TOML"] == [one.sentence[:8] for one in wrong(text).mistakes]


def test_every_change_that_cannot_be_made_is_told() -> None:
    """With the mistakes of the file, and of what is changed."""
    with pytest.raises(ScenarioError) as caught:
        loads(
            GOOD.replace("clients = 100", "clients = 0"),
            {"title.a": 1, "relay.servers.b": 2, "seed": -1},
            source=Path("x.toml"),
        )
    assert [
        'there is no "title.a" to change',
        'there is no "relay.servers.b" to change',
        "seed has to be at least 0, not -1 (changed for this run)",
        "population.clients has to be at least 2, not 0",
    ] == [one.sentence for one in caught.value.mistakes]
