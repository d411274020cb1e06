"""The messages are the published ones, in Python and as JSON Schema alike."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

import invitelab.adapters
from invitelab.adapters.base import Json
from invitelab.adapters.handshake import Capability, Initialized
from invitelab.adapters.json_schema import schema
from invitelab.adapters.messages import METHODS

FOLDER = Path(invitelab.adapters.__file__).parent
SCHEMA = FOLDER / "schema" / "adapter-v1.json"

DOCUMENT: dict[str, Json] = json.loads(json.dumps(schema()))

# The shapes of the protocol's own description, word by word.
INITIALIZE = """{"protocol":1,"harness":{"name":"invitelab","version":"0.1.0"}}"""
INITIALIZED = """{"protocol":1,
    "implementation":{"name":"acme","version":"2.3.1","language":"go"},
    "clock":"virtual", "resolution_ms":1, "settle_ms":0, "parallel":false,
    "capabilities":["menu","direct","popup","email","session-permissions",
                    "profile-edit","presence"],
    "declines":[{"capability":"tiles","reason":"no contact lists"}]}"""
BEGIN = """{"scenario":"k3f9","clients":[{"client":"c1","id":"100200300",
    "alias":"ada@ad","version":"7.1.4","platform":"windows",
    "profiles":[{"name":"Default","permissions":["view","input"],"enabled":true}],
    "locked":{"input":false}, "online":true, "contacts":{"favorites":["400500600"],
    "recent-sessions":[],"discovery":[],"address-book":[]}}]}"""
PORTABLE = """{"scenario":"k3f9","clients":[{"client":"c1","id":"0987654321",
    "alias":null,"version":"6.9.9","platform":"macos","profiles":[]}]}"""
MENU = """{"ok":{"entries":[{"entry":"invitation-icon"},
    {"entry":"tile.favorites","contact":"400500600"}]}}"""
EMAIL = """{"ok":{"opened_with":"default-browser","text":"..."}}"""
VIEW = """{"notifications":[
    {"invitation":"i1","surface":"client","from":{"id":"100200300","alias":"ada@ad"},
     "actions":["accept","reject"]},
    {"invitation":"i1","surface":"popup","corner":"bottom-right",
     "from":{"id":"100200300","alias":null},"actions":[]}],
    "invitations":[{"invitation":"i1","to":"400500600","profile":"Default",
     "state":"pending"}],
    "sessions":[{"session":"s1","host":"100200300","guest":"400500600",
     "permissions":["view","input"]}],
    "requests":[{"from":"400500600"}]}"""
NOTHING = """{"notifications":[],"invitations":[],"sessions":[],"requests":[]}"""
SCENARIO = '"scenario":"k3f9"'
CLIENT = f'{SCENARIO},"client":"c1"'
INVITATION = f'{CLIENT},"invitation":"i1"'
DONE = [
    '{"ok":{}}',
    '{"refused":{"reason":"not-pending","message":"the invitation is expired"}}',
    '{"refused":{}}',
]
REFUSED = DONE[1:]

EXAMPLES: dict[str, tuple[list[str], list[str]]] = {
    "initialize": ([INITIALIZE], [INITIALIZED]),
    "scenario.begin": ([BEGIN, PORTABLE], ["{}"]),
    "scenario.end": ([f"{{{SCENARIO}}}"], ["{}"]),
    "shutdown": (["{}"], ["{}"]),
    "clock.advance": ([f'{{{SCENARIO},"ms":119000}}'], ['{"now_ms":119000}']),
    "client.view": ([f"{{{CLIENT}}}"], [VIEW, NOTHING]),
    "client.menu": ([f"{{{CLIENT}}}"], [MENU, *REFUSED]),
    "invitation.email": (
        [f'{{{CLIENT},"entry":"id-menu.invite-via-email"}}'],
        [EMAIL, *REFUSED],
    ),
    "invitation.send": (
        [f'{{{CLIENT},"entry":"invitation-icon","to":"bea@ad","profile":"Default"}}'],
        ['{"ok":{"invitation":"<any string>"}}', *REFUSED],
    ),
    "invitation.modify": ([f'{{{INVITATION},"profile":"Default"}}'], DONE),
    "invitation.cancel": ([f"{{{INVITATION}}}"], DONE),
    "invitation.accept": ([f"{{{INVITATION}}}"], DONE),
    "invitation.reject": ([f"{{{INVITATION}}}"], DONE),
    "popup.dismiss": ([f"{{{INVITATION}}}"], DONE),
    "session.request": ([f'{{{CLIENT},"to":"100 200 300"}}'], DONE),
    "session.permit": (
        [f'{{{CLIENT},"session":"s1","permission":"view","allowed":false}}'],
        DONE,
    ),
    "profile.edit": (
        [f'{{{CLIENT},"profile":"Default","permissions":["view"]}}'],
        DONE,
    ),
    "client.online": ([f'{{{CLIENT},"online":true}}'], DONE),
}
OPERATIONS = [name for name, sides in EXAMPLES.items() if DONE[-1] in sides[1]]
SIDES = ("params", "result")
VALID = [
    pytest.param(method, side, text, id=f"{method}-{side}-{number}")
    for method, sides in EXAMPLES.items()
    for side, texts in zip(SIDES, sides, strict=True)
    for number, text in enumerate(texts)
]

Steps = tuple[str | int, ...]

# What a schema cannot say, and how the models say it.
UNEXPRESSED = {
    "neither declared nor declined",
    "declared and declined at once",
    'exactly one of "ok" and "refused" is expected',
}
LONG_TOKEN = f'"{"x" * 513}"'
REPLACEMENTS: list[Json] = [None, True, -1, 0, 1.5, "", "x", "x" * 5000, [], {}, [1]]


def problem(method: str, side: str, value: Json) -> str:
    """Ask the model: empty where it fits, else the first thing wrong with it."""
    known = METHODS[method]
    model = known.params if side == "params" else known.result
    try:
        model.model_validate(value)
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return ""


@cache
def validator(method: str, side: str) -> Draft202012Validator:
    """Take the published schema of one message out of the document."""
    message = child(child(child(DOCUMENT, "methods"), method), side)
    assert isinstance(message, dict)
    return Draft202012Validator({**message, "$defs": DOCUMENT["$defs"]})


def fits(method: str, side: str, value: Json) -> bool:
    """Ask the published schema."""
    check = validator(method, side)
    return check.is_valid(value)  # pyright: ignore[reportUnknownMemberType]


def places(value: Json, path: Steps = ()) -> Iterator[Steps]:
    """Name every place within a value, but for the value itself."""
    inner: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for step, found in inner:
        yield (*path, step)
        yield from places(found, (*path, step))


def parent(value: Json, path: Steps) -> dict[str | int, Json]:
    """Go to where a path ends, as if a list were an object of its places."""
    for step in path[:-1]:
        value = child(value, step)
    assert isinstance(value, dict | list)
    return cast("dict[str | int, Json]", value)


def with_value(value: Json, path: Steps, new: Json) -> Json:
    """Put something else in one place."""
    changed = copy.deepcopy(value)
    parent(changed, path)[path[-1]] = new
    return changed


def without(value: Json, path: Steps) -> Json:
    """Leave one place out."""
    changed = copy.deepcopy(value)
    del parent(changed, path)[path[-1]]
    return changed


def child(value: Json, step: str | int) -> Json:
    """Go one step into a value."""
    if isinstance(value, dict) and isinstance(step, str):
        return value[step]
    assert isinstance(value, list)
    assert isinstance(step, int)
    return value[step]


def broken(text: str) -> Iterator[Json]:
    """Change an example everywhere, once at a time; some changes do no harm."""
    value: Json = json.loads(text)
    yield from ([], None, "x", 1, [value])
    for path in places(value):
        yield without(value, path)
        yield from (with_value(value, path, new) for new in REPLACEMENTS)


def example(method: str, side: str, number: int = 0) -> dict[str, Json]:
    """Read one of the examples."""
    found: dict[str, Json] = json.loads(EXAMPLES[method][SIDES.index(side)][number])
    return found


# What is published


def test_the_shipped_schema_is_the_models() -> None:
    """What is derived is generated: `invitelab schema` prints it."""
    expected = json.dumps(schema(), indent=2) + "\n"
    assert expected == SCHEMA.read_text(encoding="utf-8")


def test_the_schema_is_a_schema() -> None:
    """Of the dialect that it names."""
    Draft202012Validator.check_schema(DOCUMENT)
    assert "https://json-schema.org/draft/2020-12/schema" == DOCUMENT["$schema"]


def test_every_method_is_published() -> None:
    """With its capability, its parameters and its result."""
    methods = DOCUMENT["methods"]
    assert isinstance(methods, dict)
    assert list(METHODS) == list(methods)
    for name, method in METHODS.items():
        entry = methods[name]
        assert isinstance(entry, dict)
        assert {"capability", "params", "result"} == set(entry)
        assert (method.capability and method.capability.value) == entry["capability"]


def test_every_method_has_an_example() -> None:
    """These tests leave none out."""
    assert set(METHODS) == set(EXAMPLES)


def test_the_description_names_every_method() -> None:
    """What an author reads is what the harness calls."""
    text = (FOLDER / "PROTOCOL.md").read_text(encoding="utf-8")
    names = [*METHODS, *(f"`{capability.value}`" for capability in Capability)]
    assert [] == [name for name in names if name not in text]


def test_the_schema_names_every_capability() -> None:
    """The wire's names are the enumeration's."""
    text = json.dumps(DOCUMENT["$defs"])
    expected = json.dumps([capability.value for capability in Capability])
    assert expected in text


# What fits


@pytest.mark.parametrize(("method", "side", "text"), VALID)
def test_an_example_fits_the_model(method: str, side: str, text: str) -> None:
    """Every shape of the protocol's description is understood."""
    assert "" == problem(method, side, json.loads(text))


