"""The reference implementation: protocol, refusals, views and its own clock."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pytest
from freezegun import freeze_time

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.handshake import Capability
from invitelab.adapters.messages import METHODS
from invitelab.adapters.reference.adapter import Reference, create
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason

ADA, BEA, CLEO, DAN = "100200300", "400500600", "700800900", "600600600"
HANDSHAKE: dict[str, Json] = {
    "protocol": 1,
    "harness": {"name": "invitelab", "version": "0.1.0"},
}
PROFILES: list[Json] = [
    {"name": "Default", "permissions": ["view", "input"]},
    {"name": "Screen Sharing", "permissions": ["view"]},
    {"name": "Off", "permissions": ["view"], "enabled": False},
]


def declared(
    token: str, id_: str, alias: str | None, version: str = "7.0.0"
) -> dict[str, Json]:
    """Describe a client of a scenario."""
    return {
        "client": token,
        "id": id_,
        "alias": alias,
        "version": version,
        "platform": "windows",
        "profiles": PROFILES,
        "locked": {"audio": False} if token == "ada" else {},
        "contacts": {"favorites": [BEA]},
    }


CLIENTS: list[Json] = [
    declared("ada", ADA, "ada@ad"),
    declared("bea", BEA, "bea@ad", "10.0.0"),
    declared("cleo", CLEO, None),
    declared("dan", DAN, "dan@ad", "6.9.9"),
]
BEGIN: dict[str, Json] = {"scenario": "s", "clients": CLIENTS}


class OpenScenario:
    """One scenario at one reference; every answer is checked against its type."""

    def __init__(self, reference: Reference | None = None) -> None:
        """Call `initialize` and `scenario.begin`."""
        self.reference = reference or Reference()
        self.answers: list[Json] = []
        self.ask("initialize", HANDSHAKE)
        self.ask("scenario.begin", BEGIN)

    def ask(self, method: str, params: Mapping[str, Json]) -> Json:
        """Make one call."""
        answer = self.reference.request(method, params)
        METHODS[method].result.model_validate(answer)
        self.answers.append(answer)
        return answer

    def do(self, method: str, client: str, **params: Json) -> dict[str, Json]:
        """Make one call of a client."""
        answer = self.ask(method, {"scenario": "s", "client": client, **params})
        assert isinstance(answer, dict)
        return answer

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.ask("clock.advance", {"scenario": "s", "ms": ms})

    def send(
        self,
        client: str = "ada",
        to: str = BEA,
        *,
        entry: str = "invitation-icon",
        profile: str = "Default",
    ) -> dict[str, Json]:
        """Send an invitation."""
        return self.do("invitation.send", client, entry=entry, to=to, profile=profile)

    def pending(self) -> str:
        """Let Ada invite Bea."""
        sent = self.send()["ok"]
        assert isinstance(sent, dict)
        return str(sent["invitation"])

    def session(self) -> str:
        """Let Bea accept an invitation of Ada's."""
        self.do("invitation.accept", "bea", invitation=self.pending())
        (row,) = self.rows("ada", "sessions")
        return str(row["session"])

    def rows(self, client: str, part: str) -> Sequence[Mapping[str, Json]]:
        """One part of a client's view."""
        view = self.do("client.view", client)[part]
        assert isinstance(view, list)
        return [row for row in view if isinstance(row, dict)]

    def answer_after(self, ending: str, method: str, client: str) -> dict[str, Json]:
        """End an invitation, then ask something of it."""
        id_ = self.pending()
        self.do(ending, "ada" if ending.endswith("cancel") else "bea", invitation=id_)
        return self.do(method, client, invitation=id_)


@pytest.fixture
def scenario() -> OpenScenario:
    """Give a scenario that has begun."""
    return OpenScenario()


def code_of(reference: Reference, method: str, params: Mapping[str, Json]) -> int:
    """Find the code of the error that a call is answered with."""
    with pytest.raises(AdapterError) as caught:
        reference.request(method, params)
    return caught.value.code


# The handshake


def test_it_declares_every_capability() -> None:
    """And declines none; its clock is virtual, and nothing has to settle."""
    answer = create().request("initialize", HANDSHAKE)
    assert isinstance(answer, dict)
    assert [entry.value for entry in Capability] == answer["capabilities"]
    assert ([], "virtual", 0) == (
        answer["declines"],
        answer["clock"],
        answer["settle_ms"],
    )


def test_with_latency_it_settles_later() -> None:
    """An accept goes there, its session comes back, and a change goes there again."""
    answer = Reference(latency_ms=80).request("initialize", HANDSHAKE)
    assert isinstance(answer, dict)
    assert 240 == answer["settle_ms"]


