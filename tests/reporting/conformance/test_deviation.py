"""What was seen first, from the exchanges before a failure."""

from collections.abc import Callable

import pytest

from invitelab.formats.run import Exchange, ScenarioRecord, StepRecord, Verdict
from invitelab.reporting.conformance.deviation import deviation, speaks_of

Call = Callable[..., Exchange]
Record = Callable[..., ScenarioRecord]
Failing = Callable[..., ScenarioRecord]


@pytest.fixture
def failing(record: Record) -> Failing:
    """Make a record that fails at a step after these exchanges."""

    def make(
        text: str, message: str, *exchanges: Exchange, clause: str = "NOTIFY-5"
    ) -> ScenarioRecord:
        last_ms = exchanges[-1].at_ms if exchanges else 0
        step = StepRecord(
            keyword="Then",
            text=text,
            line=3,
            at_ms=last_ms,
            status="failed",
            exchanges=exchanges,
        )
        never = step.model_copy(update={"status": "not-reached", "at_ms": 10**6})
        fields = {"steps": (step, never), "message": message, "cast": {"Ada": "7.0.0"}}
        return record(clause).model_copy(update=fields)

    return make


@pytest.fixture
def sent(exchange: Call) -> Callable[..., Exchange]:
    """Make the sending of an invitation."""

    def make(
        at_ms: int = 0, entry: str = "invitation-icon", **fields: object
    ) -> Exchange:
        params = {"entry": entry, "to": fields.pop("to", "123456789")}
        return exchange(at_ms, "Ada", "invitation.send", params=params, **fields)

    return make


REFUSED = {"outcome": "refused", "reason": "not-offered"}
NOTHING = "expected Bob to see an invitation, found nothing"
BUTTONS = "the notification lets Bob accept and reject"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"entry": "tile.favorites"}, ("TILE-1", "DIRECT-1")),
        ({"to": "bob@ad"}, ("DIRECT-6", "DIRECT-1")),
        ({"to": "123 456 789"}, ("DIRECT-5", "DIRECT-1")),
    ],
)
def test_what_could_not_be_sent_is_a_matter_of_the_way_to_invite(
    failing: Failing,
    sent: Callable[..., Exchange],
    fields: dict[str, object],
    expected: tuple[str, ...],
) -> None:
    """Whatever the scenario is about."""
    record = failing(BUTTONS, NOTHING, sent(**fields, **REFUSED))
    assert expected == speaks_of(deviation(record))


def test_what_is_not_shown_has_no_buttons(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """A notification that is there and wrong is about itself."""
    nothing = exchange(0, "Bob", "client.view", result={"notifications": []})
    record = failing(BUTTONS, NOTHING, sent(), nothing)
    assert ("NOTIFY-1",) == speaks_of(deviation(record))
    by_tile = failing(BUTTONS, NOTHING, sent(entry="tile.discovery"), nothing)
    assert ("TILE-3", "NOTIFY-1") == speaks_of(deviation(by_tile))
    wrong = failing(BUTTONS, "reject missing on client", sent())
    assert () == speaks_of(deviation(wrong))


def test_a_notification_of_nobody_lacks_the_id(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """It is there, and cannot be told from another's."""
    row = {"surface": "popup", "from": {"id": "a portable client"}}
    view = exchange(0, "Bob", "client.view", result={"notifications": [row]})
    text = "Bob sees the invitation from Ada as a pop-up"
    strange = failing(text, "found nothing", sent(), view)
    assert ("NOTIFY-3",) == speaks_of(deviation(strange))
    row["from"] = {"id": "Ada"}
    row["surface"] = "client"
    one_side = exchange(0, "Bob", "client.view", result={"notifications": [row]})
    missing = failing(text, "found nothing", sent(), one_side)
    assert ("NOTIFY-2",) == speaks_of(deviation(missing))


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ((10, "invitation.cancel"), ("PENDING-3",)),
        ((120_000, "client.online"), ("EXPIRY-3",)),
        ((119_999, "client.online"), ("NOTIFY-6",)),
        ((10, "invitation.reject"), ()),
    ],
)
def test_what_is_still_shown_is_a_matter_of_its_end(
    request: pytest.FixtureRequest,
    ending: tuple[int, str],
    expected: tuple[str, ...],
) -> None:
    """By the time that has passed since it was sent, not since the beginning."""
    failing, sent, exchange = map(
        request.getfixturevalue, ("failing", "sent", "exchange")
    )
    after_ms, method = ending
    calls = [sent(5_000), exchange(5_000 + after_ms, "Ada", method)]
    record = failing("Bob sees no invitation", "Bob sees one: client", *calls)
    assert expected == speaks_of(deviation(record))


def test_a_shorter_lifetime_ends_sooner(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """With a scaled clock."""
    record = failing("", "", sent(), exchange(900, "Ada", "client.view"))
    assert ("", "expired") == (deviation(record).ended, deviation(record, 900).ended)


def test_a_refused_operation_ends_nothing(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """And the next invitation begins anew; earlier ends are remembered."""
    cancel = exchange(10, "Ada", "invitation.cancel", **REFUSED)
    assert "" == deviation(failing("", "", sent(), cancel)).ended
    done = exchange(10, "Ada", "invitation.cancel")
    again = deviation(failing("", "", sent(), done, sent(20)))
    assert ("", True) == (again.ended, "cancelled" in again.ends)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [([], ("SESSION-1",)), ([{"host": "Bob"}], ("SESSION-4",))],
)
def test_a_session_in_the_other_direction_is_not_missing(
    failing: Failing,
    sent: Callable[..., Exchange],
    exchange: Call,
    sessions: list[object],
    expected: tuple[str, ...],
) -> None:
    """What the last view shows tells them apart."""
    calls = [
        sent(),
        exchange(0, "Bob", "invitation.accept"),
        exchange(0, "Ada", "client.view", result={"sessions": sessions}),
    ]
    record = failing(
        "Bob controls the device of Ada", "Ada sees no such", *calls, clause="EXPIRY-1"
    )
    assert expected == speaks_of(deviation(record))


def test_wrong_permissions_follow_from_a_wrong_profile(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """Those of a changed invitation have a clause of their own."""
    text, message = "the session has exactly the permissions", "missing: audio"
    accept = exchange(0, "Bob", "invitation.accept")
    change = exchange(0, "Ada", "invitation.modify")
    plain = failing(text, message, sent(), accept)
    assert ("DIRECT-7", "SESSION-2") == speaks_of(deviation(plain))
    changed = failing(text, message, sent(), change, accept)
    assert ("SESSION-3",) == speaks_of(deviation(changed))


def test_a_step_that_was_never_reached_tells_nothing(
    failing: Failing, sent: Callable[..., Exchange]
) -> None:
    """Neither its time nor its exchanges count."""
    assert 0 == deviation(failing("", "", sent())).age_ms


def test_what_blocks_a_scenario_is_named_by_the_record(record: Record) -> None:
    """It has said so already."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "DIRECT-5"}
    assert () == speaks_of(deviation(record().model_copy(update=fields)))


def test_any_program_may_have_written_a_record(
    failing: Failing, sent: Callable[..., Exchange], exchange: Call
) -> None:
    """Values of other kinds are no notifications."""
    view = exchange(0, "Bob", "client.view", result={"notifications": "many", "x": [1]})
    assert ("NOTIFY-1",) == speaks_of(
        deviation(failing(BUTTONS, NOTHING, sent(), view))
    )
