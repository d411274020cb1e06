"""The words for an exchange: parameters, answer, and a label for a picture.

A record holds values and an outcome (`run.Exchange`); every view that shows one takes
its words from here. Values are read with care: any program may have written a record.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from invitelab.formats.run import Exchange
from invitelab.safe_text import escaped

Row = Mapping[str, JsonValue]

MOST_ANSWER = 300
MOST_LABEL = 100
MOST_PARAMETER = 80
MOST_EMAIL = 200
MOST_PERMISSIONS = 120
MOST_ENTRY = 60
MOST_NAME = 40

_ACTIONS = {
    "client.menu": "asks for the menu",
    "client.view": "looks",
    "invitation.accept": "accepts {invitation}",
    "invitation.cancel": "cancels {invitation}",
    "invitation.email": "starts an email",
    "invitation.modify": "changes {invitation} to {profile}",
    "invitation.reject": "rejects {invitation}",
    "invitation.send": "invites, {profile}",
    "popup.dismiss": "closes the pop-up of {invitation}",
    "profile.edit": "edits {profile}",
    "session.request": "connects",
}
"""The label of each operation, with the parameters as words."""


# --- The call --------------------------------------------------------------------


def request_text(exchange: Exchange) -> str:
    """The parameters: `to=400500600 profile="Screen only"`."""
    words = _parameters(exchange)
    return " ".join(f"{name}={word}" for name, word in words.items())


def _parameters(exchange: Exchange) -> dict[str, str]:
    return {name: _parameter(value) for name, value in exchange.params.items()}


def _parameter(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(str(entry) for entry in value)
    text = escaped(str(value), MOST_PARAMETER)
    return f'"{text}"' if " " in text else text


# --- The answer ------------------------------------------------------------------


def answer_text(exchange: Exchange) -> str:
    """What came back: `ok i1`, `refused expired`, `crash: it exited with 1`."""
    match exchange.outcome:
        case "broken":
            return _failure(exchange)
        case "refused":
            return f"refused {_refusal(exchange)}"
        case "ok":
            return _RESULTS.get(exchange.method, _nothing_said)(exchange)


def _failure(exchange: Exchange) -> str:
    return escaped(f"{exchange.reason}: {exchange.message}", MOST_ANSWER)


def _refusal(exchange: Exchange) -> str:
    words = [refusal_reason(exchange), exchange.message or ""]
    return escaped(": ".join(word for word in words if word), MOST_ANSWER)


def refusal_reason(exchange: Exchange) -> str:
    """The reason of a refusal, which an implementation need not give."""
    return exchange.reason or "no reason given"


def _nothing_said(_exchange: Exchange) -> str:
    return "ok"


def _sent(exchange: Exchange) -> str:
    return f"ok {_word(exchange.result, 'invitation')}"


def _menu(exchange: Exchange) -> str:
    return f"ok [{', '.join(_entries(exchange))}]"


def _entries(exchange: Exchange) -> list[str]:
    entries = [_entry(row) for row in _rows(exchange, "entries")]
    return [*entries, *_more(exchange, "entries")]


def _entry(row: Row) -> str:
    name = _word(row, "entry", MOST_ENTRY)
    return f"{name} of {_word(row, 'contact')}" if row.get("contact") else name


def _email(exchange: Exchange) -> str:
    opened_with = _word(exchange.result, "opened_with")
    return f"ok opened with {opened_with}: {_word(exchange.result, 'text', MOST_EMAIL)}"


def _advanced(exchange: Exchange) -> str:
    return f"now {_word(exchange.result, 'now_ms')} ms"


def _view(exchange: Exchange) -> str:
    parts = [
        f"{name} [{'; '.join([*rows, *_more(exchange, name)])}]"
        for name, words in _VIEW_ROWS.items()
        if (rows := [words(row) for row in _rows(exchange, name)])
    ]
    return ", ".join(parts) or "nothing"


def _notification(row: Row) -> str:
    id_, surface = _word(row, "invitation"), _word(row, "surface")
    return f"{id_} from {_sender(row)} ({surface})"


def _invitation(row: Row) -> str:
    id_, to, state = (_word(row, name) for name in ("invitation", "to", "state"))
    return f"{id_} to {to}: {state}, {_word(row, 'profile')}"


def _session(row: Row) -> str:
    permissions = row.get("permissions")
    names = permissions if isinstance(permissions, list) else []
    listed = escaped(" ".join(str(name) for name in names), MOST_PERMISSIONS)
    return f"{_control(row)}: {listed}"


def _control(row: Row) -> str:
    id_, guest, host = (_word(row, name) for name in ("session", "guest", "host"))
    return f"{id_}: {guest} controls {host}"


def _request(row: Row) -> str:
    return _word(row, "from")


_RESULTS: Mapping[str, Callable[[Exchange], str]] = {
    "client.menu": _menu,
    "client.view": _view,
    "clock.advance": _advanced,
    "invitation.email": _email,
    "invitation.send": _sent,
}
_VIEW_ROWS: Mapping[str, Callable[[Row], str]] = {
    "notifications": _notification,
    "invitations": _invitation,
    "sessions": _session,
    "requests": _request,
}


# --- Labels ----------------------------------------------------------------------


def label(exchange: Exchange) -> str:
    """The call, or what was seen, in a few words: `accepts i1`, `sees nothing`."""
    return escaped(_label(exchange), MOST_LABEL)


def _label(exchange: Exchange) -> str:
    action = _action(exchange)
    if exchange.outcome != "ok":
        return action
    match exchange.method:
        case "client.view":
            return f"sees {', '.join(_sights(exchange)) or 'nothing'}"
        case "client.menu":
            return f"is offered {', '.join(_entries(exchange)) or 'nothing'}"
        case "invitation.send":
            return f"{action} ({_word(exchange.result, 'invitation')})"
        case _:
            return action


def _action(exchange: Exchange) -> str:
    """What a person does; the method's name where there is no label for it."""
    words = defaultdict(lambda: "?", _parameters(exchange))
    match exchange.method:
        case "session.permit":
            verb = "allows" if words["allowed"] == "yes" else "denies"
            return f"{verb} {words['permission']}"
        case "client.online":
            return "comes online" if words["online"] == "yes" else "goes offline"
        case method:
            action = _ACTIONS.get(method)
            if action is None:
                return method
            return action.format_map(words).removesuffix(", Default")