def test_another_version_is_not_spoken() -> None:
    """The error says which one is (1001)."""
    with pytest.raises(AdapterError) as caught:
        Reference().request("initialize", {**HANDSHAKE, "protocol": 2})
    assert 1001 == caught.value.code
    assert {"supported": [1]} == caught.value.data


# Errors


@pytest.mark.parametrize("method", [name for name in METHODS if name != "initialize"])
def test_initialize_comes_first(method: str) -> None:
    """Anything else is out of order (1005), whatever its parameters."""
    assert 1005 == code_of(Reference(), method, {})


def test_a_scenario_begins_once(scenario: OpenScenario) -> None:
    """Until it has ended, its name is taken (1005)."""
    assert 1005 == code_of(scenario.reference, "scenario.begin", BEGIN)
    scenario.ask("scenario.end", {"scenario": "s"})
    assert {} == scenario.ask("scenario.begin", BEGIN)


@pytest.mark.parametrize("method", ["invitation.accept.twice", "", "Client.view"])
def test_an_unknown_method_does_not_exist(scenario: OpenScenario, method: str) -> None:
    """JSON-RPC's own code (-32601)."""
    assert -32601 == code_of(scenario.reference, method, {})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("scenario.end", {}),
        ("scenario.end", {"scenario": 5}),
        ("clock.advance", {"scenario": "s", "ms": -1}),
        ("clock.advance", {"scenario": "s", "ms": "1000"}),
        ("client.view", {"scenario": "s"}),
        ("invitation.send", {"scenario": "s", "client": "ada"}),
        (
            "session.permit",
            {
                "scenario": "s",
                "client": "ada",
                "session": "x",
                "permission": "fly",
                "allowed": True,
            },
        ),
        (
            "profile.edit",
            {
                "scenario": "s",
                "client": "ada",
                "profile": "Default",
                "permissions": ["fly"],
            },
        ),
    ],
    ids=str,
)
def test_wrong_parameters_are_an_error(
    scenario: OpenScenario, method: str, params: dict[str, Json]
) -> None:
    """JSON-RPC's own code (-32602), not a refusal."""
    assert -32602 == code_of(scenario.reference, method, params)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "7"},
        {"alias": "no alias"},
        {"id": "12345678"},
        {"platform": "amiga"},
        {"profiles": [{"name": "Default", "permissions": ["fly"]}]},
        {"locked": {"fly": True}},
        {"id": BEA},
        {"alias": "BEA@ad"},
    ],
    ids=str,
)
def test_a_client_that_cannot_be_is_an_error(changes: dict[str, Json]) -> None:
    """Nothing of that scenario is left: it can begin again, as it should."""
    reference = Reference()
    reference.request("initialize", HANDSHAKE)
    odd = {**declared("odd", "111222333", None), **changes}
    params: dict[str, Json] = {"scenario": "s", "clients": [*CLIENTS, odd]}
    assert -32602 == code_of(reference, "scenario.begin", params)
    assert {} == reference.request("scenario.begin", BEGIN)


def test_a_name_for_two_clients_is_an_error() -> None:
    """What is said of it could be meant for either."""
    reference = Reference()
    reference.request("initialize", HANDSHAKE)
    twice: list[Json] = [declared("c", ADA, None), declared("c", BEA, None)]
    with pytest.raises(AdapterError):
        reference.request("scenario.begin", {"scenario": "s", "clients": twice})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("scenario.end", {"scenario": "t"}),
        ("clock.advance", {"scenario": "t", "ms": 1}),
        ("client.view", {"scenario": "t", "client": "ada"}),
        ("client.view", {"scenario": "s", "client": "zoe"}),
        ("client.menu", {"scenario": "s", "client": ADA}),
    ],
    ids=str,
)
def test_an_unknown_name_is_an_error(
    scenario: OpenScenario, method: str, params: dict[str, Json]
) -> None:
    """Of a scenario or of a client (1006)."""
    assert 1006 == code_of(scenario.reference, method, params)


def test_an_end_is_an_end(scenario: OpenScenario) -> None:
    """Nothing can be asked of a scenario that has ended (1006)."""
    scenario.ask("scenario.end", {"scenario": "s"})
    view: dict[str, Json] = {"scenario": "s", "client": "ada"}
    assert 1006 == code_of(scenario.reference, "client.view", view)


def test_a_shutdown_forgets_everything(scenario: OpenScenario) -> None:
    """No scenario is left open."""
    assert {} == scenario.ask("shutdown", {})
    assert 1006 == code_of(scenario.reference, "scenario.end", {"scenario": "s"})


