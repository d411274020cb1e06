"""Pictures: to scale, nothing on each other, nothing that means anything."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from invitelab.formats.run import Absent, Exchange, Run, ScenarioRecord
from invitelab.reporting.common.drawing import drawing
from invitelab.reporting.conformance.sequence import scene

Call = Callable[..., Exchange]
Make = Callable[..., ScenarioRecord]


def request_of(name: str) -> object:
    """Make a view in which that person asks for a session."""
    return {"requests": [{"from": name}]}


def drawn(record: ScenarioRecord) -> ET.Element:
    """Draw, and read what was drawn."""
    text = drawing(scene(record), name="n", title="What happened")
    return ET.fromstring(text)  # noqa: S314 - our own


def of_class(picture: ET.Element, style: str) -> list[ET.Element]:
    """Every element of that class."""
    return [one for one in picture.iter() if one.get("class") == style]


def starts(picture: ET.Element) -> list[float]:
    """Where on the axis the leading lines begin."""
    paths = [one.get("d", "") for one in of_class(picture, "lead")]
    return [float(path.split("L")[0].split()[1]) for path in paths]


def test_the_axis_is_to_scale(exchange: Call, scenario_of: Make) -> None:
    """A leading line begins at the instant, wherever its mark is."""
    looks = [
        exchange(at_ms, "Ada", "client.view", result=request_of(f"{n}"))
        for n, at_ms in enumerate([0, 0, 0, 60_000, 120_000])
    ]
    zero, _, _, half, whole = starts(drawn(scenario_of(*looks)))
    assert 300 == whole - zero
    assert 150 == half - zero


def test_a_time_is_shown_once(exchange: Call, scenario_of: Make) -> None:
    """For all that happened then."""
    looks = [
        exchange(at_ms, "Ada", "client.view", result=request_of(f"{at_ms} {n}"))
        for n, at_ms in enumerate([0, 0, 119_999, 120_000])
    ]
    times = of_class(drawn(scenario_of(*looks)), "at")
    assert ["0.000 s", "119.999 s", "120.000 s"] == [one.text for one in times]


@pytest.mark.parametrize(
    ("outcome", "style", "sign"),
    [("refused", "arrow refused", "✗"), ("broken", "arrow broken", "!")],
)
def test_what_was_not_done_comes_half_way(
    exchange: Call, scenario_of: Make, outcome: str, style: str, sign: str
) -> None:
    """With a sign where it ends; what was done arrives."""
    done = exchange(
        0, "Ada", "invitation.send", other="Bob", result={"invitation": "i1"}
    )
    tried = exchange(
        0, "Ada", "invitation.send", other="Bob", outcome=outcome, reason="crash"
    )
    picture = drawn(scenario_of(done, tried))
    (whole,), (half,) = of_class(picture, "arrow ok"), of_class(picture, style)

    def length(line: ET.Element) -> float:
        return float(line.get("x2", "")) - float(line.get("x1", ""))

    assert length(whole) == 2 * length(half)
    assert sign in {one.text for one in picture.iter()}


def test_what_did_not_come_is_a_dashed_arrow(exchange: Call, scenario_of: Make) -> None:
    """From the person who had to send it."""
    record = scenario_of(exchange(0, "Bob", "client.view"))
    absent = Absent(source="Ada", target="Bob", what="invitation")
    picture = drawn(record.model_copy(update={"absent": absent}))
    (line,) = of_class(picture, "arrow absent")
    assert float(line.get("x1", "")) > float(line.get("x2", ""))


def test_the_two_minutes_are_a_line(late: Run) -> None:
    """Across the picture, and on the axis."""
    record = next(one for one in late.scenarios if one.message)
    assert 2 == len(of_class(drawn(record), "deadline"))


def test_a_picture_says_in_words_what_it_shows(
    exchange: Call, scenario_of: Make
) -> None:
    """For those who cannot see it, by unique ids."""
    sent = exchange(
        0,
        "Ada",
        "invitation.send",
        other="Bob",
        params={"profile": "Default"},
        result={"invitation": "i1"},
    )
    picture = drawn(scenario_of(sent))
    assert ("img", "n-title n-description") == (
        picture.get("role"),
        picture.get("aria-labelledby"),
    )
    assert {"n-title", "n-description"} == {
        one.get("id") for one in picture.iter() if one.get("id")
    }
    (description,) = (one.text for one in picture.iter("desc"))
    assert "0.000 s: Ada invites (i1) to Bob; 0.000 s: it went wrong" == description


def test_hostile_words_are_text(hostile: Run) -> None:
    """The picture is XML, has no element but its own, and shows nothing unseen."""
    picture = drawn(hostile.scenarios[0])
    assert {"svg", "title", "desc", "line", "text", "path", "circle", "rect"} >= {
        one.tag for one in picture.iter()
    }
    texts = "".join(picture.itertext())
    assert not re.search("[\x00-\x1f\u202e]", texts)