@pytest.mark.parametrize(("method", "side", "text"), VALID)
def test_an_example_fits_the_schema(method: str, side: str, text: str) -> None:
    """By the published schema too."""
    assert fits(method, side, json.loads(text))


@pytest.mark.parametrize(("method", "side", "text"), VALID)
def test_unknown_fields_are_ignored(method: str, side: str, text: str) -> None:
    """Wherever they are, as both sides must."""
    value: Json = json.loads(text)
    unknown: Json = [1, {"y": None}]
    # What is locked is named by its keys, so there every key is known.
    known = [steps for steps in places(value) if steps[-1] != "locked"]
    for steps in [(), *known]:
        inner = value
        for step in steps:
            inner = child(inner, step)
        if isinstance(inner, dict):
            changed = with_value(value, (*steps, "x-unknown"), unknown)
            assert "" == problem(method, side, changed)
            assert fits(method, side, changed)


@pytest.mark.parametrize("missing", ["language", "resolution_ms", "settle_ms"])
def test_a_default_may_be_left_out(missing: str) -> None:
    """Of what the target says of itself."""
    value = example("initialize", "result")
    value.pop(missing, None)
    assert "" == problem("initialize", "result", value)


@pytest.mark.parametrize(
    ("clock", "declared", "expected"),
    [("virtual", None, 0), ("real", None, 2000), ("virtual", 7, 7), ("real", 0, 0)],
)
def test_settling_has_a_default_for_each_clock(
    clock: str, declared: int | None, expected: int
) -> None:
    """None at all in virtual time, two seconds in real time."""
    value = {**example("initialize", "result"), "clock": clock, "settle_ms": declared}
    assert expected == Initialized.model_validate(value).settling_ms