# Refusals


def offline(scenario: OpenScenario) -> dict[str, Json]:
    """Send while this client is away."""
    scenario.do("client.online", "ada", online=False)
    return scenario.send()


def to_offline(scenario: OpenScenario) -> dict[str, Json]:
    """Send to a client that is away."""
    scenario.do("client.online", "bea", online=False)
    return scenario.send()


def twice(scenario: OpenScenario) -> dict[str, Json]:
    """Send to the same client again."""
    scenario.pending()
    return scenario.send()


def permit(scenario: OpenScenario, client: str, permission: str) -> dict[str, Json]:
    """Switch a permission of a session."""
    session = scenario.session()
    return scenario.do(
        "session.permit",
        client,
        session=session,
        permission=permission,
        allowed=True,
    )


REFUSALS: dict[Reason, Callable[[OpenScenario], dict[str, Json]]] = {
    Reason.CLIENT_OFFLINE: offline,
    Reason.NOT_OFFERED: lambda scenario: scenario.send(to=CLEO, entry="tile.favorites"),
    Reason.INVALID_ADDRESS: lambda scenario: scenario.send(to="bea"),
    Reason.UNKNOWN_RECIPIENT: lambda scenario: scenario.send(to="999999999"),
    Reason.SELF_INVITATION: lambda scenario: scenario.send(to="ADA@ad"),
    Reason.RECIPIENT_UNSUPPORTED: lambda scenario: scenario.send(to=DAN),
    Reason.RECIPIENT_OFFLINE: to_offline,
    Reason.PROFILE_UNAVAILABLE: lambda scenario: scenario.send(profile="Off"),
    Reason.ALREADY_PENDING: twice,
    Reason.UNKNOWN_INVITATION: lambda scenario: scenario.do(
        "invitation.cancel", "ada", invitation="nothing"
    ),
    Reason.NOT_INVITER: lambda scenario: scenario.do(
        "invitation.cancel", "bea", invitation=scenario.pending()
    ),
    Reason.NOT_RECIPIENT: lambda scenario: scenario.do(
        "invitation.accept", "cleo", invitation=scenario.pending()
    ),
    Reason.NOT_PENDING: lambda scenario: scenario.answer_after(
        "invitation.reject", "invitation.cancel", "ada"
    ),
    Reason.UNKNOWN_SESSION: lambda scenario: scenario.do(
        "session.permit", "ada", session="none", permission="view", allowed=True
    ),
    Reason.NOT_HOST: lambda scenario: permit(scenario, "bea", "files"),
    Reason.PERMISSION_LOCKED: lambda scenario: permit(scenario, "ada", "audio"),
}


def test_every_reason_can_be_reached() -> None:
    """The one that is not here is behind another: an old client offers nothing."""
    assert set(Reason) - {Reason.SENDER_UNSUPPORTED} == set(REFUSALS)


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refusal_is_a_result(scenario: OpenScenario, reason: Reason) -> None:
    """With its reason and a sentence, and not an error (law 2)."""
    refused = REFUSALS[reason](scenario)["refused"]
    assert isinstance(refused, dict)
    assert reason.value == refused["reason"]
    assert isinstance(refused["message"], str)
    assert " " in refused["message"]


def test_an_old_sender_is_refused_where_everything_is_offered() -> None:
    """With DIRECT-9 flipped, the version is what is said."""
    scenario = OpenScenario(Reference(policy=Policy(entry_point_must_be_offered=False)))
    refused = scenario.send("dan")["refused"]
    assert isinstance(refused, dict)
    assert "sender-unsupported" == refused["reason"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("invitation.send", {"entry": "x", "to": BEA, "profile": "Default"}),
        ("invitation.email", {"entry": "x"}),
        ("invitation.email", {"entry": "invitation-icon"}),
        ("invitation.email", {"entry": "invitation-email-link"}),
    ],
    ids=str,
)
def test_what_is_not_on_the_menu_is_refused(
    scenario: OpenScenario, method: str, params: dict[str, Json]
) -> None:
    """Also an entry point that no client has (DIRECT-9)."""
    refused = scenario.do(method, "ada", **params)["refused"]
    assert isinstance(refused, dict)
    assert "not-offered" == refused["reason"]


@pytest.mark.parametrize("method", ["invitation.accept", "invitation.reject"])
@pytest.mark.parametrize("ending", ["cancel", "accept", "reject"])
def test_a_late_answer_is_refused(
    scenario: OpenScenario, ending: str, method: str
) -> None:
    """However it ended."""
    answer = scenario.answer_after(f"invitation.{ending}", method, "bea")
    refused = answer["refused"]
    assert isinstance(refused, dict)
    assert "not-pending" == refused["reason"]