def _sights(exchange: Exchange) -> Iterator[str]:
    """What a client shows; one invitation on two surfaces is one."""
    surfaces: dict[str, list[str]] = {}
    for row in _rows(exchange, "notifications"):
        name = f"{_word(row, 'invitation')} from {_sender(row)}"
        surfaces.setdefault(name, []).append(_word(row, "surface"))
    yield from (f"{name} ({', '.join(where)})" for name, where in surfaces.items())
    for row in _rows(exchange, "invitations"):
        yield f"{_word(row, 'invitation')} {_word(row, 'state')}"
    yield from (_control(row) for row in _rows(exchange, "sessions"))
    yield from (f"a request of {_request(row)}" for row in _rows(exchange, "requests"))


# --- Values ----------------------------------------------------------------------


def _rows(exchange: Exchange, name: str) -> Iterator[Row]:
    """The rows of a list in a result; what is no row is not shown."""
    rows = exchange.result.get(name)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            yield row


def _more(exchange: Exchange, name: str) -> Sequence[str]:
    """How many rows of a list are not on record; nothing where all are."""
    more = exchange.left_out.get(name, 0)
    return [f"and {more} more"] if more > 0 else []


def _sender(row: Row) -> str:
    party = row.get("from")
    return _word(party, "id") if isinstance(party, dict) else "?"


def _word(row: Row, name: str, most: int = MOST_NAME) -> str:
    value = row.get(name)
    return "?" if value is None else escaped(str(value), most)