# What does not


@pytest.mark.parametrize("method", OPERATIONS)
@pytest.mark.parametrize("text", ["{}", '{"ok":null}', '{"yes":{}}', "both"])
def test_an_outcome_is_one_of_two(method: str, text: str) -> None:
    """No schema of ours says so; the models do."""
    both = json.dumps({**example(method, "result"), "refused": {}})
    value: Json = json.loads(both if text == "both" else text)
    told = problem(method, "result", value)
    assert 'exactly one of "ok" and "refused" is expected' == told
    assert fits(method, "result", value)


@pytest.mark.parametrize(
    ("capability", "declared", "declined", "expected"),
    [
        ("tiles", False, False, "neither declared nor declined: tiles"),
        ("tiles", True, True, "declared and declined at once: tiles"),
        ("menu", False, False, "neither declared nor declined: menu"),
        ("menu", True, True, "declared and declined at once: menu"),
        ("menu", True, False, ""),
        ("tiles", False, True, ""),
    ],
)
def test_a_capability_is_declared_or_declined(
    capability: str, *, declared: bool, declined: bool, expected: str
) -> None:
    """No schema of ours says so; the handshake is malformed all the same."""
    rest = [entry.value for entry in Capability if entry.value != capability]
    value: dict[str, Json] = {
        **example("initialize", "result"),
        "capabilities": [*rest, *([capability] if declared else [])],
        "declines": [{"capability": capability, "reason": "x"}] if declined else [],
    }
    assert expected == problem("initialize", "result", value)
    assert fits("initialize", "result", value)