@pytest.mark.parametrize("method", ["invitation.accept", "invitation.reject"])
def test_the_inviters_own_answer_is_refused(
    scenario: OpenScenario, method: str
) -> None:
    """It is not the addressee (ANSWER-2)."""
    assert "refused" in scenario.do(method, "ada", invitation=scenario.pending())


def test_with_latency_a_refused_cancel_is_not_said_of_an_accept() -> None:
    """Nothing refuses the accept, and it starts a session."""
    scenario = OpenScenario(Reference(latency_ms=80))
    id_ = scenario.pending()
    scenario.wait(1000)
    scenario.do("invitation.cancel", "bea", invitation=id_)
    scenario.wait(1000)
    answer = scenario.do("invitation.accept", "bea", invitation=id_)
    scenario.wait(1000)
    assert 1 == len(scenario.rows("ada", "sessions"))
    assert {"ok": {}} == answer


# What is seen


def test_an_operation_is_seen_at_once_everywhere(scenario: OpenScenario) -> None:
    """Without latency its effects are there when it answers."""
    id_ = scenario.pending()
    notifications = scenario.rows("bea", "notifications")
    assert ["client", "popup"] == [row["surface"] for row in notifications]
    assert [{"id": ADA, "alias": "ada@ad"}] * 2 == [
        row["from"] for row in notifications
    ]
    assert "bottom-right" == notifications[1]["corner"]
    assert [
        {"invitation": id_, "to": BEA, "profile": "Default", "state": "pending"}
    ] == scenario.rows("ada", "invitations")


def test_with_latency_it_is_seen_a_little_later() -> None:
    """At the own client at once, at the other one after the way."""
    scenario = OpenScenario(Reference(latency_ms=80))
    scenario.pending()
    assert 1 == len(scenario.rows("ada", "invitations"))
    assert [] == scenario.rows("bea", "notifications")
    scenario.wait(80)
    assert 2 == len(scenario.rows("bea", "notifications"))


def test_a_session_is_seen_at_both_ends(scenario: OpenScenario) -> None:
    """With its permissions in the order of their names in the protocol."""
    session = scenario.session()
    expected = {
        "session": session,
        "host": ADA,
        "guest": BEA,
        "permissions": ["view", "input"],
    }
    assert (
        [expected]
        == scenario.rows("ada", "sessions")
        == scenario.rows("bea", "sessions")
    )


def test_a_modification_is_seen_at_the_inviter(scenario: OpenScenario) -> None:
    """And in the session that it leads to (SESSION-3)."""
    id_ = scenario.pending()
    answer = scenario.do(
        "invitation.modify", "ada", invitation=id_, profile="Screen Sharing"
    )
    assert {"ok": {}} == answer
    (row,) = scenario.rows("ada", "invitations")
    assert "Screen Sharing" == row["profile"]
    scenario.do("invitation.accept", "bea", invitation=id_)
    (session,) = scenario.rows("bea", "sessions")
    assert ["view"] == session["permissions"]


def test_an_edited_profile_is_seen_in_the_next_session(scenario: OpenScenario) -> None:
    """And not in an invitation that was sent before (SESSION-9)."""
    before = scenario.pending()
    edited = scenario.do(
        "profile.edit", "ada", profile="Default", permissions=["clipboard"]
    )
    assert {"ok": {}} == edited
    scenario.do("invitation.accept", "bea", invitation=before)
    after = scenario.pending()
    scenario.do("invitation.accept", "bea", invitation=after)
    assert [["view", "input"], ["clipboard"]] == [
        row["permissions"] for row in scenario.rows("bea", "sessions")
    ]


def test_a_dismissed_popup_is_seen_no_more(scenario: OpenScenario) -> None:
    """The client's list still shows it (ANSWER-4)."""
    id_ = scenario.pending()
    assert {"ok": {}} == scenario.do("popup.dismiss", "bea", invitation=id_)
    assert ["client"] == [
        row["surface"] for row in scenario.rows("bea", "notifications")
    ]


def test_a_request_is_seen_at_the_host(scenario: OpenScenario) -> None:
    """And starts nothing (EMAIL-8)."""
    assert {"ok": {}} == scenario.do("session.request", "dan", to="ada@ad")
    assert [{"from": DAN}] == scenario.rows("ada", "requests")
    assert [] == scenario.rows("ada", "sessions")


@pytest.mark.parametrize(("interpretation", "expected"), [(True, 0), (False, 1)])
def test_an_email_leaves_no_invitation(*, interpretation: bool, expected: int) -> None:
    """Unless EMAIL-9 is flipped."""
    policy = Policy(email_creates_no_invitation=interpretation)
    scenario = OpenScenario(Reference(policy=policy))
    opened = scenario.do("invitation.email", "ada", entry="id-menu.invite-via-email")
    assert "ok" in opened
    assert expected == len(scenario.rows("ada", "invitations"))


@pytest.mark.parametrize(
    ("interpretation", "expected"), [(True, BEA), (False, "bea@ad")]
)
def test_the_list_shows_the_id(*, interpretation: bool, expected: str) -> None:
    """Unless TILE-5 is flipped."""
    scenario = OpenScenario(
        Reference(policy=Policy(list_shows_the_resolved_id=interpretation))
    )
    scenario.send(to="bea@ad")
    assert [expected] == [row["to"] for row in scenario.rows("ada", "invitations")]


def test_an_id_is_no_longer_than_the_protocol_allows() -> None:
    """With REFUSE-2 flipped anything that was typed may be invited."""
    scenario = OpenScenario(
        Reference(policy=Policy(malformed_address_is_refused=False))
    )
    scenario.send(to="x" * 600)
    assert 1 == len(scenario.rows("ada", "invitations"))


def test_a_menu_names_the_contacts(scenario: OpenScenario) -> None:
    """On its tiles, and only there."""
    expected = [
        {"entry": "invitation-icon"},
        {"entry": "id-menu.invite-via-email"},
        {"entry": "tile.favorites", "contact": BEA},
    ]
    assert {"ok": {"entries": expected}} == scenario.do("client.menu", "ada")


# Scenarios and time


def test_scenarios_are_apart(scenario: OpenScenario) -> None:
    """Each has its own clients and its own clock (parallel)."""
    scenario.ask("scenario.begin", {**BEGIN, "scenario": "t"})
    scenario.pending()
    scenario.wait(119_000)
    answer = scenario.ask("clock.advance", {"scenario": "t", "ms": 0})
    assert {"now_ms": 0} == answer
    view = scenario.ask("client.view", {"scenario": "t", "client": "bea"})
    assert isinstance(view, dict)
    assert [] == view["notifications"]


@pytest.mark.parametrize(
    ("ms", "expected"),
    [(119_999, "pending"), (120_000, "expired"), (10**12, "expired")],
)
def test_the_tick_itself_is_judged(
    scenario: OpenScenario, ms: int, expected: str
) -> None:
    """Everything due up to and including the new instant has happened (EXPIRY-6)."""
    scenario.pending()
    scenario.wait(ms)
    assert [expected] == [row["state"] for row in scenario.rows("ada", "invitations")]
    assert {"now_ms": ms} == scenario.answers[-2]


def test_a_scenario_tells_its_facts() -> None:
    """They are passed to `finished` when the scenario ends, with the clients' specs."""
    told: list[tuple[list[str], list[str]]] = []
    reference = Reference(
        finished=lambda specs, facts: told.append(
            ([str(id_) for id_ in specs], [fact.kind.value for fact in facts])
        )
    )
    scenario = OpenScenario(reference)
    scenario.pending()
    assert [] == told
    scenario.ask("scenario.end", {"scenario": "s"})
    assert [([ADA, BEA, CLEO, DAN], ["sent", "shown", "shown"])] == told


def conversation(scenario: OpenScenario, between: Callable[[], object]) -> list[Json]:
    """Do a little of everything; all answers."""
    session = scenario.session()
    between()
    scenario.do(
        "session.permit", "ada", session=session, permission="view", allowed=False
    )
    scenario.send("cleo")
    between()
    scenario.wait(60_000)
    between()
    scenario.do("client.view", "bea")
    scenario.wait(59_999)
    between()
    scenario.do("client.view", "bea")
    scenario.wait(1)
    for client in ("ada", "bea", "cleo"):
        scenario.do("client.view", client)
    return scenario.answers


def test_it_never_looks_at_the_wall_clock() -> None:
    """Stop the system's clock, or let it jump hours either way: the same answers."""
    expected = conversation(OpenScenario(), lambda: None)
    with freeze_time("2020-02-29"):
        assert expected == conversation(OpenScenario(), lambda: None)
    with freeze_time("2020-02-29") as frozen:
        hours = iter([5, -48, 1, -1])
        assert expected == conversation(
            OpenScenario(),
            lambda: frozen.tick(dt.timedelta(hours=next(hours))),
        )