@pytest.mark.parametrize(
    ("method", "side", "field"),
    [
        ("initialize", "result", "protocol"),
        ("initialize", "result", "settle_ms"),
        ("clock.advance", "result", "now_ms"),
        ("clock.advance", "params", "ms"),
    ],
)
def test_a_whole_number_has_no_point(method: str, side: str, field: str) -> None:
    """To JSON Schema 1.0 is an integer too; to the models it is not."""
    value = {**example(method, side), field: 1.0}
    assert fits(method, side, value)
    assert "Input should be a valid integer" == problem(method, side, value)


@pytest.mark.parametrize(
    ("method", "side", "field", "text"),
    [
        ("clock.advance", "params", "ms", '"119000"'),
        ("clock.advance", "params", "ms", "-1"),
        ("clock.advance", "params", "ms", "1.5"),
        ("clock.advance", "params", "ms", "true"),
        ("clock.advance", "result", "now_ms", "null"),
        ("client.online", "params", "online", "1"),
        ("client.online", "params", "online", '"true"'),
        ("scenario.end", "params", "scenario", "5"),
        ("scenario.end", "params", "scenario", '""'),
        ("scenario.end", "params", "scenario", LONG_TOKEN),
        ("scenario.begin", "params", "clients", "{}"),
        ("initialize", "result", "clock", '"atomic"'),
        ("initialize", "result", "capabilities", '["menu", "telepathy"]'),
        ("initialize", "result", "protocol", '"1"'),
        ("initialize", "result", "parallel", '"no"'),
        ("client.view", "result", "notifications", "null"),
        ("client.view", "result", "requests", '[{"from": 400500600}]'),
        ("client.view", "result", "sessions", '[{"session": "s"}]'),
        ("invitation.send", "result", "ok", '{"invitation": 1}'),
        ("invitation.send", "result", "ok", "{}"),
        ("client.menu", "result", "ok", '{"entries": [{}]}'),
        ("session.permit", "params", "allowed", "null"),
    ],
)
def test_a_wrong_type_is_refused_by_both(
    method: str, side: str, field: str, text: str
) -> None:
    """A number is never a string, and nothing is guessed."""
    changed = {**example(method, side), field: json.loads(text)}
    assert "" != problem(method, side, changed)
    assert not fits(method, side, changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "12345678"),
        (("id",), "100 200 300"),
        (("alias",), 5),
        (("platform",), "amiga"),
        (("profiles", 0, "permissions"), "view"),
        (("profiles", 0, "enabled"), 1),
        (("locked", "input"), "off"),
        (("contacts", "favorites"), [400500600]),
    ],
)
def test_a_wrong_client_is_refused_by_both(path: Steps, value: Json) -> None:
    """What a scenario begins with is checked as closely as anything."""
    changed = with_value(
        example("scenario.begin", "params"), ("clients", 0, *path), value
    )
    assert "" != problem("scenario.begin", "params", changed)
    assert not fits("scenario.begin", "params", changed)


@pytest.mark.parametrize("missing", ["client", "id", "alias", "version", "profiles"])
def test_a_client_is_described_in_full(missing: str) -> None:
    """No alias is null, not nothing."""
    changed = without(example("scenario.begin", "params"), ("clients", 0, missing))
    assert "" != problem("scenario.begin", "params", changed)
    assert not fits("scenario.begin", "params", changed)


@pytest.mark.parametrize(("method", "side", "text"), VALID)
def test_schema_and_model_agree(method: str, side: str, text: str) -> None:
    """On every example with any one place changed, but for what no schema can say."""
    differences: list[tuple[str, Json]] = []
    for value in broken(text):
        told = problem(method, side, value)
        if (told == "") != fits(method, side, value):
            differences.append((told.partition(":")[0], value))
    assert [] == [entry for entry in differences if entry[0] not in UNEXPRESSED]


def test_a_lifetime_is_for_a_real_clock() -> None:
    """With a virtual one it would be left out of account in silence."""
    value = {**example("initialize", "result"), "lifetime_ms": 12_000}
    assert 12_000 == Initialized.model_validate({**value, "clock": "real"}).lifetime_ms
    with pytest.raises(ValidationError, match="lifetime_ms is for a real clock"):
        Initialized.model_validate({**value, "clock": "virtual"})


def test_what_real_clocks_may_declare_has_defaults() -> None:
    """So that every adapter that was right before stays right."""
    found = Initialized.model_validate(example("initialize", "result"))
    assert (None, None, None, False) == (
        found.early_ms,
        found.late_ms,
        found.lifetime_ms,
        found.pipelined,
    )
